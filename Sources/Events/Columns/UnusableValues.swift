/// Wanted values of one line that JSON does not have, though the line's structure is whole.
///
/// Their cells are ``Cell/notFinite``, ``Cell/notText`` or ``Cell/notJSON``.
public struct UnusableValues: Sendable, Equatable {
  /// Why a value cannot be used.
  ///
  /// The order is the one in which they are told.
  public enum Reason: Int, Sendable, Hashable, CaseIterable {
    /// `NaN`, `Infinity` and how else programs write a number that is not finite.
    case notFinite
    /// A string with a byte that is not UTF-8, a control character, half of a surrogate pair or
    /// another escape that JSON does not have.
    case notText
    /// A word that is none of JSON's: `None`, `undefined`, `.5`, `007`.
    case notJSON
  }

  /// Why.
  public var reason: Reason
  /// How many of the line's values.
  public var count: Int
  /// The line's number, from 0, counted from the chunk's start.
  public var line: Int
  /// The first byte of the first of them, from the chunk's start.
  public var offset: Int
  /// The bytes of the first of them, with its quotes.
  public var length: Int

  /// Values of one line.
  public init(reason: Reason, count: Int = 1, line: Int, offset: Int, length: Int) {
    self.reason = reason
    self.count = count
    self.line = line
    self.offset = offset
    self.length = length
  }
}

/// How the values of lines are read.
public enum JSONReading: Sendable, Equatable {
  /// RFC 8259: a line with a value that it does not have is refused.
  case strict
  /// Such a value costs itself alone, where the structure around it is whole.
  case lenient
}
