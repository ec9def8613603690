import Records
import Testing
import YAML

@testable import Monitoring
@testable import Specification

/// Versions that are put together, and what a prediction costs.
@Suite struct VersionTextTests {
  private static let prompts = """
    model: assistant
    events:
      prediction:
        time: ts
        version: model + "/" + prompt.name + "@" + prompt.version
        score: s
        price: {tokens: {usage.in: 2.5, usage.out: 10}}
    windows: {main: 1h}
    slide: 1h
    """

  private func line(_ minute: Int, _ prompt: String, tokens: (Int, Int) = (100, 10)) -> String {
    let time = JoinStream.start + 60 * minute
    return "{\"ts\":\(time),\"model\":\"gpt\",\"prompt\":\(prompt),\"s\":0.5,"
      + "\"usage\":{\"in\":\(tokens.0),\"out\":\(tokens.1)}}"
  }

  private func output(_ text: String, environment: [String: String] = [:]) throws -> EngineOutput {
    let (monitor, findings) = Monitor.load(
      bytes: Array(text.utf8),
      file: "m.yaml",
      environment: environment
    )
    let plan = try Plan(
      monitor: try #require(monitor, "\(findings.map(\.message))"),
      profile: nil
    )
    var feeding = Feeding(plan)
    let lines = (0..<60).map { minute in
      switch minute % 3 {
      case 0: line(minute, "{\"name\":\"a\\u0062\",\"version\":1}")
      case 1: line(minute, "{\"name\":\"ab\",\"version\":\"2\"}", tokens: (1_000, 500))
      default: line(minute, "{\"name\":\"ab\"}")
      }
    }
    try feeding.run(lines + [line(200, "{}")], chunk: 20, cuts: false)
    return feeding.output
  }

  private func value(_ output: EngineOutput, _ version: String?, _ signal: String) -> Double? {
    let part = output.measured.first { $0.version == version && $0.segment == nil }
    return part?.measurements.first { $0.signal == signal && $0.statistic == "value" }?.value.value
  }

  @Test func `fields and texts make a version, and without a field there is none`() throws {
    let output = try output(Self.prompts)
    let first = output.measured.filter { $0.start == output.measured.first?.start }
    #expect(Set(first.compactMap(\.version)) == ["gpt/ab@1", "gpt/ab@2", "__missing__"])
  }

  @Test func `what a prediction costs is a KPI beside each version`() throws {
    let output = try output(Self.prompts)
    let name = "kpis.cost_per_prediction"
    func cost(_ input: Double, _ output: Double) -> Double { (input * 2.5 + output * 10) / 1e6 }
    let (cheap, dear) = (value(output, "gpt/ab@1", name), value(output, "gpt/ab@2", name))
    #expect(abs((cheap ?? 0) - cost(100, 10)) < 1e-9)
    #expect(abs((dear ?? 0) - cost(1_000, 500)) < 1e-9)
  }

  @Test func `a part that is hidden is hidden in the version`() throws {
    let text = Self.prompts + "\npii: {fields: [prompt.name], key: {env: KEY}}\n"
    let key = String(repeating: "k", count: 32)
    let output = try output(text, environment: ["KEY": key])
    let versions = Set(output.measured.compactMap(\.version)).filter { $0 != "__missing__" }
    #expect(versions.count == 2)
    #expect(versions.allSatisfy { $0.hasPrefix("gpt/") && !$0.contains("ab@") })
  }

  @Test(arguments: [
    ("version: \"a + 3\"", "fields and texts"), ("version: \"'x' + 'y'\"", "fields and texts"),
    ("version: \"a +\"", "expected a value"),
    ("version: v, price: {tokens: {}}", "expected a mapping of fields"),
    ("version: v, price: {tokens: {a: -1}}", "out of range"),
  ])
  func `what makes no version or price is said`(_ keys: String, _ words: String) {
    let (_, findings) = Monitor.load(
      bytes: Array("model: m\nevents: {prediction: {time: ts, score: s, \(keys)}}\n".utf8),
      file: "m.yaml",
      environment: [:]
    )
    #expect(findings.contains { $0.message.contains(words) }, "\(findings.map(\.message))")
  }
}
