public import Events
internal import Monitoring
internal import Records

/// What was read, in numbers.
///
/// Its 15 properties are counts that add up over streams, each a word of the summary.
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
  /// Rows of batches that nobody looked at.
  public var passedRows = PassedRows()
  /// Lines whose batches have no rows.
  public var emptyBatches = 0
  /// Members of wildcards whose keys were too long to be watched.
  public var overlongMembers = 0
  /// Lines that could not be used, by reason.
  public var refused: [Refusal: Int] = [:]
  /// Wanted values that JSON does not have, which count as invalid.
  public var unusable = UnusableTally()
  /// The first line of each reason, of the first stream that has one.
  public private(set) var firstRefused: [Refusal: LineExample] = [:]

  /// Where the event time stands.
  private(set) var timeField = "time"

  /// Nothing read.
  public init() {}

  /// Nothing read of a monitor's streams.
  package init(timeField: String) { self.timeField = timeField }

  /// What a reason means and what to do, with the field that it is about.
  public func explanation(of reason: Refusal) -> String {
    reason.explanation(timeField: timeField)
  }

  /// Adds another tally.
  package mutating func add(_ other: StreamTally) {
    timeField = other.timeField
    lines += other.lines
    bytes += other.bytes
    events += other.events
    outcomes += other.outcomes
    ignored += other.ignored
    emptyBatches += other.emptyBatches
    passedRows.add(other.passedRows)
    shortenedValues += other.shortenedValues
    overlongMembers += other.overlongMembers
    refused.merge(other.refused, uniquingKeysWith: +)
    unusable.add(other.unusable)
    firstRefused.merge(other.firstRefused) { $0.precedes($1) ? $0 : $1 }
  }

  /// All lines that could not be used.
  public var refusedLines: Int { refused.values.reduce(0, +) }

  /// The share of the lines that could not be used, in [0, 1]; where lines hold several events, that
  /// of the events.
  public var refusedShare: Double {
    let all = max(lines, events + outcomes + ignored + refusedLines)
    return all > 0 ? Double(refusedLines) / Double(all) : 0
  }

  /// Whether more lines were refused than a verdict can be silent of.
  public var isMuchRefused: Bool { refusedShare > Double(Self.refusedPercentLimit) / 100 }

  /// The share of refused lines, in per cent, beyond which a replay ends with 1: one in a hundred is
  /// a producer that is broken, and no accident.
  public static let refusedPercentLimit = 1

  /// Counts a line that cannot be used.
  ///
  /// - Parameters:
  ///   - reason: Why.
  ///   - stream: The index of its stream; behind all others of one that an earlier process read.
  ///   - line: Its number, from 0.
  ///   - example: Makes what is shown of it; called where it is the first.
  mutating func refuse(
    _ reason: Refusal,
    _ stream: Int,
    _ line: Int,
    _ example: () -> LineExample
  ) {
    refused[reason, default: 0] += 1
    if let first = firstRefused[reason], (first.stream, first.line) <= (stream, line + 1) { return }
    firstRefused[reason] = example()
  }

  /// That rows of batches were passed over; `nil` where none were.
  package var passedRowsSentence: String? {
    guard passedRows.passed > 0 else { return nil }
    return
      "\(grouped(passedRows.passed)) of \(grouped(passedRows.all)) rows were not looked at: paths "
      + "take the first one of an array; `each` makes each a prediction (docs/logs.md)"
  }

  /// What was taken otherwise than it came, or not at all: a sentence each.
  public var sentences: [String] {
    var sentences = unusable.sentences
    if let passedRowsSentence { sentences.append(passedRowsSentence) }
    if emptyBatches > 0 {
      sentences.append("lines whose batches have no rows: \(grouped(emptyBatches))")
    }
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
