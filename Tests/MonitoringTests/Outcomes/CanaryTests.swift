import Records
import TestSupport
import Testing

@testable import Monitoring
@testable import Specification
import YAML

@Suite struct CanaryTests {
  private func plan(_ pairs: String) throws -> Plan {
    try JoinStream.plan(
      "{window: 1h, horizon: 30m}",
      rules: """
        canary: {stable: old, canary: new, margin: 5%, pairs: \(pairs)}
        rules:
          - alert: Back
            expr: canary == "rollback"
            then: rollback
          - alert: Forward
            expr: canary == "promote"
        """
    )
  }

  /// What is said of ten hours.
  ///
  /// Positive outcomes come early: what comes early must not be judged early. As shadows both versions
  /// answer each event, else every fifth is the new one's.
  private func run(
    wrong: (old: Double, new: Double),
    shadow: Bool,
    seed: UInt64,
    cut: Bool = false
  ) throws -> EngineOutput {
    let lines = lines(wrong: wrong, shadow: shadow, seed: seed)
    var feeding = Feeding(try plan(shadow ? "shadow" : "split"), measuring: .nothing)
    try feeding.run(lines, chunk: 300, cuts: cut)
    return feeding.output
  }

  private func lines(
    wrong: (old: Double, new: Double),
    shadow: Bool,
    seed: UInt64
  ) -> [String] {
    var generator = SeededGenerator(seed: seed)
    var events: [(Double, Int, String)] = []
    for index in 0..<4_000 {
      let minute = Double(index) * 0.15
      let outcome = generator.below(2)
      let isNew = generator.below(5) == 0
      for version in shadow ? ["old", "new"] : [isNew ? "new" : "old"] {
        let rate = version == "new" ? wrong.new : wrong.old
        let isWrong = generator.uniform() < rate
        let decision = isWrong ? 1 - outcome : outcome
        let line = JoinStream.prediction("p\(index)", minute, decision: decision, version: version)
        events.append((minute, 2 * index, line))
      }
      let known = minute + (outcome == 1 ? 1 : 25)
      events.append((known, 2 * index + 1, JoinStream.outcome("p\(index)", known, "\(outcome)")))
    }
    return events.sorted { ($0.0, $0.1) < ($1.0, $1.1) }.map(\.2)
  }

  private func rollbacks(_ output: EngineOutput) -> [RollbackRecord] {
    output.feedback.compactMap { if case .rollback(let record) = $0 { record } else { nil } }
  }

  @Test(arguments: [true, false])
  func `a version that is worse is taken back, once, with its evidence`(shadow: Bool) throws {
    let output = try run(wrong: (0.1, 0.4), shadow: shadow, seed: 1)
    let records = rollbacks(output)
    #expect(records.count == 1)
    let record = try #require(records.first)
    #expect(record.canary == "new" && record.stable == "old" && record.low > 0)
    #expect(abs(record.difference - 0.3) < 0.25)
    #expect(output.alerts.map(\.name) == ["Back"])
  }

  @Test(arguments: [true, false])
  func `a version that is as good is not, and comes to be promoted`(shadow: Bool) throws {
    let output = try run(wrong: (0.1, 0.02), shadow: shadow, seed: 2)
    #expect(rollbacks(output).isEmpty)
    #expect(output.alerts.map(\.name) == ["Forward"])
  }

  @Test func `how the new version stands is told at any time, whatever the verdict`() throws {
    for (wrong, verdict) in [((0.1, 0.4), "rollback"), ((0.1, 0.02), "promote")] {
      var feeding = Feeding(try plan("split"), measuring: .nothing)
      try feeding.run(lines(wrong: wrong, shadow: false, seed: 1), chunk: 300, cuts: false)
      let standing = try #require(feeding.outcomeStanding?.canaries.first)
      #expect(standing.verdict == verdict)
      #expect(standing.evidence.canary == "new" && standing.evidence.pairs > 500)
      #expect(standing.evidence.low <= standing.evidence.high)
    }
  }

  @Test func `a report is given the quality of each version, with the same values`() throws {
    func measured(_ measuring: Measuring) throws -> [MeasuredPart] {
      var feeding = Feeding(try plan("split"), measuring: measuring)
      let lines = lines(wrong: (0.1, 0.2), shadow: false, seed: 4)
      try feeding.run(lines, chunk: 300, cuts: false)
      return feeding.output.measured.filter { $0.stage != nil }
    }
    let shown = try measured(.report)
    #expect(Set(shown.map(\.version)) == [nil, "old", "new"])
    #expect(try measured(.everything) == shown)
    #expect(try measured(.whole).allSatisfy(\.isWhole))
  }

  @Test func `the same is said across cuts`() throws {
    let whole = try run(wrong: (0.1, 0.4), shadow: false, seed: 3)
    let cut = try run(wrong: (0.1, 0.4), shadow: false, seed: 3, cut: true)
    #expect(rollbacks(cut) == rollbacks(whole) && !rollbacks(whole).isEmpty)
    #expect(cut.alerts == whole.alerts)
  }

  @Test func `only the verdict may take a version back`() throws {
    let text = """
      model: m
      events:
        prediction: {when: p, id: id, time: ts, version: v, score: s, decision: d}
        outcome: {when: o, id: id, time: ts, label: y}
      rules:
        - {alert: A, expr: accuracy(quality) < 0.5, then: rollback}
        - {alert: B, expr: canary == "worse"}
        - {alert: C, expr: canary == "rollback", then: rollback}
      """
    let (monitor, diagnostics) = Monitor.load(
      bytes: Array(text.utf8),
      file: "m.yaml",
      environment: [:]
    )
    #expect(monitor == nil)
    let messages = diagnostics.map(\.description).joined(separator: "\n")
    #expect(messages.contains("chance may have made takes no version back"))
    #expect(messages.contains("canary is never \"worse\""))
    #expect(messages.contains("unknown signal \"canary\""))
  }

  // MARK: Versions that are found

  /// Hours of 400 predictions, every version with its share and its part of wrong decisions.
  private func stream(_ hours: [[(version: String, share: Double, wrong: Double)]]) -> [String] {
    var generator = SeededGenerator(seed: 11)
    var events: [(Double, Int, String)] = []
    for index in 0..<400 * hours.count {
      let minute = Double(index) * 0.15
      var left = generator.uniform()
      let version = hours[index / 400].first { version in
        left -= version.share
        return left < 0
      }
      guard let version else { continue }
      let outcome = generator.below(2)
      let decision = generator.uniform() < version.wrong ? 1 - outcome : outcome
      let id = "p\(index)"
      let line = JoinStream.prediction(id, minute, decision: decision, version: version.version)
      events.append((minute, 2 * index, line))
      let known = minute + (outcome == 1 ? 1 : 25)
      events.append((known, 2 * index + 1, JoinStream.outcome(id, known, "\(outcome)")))
    }
    return events.sorted { ($0.0, $0.1) < ($1.0, $1.1) }.map(\.2)
  }

  private static let foundRules = """
    canary: {share: 5%, margin: 5%}
    rules:
      - {alert: Back, expr: canary == "rollback", then: rollback}
      - {alert: Forward, expr: canary == "promote"}
    """

  private func found(_ lines: [String], cuts: Bool = false) throws -> Feeding {
    let plan = try JoinStream.plan("{window: 1h, horizon: 30m}", rules: Self.foundRules)
    var feeding = Feeding(plan, measuring: .nothing)
    try feeding.run(lines, chunk: 300, cuts: cuts)
    return feeding
  }

  @Test func `versions are found by their shares, and each is judged by itself`() throws {
    let quiet = [("a", 0.98, 0.1), ("debug", 0.02, 0.5)]
    let busy = [("a", 0.6, 0.1), ("bad", 0.2, 0.5), ("good", 0.18, 0.01), ("debug", 0.02, 0.5)]
    let lines = stream([quiet, quiet] + Array(repeating: busy, count: 18))
    let feeding = try found(lines)
    let records = rollbacks(feeding.output)
    #expect(records.map { "\($0.canary) \($0.stable)" } == ["bad a"])
    #expect(records.first?.risk == 0.05)
    let fired = feeding.output.alerts.filter { $0.state == .firing }
    let told = Set(fired.map { "\($0.name) \($0.labels["version"] ?? "none")" })
    #expect(told == ["Back bad", "Forward good"])
    let canaries = try #require(feeding.outcomeStanding?.canaries)
    #expect(canaries.map(\.evidence.canary) == ["bad", "good"])
    let cut = try found(lines, cuts: true)
    #expect(cut.output.feedback == feeding.output.feedback)
    #expect(cut.output.alerts == feeding.output.alerts)
  }

  @Test func `a new version that takes over is in use, and the old one never new again`() throws {
    let ramp = [0.0, 0, 0.2, 0.6, 0.98, 1, 1, 0.9, 0.8].map { share in
      [("old", 1 - share, 0.1), ("new", share, 0.1)]
    }
    let feeding = try found(stream(ramp))
    #expect(rollbacks(feeding.output).isEmpty)
    #expect(feeding.outcomeStanding?.canaries.isEmpty == true)
  }

  @Test func `versions that are found share the risk, however many come`() throws {
    let plan = try JoinStream.plan("{window: 1h, horizon: 30m}", rules: Self.foundRules)
    let canary = try #require(plan.monitor.canary)
    let quality = try #require(plan.monitor.quality)
    var versions = try #require(FoundVersions(canary, quality))
    var risks: [Double] = []
    for release in 1...40 {
      // Each release has a tenth of the traffic for an hour, and none afterwards.
      for index in 0..<100 {
        let time = Int64(release) * 3_600_000_000_000 + Int64(index)
        let name = index % 10 == 0 ? "r\(release)" : "old"
        guard let names = versions.insert(name, at: time) else { continue }
        #expect(names.count <= CanarySpecification.canariesLimit)
        let newest = names.last.flatMap { versions.specification(of: $0) }
        if let newest { risks.append(newest.riskOfEach) }
      }
    }
    #expect(versions.stable == "old")
    #expect(risks.count == 39)
    #expect(risks.prefix(2).elementsEqual([0.05 / 2, 0.05 / 6]))
    #expect(risks.reduce(0, +) < 0.05)
  }
}
