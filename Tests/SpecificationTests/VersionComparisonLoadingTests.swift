import Testing
import YAML

@testable import Specification

/// `compare(...)` in a monitor file: what can be held against another version.
@Suite struct VersionComparisonLoadingTests {
  @Test(arguments: [
    ("compare(p99(latency)) > 5ms", "compare takes a measure of the predictions' quality"),
    ("compare(count(x)) > 5", "compare takes a measure of the predictions' quality"),
    ("compare(mean(refused)) > 5%", "compare takes a measure of the predictions' quality"),
    ("compare(unseen(c)) > 5", "compare takes a measure of the predictions' quality"),
    ("compare(value(kpis.red)) > 5", "kpis.red is a total, which grows with a version's share"),
    ("compare(ks(x)) > 2", "never holds"),
  ])
  func `what cannot be compared is refused`(condition: String, words: String) throws {
    let text = """
      model: m
      events: {prediction: {time: ts, version: v, features: [{field: x, type: number}, c]}}
      canary: {stable: "7", canary: "8"}
      kpis: {red: count(where c == "red")}
      rules: [{alert: A, expr: \(condition)}]
      """
    let findings = diagnostics(text)
    #expect(findings.contains { $0.message.contains(words) }, "\(findings.map(\.message))")
  }

  private func diagnostics(_ text: String) -> [Diagnostic] {
    Monitor.load(bytes: Array(text.utf8), file: "m.yaml", environment: [:]).diagnostics
  }

  @Test func `without outcomes a canary has no verdict, and no keys of one`() throws {
    let text = """
      model: m
      events: {prediction: {time: ts, version: v, features: [x]}}
      canary: {stable: "7", canary: "8", margin: 2%}
      rules: [{alert: A, expr: canary == "rollback"}]
      """
    let findings = diagnostics(text)
    #expect(findings.contains { $0.message.hasPrefix("canary.margin: only outcomes can tell") })
    #expect(findings.count { $0.severity == .error } >= 2, "\(findings.map(\.message))")
  }
}
