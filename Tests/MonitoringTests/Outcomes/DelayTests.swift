import Records
import TestSupport
import Testing

@testable import Monitoring
@testable import Specification

/// How long labels take: of parts of the traffic, and against the reference.
@Suite struct DelayTests {
  /// Predictions one a minute of some hours, in turn of two versions, with their outcomes.
  private func lines(_ hours: Range<Int>, fast: Double, slow: Double) -> [String] {
    var events: [(Double, Int, String)] = []
    for minute in hours.lowerBound * 60..<hours.upperBound * 60 {
      let isFast = minute.isMultiple(of: 2)
      let known = Double(minute) + (isFast ? fast : slow) + Double((minute + 1_000) % 5) / 10
      let version = isFast ? "fast" : "slow"
      events.append(
        (Double(minute), 0, JoinStream.prediction("\(minute)", Double(minute), version: version))
      )
      let label = minute.isMultiple(of: 3) ? "1" : "0"
      events.append((known, 1, JoinStream.outcome("\(minute)", known, label)))
    }
    return events.sorted { ($0.0, $0.1) < ($1.0, $1.1) }.map(\.2)
  }

  private static let rules = """
    rules:
      - {alert: Slow, expr: delay(labels) > 20m, by: version}
      - {alert: Moved, expr: delay_drift(labels) > 0.3}
    """

  private func output(_ plan: Plan, _ lines: [String], cuts: Bool = false) throws -> EngineOutput {
    var feeding = Feeding(plan)
    try feeding.run(lines, chunk: 60, cuts: cuts)
    return feeding.output
  }

  private func delay(
    _ output: EngineOutput,
    _ version: String?,
    _ statistic: String
  ) -> StatisticValue? {
    output.measured.last { $0.stage?.isFinal == true && $0.version == version }?.measurements
      .first { $0.signal == "labels" && $0.statistic == statistic }?.value
  }

  private func plan(_ reference: [String]) throws -> Plan {
    let monitor = try JoinStream.plan(rules: Self.rules).monitor
    let learnt = try profile(reference, monitor).profile
    // What the profile holds is written and read.
    #expect(try Profile(decoding: learnt.encoded()) == learnt)
    #expect(learnt.quality?.delays != nil)
    return try Plan(monitor: monitor, profile: learnt)
  }

  @Test func `each version has its own delay, and the slow one alerts`() throws {
    let plan = try plan(lines(-6..<0, fast: 5, slow: 30))
    let output = try output(plan, lines(0..<6, fast: 5, slow: 30))
    let (fast, slow) = (delay(output, "fast", "delay"), delay(output, "slow", "delay"))
    #expect(abs((fast?.value ?? 0) - 5.2 * 60) < 15 && abs((slow?.value ?? 0) - 30.2 * 60) < 15)
    #expect((slow?.low ?? 0) > 29 * 60)
    // What needs a history is of the whole.
    #expect(delay(output, "slow", "delay_ks") == nil)
    #expect(delay(output, "slow", "observed_to_expected") == nil)
    let firing = output.alerts.filter { $0.state == .firing }
    #expect(firing.map { "\($0.name) \($0.labels["version"] ?? "")" } == ["Slow slow"])
    #expect((delay(output, nil, "delay_drift")?.value ?? 1) < 0.1)
  }

  @Test func `a delay that is not the reference's is told`() throws {
    let plan = try plan(lines(-6..<0, fast: 5, slow: 10))
    let stream = lines(0..<6, fast: 40, slow: 50)
    let output = try output(plan, stream)
    #expect((delay(output, nil, "delay_drift")?.low ?? 0) > 0.5)
    #expect(output.alerts.contains { $0.name == "Moved" })
    let cut = try self.output(plan, stream, cuts: true)
    #expect(cut.alerts == output.alerts)
  }

  @Test func `a profile of another horizon knows no delays of this one`() throws {
    let learnt = try plan(lines(-6..<0, fast: 5, slow: 10)).profile
    let other = try JoinStream.plan("{window: 1h, horizon: 3h}", rules: Self.rules).monitor
    let output = try output(Plan(monitor: other, profile: learnt), lines(0..<8, fast: 40, slow: 50))
    #expect(delay(output, nil, "delay") != nil && delay(output, nil, "delay_drift") == nil)
  }
}
