/// The limits of decoding, each with what happens when it is reached.
public struct DecodingLimits: Sendable, Equatable {
  /// The longest line, in bytes without its newline; a longer one is refused.
  ///
  /// At most 2^27. The default of 1 MiB is that of Kafka's `message.max.bytes`.
  public var lineBytes: Int
  /// The deepest nesting of objects and arrays, the event itself being 1; a deeper line is refused.
  ///
  /// 64 leaves room for every event seen in practice and bounds what a skipped value can cost.
  public var nesting: Int
  /// The most keys that are remembered beyond those of the schema, over all objects.
  ///
  /// Further unknown keys are still skipped and checked, only more slowly; no line is refused.
  public var unknownKeys: Int
  /// The most paths that are reported as discovered; further ones are not reported.
  public var discoveredPaths: Int
  /// The number of elements of an array, and of parts of a string, that paths reach.
  ///
  /// A path to a further one finds nothing, and a wildcard does not report it. 4,096 is the most
  /// signals that a monitor could ever count.
  public var elements: Int

  /// The longest line that can be allowed, in bytes.
  public static var lineBytesMax: Int { 1 << 27 }

  /// The given limits.
  public init(
    lineBytes: Int = 1 << 20,
    nesting: Int = 64,
    unknownKeys: Int = 4096,
    discoveredPaths: Int = 4096,
    elements: Int = 4096
  ) {
    precondition(
      (2...Self.lineBytesMax).contains(lineBytes),
      "line limit out of range: \(lineBytes)"
    )
    precondition((1...1024).contains(nesting), "nesting limit out of range: \(nesting)")
    precondition((0...(1 << 20)).contains(unknownKeys), "key limit out of range: \(unknownKeys)")
    precondition(discoveredPaths >= 0, "path limit out of range: \(discoveredPaths)")
    precondition((0...(1 << 16)).contains(elements), "element limit out of range: \(elements)")
    self.lineBytes = lineBytes
    self.nesting = nesting
    self.unknownKeys = unknownKeys
    self.discoveredPaths = discoveredPaths
    self.elements = elements
  }
}
