internal import Events
internal import Records

/// A line that could not be used, or a value in one, as people are shown it: where it stands, and how
/// it begins.
public struct LineExample: Sendable, Equatable {
  /// The index of its stream.
  let stream: Int
  /// The stream's name.
  public let source: String
  /// The line's number, from 1.
  public let line: Int
  /// Its first byte in the (decompressed) stream, from 0.
  public let offset: Int
  /// How it begins, one line of text; `nil` where no bytes are shown.
  public let excerpt: String?

  /// The most bytes of an excerpt: enough to know a producer by, and one line of a terminal.
  public static let excerptBytesLimit = 100

  /// A line, or a value.
  ///
  /// - Parameters:
  ///   - stream: The index of its stream.
  ///   - source: The stream's name.
  ///   - line: The line's number, from 1.
  ///   - offset: Its first byte.
  ///   - bytes: Its first bytes; `nil` where none are shown.
  ///   - isCut: Whether it goes on.
  init(
    stream: Int,
    source: String,
    line: Int,
    offset: Int,
    bytes: ArraySlice<UInt8>?,
    isCut: Bool
  ) {
    self.stream = stream
    self.source = source
    self.line = line
    self.offset = offset
    // Bytes that are not UTF-8 become U+FFFD.
    excerpt = bytes.map { visible(String(decoding: $0, as: UTF8.self)) + (isCut ? "…" : "") }
  }

  /// Whether it stands before another one.
  func precedes(_ other: LineExample) -> Bool {
    (stream, line) < (other.stream, other.line)
  }

  /// The place and the excerpt, in words.
  public var words: String {
    var place = "\(source), line \(grouped(line)), byte \(grouped(offset))"
    if let partition = PartitionName(source) {
      place = "\(partition.topic) [\(partition.number)], offset \(grouped(line - 1))"
    }
    return place + (excerpt.map { ": \($0)" } ?? "")
  }
}
