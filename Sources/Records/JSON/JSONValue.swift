package import Events

/// A JSON value as a tree, with an object's members in the order of the text.
///
/// For samples of a few thousand lines and for files of other tools; streams are decoded by
/// `EventDecoder`.
package indirect enum JSONValue: Sendable, Equatable {
  case null
  case boolean(Bool)
  /// The number and how it is written.
  case number(Double, written: String)
  case string(String)
  case array([JSONValue])
  case object([Member])

  package struct Member: Sendable, Equatable {
    package var key: String
    package var value: JSONValue

    package init(key: String, value: JSONValue) {
      self.key = key
      self.value = value
    }
  }

  /// The member of an object: of those with one key the last.
  package subscript(key: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.last { $0.key == key }?.value
  }

  /// The elements of an array; none of another value.
  package var elements: [JSONValue] {
    if case .array(let elements) = self { elements } else { [] }
  }

  package var text: String? {
    if case .string(let text) = self { text } else { nil }
  }

  package var number: Double? {
    if case .number(let number, _) = self { number } else { nil }
  }

  package var boolean: Bool? {
    if case .boolean(let boolean) = self { boolean } else { nil }
  }

  /// Reads one value; `nil` when the bytes are not exactly one JSON value (RFC 8259).
  ///
  /// Read leniently, what JSON does not have costs its own value: a number that is not finite is the
  /// text that it is written as, another word `null`, and in a text stands U+FFFD for what is none.
  ///
  /// - Parameters:
  ///   - bytes: The text, in UTF-8.
  ///   - nesting: The deepest nesting of objects and arrays.
  ///   - reading: Whether values that JSON does not have refuse the text.
  package init?(
    _ bytes: some Collection<UInt8>,
    nesting: Int = 64,
    reading: JSONReading = .strict
  ) {
    let isLenient = reading == .lenient
    let read =
      isLenient
      ? String(decoding: bytes, as: UTF8.self) : String(validating: bytes, as: UTF8.self)
    guard let text = read else { return nil }
    var reader = JSONReader(bytes: Array(text.utf8), nesting: nesting, isLenient: isLenient)
    guard let value = reader.document() else { return nil }
    self = value
  }
}
