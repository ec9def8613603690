internal import Records
internal import Statistics

/// The outcomes of a window by score, in cells of equal width from the least score to the greatest.
struct ScoreGrid {
  /// The cells' lower edges, and the greatest score.
  private let edges: [Double]
  private var positives: [Int]
  private var negatives: [Int]
  private var sums: [Double]

  /// How many cells there are.
  static let cells = 1_000
  /// Of how many cells a step from one threshold to the next is.
  private static let step = 10
  /// How many bins there are at most, but for what is left over.
  private static let bins = 10

  /// `nil` where scores do not differ, or by more than a number can hold.
  init?(_ rows: [JoinedRow]) {
    let scores = rows.map(\.prediction.score)
    guard let least = scores.min(), let most = scores.max(), most > least,
      (most - least).isFinite
    else { return nil }
    edges = (0...Self.cells).map { cell in
      cell == Self.cells ? most : least + (most - least) * Double(cell) / Double(Self.cells)
    }
    positives = [Int](repeating: 0, count: Self.cells)
    negatives = positives
    sums = [Double](repeating: 0, count: Self.cells)
    for row in rows {
      let score = row.prediction.score
      let cell = cell(of: score)
      if row.label == 1 { positives[cell] += 1 } else { negatives[cell] += 1 }
      sums[cell] += score
    }
  }

  /// The last cell whose lower edge is not above a score.
  private func cell(of score: Double) -> Int {
    let share = (score - edges[0]) / (edges[Self.cells] - edges[0])
    var cell = min(max(Int(share * Double(Self.cells)), 0), Self.cells - 1)
    // What rounding did is undone, so that a score on an edge is where decisions by the edge have it.
    while cell + 1 < Self.cells, score >= edges[cell + 1] { cell += 1 }
    while cell > 0, score < edges[cell] { cell -= 1 }
    return cell
  }

  /// Bins of a tenth of the predictions or more; none where a score is outside [0, 1].
  var reliability: [ScoreStanding.Bin] {
    guard edges[0] >= 0, edges[Self.cells] <= 1 else { return [] }
    let all = positives.reduce(0, +) + negatives.reduce(0, +)
    var bins: [ScoreStanding.Bin] = []
    var (count, hits, sum) = (0, 0, 0.0)
    for cell in 0..<Self.cells {
      count += positives[cell] + negatives[cell]
      hits += positives[cell]
      sum += sums[cell]
      let isLast = cell == Self.cells - 1
      guard count > 0, isLast || count * Self.bins >= all else { continue }
      if let interval = WilsonInterval(hits: hits, of: count) {
        bins.append(
          ScoreStanding.Bin(
            count: count,
            positives: hits,
            meanScore: sum / Double(count),
            low: interval.lower,
            high: interval.upper
          )
        )
      }
      (count, hits, sum) = (0, 0, 0)
    }
    return bins
  }

  /// What deciding from each threshold on gives.
  func cuts(_ values: OutcomeValues?) -> [ScoreStanding.Cut] {
    var counts = ConfusionCounts(
      truePositives: positives.reduce(0, +),
      falsePositives: negatives.reduce(0, +)
    )
    var cuts: [ScoreStanding.Cut] = []
    for cell in 0..<Self.cells {
      if cell % Self.step == 0 {
        let worth = values.flatMap { $0.total(counts).value }
        cuts.append(ScoreStanding.Cut(score: edges[cell], counts: counts, worth: worth))
      }
      counts.truePositives -= positives[cell]
      counts.falseNegatives += positives[cell]
      counts.falsePositives -= negatives[cell]
      counts.trueNegatives += negatives[cell]
    }
    return cuts
  }
}

extension ScoreStanding {
  /// Holds the scores and decisions of a window against its outcomes; `nil` where none is known.
  ///
  /// - Parameters:
  ///   - window: The window, of a binary task.
  ///   - measured: What was measured of all of its traffic.
  ///   - values: What decisions are worth.
  ///   - probability: The probability that a score stands for; `nil` where it is not known.
  /// - Complexity: O(rows).
  init?(
    _ window: QualityWindow,
    _ measured: MeasuredPart,
    _ values: OutcomeValues?,
    _ probability: ScoreProbability?
  ) {
    guard let stage = measured.stage else { return nil }
    let labelled = window.rows.filter(\.isLabelled)
    guard !labelled.isEmpty else { return nil }
    var decided = DecidedRows(baselines: 0)
    for row in labelled { decided.insert(row) }
    let scored = labelled.filter(\.prediction.score.isFinite)
    let grid = ScoreGrid(scored)
    self.init(
      start: measured.start,
      end: measured.end,
      stage: stage,
      confusion: decided.counts,
      bins: grid?.reliability ?? [],
      cuts: grid?.cuts(values) ?? [],
      optimum: CostOptimum(scored, values, probability)
    )
  }
}

extension CostOptimum {
  fileprivate init(
    _ scored: [JoinedRow],
    _ values: OutcomeValues?,
    _ probability: ScoreProbability?
  ) {
    guard let values else {
      self = .withoutCosts
      return
    }
    guard let breakEven = values.breakEvenThreshold else {
      self = .sameForAll
      return
    }
    guard let probability else {
      self = .withoutCalibration
      return
    }
    var pairs = PairedDecisions()
    var least = Double.infinity
    for row in scored where !row.prediction.decision.isNaN {
      // Calibration never decreases, so this is a threshold of scores.
      let isPositive = probability(row.prediction.score) >= breakEven
      if isPositive { least = min(least, row.prediction.score) }
      pairs.insert(
        decision: isPositive,
        other: row.prediction.decision == 1,
        outcome: row.label == 1
      )
    }
    let worth = values.total(pairs.decisions, confidence: QualityFigures.confidence)
    let gain = pairs.lift(values, confidence: QualityFigures.confidence)
    guard let total = StatisticValue(worth, n: pairs.count),
      let more = StatisticValue(gain, n: pairs.count)
    else {
      self = .withoutPredictions
      return
    }
    self = .threshold(score: least, probability: breakEven, worth: total, gain: more)
  }
}
