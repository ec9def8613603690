internal import Expressions
internal import Records
internal import Statistics

/// How the labels of a window's predictions come: when, and how many of those that earlier ones let
/// expect.
struct LabelFigures: Sendable {
  /// The window's predictions.
  private let predictions: Int
  /// Those that are known to be positive; `nil` where outcomes are not yes or no.
  private let positives: Int?
  /// How long its outcomes took, in seconds.
  private let delays: [Double]
  /// The same by ages.
  private let own: LabelArrival
  /// What earlier predictions let expect.
  private let history: LabelArrival
  /// What the reference lets expect; `nil` where it knows no delays of this horizon.
  private let reference: LabelArrival?
  /// The predictions by age, in seconds; none of a part of the traffic, which has no history.
  private let ages: [(age: Double, count: Int)]
  /// The age that all of them have reached, in seconds.
  private let youngest: Double

  /// - Parameters:
  ///   - window: The window.
  ///   - slices: Its rows by age.
  ///   - history: How labels have arrived; what of it is the window's own does not count.
  ///   - reference: How labels arrived in the reference; `nil` where that is not known.
  ///   - isBinary: Whether outcomes are yes or no.
  ///   - clock: The time of the last outcome.
  ///   - isIn: Whether rows of a key are of the part.
  init(
    _ window: QualityWindow,
    _ slices: [AgedRows],
    _ history: ArrivalHistory,
    reference: LabelArrival? = nil,
    isBinary: Bool,
    at clock: Int64,
    isIn: (Int32) -> Bool = { _ in true }
  ) {
    var (matured, others) = (history.emptyCurve, history.emptyCurve)
    var (delays, positives): ([Double], Int) = ([], 0)
    delays.reserveCapacity(window.rows.count)
    var (last, all) = (Int64.min, 0)
    for (place, row) in window.rows.enumerated() where isIn(row.prediction.key) {
      all += 1
      last = max(last, row.prediction.time)
      if place < window.expired { matured.insert(row) } else { others.insert(row) }
      guard let delay = row.delay else { continue }
      delays.append(Double(delay) / 1e9)
      if row.label == 1 { positives += 1 }
    }
    predictions = all
    self.reference = reference?.ages == history.emptyCurve.ages ? reference : nil
    self.positives = isBinary ? positives : nil
    own = matured + others
    self.history = history.curve.without(matured)
    self.delays = delays
    ages = slices.map { ($0.age, $0.count) }
    youngest = max(0, Double(clock.saturatingSubtract(last)) / 1e9)
  }

  func value(_ statistic: StatisticName, confidence: Double) -> StatisticValue? {
    let came = delays.count
    switch statistic {
    case .count: return StatisticValue(value: Double(came), n: came)
    case .prevalence:
      guard let positives else { return nil }
      return StatisticValue(hits: positives, of: predictions, confidence: confidence)
    case .delay:
      return StatisticValue(own.delayQuantile(0.5, of: delays, confidence: confidence), n: came)
    case .delayKS:
      guard !ages.isEmpty else { return nil }
      let distance = history.delayDistance(to: own, upTo: youngest, confidence: confidence)
      return StatisticValue(distance, n: came)
    case .delayDrift:
      let distance = reference?.delayDistance(to: own, upTo: youngest, confidence: confidence)
      return distance.flatMap { StatisticValue($0, n: came) }
    case .observedToExpected:
      guard !ages.isEmpty else { return nil }
      let ratio = history.arrivalRatio(came, of: ages, confidence: confidence)
      return StatisticValue(ratio, n: came)
    default: return nil
    }
  }

  /// The statistics in the order in which they go out.
  static let statistics: [StatisticName] = [
    .count, .prevalence, .delay, .delayKS, .delayDrift, .observedToExpected,
  ]
}

/// Rows of a window that are of nearly one age.
struct AgedRows: Sendable {
  /// Their mean age by the outcomes' clock, in seconds, at least 0.
  let age: Double
  /// How many there are.
  let count: Int
  /// Their places in the window; none where nobody asks.
  let rows: [Int]

  /// How many slices a window is cut into.
  private static let slices = 24

  /// Cuts a window's rows by age.
  ///
  /// - Parameters:
  ///   - window: The window.
  ///   - bounds: Its start and end, in nanoseconds since 1970.
  ///   - clock: The time of the last outcome.
  ///   - keepsRows: Whether the rows of each slice are asked for, and not only their number.
  /// - Returns: The slices that have rows, the oldest first.
  static func cut(
    _ window: QualityWindow,
    _ bounds: Range<Int64>,
    at clock: Int64,
    keepsRows: Bool
  ) -> [AgedRows] {
    let width = max(1, (bounds.upperBound - bounds.lowerBound) / Int64(slices))
    var rows = [[Int]](repeating: [], count: slices)
    var counts = [Int](repeating: 0, count: slices)
    var milliseconds = [Int64](repeating: 0, count: slices)
    for (place, row) in window.rows.enumerated() {
      let offset = row.prediction.time - bounds.lowerBound
      let slice = min(Int(offset / width), slices - 1)
      counts[slice] += 1
      milliseconds[slice] += offset / 1_000_000
      if keepsRows { rows[slice].append(place) }
    }
    let elapsed = Double(clock.saturatingSubtract(bounds.lowerBound)) / 1e9
    return (0..<slices).filter { counts[$0] > 0 }.map { slice in
      let mean = Double(milliseconds[slice]) / 1_000 / Double(counts[slice])
      return AgedRows(age: max(0, elapsed - mean), count: counts[slice], rows: rows[slice])
    }
  }
}
