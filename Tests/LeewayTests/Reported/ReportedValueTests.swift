import Foundation
import TestSupport
import Testing

/// K5 and K15: values that JSON does not have, and numbers in texts.
@Suite struct ReportedValueTests {
  /// A stream of one event a minute, of which the field `n` is what a closure writes.
  private func stream(_ count: Int, from day: String = "2026-01-01", n: (Int) -> String) -> String {
    (0..<count).map { index in
      let hour = "\(index / 60 + 100)".dropFirst()
      let minute = "\(index % 60 + 100)".dropFirst()
      return "{\"ts\":\"\(day)T\(hour):\(minute):00Z\",\"score\":0.\(index % 7 + 1),"
        + "\"n\":\(n(index))}\n"
    }.joined()
  }

  /// The summary of a replay of `today` against `reference`.
  private func summary(
    _ today: String,
    reference: String,
    feature: String = "n",
    keys: String = ""
  ) throws -> String {
    let folder = try TemporaryFolder()
    let monitor = try folder.write(
      """
      model: m
      events:
        prediction: {time: ts, score: score, features: [\(feature)]}
      windows: {main: 2h}
      slide: 1h
      rules:
        - {alert: Invalid, expr: invalid(n) / count(n) > 5%}
      \(keys)
      """,
      as: "monitor.yaml"
    )
    let profile = folder.path("p")
    let before = try folder.write(reference, as: "ref.jsonl")
    let after = try folder.write(today, as: "today.jsonl")
    _ = try LeewayProcess.run(["profile", "-q", "-m", monitor, before, "-o", profile])
    let outcome = try LeewayProcess.run(["replay", "-m", monitor, "--profile", profile, after])
    return outcome.output + outcome.errors
  }

  @Test(arguments: ["NaN", "Infinity", "-Infinity", "\"\\ud83d\"", "\"a\tb\""])
  func `a bad value costs itself, is counted by reason, and raises the rule`(bad: String) throws {
    let said = try summary(
      stream(600, from: "2026-01-02") { $0 % 3 == 0 ? bad : "\($0 % 9)" },
      reference: stream(600) { "\($0 % 9)" }
    )
    #expect(said.contains("600 predictions, none refused"), "\(said)")
    #expect(said.contains("Missing or invalid values: n"), "\(said)")
    #expect(said.contains("200 ") && said.contains("counted as invalid: the first is"), "\(said)")
  }

  @Test func `a bad value that nobody watches costs nothing and is not told`() throws {
    let said = try summary(
      stream(600, from: "2026-01-02") { "\($0 % 9),\"text\":\"\\ud83d\",\"y\":[NaN]" },
      reference: stream(600) { "\($0 % 9)" }
    )
    #expect(said.contains("600 predictions, none refused"), "\(said)")
    #expect(!said.contains("counted as invalid"), "\(said)")
  }

  @Test func `strict reading refuses the line`() throws {
    let said = try summary(
      stream(600, from: "2026-01-02") { $0 % 3 == 0 ? "NaN" : "\($0 % 9)" },
      reference: stream(600) { "\($0 % 9)" },
      keys: "strict: true"
    )
    #expect(said.contains("400 predictions, 200 refused"), "\(said)")
  }

  @Test func `numbers in texts are read where the monitor says so`() throws {
    let numbers = stream(600) { "\"\($0 % 9),\($0 % 4)\"" }
    let said = try summary(
      numbers.replacing("2026-01-01", with: "2026-01-02"),
      reference: numbers,
      feature: "{field: n, type: number, from: text, decimal: comma}"
    )
    #expect(said.contains("none refused") && said.contains("No drift"), "\(said)")
    #expect(said.contains("Incidents: none"), "\(said)")
  }

  @Test(.enabled(if: ReportedCase.folder != nil), arguments: ["nan-feature", "lone-surrogate"])
  func `the cases cost no event`(name: String) throws {
    let folder = try #require(ReportedCase.folder)
    let said = try ReportedCase("k05-\(name)", in: folder).said
    #expect(said.contains("600 lines, 600 predictions, none refused"), "\(said)")
    #expect(said.contains("not finite, counted as invalid") == (name == "nan-feature"), "\(said)")
  }
}
