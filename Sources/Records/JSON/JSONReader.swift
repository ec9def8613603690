internal import Events

/// Reads JSON byte by byte.
struct JSONReader {
  let bytes: [UInt8]
  let nesting: Int
  /// Whether a value that JSON does not have costs itself alone.
  let isLenient: Bool
  private var position = 0

  init(bytes: [UInt8], nesting: Int, isLenient: Bool = false) {
    self.bytes = bytes
    self.nesting = nesting
    self.isLenient = isLenient
  }

  mutating func document() -> JSONValue? {
    guard let value = value(depth: 0) else { return nil }
    skipSpace()
    return position == bytes.count ? value : nil
  }

  private var current: UInt8 { position < bytes.count ? bytes[position] : 0 }

  private mutating func skipSpace() {
    while true {
      switch current {
      case 0x20, 0x09, 0x0A, 0x0D: position += 1
      default: return
      }
    }
  }

  /// Passes a byte when it is the next one after white space.
  private mutating func pass(_ byte: Unicode.Scalar) -> Bool {
    skipSpace()
    guard current == UInt8(ascii: byte) else { return false }
    position += 1
    return true
  }

  private mutating func value(depth: Int) -> JSONValue? {
    skipSpace()
    switch current {
    case UInt8(ascii: "{"): return depth < nesting ? object(depth: depth + 1) : nil
    case UInt8(ascii: "["): return depth < nesting ? array(depth: depth + 1) : nil
    case UInt8(ascii: "\""): return string().map(JSONValue.string)
    default: return scalar()
    }
  }

  private mutating func scalar() -> JSONValue? {
    let start = position
    let value =
      switch current {
      case UInt8(ascii: "t"): word("true", .boolean(true))
      case UInt8(ascii: "f"): word("false", .boolean(false))
      case UInt8(ascii: "n"): word("null", .null)
      default: number()
      }
    if !isLenient || value != nil && Self.endsWord(current) { return value }
    position = start
    return otherWord()
  }

  /// A word that is none of JSON's: a number that is not finite as a text, another one as no value.
  private mutating func otherWord() -> JSONValue? {
    let word = bytes[position...].prefix { !Self.endsWord($0) }
    let structural = Array("\":\\[{".utf8)
    guard !word.isEmpty, !word.contains(where: structural.contains) else { return nil }
    position += word.count
    return isNonfiniteNumber(word) ? .string(String(decoding: word, as: UTF8.self)) : .null
  }

  /// Whether a word ends before a byte.
  private static func endsWord(_ byte: UInt8) -> Bool {
    byte <= 0x20 || byte == UInt8(ascii: ",") || byte == UInt8(ascii: "]")
      || byte == UInt8(ascii: "}")
  }

  private mutating func word(_ word: String, _ value: JSONValue) -> JSONValue? {
    guard bytes[position...].starts(with: word.utf8) else { return nil }
    position += word.utf8.count
    return value
  }

  private mutating func object(depth: Int) -> JSONValue? {
    position += 1
    var members: [JSONValue.Member] = []
    if pass("}") { return .object(members) }
    repeat {
      skipSpace()
      guard current == UInt8(ascii: "\""), let key = string(), pass(":"),
        let value = value(depth: depth)
      else { return nil }
      members.append(JSONValue.Member(key: key, value: value))
    } while pass(",")
    return pass("}") ? .object(members) : nil
  }

  private mutating func array(depth: Int) -> JSONValue? {
    position += 1
    var elements: [JSONValue] = []
    if pass("]") { return .array(elements) }
    repeat {
      guard let value = value(depth: depth) else { return nil }
      elements.append(value)
    } while pass(",")
    return pass("]") ? .array(elements) : nil
  }

  private mutating func number() -> JSONValue? {
    let start = position
    while Self.isOfNumber(current) { position += 1 }
    let written = String(decoding: bytes[start..<position], as: UTF8.self)
    guard isJSONNumber(written), let number = Double(written) else { return nil }
    return .number(number, written: written)
  }

  /// Whether a byte may stand in a number.
  private static func isOfNumber(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "e"),
      UInt8(ascii: "E"):
      true
    default: false
    }
  }

  private mutating func string() -> String? {
    position += 1
    var text: [UInt8] = []
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      switch byte {
      case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
      case 0..<0x20 where !isLenient: return nil
      case UInt8(ascii: "\\"):
        guard let scalar = escape() ?? (isLenient ? "\u{FFFD}" : nil) else { return nil }
        text += Array(String(scalar).utf8)
      default: text.append(byte)
      }
    }
    return nil
  }

  private mutating func escape() -> Unicode.Scalar? {
    let byte = current
    position += 1
    let simple: [UInt8: Unicode.Scalar] = [
      0x22: "\"", 0x5C: "\\", 0x2F: "/", 0x62: "\u{8}", 0x66: "\u{C}", 0x6E: "\n", 0x72: "\r",
      0x74: "\t",
    ]
    guard byte == UInt8(ascii: "u") else { return simple[byte] }
    guard let unit = unit() else { return nil }
    guard unit & 0xF800 == 0xD800 else { return Unicode.Scalar(unit) }
    guard unit < 0xDC00, current == UInt8(ascii: "\\") else { return nil }
    position += 1
    guard current == UInt8(ascii: "u") else { return nil }
    position += 1
    guard let low = self.unit(), low & 0xFC00 == 0xDC00 else { return nil }
    return Unicode.Scalar(0x1_0000 + (unit & 0x3FF) << 10 + (low & 0x3FF))
  }

  /// Four hexadecimal digits.
  private mutating func unit() -> UInt32? {
    var unit: UInt32 = 0
    for _ in 0..<4 {
      guard let digit = Character(UnicodeScalar(current)).hexDigitValue else { return nil }
      unit = unit << 4 | UInt32(digit)
      position += 1
    }
    return unit
  }
}

/// Whether a text is a number as JSON writes them.
package func isJSONNumber(_ text: some StringProtocol) -> Bool {
  var rest = Substring(text).utf8[...]
  func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }
  if rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
  let whole = rest.prefix(while: isDigit)
  guard let first = whole.first, first != 0x30 || whole.count == 1 else { return false }
  rest = rest.dropFirst(whole.count)
  if rest.first == UInt8(ascii: ".") {
    let fraction = rest.dropFirst().prefix(while: isDigit)
    guard !fraction.isEmpty else { return false }
    rest = rest.dropFirst(1 + fraction.count)
  }
  if let mark = rest.first, mark | 0x20 == UInt8(ascii: "e") {
    rest = rest.dropFirst()
    if let sign = rest.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") {
      rest = rest.dropFirst()
    }
    guard !rest.isEmpty else { return false }
    rest = rest.dropFirst(rest.prefix(while: isDigit).count)
  }
  return rest.isEmpty
}
