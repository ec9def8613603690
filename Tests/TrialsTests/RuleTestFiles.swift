import Monitoring
import Testing
import YAML

@testable import Trials

/// Files in memory, for tests of rule tests.
struct RuleTestFiles {
  var files: [String: String]

  static let monitor = """
    model: m
    events:
      prediction:
        time: ts
        version: v
        features: [{field: x, type: number}, {field: g, type: category}]
        segments: [g]
    windows: {short: {size: 10m, slide: 5m}}
    slide: 5m
    lateness: 1m
    rules:
      - alert: High
        expr: mean(x) > 50
        for: 5m
        severity: page
        labels: {team: risk}
        annotations: {summary: "{{ signal }} is {{ value }}"}
      - {alert: Many, expr: count(x) > 3, by: [segments]}
      - {alert: Quiet, silence: 30m}
    """

  static let stream = """
    seed: 3
    start: 2026-03-02T00:00:00Z
    duration: 2h
    rate: {mean: 60/m, arrivals: even}
    fields:
      ts: {time: rfc3339}
      v: "1"
      g: {category: {a: 1, b: 1}}
      x: {normal: {mean: 40, std: 5}, decimals: 2}
    changes:
      jump: {at: 1h, for: 30m, field: x, add: 30}
    """

  init(_ tests: String, monitor: String = Self.monitor) {
    files = ["f/m.yaml": monitor, "f/s.stream.yaml": Self.stream, "f/m.test.yaml": tests]
  }

  func read(_ path: String) throws(FileProblem) -> [UInt8] {
    guard let text = files[path] else { throw FileProblem("\(path): cannot open") }
    return Array(text.utf8)
  }

  /// The file's tests, which must be right.
  func loaded() throws -> RuleTestFile {
    let (file, diagnostics) = try RuleTestFile.load(
      path: "f/m.test.yaml",
      environment: [:],
      read: read
    )
    return try #require(file, "\(diagnostics.map(\.description).joined(separator: "\n"))")
  }

  /// What comes of all tests.
  func outcomes() throws -> [RuleTestOutcome] {
    var run = RuleTestRun(try loaded(), read: read)
    return run.outcomes { _ in true }
  }

  /// The findings, each with its place.
  func findings() throws -> [String] {
    try RuleTestFile.load(path: "f/m.test.yaml", environment: [:], read: read)
      .diagnostics.map { "\($0.file):\($0.line):\($0.column): \($0.message)" }
  }
}
