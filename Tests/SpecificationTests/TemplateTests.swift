import Testing
import YAML

@testable import Specification

@Suite struct EnvironmentTests {
  @Test func `a mistake after an environment value is found where the file has it`() {
    let text = SampleMonitor.text.replacing(
      "expr: drift(features.*) > 0.1",
      with: "expr: psi(score) > ${LIMIT:-0.25} and cuont(score) > 5"
    )
    for limit in ["1", "0.123456789"] {
      let diagnostics = SampleMonitor.load(text, environment: ["LIMIT": limit]).diagnostics
      #expect(diagnostics.filter { $0.severity == .error }.map(\.column) == [43])
    }
  }

  @Test func `a value of the environment cannot change the structure`() throws {
    let text = SampleMonitor.text.replacing("model: flights", with: "model: ${M}")
    let monitor = SampleMonitor.load(text, environment: ["M": "a\nrules: []"]).monitor
    #expect(monitor?.model == "a\nrules: []")
    #expect(monitor?.rules.count == 1)
  }
}

@Suite struct TemplateTests {
  @Test func `a template is written back as it was read`() {
    let text = "{{ signal }} of {{model}}: {{ value }} {{ labels.team }} { } }}"
    let (template, problems) = TemplateReader.read(text, labels: ["team"])
    #expect(problems.isEmpty)
    #expect(
      template.variables == [.value(.signal), .value(.model), .value(.value), .label("team")]
    )
    let again = TemplateReader.read(template.description, labels: ["team"]).template
    #expect(again == template)
    #expect(
      template.render { variable, _ in variable.description }
        == "signal of model: value labels.team { } }}"
    )
  }

  @Test func `a form stands behind a bar`() {
    let text = "{{ value|percent }} of {{ threshold | duration }}, {{ value }}"
    let (template, problems) = TemplateReader.read(text, labels: [])
    #expect(problems.isEmpty)
    let written = "{{ value | percent }} of {{ threshold | duration }}, {{ value }}"
    #expect(template.description == written)
    #expect(
      template.render { "\($0) \($1?.rawValue ?? "as it is")" }
        == "value percent of threshold duration, value as it is"
    )
  }

  @Test(arguments: AlertValue.allCases)
  func `every value of an alert can be named`(_ value: AlertValue) {
    let (template, problems) = TemplateReader.read(
      "{{ \(value.rawValue) }}",
      labels: [],
      values: AlertValue.allCases
    )
    #expect(problems.isEmpty)
    #expect(template.variables == [.value(value)])
  }

  @Test(arguments: [
    ("a {{ $value }}", 5, "did you mean \"value\""), ("{{ $labels.team }}", 3, "\"labels.team\""),
    ("{{ }}", 3, "has no name"), ("{{ a", 0, "does not end"),
    ("{{ labels.x }}", 3, "unknown label"), ("{{ value | precent }}", 11, "\"percent\""),
    ("{{ value | }}", 10, "unknown form"), ("{{ signal | percent }}", 12, "has no forms"),
    ("{{ value | percent | percent }}", 11, "unknown form"),
    ("{{ sginal }}", 3, "did you mean \"signal\""),
  ])
  func `a wrong variable is found at its byte`(_ text: String, _ offset: Int, _ words: String) {
    let problem = TemplateReader.read(text, labels: ["team"]).problems.first
    #expect(problem?.offset == offset)
    #expect(problem?.message.contains(words) == true, "\(String(describing: problem))")
  }
}
