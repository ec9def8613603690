import Foundation
import Records
import TestSupport
import Testing

@testable import Monitoring
@testable import Specification

/// `compare(...)` of signals: a new version beside the one in use, in the same window.
@Suite struct VersionComparisonTests {
  private static let start = 1_600_002_000

  private static func monitor(_ rule: String) throws -> Monitor {
    try MonitoringTests.monitor(
      """
      model: m
      events:
        prediction:
          time: ts
          version: v
          failure: status != "ok"
          latency: {field: ms, unit: ms}
          features: [{field: x, type: number}, {field: c, type: category}]
      canary: {stable: "7", canary: ["8", "9"]}
      kpis: {share_of_red: mean(c == "red"), red: count(where c == "red")}
      windows: {hour: {size: 1h, slide: 1h}}
      slide: 1h
      rules:
        - \(rule)
      """
    )
  }

  /// What the events of one version are like.
  private struct Traffic {
    var version = "7"
    var failures = 0.1
    var latency = 50.0
    var shift = 0.0
    var red = 0.7
    var events = 2_000
  }

  private static func hour(_ index: Int, _ all: [Traffic], seed: UInt64) -> [String] {
    var random = SeededGenerator(seed: seed)
    var lines: [(Int, String)] = []
    for traffic in all {
      for event in 0..<traffic.events {
        let second = start + 3600 * index + event * 3600 / traffic.events
        let x = random.uniform() * 100 + traffic.shift
        let ms = traffic.latency * (0.5 + random.uniform())
        lines.append(
          (
            second,
            "{\"ts\":\(second),\"v\":\"\(traffic.version)\",\"x\":\(x),\"ms\":\(ms),"
              + "\"c\":\"\(random.uniform() < traffic.red ? "red" : "blue")\","
              + "\"status\":\"\(random.uniform() < traffic.failures ? "no" : "ok")\"}"
          )
        )
      }
    }
    return lines.sorted { $0.0 < $1.0 }.map(\.1)
  }

  private static func alerts(_ condition: String, _ hours: [[Traffic]]) throws -> [Alert] {
    let monitor = try monitor("{alert: Worse, expr: \(condition)}")
    let reference = hour(0, [Traffic(events: 4_000)], seed: 1)
    let plan = try Plan(monitor: monitor, profile: profile(reference, monitor).profile)
    var feeding = Feeding(plan)
    for (index, traffic) in hours.enumerated() {
      feeding.feed(hour(10 + index, traffic, seed: UInt64(100 + index)))
      feeding.close()
    }
    feeding.finish()
    return feeding.output.alerts
  }

  @Test(arguments: [
    ("compare(mean(failure)) > 2%", Traffic(version: "8", failures: 0.2)),
    ("compare(mean(latency)) > 5ms", Traffic(version: "8", latency: 60)),
    ("compare(mean(x)) < -5", Traffic(version: "8", shift: -20)),
    ("compare(value(kpis.share_of_red)) < -5%", Traffic(version: "8", red: 0.5)),
  ])
  private func `a new version that is worse beyond doubt fires, and no other`(
    condition: String,
    worse: Traffic
  ) throws {
    let usual = [Traffic(), Traffic(version: "9", events: 500)]
    let alerts = try Self.alerts(condition, [usual + [worse], usual])
    #expect(alerts.map(\.state) == [.firing, .resolved])
    let alert = try #require(alerts.first)
    #expect(alert.labels["version"] == "8")
    let evidence = alert.evidence
    #expect(evidence.statistic?.hasPrefix("compare(") == true)
    let (low, high) = (try #require(evidence.low), try #require(evidence.high))
    let value = try #require(evidence.value)
    #expect(low < value && value < high)
    let threshold = try #require(evidence.threshold)
    #expect(value > 0 ? low > threshold : high < threshold)
    #expect(evidence.referenceN == 2_000)
  }

  @Test func `two versions that are alike hardly ever differ`() throws {
    let alike = [Traffic(events: 300), Traffic(version: "8", events: 200)]
    let hours = Array(repeating: alike, count: 300)
    let alerts = try Self.alerts("compare(mean(failure)) > 0%", hours)
    // A bound of 99 %: 3 of 300 are expected, and more than 9 come once in a thousand runs.
    #expect(alerts.filter { $0.state == .firing }.count <= 9)
  }

  @Test func `drift of one version from the other has nothing to do with the profile`() throws {
    let moved = [Traffic(shift: 40), Traffic(version: "8", shift: 40)]
    let apart = [Traffic(shift: 40), Traffic(version: "8", shift: 0)]
    let alerts = try Self.alerts("compare(drift(*)) > 0.1", [moved, apart])
    #expect(alerts.map { $0.labels["signal"] } == ["x"])
    let evidence = try #require(alerts.first?.evidence)
    #expect(evidence.statistic == "compare(drift)")
    #expect(evidence.reference == "version 7")
    #expect(evidence.referenceN == 2_000)
    #expect(evidence.psi ?? 0 > 0.1)
    // The version in use has 40 to 140: its values above the profile's are the last bin's.
    #expect(evidence.histogram.last?.reference ?? 0 > 0.35)
  }

  @Test func `without the version in use, or of few events of it, nothing is known`() throws {
    let alone = [Traffic(version: "8", failures: 0.9, shift: 90)]
    let few = alone + [Traffic(events: 20)]
    for condition in ["compare(mean(failure)) > 0%", "compare(drift(x)) > 0"] {
      #expect(try Self.alerts(condition, [alone, alone]).isEmpty)
    }
    #expect(try Self.alerts("compare(psi(x)) > 0", [few]).isEmpty)
  }
}
