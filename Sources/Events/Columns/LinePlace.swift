/// Where a line stood in its stream before lines were sorted, or joined of parts.
public struct LinePlace: Sendable, Equatable {
  /// Its number, from 0.
  public var line: Int
  /// Its first byte in the (decompressed) stream.
  public var offset: Int

  /// The line's length there, where it was too long and is cut short here.
  public var uncutLength: Int?

  /// A place.
  public init(line: Int, offset: Int, uncutLength: Int? = nil) {
    self.line = line
    self.offset = offset
    self.uncutLength = uncutLength
  }
}
