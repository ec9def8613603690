import Testing
import YAML

@testable import Specification

/// `bound` of rules, and what `check` says of bounds.
@Suite struct RuleBoundTests {
  private static func load(_ rule: String) -> (monitor: Monitor?, findings: [String]) {
    let text = """
      model: m
      events: {prediction: {time: ts, failure: bad, score: s, features: features.*}}
      kpis:
        rate: mean(decision == "a")
        of_all: ratio(count(where bad), count())
        ticket: mean(amount)
        share: ratio(sum(amount where bad), sum(amount))
        volume: sum(amount)
        worst: max(amount)
      reference: {profile: p}
      rules:
        - {alert: A, \(rule)}
      """
    let (monitor, diagnostics) = Monitor.load(
      bytes: Array(text.utf8),
      file: "test.yaml",
      environment: [:]
    )
    return (monitor, diagnostics.map(\.message))
  }

  @Test(arguments: [
    ("expr: drift(features.*) > 0.1", "drift goes by its lower bound"),
    ("expr: missing(score) / count(score) > 5%", "a share goes by its Wilson bound"),
    ("expr: mean(failure) > 5%", "a share goes by its Wilson bound"),
    ("expr: value(kpis.rate) < 5%", "a share goes by its Wilson bound"),
    ("expr: value(kpis.of_all) > 5%", "a share goes by its Wilson bound"),
    ("expr: mean(score) > 0.5", "a mean goes by its t bound"),
    ("expr: value(kpis.ticket) > 5", "a mean goes by its t bound"),
    ("expr: value(kpis.share) > 5", "a ratio goes by the bound of both sums"),
    ("expr: value(kpis.volume) > 5", "a count goes by the spread of earlier windows"),
    ("expr: rate(events) < 5", "a count goes by the spread of earlier windows"),
    ("expr: value(kpis.worst) > 5", "it goes as it is"),
    ("expr: psi(score) > 0.2", "it goes as it is"),
    ("expr: 'change(value(kpis.rate), 1d) < -5%'", "a change goes by the bounds of both windows"),
    ("expr: 'change(value(kpis.worst), 1d) < -5%'", "it goes as it is"),
    ("expr: mean(score) > 0.5, bound: none", "it goes as it is"),
    (
      "expr: drift(score) > 0.5 or mean(score) > 1",
      "drift goes by its lower bound; a mean goes by its t bound"
    ),
    (
      "expr: mean(score) > 0.5 and count(score) >= 100",
      "a mean goes by its t bound; a count goes as it is, for it asks for events enough"
    ),
  ])
  func `what a rule goes by is one sentence`(rule: String, sentence: String) throws {
    let (loaded, findings) = Self.load(rule)
    let monitor = try #require(loaded, "\(findings)")
    #expect(findings.isEmpty)
    #expect(monitor.rules[0].boundSentence(monitor.kpis) == sentence)
  }

  @Test(arguments: [
    ("expr: psi(score) > 0.2, confidence: 0.9", "confidence has no effect"),
    ("expr: mean(score) > 0.2, confidence: 0.9, bound: none", "confidence has no effect"),
    ("expr: psi(score) > 0.2, bound: none", "bound has no effect"),
    ("expr: mean(score) > 0.2, bound: wilson", "unknown value \"wilson\""),
    ("silence: 10m, bound: none", "a rule about silence has no bound"),
    ("burn: x, bound: none", "bound is of rules with an expr"),
  ])
  func `a bound or a confidence without effect is found`(rule: String, words: String) {
    let findings = Self.load(rule).findings
    #expect(findings.contains { $0.contains(words) }, "\(findings)")
  }

  @Test(arguments: ["mean(score) > 0.2", "missing(score) / count(score) > 1%", "drift(score) > 1"])
  func `a confidence of a bound has an effect`(condition: String) {
    #expect(Self.load("expr: \(condition), confidence: 0.9").findings.isEmpty)
  }
}
