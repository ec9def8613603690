/// Numbers that states give to persons, by how they are written.
///
/// - **Sources**: United States: SSA, "Social Security Number Randomization", 2011. United Kingdom:
///   HMRC, "National Insurance Manual", NIM39110. France: INSEE, "Numéro d'inscription au répertoire".
///   Germany: § 139b AO and ISO 7064, MOD 11,10. Italy: decree of 23 December 1976. Spain: Real Decreto
///   1553/2005.
enum NationalNumber {
  /// The shape of a text, or `nil`.
  static func shape(of bytes: [UInt8]) -> PersonalShape? {
    guard let first = bytes.first else { return nil }
    let text = bytes.filter { $0 != 0x20 }
    if PersonalShape.isLetter(first) {
      if isBritish(text) { return .nationalInsurance }
      return isItalian(text) ? .italian : nil
    }
    if isAmerican(bytes) { return .socialSecurity }
    if isFrench(text) { return .french }
    if isGerman(text) { return .german }
    return isSpanish(text) ? .spanish : nil
  }

  /// Whether a text has the kinds of a pattern: `A` a letter, `9` a digit, others themselves.
  private static func matches(_ text: [UInt8], _ pattern: StaticString) -> Bool {
    guard text.count == pattern.utf8CodeUnitCount else { return false }
    return text.indices.allSatisfy { index in
      let kind = unsafe pattern.utf8Start[index]
      switch kind {
      case UInt8(ascii: "A"): return PersonalShape.isLetter(text[index])
      case UInt8(ascii: "9"): return PersonalShape.isDigit(text[index])
      default: return text[index] == kind
      }
    }
  }

  private static func number(_ digits: some Sequence<UInt8>) -> Int {
    digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
  }

  /// Three, two and four digits with hyphens; no part is 0, the first is not 666 and below 900.
  private static func isAmerican(_ text: [UInt8]) -> Bool {
    guard matches(text, "999-99-9999") else { return false }
    let area = number(text[0..<3])
    return area > 0 && area != 666 && area < 900 && number(text[4..<6]) > 0
      && number(text[7..<11]) > 0
  }

  /// Two letters but for some, six digits, a letter from A to D.
  private static func isBritish(_ text: [UInt8]) -> Bool {
    guard matches(text, "AA999999A") else { return false }
    let letters = [text[0], text[1], text[8]].map { Character(UnicodeScalar($0 & ~0x20)) }
    return !"DFIQUV".contains(letters[0]) && !"DFIOQUV".contains(letters[1])
      && "ABCD".contains(letters[2])
  }

  /// 13 digits of sex, year, month, place and order, and the key: 97 less the rest modulo 97.
  private static func isFrench(_ text: [UInt8]) -> Bool {
    guard matches(text, "999999999999999"), text[0] == 0x31 || text[0] == 0x32,
      (1...12).contains(number(text[3..<5]))
    else { return false }
    return 97 - number(text[..<13]) % 97 == number(text[13...])
  }

  /// 11 digits whose last checks the others; of the first ten one comes twice or three times.
  private static func isGerman(_ text: [UInt8]) -> Bool {
    guard matches(text, "99999999999"), text[0] != 0x30 else { return false }
    let distinct = Set(text[..<10]).count
    guard distinct == 8 || distinct == 9 else { return false }
    var product = 10
    for digit in text[..<10] {
      let sum = (Int(digit - 0x30) + product) % 10
      product = (sum == 0 ? 10 : sum) * 2 % 11
    }
    return (11 - product) % 10 == Int(text[10] - 0x30)
  }

  /// Six letters, year, a month's letter, day, place, a letter.
  private static func isItalian(_ text: [UInt8]) -> Bool {
    guard matches(text, "AAAAAA99A99A999A") else { return false }
    let (month, day) = (Character(UnicodeScalar(text[8] & ~0x20)), number(text[9..<11]))
    return "ABCDEHLMPRST".contains(month) && ((1...31).contains(day) || (41...71).contains(day))
  }

  /// Eight digits and the letter that their rest modulo 23 stands for.
  private static func isSpanish(_ text: [UInt8]) -> Bool {
    let plain = text.filter { $0 != UInt8(ascii: "-") }
    guard matches(plain, "99999999A") else { return false }
    let letters = Array("TRWAGMYFPDXBNJZSQVHLCKE".utf8)
    return letters[number(plain[..<8]) % 23] == plain[8] & ~0x20
  }
}
