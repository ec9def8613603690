/// Kinds of tokens.
public struct TokenKinds: OptionSet, Sendable {
  /// One bit a kind.
  public let rawValue: UInt8
  /// The kinds with the given bits.
  public init(rawValue: UInt8) {
    self.rawValue = rawValue
  }
  /// Strings.
  public static let string = TokenKinds(rawValue: 1 << TokenKind.string.rawValue)
  /// Numbers.
  public static let number = TokenKinds(rawValue: 1 << TokenKind.number.rawValue)
  /// Booleans.
  public static let boolean = TokenKinds(rawValue: 1 << TokenKind.boolean.rawValue)
  /// Every scalar.
  public static let all: TokenKinds = [.string, .number, .boolean]
}

/// Gives the known values of a category dense codes.
@safe
public struct CategoryDictionary: ~Copyable, @unchecked Sendable {
  /// The code of a value that is not known.
  public static let unseen = UInt32.max - 1
  /// The code of a value that is missing or `null`.
  public static let absent = UInt32.max - 2
  /// The code of a value that is no category: an object, an array, a kind that is not accepted.
  public static let invalid = UInt32.max - 3
  /// The known values; a value's index is its code.
  public let known: [[UInt8]]
  /// A dictionary of `known` values.
  public init(known: [[UInt8]]) {
    self.known = known
  }
  /// Writes the code of each cell.
  public mutating func encode(
    _ cells: UnsafePointer<UInt64>,
    count: Int,
    chunk: UnsafeRawBufferPointer,
    accepting kinds: TokenKinds,
    into codes: UnsafeMutablePointer<UInt32>
  ) {}
}

/// The canonical bytes of a cell's value.
public func canonicalBytes(of cell: Cell, in chunk: UnsafeRawBufferPointer) -> [UInt8]? { nil }
