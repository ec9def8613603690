internal import Events

/// One line of JSON: an object whose members are no objects or arrays.
struct FlatRecord: Equatable {
  enum Value: Equatable {
    case null
    case truth(Bool)
    case number(Double)
    case text(String)
  }

  private(set) var members: [String: Value] = [:]

  /// The most members of a record.
  static let memberLimit = 64

  /// Reads a line; `nil` when it is anything else (RFC 8259), or a member comes twice.
  init?(_ line: ArraySlice<UInt8>) {
    guard String(validating: line, as: UTF8.self) != nil else { return nil }
    var reader = FlatReader(rest: line)
    guard let members = reader.record() else { return nil }
    self.members = members
  }

  var type: String? { text("type") }

  func text(_ name: String) -> String? {
    if case .text(let text) = members[name] { text } else { nil }
  }

  func number(_ name: String) -> Double? {
    if case .number(let number) = members[name] { number } else { nil }
  }

  /// A whole number that is not negative.
  func count(_ name: String) -> Int? {
    number(name).flatMap { Int(exactly: $0) }.flatMap { $0 >= 0 ? $0 : nil }
  }

  func time(_ name: String) -> Int64? { text(name).flatMap { Timestamp.parse($0) } }

  /// Whether the member is there and is `null`.
  func isNull(_ name: String) -> Bool { members[name] == .null }
}

/// Reads a flat object byte by byte.
private struct FlatReader {
  var rest: ArraySlice<UInt8>

  mutating func record() -> [String: FlatRecord.Value]? {
    var members: [String: FlatRecord.Value] = [:]
    guard pass("{") else { return nil }
    if !pass("}") {
      repeat {
        guard members.count < FlatRecord.memberLimit, let name = text(), pass(":"),
          let value = value(), members.updateValue(value, forKey: name) == nil
        else { return nil }
      } while pass(",")
      guard pass("}") else { return nil }
    }
    skipSpace()
    return rest.isEmpty ? members : nil
  }

  private mutating func skipSpace() {
    rest = rest.drop { [0x20, 0x09, 0x0A, 0x0D].contains($0) }
  }

  /// Passes a byte when it is the next one after white space.
  private mutating func pass(_ byte: Unicode.Scalar) -> Bool {
    skipSpace()
    guard rest.first == UInt8(ascii: byte) else { return false }
    rest.removeFirst()
    return true
  }

  private mutating func value() -> FlatRecord.Value? {
    skipSpace()
    switch rest.first {
    case UInt8(ascii: "\""): return text().map { .text($0) }
    case UInt8(ascii: "t"): return word("true", .truth(true))
    case UInt8(ascii: "f"): return word("false", .truth(false))
    case UInt8(ascii: "n"): return word("null", .null)
    default: return number()
    }
  }

  private mutating func word(_ word: String, _ value: FlatRecord.Value) -> FlatRecord.Value? {
    guard rest.starts(with: word.utf8) else { return nil }
    rest = rest.dropFirst(word.utf8.count)
    return value
  }

  /// A number as RFC 8259 spells it, finite.
  private mutating func number() -> FlatRecord.Value? {
    let start = rest
    if rest.first == UInt8(ascii: "-") { rest.removeFirst() }
    let isZeroFirst = rest.first == UInt8(ascii: "0")
    let whole = passDigits()
    guard whole > 0, !isZeroFirst || whole == 1 else { return nil }
    if rest.first == UInt8(ascii: ".") {
      rest.removeFirst()
      guard passDigits() > 0 else { return nil }
    }
    if rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") {
      rest.removeFirst()
      if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") { rest.removeFirst() }
      guard passDigits() > 0 else { return nil }
    }
    let spelled = String(decoding: start[..<rest.startIndex], as: UTF8.self)
    guard let number = Double(spelled), number.isFinite else { return nil }
    return .number(number)
  }

  /// Passes digits; says how many.
  private mutating func passDigits() -> Int {
    let digits = rest.prefix { (0x30...0x39).contains($0) }
    rest = rest.dropFirst(digits.count)
    return digits.count
  }

  private mutating func text() -> String? {
    guard pass("\"") else { return nil }
    var bytes: [UInt8] = []
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "\""): return String(decoding: bytes, as: UTF8.self)
      case 0..<0x20: return nil
      case UInt8(ascii: "\\"):
        guard let scalar = escape() else { return nil }
        bytes += Array(String(scalar).utf8)
      default: bytes.append(byte)
      }
    }
    return nil
  }

  private mutating func escape() -> Unicode.Scalar? {
    let simple: [UInt8: Unicode.Scalar] = [
      0x22: "\"", 0x5C: "\\", 0x2F: "/", 0x62: "\u{8}", 0x66: "\u{C}", 0x6E: "\n", 0x72: "\r",
      0x74: "\t",
    ]
    guard let byte = rest.popFirst() else { return nil }
    guard byte == UInt8(ascii: "u") else { return simple[byte] }
    guard let unit = unit() else { return nil }
    guard unit & 0xF800 == 0xD800 else { return Unicode.Scalar(unit) }
    guard unit < 0xDC00, rest.popFirst() == UInt8(ascii: "\\"),
      rest.popFirst() == UInt8(ascii: "u"),
      let low = self.unit(), low & 0xFC00 == 0xDC00
    else { return nil }
    return Unicode.Scalar(0x1_0000 + (unit & 0x3FF) << 10 + (low & 0x3FF))
  }

  /// Four hexadecimal digits.
  private mutating func unit() -> UInt32? {
    var unit: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = rest.popFirst(),
        let digit = Character(Unicode.Scalar(byte)).hexDigitValue
      else { return nil }
      unit = unit << 4 | UInt32(digit)
    }
    return unit
  }
}
