public import Events
internal import Monitoring
internal import Records

/// What was read, in numbers.
///
/// Its 11 properties are counts that add up over streams, each a word of the summary.
public struct StreamTally: Sendable, Equatable {
  /// Lines, blank ones included.
  public var lines = 0
  /// Bytes after decompression.
  public var bytes = 0
  /// Predictions that were counted.
  public var events = 0
  /// Outcomes that were taken in.
  public var outcomes = 0
  /// Predictions that wait until others bear out their time; none at the end of a stream.
  public var waiting = 0
  /// Predictions that were counted and are in no window, because the streams end before them.
  public var afterEnd = 0
  /// Events that the monitor's `when` does not take.
  public var ignored = 0
  /// Values of versions and segments that were too long for a name.
  public var shortenedValues = 0
  /// Members of wildcards whose keys were too long to be watched.
  public var overlongMembers = 0
  /// Lines that could not be used, by reason.
  public var refused: [Refusal: Int] = [:]
  /// Wanted values that JSON does not have, which count as invalid.
  public var unusable = UnusableTally()

  /// Nothing read.
  public init() {}

  /// Adds another tally.
  package mutating func add(_ other: StreamTally) {
    lines += other.lines
    bytes += other.bytes
    events += other.events
    outcomes += other.outcomes
    ignored += other.ignored
    shortenedValues += other.shortenedValues
    overlongMembers += other.overlongMembers
    refused.merge(other.refused, uniquingKeysWith: +)
    unusable.add(other.unusable)
  }

  /// All lines that could not be used.
  public var refusedLines: Int { refused.values.reduce(0, +) }

  /// What was taken otherwise than it came: a sentence each.
  public var sentences: [String] {
    var sentences = unusable.sentences
    if shortenedValues > 0 {
      sentences.append(
        "values of versions or segments that are too long: \(grouped(shortenedValues)), each named "
          + "by its beginning and a hash"
      )
    }
    if overlongMembers > 0 {
      sentences.append(
        "fields whose keys are longer than \(EventDecoder.discoveredKeyBytesMax) bytes, so not "
          + "watched: \(grouped(overlongMembers)) in all events"
      )
    }
    return sentences
  }
}
