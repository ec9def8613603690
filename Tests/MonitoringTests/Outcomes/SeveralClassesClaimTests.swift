import Records
import Testing
import YAML

@testable import Monitoring
@testable import Specification

/// A claim on decisions among several classes, and what of a framing they do not have.
@Suite struct SeveralClassesClaimTests {
  private static let text = """
    model: animals
    events:
      prediction: {when: kind == "p", id: id, time: ts, decision: d}
      outcome: {when: kind == "o", id: id, time: ts, label: y}
    quality: {window: 1h, horizon: 30m, classes: [cat, dog, fox]}
    windows: {main: 1h}
    """

  /// Six hours, of which a claim is of all; each tenth decision is wrong, or each second.
  private func claims(_ wrongEach: Int) throws -> [ClaimRecord] {
    let names = ["cat", "dog", "fox"]
    var lines: [String] = []
    for index in 0..<1_800 {
      let time = JoinStream.start + 12 * index
      let (said, came) = (index % 3, index.isMultiple(of: wrongEach) ? (index + 1) % 3 : index % 3)
      lines.append("{\"kind\":\"p\",\"id\":\"\(index)\",\"ts\":\(time),\"d\":\"\(names[said])\"}")
      lines.append(
        "{\"kind\":\"o\",\"id\":\"\(index)\",\"ts\":\(time + 1),\"y\":\"\(names[came])\"}"
      )
    }
    let plan = try Plan(
      monitor: monitor(
        Self.text + "\nframing: {claim: {measure: accuracy, at_least: 75%, over: 30d}}\n"
      ),
      profile: nil
    )
    var feeding = Feeding(plan, measuring: .nothing)
    try feeding.run(lines, chunk: 200, cuts: false)
    return feeding.output.feedback.compactMap {
      if case .claim(let record) = $0 { record } else { nil }
    }
  }

  @Test func `a claim on the accuracy of several classes holds or fails`() throws {
    #expect(try claims(10).last?.verdict == "holds")
    let failing = try #require(try claims(2).last)
    #expect(failing.verdict == "fails" && abs((failing.value ?? 0) - 0.5) < 0.1)
    #expect(failing.money == nil)
  }

  @Test(arguments: [
    ("framing: {claim: {measure: recall, at_least: 75%, over: 30d}}", "a claim is of accuracy"),
    (
      "framing: {cost: {false_positive: 1, false_negative: 2, unit: EUR}}",
      "decisions between two classes"
    ),
    (
      "rules: [{alert: A, expr: accuracy(estimate) < 90%}]",
      "estimate is of predictions of two classes, got task: multiclass"
    ),
    (
      "rules: [{alert: A, expr: accuracy(baselines.x) < 90%}]",
      "baselines.x is of predictions of two classes"
    ),
    ("feedback: {consent: true, rows: true}", "of two classes or of numbers"),
  ])
  func `what several classes do not have is said`(_ text: String, _ words: String) {
    let (_, findings) = Monitor.load(
      bytes: Array("\(Self.text)\n\(text)\n".utf8),
      file: "m.yaml",
      environment: [:]
    )
    #expect(findings.contains { $0.message.contains(words) }, "\(findings.map(\.message))")
  }
}
