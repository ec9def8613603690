/// Writes one JSON object a line, member by member, into bytes.
///
/// The order of the calls is the order of the members, so the same calls give the same bytes.
/// Numbers are written as the shortest decimal that reads back to the same double; a number that
/// JSON cannot hold (NaN, infinities) becomes `null`.
public struct JSONWriter: Sendable {
  /// What was written so far.
  public private(set) var bytes: [UInt8] = []
  private var needsComma = false

  /// Makes an empty writer.
  public init() {}

  /// Forgets what was written and keeps the memory.
  public mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
    needsComma = false
  }

  /// Ends the line.
  public mutating func endLine() {
    bytes.append(0x0a)
    needsComma = false
  }

  /// Opens an object, as a line, a member's value or an array's element.
  public mutating func beginObject() {
    separate()
    bytes.append(UInt8(ascii: "{"))
    needsComma = false
  }

  /// Writes a value that is JSON already.
  public mutating func value(raw json: [UInt8]) {
    separate()
    bytes += json
    needsComma = true
  }

  /// Writes an object that is JSON already; an empty one where there is nothing.
  public mutating func value(rawObject json: [UInt8]) {
    value(raw: json.isEmpty ? Array("{}".utf8) : json)
  }

  /// Closes the object opened last.
  public mutating func endObject() {
    bytes.append(UInt8(ascii: "}"))
    needsComma = true
  }

  /// Opens an array.
  public mutating func beginArray() {
    separate()
    bytes.append(UInt8(ascii: "["))
    needsComma = false
  }

  /// Closes the array opened last.
  public mutating func endArray() {
    bytes.append(UInt8(ascii: "]"))
    needsComma = true
  }

  /// Writes a member's name; its value is what is written next.
  public mutating func name(_ name: String) {
    separate()
    appendQuoted(name.utf8)
    bytes.append(UInt8(ascii: ":"))
    needsComma = false
  }

  /// Writes a string.
  public mutating func value(_ string: String) {
    separate()
    appendQuoted(string.utf8)
    needsComma = true
  }

  /// Writes an integer.
  public mutating func value(_ integer: Int) {
    separate()
    bytes.append(contentsOf: integer.description.utf8)
    needsComma = true
  }

  /// Writes a number, or `null` where there is none.
  public mutating func value(_ number: Double?) {
    separate()
    needsComma = true
    guard let number, number.isFinite else {
      bytes.append(contentsOf: "null".utf8)
      return
    }
    // An integral double is written as an integer: 1200, not 1200.0.
    if number == number.rounded(), abs(number) < 1e15 {
      bytes.append(contentsOf: Int64(number).description.utf8)
    } else {
      bytes.append(contentsOf: number.description.utf8)
    }
  }

  /// Writes a truth value.
  public mutating func value(_ truth: Bool) {
    separate()
    bytes.append(contentsOf: (truth ? "true" : "false").utf8)
    needsComma = true
  }

  /// Writes `null`.
  public mutating func null() {
    separate()
    bytes.append(contentsOf: "null".utf8)
    needsComma = true
  }

  /// Writes a value as it was read: its members in their order, its numbers digit for digit.
  package mutating func value(_ value: JSONValue) {
    switch value {
    case .null: null()
    case .boolean(let truth): self.value(truth)
    case .string(let text): self.value(text)
    case .number(_, let written):
      separate()
      bytes.append(contentsOf: written.utf8)
      needsComma = true
    case .array(let elements):
      beginArray()
      for element in elements { self.value(element) }
      endArray()
    case .object(let members):
      beginObject()
      for member in members {
        name(member.key)
        self.value(member.value)
      }
      endObject()
    }
  }

  /// Writes a member with a string, or `null` where there is none.
  public mutating func member(_ name: String, _ string: String?) {
    self.name(name)
    if let string { value(string) } else { null() }
  }

  /// Writes a member with an integer.
  public mutating func member(_ name: String, _ integer: Int) {
    self.name(name)
    value(integer)
  }

  /// Writes a member with a number, or `null` where there is none.
  public mutating func member(_ name: String, _ number: Double?) {
    self.name(name)
    value(number)
  }

  /// Writes a member with bytes, in base64.
  package mutating func member(_ name: String, base64 raw: [UInt8]) {
    self.name(name)
    bytes.append(UInt8(ascii: "\""))
    appendBase64(raw, to: &bytes)
    bytes.append(UInt8(ascii: "\""))
    needsComma = true
  }

  /// Writes what another writer wrote: the start of an object with at least one member.
  mutating func append(raw: [UInt8]) {
    bytes.append(contentsOf: raw)
    needsComma = true
  }

  private mutating func separate() {
    if needsComma { bytes.append(UInt8(ascii: ",")) }
  }

  private mutating func appendQuoted(_ text: String.UTF8View) {
    bytes.append(UInt8(ascii: "\""))
    if Self.isPlain(text.span) {
      bytes.append(contentsOf: text)
    } else {
      appendEscaped(text)
    }
    bytes.append(UInt8(ascii: "\""))
  }

  /// Whether nothing of a text is to be escaped; without a branch for each byte, so that many are
  /// looked at at once.
  private static func isPlain(_ text: Span<UInt8>) -> Bool {
    var marks: UInt8 = 0
    for index in text.indices {
      let byte = text[index]
      marks |= byte < 0x20 ? 1 : 0
      marks |= byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") ? 1 : 0
    }
    return marks == 0
  }

  private mutating func appendEscaped(_ text: String.UTF8View) {
    for byte in text {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"):
        bytes.append(UInt8(ascii: "\\"))
        bytes.append(byte)
      case 0x0a:
        bytes.append(contentsOf: "\\n".utf8)
      case 0x0d:
        bytes.append(contentsOf: "\\r".utf8)
      case 0x09:
        bytes.append(contentsOf: "\\t".utf8)
      case 0x00..<0x20:
        bytes.append(contentsOf: "\\u00".utf8)
        bytes.append(Self.hexadecimal(byte >> 4))
        bytes.append(Self.hexadecimal(byte & 15))
      default:
        bytes.append(byte)
      }
    }
  }

  private static func hexadecimal(_ digit: UInt8) -> UInt8 {
    digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
  }
}

/// Base64 of RFC 4648, section 4, with padding.
package func base64(_ bytes: some Collection<UInt8>) -> String {
  var digits: [UInt8] = []
  appendBase64(Array(bytes), to: &digits)
  return String(decoding: digits, as: UTF8.self)
}

private let base64Alphabet = Array(
  "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8
)

private func appendBase64(_ bytes: [UInt8], to digits: inout [UInt8]) {
  let alphabet = base64Alphabet.span
  let bytes = bytes.span
  let whole = bytes.count / 3
  digits.append(addingCapacity: (bytes.count + 2) / 3 * 4) { digits in
    for index in 0..<whole {
      let group =
        Int(bytes[3 * index]) << 16 | Int(bytes[3 * index + 1]) << 8 | Int(bytes[3 * index + 2])
      digits.append(alphabet[group >> 18])
      digits.append(alphabet[group >> 12 & 63])
      digits.append(alphabet[group >> 6 & 63])
      digits.append(alphabet[group & 63])
    }
    guard bytes.count > 3 * whole else { return }
    let isPair = bytes.count == 3 * whole + 2
    let group = Int(bytes[3 * whole]) << 8 | (isPair ? Int(bytes[3 * whole + 1]) : 0)
    digits.append(alphabet[group >> 10])
    digits.append(alphabet[group >> 4 & 63])
    digits.append(isPair ? alphabet[group << 2 & 63] : UInt8(ascii: "="))
    digits.append(UInt8(ascii: "="))
  }
}
