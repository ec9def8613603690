import Records
import TestSupport
import Testing

@testable import Monitoring
@testable import Specification

@Suite struct FramingTests {
  /// Predictions of ten hours, each with its outcome ten minutes later; the decision is right with a
  /// probability of `right`, a baseline's flag with 0.7.
  private func lines(right: (Int) -> Double, seed: UInt64) -> [String] {
    var generator = SeededGenerator(seed: seed)
    var events: [(Double, String)] = []
    for index in 0..<3_000 {
      let minute = Double(index) / 5
      let outcome = generator.below(2)
      let decision = generator.uniform() < right(index) ? outcome : 1 - outcome
      let flag = generator.uniform() < 0.7 ? outcome == 1 : outcome == 0
      let line = JoinStream.prediction("p\(index)", minute, decision: decision)
      events.append((minute, line.dropLast() + ",\"flag\":\(flag)}"))
      events.append((minute + 10, JoinStream.outcome("p\(index)", minute + 10, "\(outcome)")))
    }
    return events.sorted { $0.0 < $1.0 }.map(\.1)
  }

  private func plan(_ claim: String) throws -> Plan {
    try JoinStream.plan(
      "{window: 1h, horizon: 30m}",
      rules: """
        baselines: {flagged: flag}
        framing:
          cost: {false_positive: 5, false_negative: 1, true_positive: -2, unit: EUR}
          claim: \(claim)
        rules:
          - alert: Broken
            expr: claim == "fails"
          - alert: NoBetter
            expr: accuracy(lift.flagged) < 0.1
        """
    )
  }

  private func run(_ plan: Plan, _ lines: [String], cut: Bool = false) throws -> EngineOutput {
    var feeding = Feeding(plan)
    for (index, line) in lines.enumerated() {
      feeding.feed([line])
      feeding.close()
      if cut, index % 500 == 250 { try feeding.restart() }
    }
    feeding.finish()
    return feeding.output
  }

  private func claims(_ output: EngineOutput) -> [ClaimRecord] {
    output.feedback.compactMap { if case .claim(let claim) = $0 { claim } else { nil } }
  }

  @Test func `a claim that is met comes to hold, and one that is not to fail and alerts`() throws {
    let lines = lines(right: { _ in 0.9 }, seed: 3)
    let met = try run(plan("{measure: accuracy, at_least: 80%, over: 12h}"), lines)
    #expect(claims(met).map(\.verdict) == ["undecided", "holds"])
    #expect(met.alerts.isEmpty)
    let broken = try run(plan("{measure: accuracy, at_least: 95%, over: 12h}"), lines)
    #expect(claims(broken).map(\.verdict) == ["undecided", "fails"])
    #expect(broken.alerts.map(\.name) == ["Broken"])
    let last = try #require(claims(broken).last)
    #expect(last.low < 0.9 && last.high < 0.95 && last.unit == "EUR")
  }

  @Test func `a claim that failed keeps its alert until it is shown to hold`() throws {
    // Five hours are bad, five good; a period is three hours.
    let lines = lines(right: { $0 < 1_500 ? 0.7 : 0.97 }, seed: 4)
    let output = try run(plan("{measure: accuracy, at_least: 85%, over: 3h}"), lines)
    let verdicts = claims(output).map(\.verdict)
    #expect(verdicts.contains("fails") && verdicts.last == "holds")
    let alerts = output.alerts.filter { $0.name == "Broken" }
    #expect(alerts.map(\.state) == [.firing, .resolved])
    let held = try #require(claims(output).first { $0.verdict == "holds" })
    #expect(alerts.last?.time == held.time)
  }

  @Test func `money, baselines and the lift over them are told, with intervals`() throws {
    let output = try run(
      plan("{measure: recall, at_least: 50%, over: 12h}"),
      lines(right: { _ in 0.9 }, seed: 5)
    )
    let part = try #require(output.measured.last { $0.stage?.isFinal == true })
    func value(_ signal: String, _ statistic: String) -> StatisticValue? {
      part.measurements.first { $0.signal == signal && $0.statistic == statistic }?.value
    }
    let own = try #require(value("quality", "accuracy")?.value)
    let rule = try #require(value("baselines.flagged", "accuracy")?.value)
    let lift = try #require(value("lift.flagged", "accuracy"))
    #expect(abs(lift.value - (own - rule)) < 1e-12)
    #expect((lift.low ?? 9) > 0 && (lift.high ?? 9) < 0.4)
    let money = try #require(value("quality", "money")?.value)
    let yes = try #require(value("baselines.always_yes", "money")?.value)
    #expect(abs((value("lift.always_yes", "money")?.value ?? 0) - (money - yes)) < 1e-9)
    #expect(value("baselines.always_no", "recall")?.value == 0)
    // Surely better than the baseline by a tenth: no alert.
    #expect(!output.alerts.contains { $0.name == "NoBetter" })
  }

  @Test func `a claim goes on across a cut`() throws {
    let lines = lines(right: { $0 < 1_500 ? 0.7 : 0.97 }, seed: 6)
    let plan = try plan("{measure: accuracy, at_least: 85%, over: 3h}")
    let whole = try run(plan, lines)
    let cut = try run(plan, lines, cut: true)
    #expect(claims(cut) == claims(whole))
    #expect(cut.metricRecords == whole.metricRecords)
  }
}
