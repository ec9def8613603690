import Records
import Testing
import YAML

@testable import Monitoring
@testable import Specification

/// Brier's score in parts, and quantiles of the error, as the engine tells them.
@Suite struct ErrorPartsTests {
  private func run(_ plan: Plan, _ lines: [String]) throws -> EngineOutput {
    var feeding = Feeding(plan)
    try feeding.run(lines, chunk: 50, cuts: false)
    return feeding.output
  }

  private func fraction(_ number: Double) -> Double { number - number.rounded(.down) }

  /// The forty predictions of statistics/golden.py, and what turned out of them.
  private var golden: [String] {
    (1...40).flatMap { t in
      let score = fraction(0.6180339887498949 * Double(t))
      let isPositive = fraction(0.7548776662466927 * Double(t)) < score
      let decision = score >= 0.5 ? 1 : 0
      return [
        JoinStream.prediction("\(t)", Double(t), score: score, decision: decision),
        JoinStream.outcome("\(t)", Double(t) + 0.5, isPositive ? "1" : "0"),
      ]
    } + Self.rest
  }

  /// What lets the horizon of the first hour pass.
  private static let rest =
    JoinStream.ticks(70..<110) + [JoinStream.outcome("t100", 110, "1")]
    + JoinStream.ticks(110..<130)

  @Test func `the parts of Brier's score are NumPy's, and rules ask for them`() throws {
    let plan = try JoinStream.plan(
      "{window: 1h, horizon: 30m}",
      rules: """
        rules:
          - {alert: Uncalibrated, expr: "brier_reliability(quality) > 0.05"}
          - {alert: Undecided, expr: "brier_resolution(quality) < 0.1"}
        """
    )
    let output = try run(plan, golden)
    let figures = try #require(output.quality()[0])
    // statistics/golden.py, by NumPy.
    let parts = [
      "brier": 0.162447419193, "brier_reliability": 0.059492555056, "brier_resolution": 0.15,
      "brier_uncertainty": 0.25, "brier_within_bin_variance": 0.000802248278,
      "brier_within_bin_covariance": -0.001076307930,
    ]
    for (name, value) in parts {
      let figure = try #require(figures[name], "\(name)")
      #expect(abs(figure.value - value) < 1e-10 && figure.n == 40, "\(name): \(figure)")
    }
    #expect(figures["brier_reliability"]?.low == nil)
    #expect(output.alerts.map(\.name) == ["Uncalibrated"])
    #expect(output.alerts.first?.evidence.statistic == "brier_reliability")
  }

  @Test func `quantiles of the error are type 7, with an interval where the ranks allow one`()
    throws
  {
    let plan = try JoinStream.plan(
      "{task: regression, window: 1h, horizon: 30m}",
      rules: """
        rules:
          - {alert: FarTooHigh, expr: "error_quantile(quality, 50%) > 20"}
          - {alert: NotSure, expr: "error_quantile(quality, 50%) > 45"}
        """
    )
    // Errors of 0 to 99.
    let lines = (0..<100).flatMap { index in
      let minute = Double(index) / 2
      return [
        JoinStream.prediction("\(index)", minute, score: Double(index * 37 % 100) + 7),
        JoinStream.outcome("\(index)", minute, "7"),
      ]
    }
    let output = try run(plan, lines + Self.rest)
    let figures = try #require(output.quality()[0])
    // numpy.quantile(numpy.arange(100), q)
    for (name, value) in [
      ("error@5%", 4.95), ("error@25%", 24.75), ("error@50%", 49.5), ("error@75%", 74.25),
      ("error@95%", 94.05),
    ] {
      let figure = try #require(figures[name], "\(name)")
      #expect(abs(figure.value - value) < 1e-12 && figure.n == 100, "\(name): \(figure)")
      // Of a hundred the ranks of a twentieth reach beyond the sample.
      let hasInterval = !["error@5%", "error@95%"].contains(name)
      #expect((figure.low != nil) == hasInterval)
      if hasInterval { #expect((figure.low ?? 1e9) < value && (figure.high ?? -1) > value) }
    }
    #expect(output.alerts.map(\.name) == ["FarTooHigh"])
    #expect(output.alerts.first?.evidence.statistic == "error@50%")
  }

  @Test func `a task is told which of them it does not have`() throws {
    let (_, findings) = Monitor.load(
      bytes: Array(
        """
        model: m
        events:
          prediction: {when: kind == "p", id: id, time: ts, score: s, decision: d}
          outcome: {when: kind == "o", id: id, time: ts, label: y}
        rules:
          - {alert: A, expr: "error_quantile(quality, 95%) > 3"}
        """.utf8
      ),
      file: "m.yaml",
      environment: [:]
    )
    let words = findings.map(\.message)
    #expect(words.contains { $0.contains("error_quantile(quality) is never known") })
  }
}
