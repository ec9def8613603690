internal import Events
internal import Specification

/// The predictions of a reference with their outcomes, joined when all has been read.
///
/// Of more predictions than are kept, those stay whose ids have the smallest hashes, and their
/// outcomes with them: a sample that does not depend on the order of the events.
struct LabelledPredictions {
  private struct Key: Hashable {
    let id: EventID
    let version: UInt64
  }

  /// Where predictions and outcomes stand; `nil` where no outcomes are read.
  var plan: OutcomePlan?
  /// Where ids stand; there where outcomes are read.
  var identity: IdentityPlan?
  private var predictions: [Key: PredictionRow] = [:]
  /// What is kept beside predictions: the scores of several classes.
  private var payloads: [Key: [UInt8]] = [:]
  private var outcomes: [Key: OutcomeRow] = [:]
  /// What was said of predictions, where it matters who says it.
  private var ballots: [Key: Ballots] = [:]
  /// The greatest hash of an id that is kept.
  private var bound = UInt64.max
  /// Predictions with an id.
  private(set) var count = 0

  /// How many predictions are kept.
  static let limit = 1 << 20

  /// Takes a prediction in, with what is kept beside it; of two of one id and version the earlier
  /// stays.
  mutating func insert(_ prediction: PredictionRow, payload: [UInt8]? = nil) {
    count += 1
    guard prediction.id.high <= bound else { return }
    let key = Key(id: prediction.id, version: prediction.version)
    if let known = predictions[key], known < prediction { return }
    predictions[key] = prediction
    payloads[key] = payload
    shrink()
  }

  /// Takes an outcome in; of several the latest stays.
  mutating func insert(_ outcome: OutcomeRow) {
    guard outcome.id.high <= bound else { return }
    let key = Key(id: outcome.id, version: outcome.version)
    if outcome.voice != .none {
      _ = ballots[key, default: Ballots()].insert(Ballots.Ballot(outcome))
      return shrink()
    }
    if let known = outcomes[key], outcome < known { return }
    outcomes[key] = outcome
    shrink()
  }

  private mutating func shrink() {
    while max(predictions.count, outcomes.count, ballots.count) > Self.limit {
      bound /= 2
      predictions = predictions.filter { $0.key.id.high <= bound }
      payloads = payloads.filter { $0.key.id.high <= bound }
      outcomes = outcomes.filter { $0.key.id.high <= bound }
      ballots = ballots.filter { $0.key.id.high <= bound }
    }
  }

  /// The predictions, each with its outcome where it has one, in a fixed order.
  ///
  /// - Parameter horizon: How long a prediction waits, in nanoseconds.
  /// - Returns: A window of all.
  func joined(horizon: Int64) -> QualityWindow {
    var window = QualityWindow(index: 0)
    window.rows = rows(horizon: horizon)
    for (place, row) in window.rows.enumerated() {
      let key = Key(id: row.prediction.id, version: row.prediction.version)
      guard let payload = payloads[key] else { continue }
      window.rows[place].prediction.payload = Int32(window.payloads.count)
      window.payloads.append(payload)
    }
    return window
  }

  private func rows(horizon: Int64) -> [JoinedRow] {
    predictions.values.sorted().map { prediction in
      var row = JoinedRow(prediction: prediction)
      let own = Key(id: prediction.id, version: prediction.version)
      let all = Key(id: prediction.id, version: 0)
      let said = [ballots[own], ballots[all]].compactMap { $0 }.flatMap(\.all)
        .filter { $0.time.saturatingSubtract(prediction.time) <= horizon }
      if !said.isEmpty {
        var cast = Ballots()
        for ballot in said { _ = cast.insert(ballot) }
        row.take(cast, plan?.quality.task ?? .binary)
        return row
      }
      let found = [outcomes[own], outcomes[all]].compactMap { $0 }
        .filter { $0.time.saturatingSubtract(prediction.time) <= horizon }
      if let latest = found.max() { row.take(latest) }
      return row
    }
  }

  /// The time of the last outcome; `nil` without one.
  var outcomeClock: Int64? {
    (outcomes.values.map(\.time) + ballots.values.flatMap { $0.all.map(\.time) }).max()
  }
}
