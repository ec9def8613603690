internal import Records

extension JSONValue {
  /// An identifier as text: a text, or a number as one writes it.
  var identifier: String? {
    switch self {
    case .string(let text): text.isEmpty ? nil : text
    case .number(let number, let written):
      // 17.0 and 17 are one id; more digits than a double has are kept.
      number == number.rounded() && abs(number) < 1e15 ? String(Int64(number)) : written
    default: nil
    }
  }

  /// Whether it is neither array nor object nor null.
  var isScalar: Bool {
    switch self {
    case .string, .number, .boolean: true
    case .null, .array, .object: false
    }
  }

  /// The members of an object; none of another value.
  var members: [Member] {
    if case .object(let members) = self { members } else { [] }
  }

  /// Itself, unless it is null.
  var unlessNull: JSONValue? { self == .null ? nil : self }

  /// As JSON.
  var json: [UInt8] {
    var writer = JSONWriter()
    writer.value(self)
    return writer.bytes
  }
}
