import Events
import Testing
import YAML

@testable import Specification

@Suite struct OutcomePresetTests {
  private func load(_ outcome: String) -> (monitor: Monitor?, findings: [String]) {
    let (monitor, diagnostics) = SampleMonitor.load(
      """
      model: votes
      events:
        prediction: {when: kind == "p", id: id, time: ts, score: s, decision: d}
        outcome: \(outcome)
      windows: {main: 1h}
      """
    )
    return (monitor, diagnostics.map(\.description))
  }

  @Test(arguments: OutcomePreset.allCases)
  func `every preset is a whole mapping, with a condition`(_ preset: OutcomePreset) throws {
    let (monitor, findings) = load("{preset: \(preset.rawValue)}")
    #expect(findings.isEmpty, "\(findings)")
    let outcome = try #require(monitor?.outcome)
    #expect(outcome.when != nil && outcome.votes != nil)
  }

  @Test func `a key of the file stands before that of the preset`() throws {
    let outcome = try #require(
      load("{preset: leeway, label: verdict, time: {field: at, unit: ms}}").monitor?.outcome
    )
    #expect(outcome.label == FieldPath(["verdict"]) && outcome.id == FieldPath(["id"]))
    #expect(outcome.time == FieldPath(["at"]) && outcome.timeForm.unit == .milliseconds)
  }

  @Test func `evaluation events are a judge's, and what no key names is the system's`() throws {
    #expect(load("{preset: gen-ai-evaluation}").monitor?.outcome?.votes?.standard == .judge)
    #expect(load("{preset: label-studio}").monitor?.outcome?.votes?.standard == .human)
    let plain = try #require(load("{when: kind == \"o\", id: i, time: t, label: y}").monitor)
    #expect(plain.outcome?.votes == nil)
  }

  @Test func `a preset that is not known is an error that names those that are`() {
    let (monitor, findings) = load("{preset: labelstudio}")
    #expect(monitor == nil)
    #expect(findings.contains { $0.contains("label-studio") }, "\(findings)")
  }
}
