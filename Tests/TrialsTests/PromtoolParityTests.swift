import Foundation
import Monitoring
import Records
import Specification
import Testing
import YAML

@testable import Trials

/// The life of alerts against Debian's promtool: the same series, the same rules, minute by minute.
///
/// A series is a text of minutes: `1` above the limit, `0` below it, `_` without a value. Leeway gets
/// three events a minute whose mean is the value; its window to minute i + 1 is what Prometheus sees
/// at minute i.
@Suite struct PromtoolParityTests {
  struct Rule {
    var name: String
    var holds: Int
    var keeps: Int
  }

  static let rules = [
    Rule(name: "Now", holds: 0, keeps: 0), Rule(name: "Minute", holds: 1, keeps: 0),
    Rule(name: "Five", holds: 5, keeps: 0), Rule(name: "NowKept", holds: 0, keeps: 2),
    Rule(name: "MinuteKept", holds: 1, keeps: 5), Rule(name: "FiveKept", holds: 5, keeps: 5),
  ]

  /// With six rules each, 120 series of states.
  static let patterns = [
    "000000000000", "111111111111111", "0001111111110000000000", "1000000000", "0100000000",
    "1100000000", "11111000000000", "1111110000000000", "11111110000000000000",
    "101010101010101000000000", "110110110110110000000000", "111111011111101111110000000000",
    "000001111101111110000000000", "1111110100000000000", "11111100100000000000",
    "1111110000010000000000", "11111100000010000000000", "0111111000001111110000000000",
    // Missing while the condition holds and nothing is due: Prometheus looks back five minutes.
    "111_1111111000000000", "0_0_111111_1100000000000",
  ]

  /// A series whose values end for ten minutes: Prometheus forgets the alert after five.
  static let gap = "1111111__________1111100000000000"

  static func monitor(_ rules: [Rule]) throws -> Monitor {
    var text = """
      model: m
      events: {prediction: {time: ts, features: [{field: x, type: number}]}}
      windows: {minute: {size: 1m, slide: 1m}}
      slide: 1m
      lateness: 0s
      incidents: {flapping: none}
      rules:

      """
    for rule in rules {
      text += "  - {alert: \(rule.name), expr: mean(x) > 5, bound: none, for: \(rule.holds)m, "
      text += "keep_firing_for: \(rule.keeps)m}\n"
    }
    let (monitor, diagnostics) = Monitor.load(
      bytes: Array(text.replacingOccurrences(of: ": 0m", with: ": 0s").utf8),
      file: "parity.yaml",
      environment: [:]
    )
    return try #require(monitor, "\(diagnostics.map(\.description))")
  }

  static let start = 1_600_000_020

  /// Three events a minute whose mean is 9 or 1.
  static func events(_ pattern: String) -> [UInt8] {
    var lines = ""
    for (minute, state) in pattern.enumerated() where state != "_" {
      for (index, second) in [3, 20, 59].enumerated() {
        let value = (state == "1" ? 9 : 1) + index - 1
        lines += "{\"ts\":\(start + 60 * minute + second),\"x\":\(value)}\n"
      }
    }
    return Array(lines.utf8)
  }

  /// The phases of each rule's alert, by minute.
  static func states(_ pattern: String, _ rules: [Rule]) throws -> [[AlertState.Phase]] {
    let monitor = try monitor(rules)
    let profile = try TestEvents.lines(events("0101")).profile(monitor)
    let plan = try Plan(monitor: monitor, profile: profile)
    let source = try TestEvents.lines(events(pattern)).source(monitor)
    let start = Int64(start) * 1_000_000_000
    let trial = Trial(plan, source, start: start, wantsMetrics: false)
    return try pattern.indices.enumerated().map { minute, _ in
      try trial.advance(to: start + Int64(minute + 1) * 60_000_000_000)
      return rules.map { rule in
        trial.standing.first { $0.name == rule.name }?.phase ?? .inactive
      }
    }
  }

  /// Promtool's files for some series and the states that are expected, and its verdict.
  static func promtool(
    _ series: [(pattern: String, states: [[AlertState.Phase]])],
    _ rules: [Rule]
  ) throws -> (passed: Bool, output: String) {
    var ruleText = "groups:\n- name: parity\n  interval: 1m\n  rules:\n"
    for rule in rules {
      ruleText += "  - {alert: \(rule.name), expr: x > 5, for: \(rule.holds)m, "
      ruleText += "keep_firing_for: \(rule.keeps)m}\n"
    }
    var tests = "rule_files: [rules.yml]\nevaluation_interval: 1m\ntests:\n- interval: 1m\n"
    tests += "  input_series:\n"
    for (index, one) in series.enumerated() {
      let values = one.pattern.map { $0 == "_" ? "_" : $0 == "1" ? "9" : "1" }
      tests += "  - {series: 'x{case=\"\(index)\"}', values: '\(values.joined(separator: " "))'}\n"
    }
    tests += "  promql_expr_test:\n"
    for (index, one) in series.enumerated() {
      for (minute, phases) in one.states.enumerated() {
        for (rule, phase) in zip(rules, phases) {
          let selector = "alertname=\"\(rule.name)\",case=\"\(index)\""
          tests += "  - expr: 'ALERTS{\(selector)}'\n    eval_time: \(minute)m\n"
          if phase == .inactive { continue }
          let labels = "ALERTS{\(selector),alertstate=\"\(phase.rawValue)\"}"
          tests += "    exp_samples: [{labels: '\(labels)', value: 1}]\n"
        }
      }
    }
    return try run(rules: ruleText, tests: tests)
  }

  private static func run(rules: String, tests: String) throws -> (passed: Bool, output: String) {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try Data(rules.utf8).write(to: folder.appending(path: "rules.yml"))
    try Data(tests.utf8).write(to: folder.appending(path: "tests.yml"))
    let output = folder.appending(path: "output")
    try Data().write(to: output)
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["promtool", "test", "rules", "tests.yml"]
    process.currentDirectoryURL = folder
    let handle = try FileHandle(forWritingTo: output)
    process.standardOutput = handle
    process.standardError = handle
    try process.run()
    process.waitUntilExit()
    let text = String(decoding: try Data(contentsOf: output), as: UTF8.self)
    // 127: no promtool; `make setup` installs it.
    try #require(process.terminationStatus != 127, "promtool is missing: run make setup")
    return (process.terminationStatus == 0, text)
  }

  @Test func `alerts are pending, fire and end as Prometheus' do on 120 series`() throws {
    let series = try Self.patterns.map { ($0, try Self.states($0, Self.rules)) }
    let (passed, output) = try Self.promtool(series, Self.rules)
    #expect(passed, "\(output.prefix(4_000))")
    let phases = Set(series.flatMap { $0.1.flatMap { $0 } })
    #expect(phases == [.inactive, .pending, .firing], "the series reach every phase")
  }

  @Test func `promtool would say so if one state of one minute were another`() throws {
    let pattern = "0001111111110000000000"
    var states = try Self.states(pattern, Self.rules)
    #expect(states[8][2] == .firing)
    states[8][2] = .pending
    let (passed, output) = try Self.promtool([(pattern, states)], Self.rules)
    #expect(!passed && output.contains("Five"), "\(output.prefix(2_000))")
  }

  @Test func `where values end, Prometheus forgets the alert and Leeway keeps it`() throws {
    let rules = [Self.rules[0]]
    let states = try Self.states(Self.gap, rules)
    let firing = states.map { $0[0] == .firing }
    #expect(firing == Self.gap.indices.enumerated().map { minute, _ in minute < 22 })
    var theirs = states
    // The last value stands for five minutes: minutes 7 to 11 see it.
    for minute in 12..<17 where theirs[minute][0] == .firing { theirs[minute][0] = .inactive }
    #expect(theirs != states)
    let (passed, output) = try Self.promtool([(Self.gap, theirs)], rules)
    let (passedOurs, _) = try Self.promtool([(Self.gap, states)], rules)
    #expect(passed, "\(output.prefix(2_000))")
    #expect(!passedOurs)
  }
}
