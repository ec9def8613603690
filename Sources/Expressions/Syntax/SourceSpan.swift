/// A stretch of an expression's source, in UTF-8 bytes.
public struct SourceSpan: Equatable, Hashable, Sendable {
  /// The 0-based byte at which the stretch starts.
  public var offset: Int
  /// The number of bytes; 0 for a place between two bytes, such as the end.
  public var length: Int

  /// Makes a span of `length` bytes from `offset`.
  public init(offset: Int, length: Int) {
    self.offset = offset
    self.length = length
  }

  /// The smallest span that holds both.
  public func union(_ other: SourceSpan) -> SourceSpan {
    let start = min(offset, other.offset)
    let end = max(offset + length, other.offset + other.length)
    return SourceSpan(offset: start, length: end - start)
  }
}
