/// A JSON value as a tree, with an object's members in the order of the text.
///
/// For samples of a few thousand lines and for files of other tools; streams are decoded by
/// `EventDecoder`.
indirect enum JSONValue: Sendable, Equatable {
  case null
  case boolean(Bool)
  /// The number and how it is written.
  case number(Double, written: String)
  case string(String)
  case array([JSONValue])
  case object([Member])

  struct Member: Sendable, Equatable {
    var key: String
    var value: JSONValue
  }

  /// The member of an object: of those with one key the last.
  subscript(key: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.last { $0.key == key }?.value
  }

  /// The elements of an array; none of another value.
  var elements: [JSONValue] {
    if case .array(let elements) = self { elements } else { [] }
  }

  var text: String? {
    if case .string(let text) = self { text } else { nil }
  }

  var number: Double? {
    if case .number(let number, _) = self { number } else { nil }
  }

  var boolean: Bool? {
    if case .boolean(let boolean) = self { boolean } else { nil }
  }

  /// Reads one value; `nil` when the bytes are not exactly one JSON value (RFC 8259).
  ///
  /// - Parameters:
  ///   - bytes: The text, in UTF-8.
  ///   - nesting: The deepest nesting of objects and arrays.
  init?(_ bytes: some Collection<UInt8>, nesting: Int = 64) {
    guard let text = String(validating: bytes, as: UTF8.self) else { return nil }
    var reader = JSONReader(bytes: Array(text.utf8), nesting: nesting)
    guard let value = reader.document() else { return nil }
    self = value
  }
}

/// Reads JSON byte by byte.
private struct JSONReader {
  let bytes: [UInt8]
  let nesting: Int
  private var position = 0

  init(bytes: [UInt8], nesting: Int) {
    self.bytes = bytes
    self.nesting = nesting
  }

  mutating func document() -> JSONValue? {
    guard let value = value(depth: 0) else { return nil }
    skipSpace()
    return position == bytes.count ? value : nil
  }

  private var current: UInt8 { position < bytes.count ? bytes[position] : 0 }

  private mutating func skipSpace() {
    while [0x20, 0x09, 0x0A, 0x0D].contains(current) { position += 1 }
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
    case UInt8(ascii: "t"): return word("true", .boolean(true))
    case UInt8(ascii: "f"): return word("false", .boolean(false))
    case UInt8(ascii: "n"): return word("null", .null)
    default: return number()
    }
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
    let marks: Set<UInt8> = Set("+-.eE0123456789".utf8)
    while marks.contains(current) { position += 1 }
    let written = String(decoding: bytes[start..<position], as: UTF8.self)
    guard isJSONNumber(written), let number = Double(written) else { return nil }
    return .number(number, written: written)
  }

  private mutating func string() -> String? {
    position += 1
    var text: [UInt8] = []
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      switch byte {
      case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
      case 0..<0x20: return nil
      case UInt8(ascii: "\\"):
        guard let scalar = escape() else { return nil }
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
func isJSONNumber(_ text: some StringProtocol) -> Bool {
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
