/// Where a line stood in its stream before lines were sorted.
public struct LinePlace: Sendable, Equatable {
  /// Its number, from 0.
  public var line: Int
  /// Its first byte in the (decompressed) stream.
  public var offset: Int

  /// A place.
  public init(line: Int, offset: Int) {
    self.line = line
    self.offset = offset
  }
}
