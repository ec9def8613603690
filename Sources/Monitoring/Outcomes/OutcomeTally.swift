public import Sketches

/// What became of predictions and outcomes that were to be joined, in numbers.
///
/// Its 20 properties are the counts that the summary lists, a line each.
public struct OutcomeTally: Sendable, Equatable {
  /// Predictions that wait or waited for an outcome.
  public var predictions = 0
  /// Predictions without an id, which no outcome can meet.
  public var unnamed = 0
  /// Predictions whose id and version came before.
  public var duplicates = 0
  /// Outcomes.
  public var outcomes = 0
  /// Predictions whose outcome came.
  public var labelled = 0
  /// Predictions whose outcome is that none came in time.
  public var silent = 0
  /// Outcomes that said what was known already, or what was known of a later time.
  public var repeated = 0
  /// Outcomes that changed what was known.
  public var corrected = 0
  /// Answers that say that there is none.
  public var skipped = 0
  /// What judges said.
  public var judged = 0
  /// Votes after which as many say one class as the other.
  public var tied = 0
  /// Votes that were not heard, because too many had voted on their prediction.
  public var unheard = 0
  /// Outcomes of a time before their prediction's.
  public var early = 0
  /// Outcomes that came when their prediction was no longer waited for.
  public var tooLate = 0
  /// Outcomes whose prediction did not come in time.
  public var unmatched = 0
  /// Outcomes that were forgotten before their prediction came, because too many waited.
  public var forgotten = 0
  /// Predictions that do not wait for an outcome, because too many of their window's do.
  public var unkept = 0
  /// Predictions whose labels were asked for.
  public var asked = 0
  /// Quality windows that were given up before their time, because too many predictions waited.
  public var crowdedOut = 0
  /// Predictions that waited on the disk and were damaged there.
  public var damaged = 0

  /// Nothing joined.
  public init() {}
}

extension OutcomeTally: ByteCodable {
  private static var fields: [WritableKeyPath<OutcomeTally, Int>] {
    [
      \.predictions, \.unnamed, \.duplicates, \.outcomes, \.labelled, \.silent, \.repeated,
      \.corrected, \.skipped, \.judged, \.tied, \.unheard, \.early, \.tooLate, \.unmatched,
      \.forgotten, \.unkept, \.asked, \.crowdedOut, \.damaged,
    ]
  }

  /// Appends the numbers.
  public func encode(into writer: inout ByteWriter) {
    for field in Self.fields { writer.write(self[keyPath: field]) }
  }

  /// Reads what ``encode(into:)`` wrote.
  public init(from reader: inout ByteReader) throws(CodingError) {
    self.init()
    for field in Self.fields { self[keyPath: field] = try reader.read() }
  }
}
