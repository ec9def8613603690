import Events
import Expressions
import Foundation
import Testing
import YAML

@testable import Specification

@Suite struct SchemaTests {
  private static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  private func schema() throws -> [String: Any] {
    let data = try Data(contentsOf: Self.root.appending(path: "docs/monitor.schema.json"))
    return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  private func definition(_ name: String) throws -> [String: Any] {
    let definitions = try #require(try schema()["$defs"] as? [String: Any])
    return try #require(definitions[name] as? [String: Any])
  }

  private func properties(_ object: [String: Any]) -> [String: [String: Any]] {
    object["properties"] as? [String: [String: Any]] ?? [:]
  }

  @Test(arguments: [
    ("events", MonitorKeys.events), ("prediction", MonitorKeys.prediction),
    ("duplicates", MonitorKeys.duplicates), ("price", MonitorKeys.price),
    ("rows", MonitorKeys.rows), ("wrapped", MonitorKeys.wrapped),
    ("outcome", MonitorKeys.outcome), ("quality", MonitorKeys.quality),
    ("canary", MonitorKeys.canary), ("feedback", MonitorKeys.feedback),
    ("relabel", MonitorKeys.relabel),
    ("framing", MonitorKeys.framing), ("cost", MonitorKeys.cost), ("claim", MonitorKeys.claim),
    ("time", MonitorKeys.time), ("latency", MonitorKeys.latency), ("feature", MonitorKeys.feature),
    ("score", MonitorKeys.score),
    ("reference", MonitorKeys.reference), ("window", MonitorKeys.window),
    ("rule", MonitorKeys.rule), ("incidents", MonitorKeys.incidents),
    ("limits", MonitorKeys.limits),
    ("deadLetters", MonitorKeys.deadLetters), ("pii", MonitorKeys.pii),
    ("piiKey", MonitorKeys.piiKey),
  ])
  func `the schema has the loader's keys`(_ name: String, _ keys: [String]) throws {
    let object = try definition(name)
    #expect(Set(properties(object).keys) == Set(keys))
    #expect(object["additionalProperties"] as? Bool == false)
  }

  @Test func `the schema's root has the loader's keys`() throws {
    let root = try schema()
    #expect(Set(properties(root).keys) == Set(MonitorKeys.monitor))
    #expect(root["additionalProperties"] as? Bool == false)
  }

  @Test func `the schema's words are the loader's`() throws {
    let rule = properties(try definition("rule"))
    #expect(rule["severity"]?["enum"] as? [String] == Severity.allCases.map(\.rawValue))
    let feature = properties(try definition("feature"))
    #expect(feature["type"]?["enum"] as? [String] == FeatureType.allCases.map(\.rawValue))
    let window = properties(try definition("window"))
    #expect(window["calendar"]?["enum"] as? [String] == CalendarUnit.allCases.map(\.rawValue))
    let time = properties(try definition("time"))
    #expect(time["unit"]?["enum"] as? [String] == TimeUnitName.allCases.map(\.rawValue))
    let latency = properties(try definition("latency"))
    #expect(latency["unit"]?["enum"] as? [String] == DurationUnit.allCases.map(\.rawValue))
    let claim = properties(try definition("claim"))
    #expect(claim["measure"]?["enum"] as? [String] == ClaimMeasure.allCases.map(\.rawValue))
    let quality = properties(try definition("quality"))
    #expect(
      quality["task"]?["enum"] as? [String] == QualitySpecification.Task.allCases.map(\.rawValue)
    )
    let decimal = try definition("decimal")
    #expect(decimal["enum"] as? [String] == DecimalMark.allCases.map(\.rawValue))
    let label = try definition("labelName")
    let reserved = label["not"] as? [String: [String]]
    #expect(reserved?["enum"] == TemplateReader.builtInLabels)
  }

  @Test func `the schema's defaults are the loader's`() throws {
    let limits = properties(try definition("limits")).compactMapValues { $0["default"] as? Int }
    let standard = MonitorLimits()
    #expect(
      limits == [
        "line_bytes": standard.lineBytes, "nesting": standard.nesting, "signals": standard.signals,
        "categories": standard.categories, "segment_values": standard.segmentValues,
        "versions": standard.versions, "pending": standard.pending,
        "spilled": standard.spilled,
      ]
    )
    let letters = properties(try definition("deadLetters"))
    #expect(letters["raw"]?["default"] as? Bool == DeadLetterOptions().raw)
    #expect(letters["raw_bytes"]?["default"] as? Int == DeadLetterOptions().rawBytes)
  }

  @Test func `the page names every key, statistic, variable and function`() throws {
    let page = try String(
      contentsOf: Self.root.appending(path: "docs/language.md"),
      encoding: .utf8
    )
    let keys =
      MonitorKeys.monitor + MonitorKeys.prediction + MonitorKeys.outcome + MonitorKeys.quality
      + MonitorKeys.time + MonitorKeys.latency
      + MonitorKeys.feature + MonitorKeys.window + MonitorKeys.rule + MonitorKeys.incidents
      + MonitorKeys.limits + MonitorKeys.deadLetters
    let words =
      keys + StatisticName.allCases.map(\.rawValue) + AlertValue.allCases.map(\.rawValue)
      + Severity.allCases.map(\.rawValue) + Aggregate.allCases.map(\.rawValue)
      + ["exists", "abs", "reference", "ratio", "where", "before", "change"]
    for word in Set(words) {
      #expect(page.contains("`\(word)`"), "docs/language.md does not name \(word)")
    }
  }

  @Test func `the monitor of the page is taken without a finding`() throws {
    let page = try String(
      contentsOf: Self.root.appending(path: "docs/language.md"),
      encoding: .utf8
    )
    let samples = page.components(separatedBy: "```yaml\n").dropFirst().map { rest in
      rest.components(separatedBy: "```")[0]
    }
    try #require(!samples.isEmpty)
    for sample in samples {
      let (monitor, diagnostics) = SampleMonitor.load(sample)
      #expect(monitor != nil)
      #expect(diagnostics.isEmpty, "\(diagnostics)")
    }
  }

  @Test func `the shipped monitor files name the schema and are taken`() throws {
    let rules = Self.root.appending(path: "rules")
    let names = (try? FileManager.default.contentsOfDirectory(atPath: rules.path())) ?? []
    let others = [".test.yaml", ".stream.yaml"]
    for name in names where name.hasSuffix(".yaml") && !others.contains(where: name.hasSuffix) {
      let text = try String(contentsOf: rules.appending(path: name), encoding: .utf8)
      #expect(
        text.contains("# yaml-language-server: $schema=../docs/monitor.schema.json"),
        "\(name)"
      )
      #expect(SampleMonitor.load(text).monitor != nil, "\(name)")
    }
  }
}
