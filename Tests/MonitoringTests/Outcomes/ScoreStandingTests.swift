import Records
import Statistics
import TestSupport
import Testing

@testable import Monitoring

/// Scores, decisions and outcomes of a window, as they can be drawn.
@Suite struct ScoreStandingTests {
  private typealias Row = (score: Double, decision: Double, label: Double)

  /// Predictions with a score, a decision and an outcome.
  private func window(_ rows: [Row]) -> QualityWindow {
    var window = QualityWindow(index: 0)
    window.rows = rows.enumerated().map { place, row in
      JoinedRow(
        prediction: PredictionRow(
          id: EventID(high: UInt64(place), low: 0),
          version: 0,
          time: Int64(place),
          score: row.score,
          decision: row.decision,
          key: 0
        ),
        label: row.label
      )
    }
    return window
  }

  private func standing(
    _ rows: [Row],
    _ values: OutcomeValues? = nil,
    _ probability: ScoreProbability? = nil
  ) throws -> ScoreStanding? {
    let measured = MeasuredPart(
      model: "m",
      window: "quality",
      start: 0,
      end: 10,
      stage: QualityStage(time: 20, maturity: 1, revision: 1, isFinal: true),
      measurements: []
    )
    return ScoreStanding(window(rows), measured, values, probability)
  }

  /// Scores of two decimals whose outcomes are as they say; decided from 0.5 on.
  private func drawn(_ count: Int, seed: UInt64) -> [Row] {
    var generator = SeededGenerator(seed: seed)
    return (0..<count).map { _ in
      let score = Double(generator.below(101)) / 100
      let label = generator.uniform() < score ? 1.0 : 0
      return (score, score >= 0.5 ? 1 : 0, label)
    }
  }

  private let values = OutcomeValues(
    truePositive: 0,
    falsePositive: -1,
    falseNegative: -4,
    trueNegative: 0
  )

  @Test(arguments: 1...8 as ClosedRange<UInt64>)
  func `each threshold's counts are those of deciding from its score on`(seed: UInt64) throws {
    let rows = drawn(700, seed: seed)
    let standing = try #require(try standing(rows, values))
    #expect(standing.cuts.count == 100)
    for cut in standing.cuts {
      let counts = ConfusionCounts(
        decisions: rows.map { $0.score >= cut.score },
        outcomes: rows.map { $0.label == 1 }
      )
      #expect(cut.counts == counts, "\(cut.score)")
      #expect(cut.worth == values.total(counts).value)
    }
    let own = ConfusionCounts(
      decisions: rows.map { $0.decision == 1 },
      outcomes: rows.map { $0.label == 1 }
    )
    #expect(standing.confusion == own)
  }

  @Test func `bins hold each prediction once, a tenth of them or more`() throws {
    let rows = drawn(5_000, seed: 3)
    let bins = try #require(try standing(rows)).bins
    #expect((6...10).contains(bins.count))
    #expect(bins.reduce(0) { $0 + $1.count } == 5_000)
    #expect(bins.reduce(0) { $0 + $1.positives } == rows.count { $0.label == 1 })
    #expect(bins.dropLast().allSatisfy { $0.count >= 500 })
    #expect(bins.map(\.meanScore) == bins.map(\.meanScore).sorted())
    let sum = bins.reduce(0) { $0 + $1.meanScore * Double($1.count) }
    #expect(abs(sum - rows.reduce(0) { $0 + $1.score }) < 1e-6)
    // Scores are the probabilities here: their mean is in nine intervals of ten at least.
    #expect(bins.count { $0.low <= $0.meanScore && $0.meanScore <= $0.high } >= bins.count - 1)
  }

  @Test func `the threshold is where calibrated scores reach the break-even probability`() throws {
    // Four times as dear: from a probability of 1/5 on a positive decision pays.
    let rows = drawn(4_000, seed: 5)
    let standing = try #require(
      try standing(rows, values, ScoreProbability(line: nil))
    )
    guard case .threshold(let score, let probability, let worth, let gain) = standing.optimum else {
      Issue.record("\(standing.optimum)")
      return
    }
    #expect(probability == 0.2 && score == 0.2)
    let counts = ConfusionCounts(
      decisions: rows.map { $0.score >= 0.2 },
      outcomes: rows.map { $0.label == 1 }
    )
    #expect(worth.value == values.total(counts).value)
    #expect(gain.value == worth.value - (values.total(standing.confusion).value ?? 0))
    #expect(gain.value > 0 && gain.low ?? 0 > 0 && gain.n == 4_000)
  }

  @Test func `without costs, a calibration or a choice there is no threshold`() throws {
    let rows = drawn(300, seed: 1)
    let known = ScoreProbability(line: nil)
    let always = OutcomeValues(
      truePositive: 5,
      falsePositive: 1,
      falseNegative: 0,
      trueNegative: 0
    )
    #expect(try standing(rows, nil, known)?.optimum == .withoutCosts)
    #expect(try standing(rows, values, nil)?.optimum == .withoutCalibration)
    #expect(try standing(rows, always, known)?.optimum == .sameForAll)
    let undecided = rows.map { ($0.score, Double.nan, $0.label) }
    #expect(try standing(undecided, values, known)?.optimum == .withoutPredictions)
    #expect(try standing(rows.map { ($0.score, $0.decision, .nan) }) == nil)
  }

  @Test func `scores that are no probabilities have no bins, equal ones no thresholds`() throws {
    let wide = try #require(try standing(drawn(300, seed: 2).map { ($0.score * 9, 1, $0.label) }))
    #expect(wide.bins.isEmpty && wide.cuts.count == 100)
    let equal = try #require(try standing([(0.5, 1, 1), (0.5, 1, 0)]))
    #expect(equal.bins.isEmpty && equal.cuts.isEmpty && equal.confusion.count == 2)
    let huge = try #require(try standing([(-1e308, 0, 0), (1.7e308, 1, 1)]))
    #expect(huge.cuts.isEmpty && huge.confusion.count == 2)
  }
}
