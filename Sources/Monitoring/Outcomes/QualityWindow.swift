internal import Sketches
internal import Statistics

/// A prediction with what is known of its outcome.
///
/// Its 11 properties are those of the row that each prediction is while it waits.
struct JoinedRow: Sendable, Equatable {
  var prediction: PredictionRow
  /// The outcome; a NaN while none is known.
  var label = Double.nan
  /// When the outcome was known, in nanoseconds since 1970.
  var labelTime = Int64.min
  /// Whether the outcome is that none came.
  var isSilent = false
  /// Whether it could be drawn when labels were asked for.
  var isCandidate = false
  /// What is known beside the outcome, where it matters who says it.
  var reactions: Reactions = []
  /// Why it was asked for.
  var reason = RelabelReason.uniform
  /// How often it left as a row to train on; at most 65,535.
  var revision: UInt16 = 0
  /// Whether its outcome changed since it left, where rows leave before they are final.
  var isNews = false
  /// Whether the outcome is of every version's prediction of the id.
  var isShared = false
  /// The probability with which it was asked for; 0 where it was not.
  var inclusion = 0.0

  /// Whether an outcome is known.
  var isLabelled: Bool { !label.isNaN }

  /// Makes an outcome what is known.
  mutating func take(_ outcome: OutcomeRow) {
    label = outcome.label
    labelTime = outcome.time
    isShared = outcome.version == 0
  }
}

/// The predictions of a stretch of time, as their outcomes come.
///
/// Its 14 properties are its rows, where they are, and how far each of those who read them has come.
struct QualityWindow: Sendable {
  /// Its number: its start over its length.
  let index: Int
  /// How many rows, from the first, wait in a store and not in memory.
  var spilled = 0
  /// How many of those have an outcome and have not expired.
  var spilledLabelled = 0
  /// The rows behind them, in the order of the predictions' times.
  var rows: [JoinedRow] = []
  /// What is kept beside them: what may leave until it has left, or the scores of classes.
  var payloads: [[UInt8]] = []
  /// The features that are held against the outcome by themselves, as many for each payload.
  var traits: [Float] = []
  /// What was said of rows, by their places, where it matters who says it.
  var ballots: [Int: Ballots] = [:]
  /// The places of rows whose outcome changed since they left; none where rows leave once.
  var news: [Int32] = []
  /// How many rows, from the first, were looked at as rows to train on.
  var emitted = 0
  /// How many of the rows, from the first, have waited for as long as predictions wait.
  var expired = 0
  /// How many rows there were when it was judged last.
  var judgedRows = 0
  /// How many times it was judged.
  var revision = 0
  /// Whether something came since it was judged.
  var isDirty = false
  /// Whether it is given up before its time, because too much waits.
  var isCrowdedOut = false

  init(index: Int) { self.index = index }

  /// How many rows it has, wherever they are.
  var count: Int { spilled + rows.count }

  /// The share of the predictions whose outcome is known or was waited for long enough.
  var maturity: Double {
    guard count > 0 else { return 0 }
    var settled = expired + spilledLabelled
    for row in rows[max(0, expired - spilled)...] where row.isLabelled { settled += 1 }
    return Double(settled) / Double(count)
  }
}

extension QualityWindow {
  /// Takes note that a row's outcome changed.
  mutating func noteNews(of row: Int) {
    guard !rows[row].isNews else { return }
    rows[row].isNews = true
    news.append(Int32(row))
  }

  /// The places of the rows that have a score, by the score.
  var placesByScore: [Int] {
    var (scores, places): ([Double], [Int]) = ([], [])
    scores.reserveCapacity(rows.count)
    places.reserveCapacity(rows.count)
    for (place, row) in rows.enumerated() where row.prediction.score.isFinite {
      scores.append(row.prediction.score)
      places.append(place)
    }
    return RadixSort.order(of: scores).map { places[$0] }
  }

  /// The outcomes that are known at each score.
  ///
  /// - Parameters:
  ///   - order: That of ``placesByScore``.
  ///   - isIn: Whether rows of a key count.
  /// - Returns: The table.
  func scoreTable(_ order: [Int], isIn: (Int32) -> Bool) -> ScoreTable {
    var (scores, outcomes): ([Double], [Bool]) = ([], [])
    scores.reserveCapacity(order.count)
    outcomes.reserveCapacity(order.count)
    for place in order {
      let row = rows[place]
      guard row.isLabelled, isIn(row.prediction.key) else { continue }
      scores.append(row.prediction.score)
      outcomes.append(row.label == 1)
    }
    return ScoreTable(increasing: scores, outcomes: outcomes)
  }
}

extension JoinedRow: ByteCodable {
  func encode(into writer: inout ByteWriter) {
    writer.write(prediction)
    writer.write(label)
    writer.write(labelTime)
    writer.write(isSilent)
    writer.write(isShared)
    writer.write(isCandidate)
    writer.write(byte: reactions.rawValue)
    writer.write(byte: reason.rawValue)
    writer.write(inclusion)
    writer.write(varint: UInt64(revision))
    writer.write(isNews)
  }

  init(from reader: inout ByteReader) throws(CodingError) {
    prediction = try reader.read()
    label = try reader.read()
    labelTime = try reader.read()
    isSilent = try reader.read()
    isShared = try reader.read()
    isCandidate = try reader.read()
    reactions = Reactions(rawValue: try reader.readByte())
    let start = reader.offset
    guard let known = RelabelReason(rawValue: try reader.readByte()) else {
      throw .invalid(offset: start)
    }
    reason = known
    inclusion = try reader.read()
    guard let times = UInt16(exactly: try reader.readVarint()) else {
      throw .invalid(offset: start)
    }
    revision = times
    isNews = try reader.read()
  }
}

extension QualityWindow: ByteCodable {
  func encode(into writer: inout ByteWriter) {
    writer.write(index)
    writer.write(spilled)
    writer.write(spilledLabelled)
    writer.write(rows)
    writer.write(varint: UInt64(payloads.count))
    for payload in payloads { writer.write(bytes: payload) }
    writer.write(traits: traits)
    writer.write(varint: UInt64(ballots.count))
    for (row, cast) in ballots.sorted(by: { $0.key < $1.key }) {
      writer.write(row)
      writer.write(cast)
    }
    writer.write(emitted)
    writer.write(expired)
    writer.write(judgedRows)
    writer.write(revision)
    writer.write(isDirty)
    writer.write(isCrowdedOut)
  }

  init(from reader: inout ByteReader) throws(CodingError) {
    index = try reader.read()
    let start = reader.offset
    spilled = try reader.read()
    spilledLabelled = try reader.read()
    guard (0..<Int(UInt32.max)).contains(spilled), (0...spilled).contains(spilledLabelled) else {
      throw .invalid(offset: start)
    }
    rows = try reader.read()
    for _ in 0..<(try reader.readCount(limit: reader.remaining)) {
      payloads.append(try reader.readBytes())
    }
    traits = try reader.readTraits(of: payloads.count)
    for _ in 0..<(try reader.readCount(limit: rows.count)) {
      let row: Int = try reader.read()
      let cast: Ballots = try reader.read()
      ballots[row] = cast
    }
    emitted = try reader.read()
    expired = try reader.read()
    judgedRows = try reader.read()
    revision = try reader.read()
    isDirty = try reader.read()
    isCrowdedOut = try reader.read()
    guard (0...count).contains(expired), (0...count).contains(emitted),
      ballots.keys.allSatisfy({ (spilled..<count).contains($0) }),
      rows.allSatisfy({ $0.prediction.payload < payloads.count }), Int32(exactly: index) != nil
    else {
      throw .invalid(offset: start)
    }
  }
}
