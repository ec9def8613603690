import Records
import Testing

@testable import Monitoring
@testable import Specification
import TestSupport

/// Drift over many signals and parts at a time, in the engine.
@Suite struct DriftFamilyTests {
  static let start = 1_600_002_000
  static let signals = (0..<30).map { "s\($0)" }

  static func monitor(_ rule: String) throws -> Monitor {
    let features = signals.map { "{field: \($0), type: number}" }.joined(separator: ", ")
    return try MonitoringTests.monitor(
      """
      model: m
      events: {prediction: {time: ts, features: [\(features)], segments: [g]}}
      windows: {hour: {size: 1h, slide: 1h}}
      lateness: 0s
      incidents: {flapping: none}
      rules:
        - \(rule)
      """
    )
  }

  /// An hour of events; signals share noise, the first `drifted` of them have moved by `shift`.
  static func hour(
    _ index: Int,
    _ random: inout SeededGenerator,
    events: Int = 150,
    shift: Double = 0,
    drifted: Int = 0,
    absent: Int = 0
  ) -> [String] {
    (0..<events).map { event in
      let shared = random.uniform()
      let members = signals.enumerated().compactMap { position, name -> String? in
        if position >= signals.count - absent { return nil }
        let noise = 0.5 * shared + 0.5 * random.uniform()
        return "\"\(name)\":\(noise + (position < drifted ? shift : 0))"
      }
      let second = start + 3600 * index + 3600 * event / events
      return "{\"ts\":\(second),\"g\":\"\(event % 2)\",\(members.joined(separator: ","))}"
    }
  }

  static func alerts(_ rule: String, _ reference: [String], _ lines: [String]) throws -> [Alert] {
    let monitor = try monitor(rule)
    let plan = try Plan(
      monitor: monitor,
      profile: profile(reference, monitor).profile,
      wantsMetrics: false
    )
    var feeding = Feeding(plan, measuring: .nothing)
    feeding.feed(lines)
    feeding.finish()
    return feeding.output.alerts
  }

  /// No drift at all, tolerance 0: alarms one by one at the rate of the bound, together next to none.
  @Test func `together, chance makes fewer alarms than one by one`() throws {
    let seed: UInt64 = 3
    var random = SeededGenerator(seed: seed)
    let reference = (0..<4).flatMap { Self.hour($0, &random, events: 1000) }
    let lines = (10..<50).flatMap { Self.hour($0, &random) }
    func hours(_ fdr: String) throws -> (alarms: Int, hours: Int) {
      let rule = "{alert: D, expr: drift(*) > 0, confidence: 0.9, fdr: \(fdr)}"
      let fired = try Self.alerts(rule, reference, lines).filter { $0.state == .firing }
      return (fired.count, Set(fired.map(\.time)).count)
    }
    let alone = try hours("none")
    let together = try hours("5%")
    // 40 hours of 30 signals at 10 %; within an hour the share of false ones is all or nothing, so
    // that an hour with an alarm is rarer than 5 %.
    #expect(alone.alarms > 40, "seed \(seed)")
    #expect(together.hours <= 2, "seed \(seed): \(together)")
  }

  /// A condition that needs the number itself has every bound worked out, the others only those
  /// beyond the tolerance.
  @Test(arguments: ["fdr: none", "fdr: 10%", "fdr: 10%, by: segments, keep_firing_for: 3h"])
  func `what is left out below the tolerance changes no alert`(_ options: String) throws {
    var random = SeededGenerator(seed: 8)
    let reference = (0..<4).flatMap { Self.hour($0, &random, events: 1000) }
    let lines = (10..<22).flatMap {
      Self.hour($0, &random, events: 200, shift: Double($0 % 4) / 10, drifted: 9)
    }
    func alerts(_ condition: String) throws -> [Alert] {
      try Self.alerts("{alert: D, expr: \(condition), \(options)}", reference, lines)
    }
    let exact = try alerts("drift(*) > 0.1 and drift(*) + 1 > 0")
    let quick = try alerts("drift(*) > 0.1")
    #expect(quick.count > 10)
    #expect(quick.allSatisfy { $0.evidence.psi != nil && $0.evidence.pValue != nil })
    #expect(quick == exact)
  }

  @Test func `drifts that are real are found together, the evidence says among how many`() throws {
    var random = SeededGenerator(seed: 4)
    let reference = (0..<4).flatMap { Self.hour($0, &random, events: 1000) }
    let lines = Self.hour(10, &random, events: 1000, shift: 0.25, drifted: 3, absent: 4)
    let fired = try Self.alerts("{alert: D, expr: drift(*) > 0.1}", reference, lines)
    #expect(fired.map { $0.labels["signal"] } == ["s0", "s1", "s2"])
    // Four signals have no value: they are not in the family.
    #expect(fired.map(\.evidence.family) == [26, 26, 26])
    #expect(fired.map(\.evidence.falseDiscoveryRate) == [0.05, 0.05, 0.05])
    let alone = try Self.alerts("{alert: D, expr: drift(*) > 0.1, fdr: none}", reference, lines)
    #expect(alone.map(\.fingerprint) == fired.map(\.fingerprint))
    #expect(alone.allSatisfy { $0.evidence.family == nil && $0.evidence.falseDiscoveryRate == nil })
  }

  @Test func `the family is over the parts of the traffic, too`() throws {
    var random = SeededGenerator(seed: 5)
    let reference = (0..<4).flatMap { Self.hour($0, &random, events: 1000) }
    let lines = Self.hour(10, &random, events: 1000, shift: 0.3, drifted: 1)
    let parts = "{alert: D, expr: drift(s0) > 0.1, by: segments}"
    let fired = try Self.alerts(parts, reference, lines)
    #expect(fired.map { $0.labels["segment"] } == ["g=0", "g=1"])
    #expect(fired.map(\.evidence.family) == [2, 2])
    // The whole says it for its parts, and the family is of all three.
    let all = "{alert: D, expr: drift(s0) > 0.1, by: [whole, segments]}"
    let whole = try Self.alerts(all, reference, lines)
    #expect(whole.map { $0.labels["segment"] } == [nil])
    #expect(whole.map(\.evidence.family) == [3])
  }

  @Test func `a condition that holds without its drift fires all the same`() throws {
    var random = SeededGenerator(seed: 6)
    let reference = (0..<4).flatMap { Self.hour($0, &random, events: 1000) }
    // Beyond the bound at a confidence of 0.51, but one of 30: chance.
    let lines = Self.hour(10, &random, events: 60)
    func names(_ expr: String) throws -> Set<String> {
      let rule = "{alert: D, expr: \(expr), confidence: 0.51}"
      return Set(try Self.alerts(rule, reference, lines).compactMap { $0.labels["signal"] })
    }
    #expect(try names("drift(*) > 0").isEmpty)
    #expect(try names("drift(*) > 0 or mean(*) > 0").count == 30)
    #expect(try names("drift(*) > 0 and mean(*) > 0").isEmpty)
    let alone = try Self.alerts(
      "{alert: D, expr: drift(*) > 0, confidence: 0.51, fdr: none}",
      reference,
      lines
    )
    #expect(!alone.isEmpty)
  }
}
