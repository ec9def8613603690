/// Where a value stands in an event: the keys from the top down.
///
/// Written with dots, `features.amount`. A key that holds a dot, a quote, a backslash, a star, a
/// space or a control character stands in quotes: `features."a.b"`; in quotes, `\"` and `\\` are a
/// quote and a backslash. A star as the last key, `features.*`, means every member of an object;
/// `*` alone every member of the event.
///
/// A key of digits, `data.instances.0.2`, also names an element of an array, from 0, and, where the
/// value is a string, its part between commas: `captureData.endpointInput.data.3`. A wildcard
/// stands for all elements of an array at its place, too.
///
/// Keys compare by their UTF-8 bytes, as JSON's do, not by Unicode equivalence.
public struct FieldPath: Hashable, Sendable {
  /// The keys, without the star of a wildcard, as UTF-8.
  var keys: [[UInt8]]
  /// Whether the path ends with a star and so means all members of an object.
  public private(set) var isWildcard: Bool

  /// The path with the given keys, taken literally.
  public init(_ components: [String], isWildcard: Bool = false) {
    self.init(keys: components.map { Array($0.utf8) }, isWildcard: isWildcard)
  }

  init(keys: [[UInt8]], isWildcard: Bool = false) {
    self.keys = keys
    self.isWildcard = isWildcard
  }

  /// The keys from the top down, without the star of a wildcard.
  public var components: [String] {
    keys.map { String(decoding: $0, as: UTF8.self) }
  }

  /// Reads the written form.
  ///
  /// - Throws: What is wrong and where, in bytes from the start.
  public init(parsing text: String) throws(FieldPathError) {
    var parser = FieldPathParser(bytes: Array(text.utf8))
    self = try parser.path()
  }

  /// Whether `self` is an ancestor of `other`, so that `other` stands inside the value of `self`.
  ///
  /// The path `features.*` contains `features.amount`.
  public func contains(_ other: FieldPath) -> Bool {
    keys.count < other.keys.count && other.keys.starts(with: keys)
  }

  /// The path with one more key.
  public func appending(_ component: String) -> FieldPath {
    FieldPath(keys: keys + [Array(component.utf8)])
  }
}

extension FieldPath: CustomStringConvertible {
  /// The written form, which reads back as the same path.
  public var description: String {
    var parts = zip(keys, components).map { key, component in
      FieldPathParser.standsBare(key) ? component : FieldPath.quoted(component)
    }
    if isWildcard {
      parts.append("*")
    }
    return parts.joined(separator: ".")
  }

  private static func quoted(_ component: String) -> String {
    var text = "\""
    for scalar in component.unicodeScalars {
      if scalar == "\"" || scalar == "\\" {
        text.unicodeScalars.append("\\")
      }
      text.unicodeScalars.append(scalar)
    }
    return text + "\""
  }
}

extension FieldPath: Comparable {
  /// Orders by keys, each by its bytes; a prefix comes first.
  public static func < (left: FieldPath, right: FieldPath) -> Bool {
    for (a, b) in zip(left.keys, right.keys) where a != b {
      return a.lexicographicallyPrecedes(b)
    }
    if left.keys.count != right.keys.count {
      return left.keys.count < right.keys.count
    }
    return !left.isWildcard && right.isWildcard
  }
}

/// Why a text is not a field path.
///
/// Offsets are in bytes from its start.
public enum FieldPathError: Error, Equatable {
  /// The text, or a key between two dots, is empty.
  case emptyKey(offset: Int)
  /// A character that needs quotes stands outside them.
  case needsQuotes(offset: Int)
  /// A quoted key does not end.
  case unterminatedQuote(offset: Int)
  /// A backslash stands before something else than a quote or a backslash.
  case unknownEscape(offset: Int)
  /// A star is not the last key.
  case wildcardNotLast(offset: Int)
  /// A dot was expected after a quoted key.
  case missingDot(offset: Int)
}

/// Reads the written form of a path, byte by byte.
private struct FieldPathParser {
  let bytes: [UInt8]
  var offset = 0

  init(bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// Whether a key can be written without quotes.
  static func standsBare(_ key: [UInt8]) -> Bool {
    !key.isEmpty && key.allSatisfy(isBare)
  }

  private static func isBare(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "."), UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "*"): false
    case 0...0x20, 0x7F: false
    default: true
    }
  }

  mutating func path() throws(FieldPathError) -> FieldPath {
    var keys: [[UInt8]] = []
    while true {
      if offset < bytes.count, bytes[offset] == UInt8(ascii: "*") {
        guard offset + 1 == bytes.count else {
          throw .wildcardNotLast(offset: offset)
        }
        return FieldPath(keys: keys, isWildcard: true)
      }
      keys.append(try key())
      if offset == bytes.count {
        return FieldPath(keys: keys)
      }
      guard bytes[offset] == UInt8(ascii: ".") else {
        throw .missingDot(offset: offset)
      }
      offset += 1
    }
  }

  private mutating func key() throws(FieldPathError) -> [UInt8] {
    if offset < bytes.count, bytes[offset] == UInt8(ascii: "\"") {
      return try quotedKey()
    }
    let start = offset
    while offset < bytes.count, bytes[offset] != UInt8(ascii: ".") {
      guard FieldPathParser.isBare(bytes[offset]) else {
        throw .needsQuotes(offset: offset)
      }
      offset += 1
    }
    guard offset > start else {
      throw .emptyKey(offset: start)
    }
    return Array(bytes[start..<offset])
  }

  private mutating func quotedKey() throws(FieldPathError) -> [UInt8] {
    let start = offset
    offset += 1
    var key: [UInt8] = []
    while offset < bytes.count {
      var byte = bytes[offset]
      if byte == UInt8(ascii: "\"") {
        offset += 1
        return key
      }
      if byte == UInt8(ascii: "\\") {
        offset += 1
        guard
          offset < bytes.count,
          bytes[offset] == UInt8(ascii: "\"") || bytes[offset] == UInt8(ascii: "\\")
        else {
          throw .unknownEscape(offset: offset - 1)
        }
        byte = bytes[offset]
      }
      key.append(byte)
      offset += 1
    }
    throw .unterminatedQuote(offset: start)
  }
}
