/// What a value looks like when it may belong to a person.
package enum PersonalShape: String, Sendable, CaseIterable, Comparable {
  case email = "e-mail addresses"
  case phone = "telephone numbers"
  case iban = "bank accounts (IBAN)"
  case card = "payment card numbers"
  case internetAddress = "internet addresses"
  case socialSecurity = "social security numbers"
  case nationalInsurance = "national insurance numbers"
  case french = "social security numbers of France"
  case german = "tax numbers of Germany"
  case italian = "tax codes of Italy"
  case spanish = "identity numbers of Spain"

  package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

  /// The shape of a text, or `nil`.
  package init?(text: String) {
    let bytes = Array(text.utf8)
    guard (3...254).contains(bytes.count) else { return nil }
    if let number = NationalNumber.shape(of: bytes) {
      self = number
    } else if PersonalShape.isEmail(bytes) {
      self = .email
    } else if PersonalShape.isIBAN(bytes) {
      self = .iban
    } else if PersonalShape.isCard(bytes) {
      self = .card
    } else if PersonalShape.isInternetAddress(text) {
      self = .internetAddress
    } else if PersonalShape.isPhone(bytes) {
      self = .phone
    } else {
      return nil
    }
  }

  /// The shape of a number as it is written: cards alone, as other numbers say nothing.
  package init?(number: String) {
    guard PersonalShape.isCard(Array(number.utf8)) else { return nil }
    self = .card
  }

  static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
  static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }

  /// One @ between a name and a host with a dot.
  static func isEmail(_ bytes: [UInt8]) -> Bool {
    let parts = bytes.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty, !bytes.contains(0x20) else { return false }
    let labels = parts[1].split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    return labels.count >= 2 && labels.allSatisfy { !$0.isEmpty }
      && (labels.last?.allSatisfy(isLetter) ?? false)
  }

  /// Country, two check digits, up to 30 letters and digits; the rest modulo 97 is 1 (ISO 13616).
  static func isIBAN(_ bytes: [UInt8]) -> Bool {
    let account = bytes.filter { $0 != 0x20 }
    guard (15...34).contains(account.count), account.prefix(2).allSatisfy(isLetter),
      account[2...3].allSatisfy(isDigit), account.allSatisfy({ isLetter($0) || isDigit($0) })
    else { return false }
    let rest = (account[4...] + account[..<4]).reduce(0) { rest, byte in
      isDigit(byte)
        ? (rest * 10 + Int(byte - 0x30)) % 97 : (rest * 100 + Int(byte | 0x20) - 0x57) % 97
    }
    return rest == 1
  }

  /// 13 to 19 digits in groups whose check digit is right (ISO/IEC 7812-1, the Luhn formula), the
  /// first that of a card scheme.
  static func isCard(_ bytes: [UInt8]) -> Bool {
    let digits = bytes.filter { $0 != 0x20 && $0 != UInt8(ascii: "-") }
    guard (13...19).contains(digits.count), digits.allSatisfy(isDigit),
      (0x32...0x36).contains(digits[0])
    else { return false }
    let sum = digits.reversed().enumerated().reduce(0) { sum, entry in
      let digit = Int(entry.element - 0x30) * (entry.offset % 2 == 1 ? 2 : 1)
      return sum + digit / 10 + digit % 10
    }
    return sum % 10 == 0
  }

  /// Four numbers below 256 with dots, or up to eight groups of hexadecimal digits with colons.
  static func isInternetAddress(_ text: String) -> Bool {
    let numbers = text.split(separator: ".", omittingEmptySubsequences: false)
    if numbers.count == 4 {
      return numbers.allSatisfy { part in
        part.count <= 3 && part.utf8.allSatisfy(isDigit) && UInt8(part) != nil
      }
    }
    let groups = text.split(separator: ":", omittingEmptySubsequences: false)
    guard (3...8).contains(groups.count), groups.count == 8 || text.contains("::") else {
      return false
    }
    return groups.allSatisfy { $0.count <= 4 && $0.allSatisfy(\.isHexDigit) }
  }

  /// A plus or a leading zero, then 7 to 15 digits with the usual separators, at least one of which
  /// a number without a plus must have (E.164 has up to 15 digits).
  static func isPhone(_ bytes: [UInt8]) -> Bool {
    let separators = Set(" -/().".utf8)
    let digits = bytes.filter(isDigit).count
    guard (7...15).contains(digits),
      bytes.dropFirst().allSatisfy({ isDigit($0) || separators.contains($0) })
    else { return false }
    if bytes[0] == UInt8(ascii: "+") { return true }
    let isGrouped = bytes.contains {
      $0 == 0x20 || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "/")
    }
    return isGrouped && digits >= 9 && (bytes[0] == 0x30 || bytes[0] == UInt8(ascii: "("))
  }
}
