import Events
import Testing
import YAML

@testable import Specification

@Suite struct PersonalDataTests {
  private static let key = "0123456789abcdef"

  private func load(
    _ pii: String,
    environment: [String: String] = ["LEEWAY_PII_KEY": key],
    more: String = ""
  ) -> (monitor: Monitor?, diagnostics: [Diagnostic]) {
    let text = """
      model: m
      events: {prediction: {time: ts, id: id, score: score, features: [features.a, features.b]}}
      \(more)
      pii: \(pii)

      """
    return Monitor.load(bytes: Array(text.utf8), file: "m.yaml", environment: environment)
  }

  @Test func `values of public fields are named, and none is hidden as well`() throws {
    let loaded = load("[features.a]", more: "public: [features.b, user.*]")
    let monitor = try #require(loaded.monitor, "\(loaded.diagnostics)")
    #expect(monitor.isPublic(FieldPath(["features", "b"])))
    #expect(monitor.isPublic(FieldPath(["user", "name"])))
    #expect(!monitor.isPublic(FieldPath(["features", "a"])))
    for fields in ["[features.a]", "[features.*]", "[\"features.a.deep\"]"] {
      let refused = load("[features.a]", more: "public: \(fields)")
      #expect(refused.monitor == nil)
      let words = refused.diagnostics.map(\.message)
      #expect(words.contains { $0.contains("is listed under pii") }, "\(words)")
    }
  }

  @Test func `listed fields, wildcards and what stands in them are hidden`() throws {
    let loaded = load("[features.a, user.*, \"data\"]")
    let data = try #require(loaded.monitor?.pii, "\(loaded.diagnostics)")
    for path in [["features", "a"], ["user", "name"], ["user", "a", "b"], ["data", "3"]] {
      #expect(data.hides(FieldPath(path)), "\(path)")
    }
    for path in [["features", "b"], ["ts"], ["users"]] {
      #expect(!data.hides(FieldPath(path)), "\(path)")
    }
    #expect(loaded.monitor?.deadLetters.raw == false)
  }

  @Test func `a key that is missing or short is refused, and not told`() {
    for environment in [[:], ["LEEWAY_PII_KEY": "short-secret\n"]] {
      let loaded = load("[features.a]", environment: environment)
      #expect(loaded.monitor == nil)
      #expect(loaded.diagnostics.contains { $0.message.contains("LEEWAY_PII_KEY") })
      #expect(!loaded.diagnostics.contains { $0.message.contains("short-secret") })
    }
  }

  @Test(arguments: ["ts", "score", "\"*\""])
  func `what is computed with cannot be listed`(field: String) {
    #expect(load("[\(field)]").monitor == nil)
  }

  @Test func `who annotates is hidden, listed or not`() throws {
    let text = """
      model: m
      events:
        prediction: {when: k == 1, time: ts, id: id, score: score, features: [features.a]}
        outcome: {when: k == 2, id: id, time: ts, label: label, annotator: who}
      quality: {window: 1h, horizon: 1h}
      pii: [features.a]

      """
    let loaded = Monitor.load(
      bytes: Array(text.utf8),
      file: "m.yaml",
      environment: ["LEEWAY_PII_KEY": Self.key]
    )
    let data = try #require(loaded.monitor?.pii, "\(loaded.diagnostics)")
    #expect(data.hides(FieldPath(["who"])))
    #expect(!data.hides(FieldPath(["id"])))
  }

  @Test func `a KPI of a listed field is refused unless it counts`() {
    #expect(load("[features.a]", more: "kpis: {k: sum(features.a)}").monitor == nil)
    #expect(load("[features.b]", more: "kpis: {k: sum(features.a)}").monitor != nil)
  }
}
