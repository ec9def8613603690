import Expressions
import Records
import TestSupport
import Testing

@testable import Monitoring
@testable import Specification

/// Confusion counts, and the precision of the predictions with the greatest scores.
@Suite struct TopPrecisionTests {
  private struct Row {
    var score: Double
    var decision: Int
    var outcome: Int
  }

  /// Predictions of an hour and a half, a quarter of a minute apart, with few different scores.
  private func rows(seed: UInt64) -> [Row] {
    var generator = SeededGenerator(seed: seed)
    return (0..<360).map { _ in
      let score = Double(generator.below(20)) / 20
      let outcome = generator.uniform() < score ? 1 : 0
      return Row(score: score, decision: score >= 0.5 ? 1 : 0, outcome: outcome)
    }
  }

  private func lines(_ rows: [Row]) -> [String] {
    var events: [(Double, String)] = []
    for (index, row) in rows.enumerated() {
      let minute = Double(index) / 4
      let id = "p\(index)"
      events.append(
        (minute, JoinStream.prediction(id, minute, score: row.score, decision: row.decision))
      )
      events.append((minute + 5, JoinStream.outcome(id, minute + 5, "\(row.outcome)")))
    }
    return events.sorted { $0.0 < $1.0 }.map(\.1) + JoinStream.ticks(120..<130)
  }

  private func plan(_ rules: String = "") throws -> Plan {
    try JoinStream.plan("{window: 1h, horizon: 30m, top: [10, 5%]}", rules: rules)
  }

  private func run(_ plan: Plan, _ lines: [String], cuts: Bool = false) throws -> EngineOutput {
    var feeding = Feeding(plan)
    try feeding.run(lines, chunk: 50, cuts: cuts)
    return feeding.output
  }

  /// The share of positives among the greatest scores, by the mean over all orders of ties.
  private func precision(_ rows: [Row], top: Int) -> Double {
    let ranked = rows.sorted { $0.score > $1.score }
    let cut = ranked[top - 1].score
    let above = ranked.filter { $0.score > cut }
    let tied = ranked.filter { $0.score == cut }
    let share = Double(tied.count { $0.outcome == 1 }) / Double(tied.count)
    let left = Double(top - above.count)
    return (Double(above.count { $0.outcome == 1 }) + left * share) / Double(top)
  }

  @Test func `records count decisions by outcome and tell how good the best are`() throws {
    let rows = rows(seed: 11)
    let figures = try #require(run(plan(), lines(rows)).quality()[0])
    let first = Array(rows.prefix(240))
    func count(_ decision: Int, _ outcome: Int) -> Double {
      Double(first.count { $0.decision == decision && $0.outcome == outcome })
    }
    #expect(figures["true_positives"]?.value == count(1, 1))
    #expect(figures["false_positives"]?.value == count(1, 0))
    #expect(figures["false_negatives"]?.value == count(0, 1))
    #expect(figures["true_negatives"]?.value == count(0, 0))
    // What is known is a fact: it has no interval.
    #expect(figures["true_positives"]?.low == nil && figures["true_positives"]?.n == 240)
    let ten = try #require(figures["precision@10"])
    #expect(abs(ten.value - precision(first, top: 10)) < 1e-12)
    #expect(ten.n == 10 && (ten.low ?? 2) < ten.value && (ten.high ?? -1) <= 1)
    let part = try #require(figures["precision@5%"])
    #expect(abs(part.value - precision(first, top: 12)) < 1e-12)
    #expect(part.n == 12 && figures["precision_at"] == nil)
  }

  @Test func `neither shuffles nor a cut of the state change a byte`() throws {
    let lines = lines(rows(seed: 12))
    let plan = try plan()
    let whole = try run(plan, lines).metricRecords
    #expect(try run(plan, lines, cuts: true).metricRecords == whole)
    var random = SeededGenerator(seed: 3)
    // Four minutes of the stream, in which events may come in any order, at a time.
    let shuffled = stride(from: 0, to: lines.count, by: 4).flatMap {
      lines[$0..<min(lines.count, $0 + 4)].shuffled(using: &random)
    }
    #expect(try run(plan, shuffled).metricRecords == whole)
  }

  @Test func `rules ask for counts as they are, and for the best by their interval`() throws {
    let output = try run(
      plan(
        """
        rules:
          - {alert: ManyErrors, expr: false_positives(quality) >= 1}
          - {alert: FewErrors, expr: false_positives(quality) >= 1000}
          - {alert: BestAreBad, expr: "precision_at(quality, 25) < 10%"}
          - {alert: BestAreNotSure, expr: "precision_at(quality, 25) < 97%"}
          - {alert: BestAreGood, expr: "precision_at(quality, 25) > 10%"}
        """
      ),
      lines(rows(seed: 13))
    )
    #expect(Set(output.alerts.map(\.name)) == ["ManyErrors", "BestAreGood"])
    let good = try #require(output.alerts.first { $0.name == "BestAreGood" })
    #expect(good.evidence.statistic == "precision@25" && good.evidence.n == 25)
  }

  @Test func `the estimate and baselines have the counts, and the reference the best`() throws {
    let monitor = try plan("baselines: {high: score >= 0.9}").monitor
    let reference = lines(rows(seed: 14)) + lines(rows(seed: 15)).map { $0 }
    let learnt = try profile(reference, monitor).profile
    let names = learnt.quality?.measures.map(\.name) ?? []
    #expect(names.contains("precision@10") && !names.contains("true_positives"))
    let output = try run(try Plan(monitor: monitor, profile: learnt), lines(rows(seed: 16)))
    let part = try #require(output.measured.last { $0.stage?.isFinal == true && $0.isWhole })
    func value(_ signal: String, _ statistic: String) -> StatisticValue? {
      part.measurements.first { $0.signal == signal && $0.statistic == statistic }?.value
    }
    let cells = ["true_positives", "false_positives", "false_negatives", "true_negatives"]
    for signal in ["quality", "estimate", "baselines.high"] {
      let all = cells.compactMap { value(signal, $0)?.value }
      #expect(all.count == 4, "\(signal)")
      #expect(abs(all.reduce(0, +) - (value(signal, "count")?.value ?? 0)) < 1e-9, "\(signal)")
    }
    let estimate = try #require(value("estimate", "true_positives"))
    #expect((estimate.low ?? 9e9) < estimate.value && (estimate.high ?? 0) > estimate.value)
    #expect(value("estimate", "precision@10")?.n == 10)
    #expect(value("baselines.high", "precision@10") == nil)
    #expect(value("lift.high", "true_positives") == nil)
  }
}
