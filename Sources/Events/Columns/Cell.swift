/// One decoded value in eight bytes.
///
/// A JSON number is its double. Everything else is a NaN with a payload, which no JSON number can
/// be:
///
/// ```
///  63  62      52  51  50    4  3   0
/// ┌───┬──────────┬───┬────────┬──────┐
/// │ 0 │ 11111111 │ 1 │ 0 … 0  │ code │   a special: missing, null, composite, …
/// └───┴──────────┴───┴────────┴──────┘
///  63  62      52  51  50 49  48   47        20 19     0
/// ┌───┬──────────┬───┬──────┬─────┬────────────┬────────┐
/// │ 1 │ 11111111 │ 1 │ kind │ esc │   offset   │ length │   a reference into the chunk
/// └───┴──────────┴───┴──────┴─────┴────────────┴────────┘
/// ```
///
/// Equality compares bits: `Cell.missing == Cell.missing`, and 0 differs from −0.
public struct Cell: Equatable, Sendable {
  /// The eight bytes.
  public var bits: UInt64

  /// A cell with the given bytes.
  @inlinable
  public init(bits: UInt64) {
    self.bits = bits
  }

  /// A cell that holds a number.
  ///
  /// - Parameter number: Any double but NaN.
  @inlinable
  public init(_ number: Double) {
    bits = number.bitPattern
  }

  /// A cell that refers to the bytes of a token.
  @inlinable
  public init(_ reference: TokenReference) {
    bits =
      Cell.referenceTag | UInt64(reference.kind.rawValue) << 49
      | (reference.isEscaped ? Cell.escapedBit : 0)
      | UInt64(reference.offset) << 20 | UInt64(reference.length)
  }

  /// The path does not occur in the event.
  @inlinable public static var missing: Cell { Cell(bits: Special.missing) }
  /// The value is `null`.
  @inlinable public static var null: Cell { Cell(bits: Special.null) }
  /// The value is an object or an array where a scalar was wanted.
  @inlinable public static var composite: Cell { Cell(bits: Special.composite) }
  /// The value is a number beyond the range of a double, such as `1e400`.
  @inlinable public static var overflow: Cell { Cell(bits: Special.overflow) }
  /// The value is `false`, in the form ``Schema/Form/value``.
  @inlinable public static var `false`: Cell { Cell(bits: Special.false) }
  /// The value is `true`, in the form ``Schema/Form/value``.
  @inlinable public static var `true`: Cell { Cell(bits: Special.true) }
  /// The token is longer than a reference can say (2^20 − 1 bytes).
  @inlinable public static var tooLong: Cell { Cell(bits: Special.tooLong) }
  /// The value is `NaN`, `Infinity` or the like: ``UnusableValues/Reason/notFinite``.
  @inlinable public static var notFinite: Cell { Cell(bits: Special.notFinite) }
  /// The value is a string that is no text: ``UnusableValues/Reason/notText``.
  @inlinable public static var notText: Cell { Cell(bits: Special.notText) }
  /// The value is a word that is none of JSON's: ``UnusableValues/Reason/notJSON``.
  @inlinable public static var notJSON: Cell { Cell(bits: Special.notJSON) }

  /// Whether the cell holds a double.
  @inlinable public var isNumber: Bool {
    let double = Double(bitPattern: bits)
    return double == double
  }

  /// The double; a NaN when the cell is not a number.
  @inlinable public var number: Double {
    Double(bitPattern: bits)
  }

  /// The token that the cell refers to, or `nil` when it is no reference.
  @inlinable public var reference: TokenReference? {
    guard bits >= Cell.firstReference, let kind = TokenKind(rawValue: UInt8(bits >> 49 & 3)) else {
      return nil
    }
    return TokenReference(
      kind: kind,
      isEscaped: bits & Cell.escapedBit != 0,
      offset: Int(bits >> 20 & 0xFFF_FFFF),
      length: Int(bits & 0xF_FFFF)
    )
  }

  /// The bit patterns of the specials, as constants for the loops.
  @usableFromInline
  enum Special {
    /// Never in a column: a slow path answers with it when the line is refused.
    @inlinable static var refused: UInt64 { 0x7FF8_0000_0000_0000 }
    @inlinable static var missing: UInt64 { 0x7FF8_0000_0000_0001 }
    @inlinable static var null: UInt64 { 0x7FF8_0000_0000_0002 }
    @inlinable static var composite: UInt64 { 0x7FF8_0000_0000_0003 }
    @inlinable static var overflow: UInt64 { 0x7FF8_0000_0000_0004 }
    @inlinable static var `false`: UInt64 { 0x7FF8_0000_0000_0005 }
    @inlinable static var `true`: UInt64 { 0x7FF8_0000_0000_0006 }
    @inlinable static var tooLong: UInt64 { 0x7FF8_0000_0000_0007 }
    @inlinable static var notFinite: UInt64 { 0x7FF8_0000_0000_0008 }
    @inlinable static var notText: UInt64 { 0x7FF8_0000_0000_0009 }
    @inlinable static var notJSON: UInt64 { 0x7FF8_0000_0000_000A }
  }

  /// Sign, exponent and quiet bit of a reference.
  @inlinable static var referenceTag: UInt64 { 0xFFF8_0000_0000_0000 }
  /// The smallest reference, of kind 1; kind 0 stays free, because it is the processor's own NaN.
  @inlinable static var firstReference: UInt64 { 0xFFFA_0000_0000_0000 }
  @inlinable static var escapedBit: UInt64 { 1 << 48 }
  /// The longest token that a reference can say, in bytes.
  static var lengthMax: Int { 0xF_FFFF }
  /// The largest chunk that references can point into, in bytes: 256 MiB.
  static var chunkBytesMax: Int { 1 << 28 }
}

/// What a token is: the JSON type of the scalar it spells.
public enum TokenKind: UInt8, Sendable, CaseIterable {
  /// A string; its reference leaves out the quotes.
  case string = 1
  /// A number as it was written.
  case number = 2
  /// `true` or `false`.
  case boolean = 3
}

/// Where the bytes of a scalar stand in the chunk.
public struct TokenReference: Equatable, Sendable {
  /// The JSON type of the scalar.
  public var kind: TokenKind
  /// Whether the bytes contain escapes, so that they are not yet the value.
  public var isEscaped: Bool
  /// The first byte, from the chunk's start.
  public var offset: Int
  /// The number of bytes.
  public var length: Int

  /// A reference to `length` bytes at `offset`.
  @inlinable
  public init(kind: TokenKind, isEscaped: Bool = false, offset: Int, length: Int) {
    self.kind = kind
    self.isEscaped = isEscaped
    self.offset = offset
    self.length = length
  }
}
