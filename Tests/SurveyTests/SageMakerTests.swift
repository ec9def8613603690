import Events
import Foundation
import Monitoring
import Specification
import Testing
import YAML

@testable import Survey

@Suite struct SageMakerTests {
  private static func fixture(_ name: String) throws -> [UInt8] {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return Array(try Data(contentsOf: root.appending(path: "fixtures/logs/\(name)")))
  }

  private func baseline() throws -> SageMakerBaseline {
    try SageMakerBaseline(
      constraints: Self.fixture("constraints.json"),
      statistics: Self.fixture("statistics.json")
    )
  }

  private func monitor(
    _ features: String,
    _ configuration: String = "{}",
    statistics: String? = nil
  ) throws -> SageMakerMonitor {
    let text = "{\"version\":0,\"features\":[\(features)],\"monitoring_config\":\(configuration)}"
    let baseline = try SageMakerBaseline(
      constraints: Array(text.utf8),
      statistics: statistics.map { Array($0.utf8) }
    )
    let monitor = SageMakerMonitor(baseline, survey: LogSurvey(), context: SampleLog.context)
    let loaded = Monitor.load(bytes: Array(monitor.text.utf8), file: "m", environment: [:])
    #expect(loaded.monitor != nil, "\(loaded.diagnostics)")
    return monitor
  }

  private let answer = "{\"name\":\"y\",\"inferred_type\":\"Fractional\"}"

  @Test func `each constraint becomes a rule`() throws {
    let text = try monitor(
      """
      \(answer),
      {"name":"n","inferred_type":"Integral","completeness":0.98,"num_constraints":{"is_non_negative":true}},
      {"name":"s","inferred_type":"String","completeness":1.0,"string_constraints":{"domains":["a","b"]}}
      """,
      """
      {"datatype_check_threshold":0.9,"domain_content_threshold":0.95,"distribution_constraints":
      {"perform_comparison":"Enabled","comparison_threshold":0.2,"comparison_method":"Simple",
      "categorical_comparison_threshold":0.3,"categorical_drift_method":"LInfinity"}}
      """
    ).text
    let input = "captureData.endpointInput.data"
    for expression in [
      "missing(\(input).0) / count(\(input).0) > 2.0%",
      "missing(\(input).1) / count(\(input).1) > 0",
      "invalid(\(input).0) / count(\(input).0) > 10.0%", "min(\(input).0) < 0",
      "unseen(\(input).1) / count(\(input).1) > 5.0%", "ks(\(input).0) > 0.2",
      "l_infinity(\(input).1) > 0.3",
    ] {
      #expect(text.contains("expr: '\(expression)'"), "\(expression)")
    }
  }

  @Test func `the robust comparison asks for a thousand events`() throws {
    let text = try monitor("\(answer),{\"name\":\"n\",\"inferred_type\":\"Fractional\"}").text
    #expect(text.contains("ks(captureData.endpointInput.data.0) > 0.1 and count(captureData"))
  }

  @Test func `disabled constraints make no rules`() throws {
    let text = try monitor(answer, "{\"evaluate_constraints\":\"Disabled\"}").text
    #expect(!text.contains("rules:"))
    let quiet = try monitor(
      answer,
      "{\"distribution_constraints\":{\"perform_comparison\":\"Disabled\"}}"
    )
    #expect(!quiet.text.contains("ks("))
  }

  @Test func `columns beyond the captured inputs are answers`() throws {
    let columns = try baseline().columns.count
    #expect(columns == 9)
    let alone = SageMakerColumns(try baseline(), inputCount: nil, outputCount: nil)
    #expect(alone.outputs.count == 1 && alone.inputs.count == 8)
    let captured = SageMakerColumns(try baseline(), inputCount: 9, outputCount: 1)
    #expect(captured.outputs.isEmpty && captured.inputs.count == 9 && captured.warnings.isEmpty)
    let other = SageMakerColumns(try baseline(), inputCount: 5, outputCount: 1)
    #expect(other.warnings.count == 1)
  }

  @Test func `columns that are named as personal data are left out`() throws {
    let found = try monitor(
      "\(answer),{\"name\":\"Phone\",\"inferred_type\":\"String\",\"completeness\":1.0},"
        + "{\"name\":\"n\",\"inferred_type\":\"Integral\"}"
    )
    #expect(found.text.contains("# - captureData.endpointInput.data.0"))
    #expect(!found.text.contains("missing(captureData.endpointInput.data.0)"))
    #expect(found.warnings.contains { $0.contains("\"Phone\": personal data?") })
  }

  @Test func `the profile has the counts, the extremes and the moments of the statistics`() throws {
    let imported = SageMakerMonitor(
      try baseline(),
      survey: LogSurvey(),
      context: SampleLog.context
    )
    let profile = try #require(imported.profile)
    #expect(profile.events == 4_000)
    #expect(profile.signals.count == 9)
    let signal = try #require(profile.signal(named: "captureData.endpointInput.data.5"))
    #expect(signal.missing == 138)
    guard case .number(let calls) = signal.reference else {
      Issue.record("calls are no number")
      return
    }
    #expect(calls.summary.count == 3_862)
    #expect(calls.summary.minimum == 0 && calls.summary.maximum == 9)
    let plan = try #require(profile.signal(named: "captureData.endpointInput.data.6"))
    guard case .category(let plans) = plan.reference else {
      Issue.record("the plan is no category")
      return
    }
    #expect(plans.values == [Array("no".utf8), Array("yes".utf8)])
    #expect(plans.counts.reduce(0, +) == 4_000)
    #expect(try Profile(decoding: profile.encoded()) == profile)
  }

  @Test func `without a sketch the buckets are spread evenly`() throws {
    let statistics = """
      {"version":0,"dataset":{"item_count":100},"features":[{"name":"y","inferred_type":"Fractional",
      "numerical_statistics":{"common":{"num_present":100,"num_missing":0},"mean":1,"std_dev":0.5,
      "min":0,"max":2,"distribution":{"kll":{"buckets":[{"lower_bound":0,"upper_bound":1,"count":75},
      {"lower_bound":1,"upper_bound":2,"count":25}]}}}}]}
      """
    let profile = try #require(try monitor(answer, statistics: statistics).profile)
    guard
      case .number(let score)? = profile.signal(named: "captureData.endpointInput.data.0")?
        .reference
    else {
      Issue.record("no number among \(profile.signals.map(\.name))")
      return
    }
    #expect(score.summary.count == 100)
    #expect(abs(score.summary.p50 - 2.0 / 3) < 0.02)
    #expect(score.summary.mean == 1 && score.summary.standardDeviation == 0.5)
  }

  @Test func `a text column with more values than are listed has others`() throws {
    let statistics = """
      {"version":0,"dataset":{"item_count":10},"features":[{"name":"s","inferred_type":"String",
      "string_statistics":{"common":{"num_present":10,"num_missing":0},"distinct_count":3,
      "distribution":{"categorical":{"buckets":[{"value":"1","count":5},{"value":"b","count":2}]}}}}]}
      """
    let found = try monitor(
      "\(answer),{\"name\":\"s\",\"inferred_type\":\"String\"}",
      statistics: statistics
    )
    guard case .category(let texts)? = found.profile?.signals.first?.reference else {
      Issue.record("no category")
      return
    }
    #expect(texts.hasOther && texts.counts == [5, 2, 3])
  }

  @Test func `files of another shape are refused`() throws {
    #expect(throws: SageMakerError.notJSON("constraints")) {
      try SageMakerBaseline(constraints: Array("{".utf8), statistics: nil)
    }
    #expect(throws: SageMakerError.noFeatures("constraints")) {
      try SageMakerBaseline(constraints: Array("{}".utf8), statistics: nil)
    }
    #expect(throws: SageMakerError.differentColumns) {
      try SageMakerBaseline(
        constraints: Self.fixture("constraints.json"),
        statistics: Array("{\"features\":[]}".utf8)
      )
    }
  }
}
