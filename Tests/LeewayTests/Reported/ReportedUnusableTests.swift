import Foundation
import TestSupport
import Testing

/// K1: values of another type, or none, are no "no drift".
@Suite struct ReportedUnusableTests {
  private static func country(_ index: Int) -> String { index % 3 == 0 ? "DE" : "FR" }

  /// Events with an amount as it is written, and the rest as ever.
  private static func lines(amount: @escaping (Int, Double) -> String) -> [String] {
    ReportedLog.lines(day: 2) { index, value in
      #""f":{"amount":\#(amount(index, value)),"country":"\#(country(index))"},"#
        + #""score":0.\#(10 + index % 80),"decision":"\#(index % 5 == 0 ? "deny" : "allow")""#
    }
  }

  @Test(arguments: [#""%""#, "null", "[%]", #"{"value":%}"#, "true"])
  func `a number that has become something else cannot be told`(form: String) throws {
    let log = try ReportedLog()
    let lines = Self.lines { _, value in form.replacing("%", with: "\(value)") }
    let report = log.folder.path("r.html")
    let outcome = try log.replay(lines)
    #expect(outcome.output.contains("\nCannot be told: f.amount: 100 % of its values are "))
    #expect(!outcome.output.contains("No drift"), "\(outcome.output)")
    let isShown = outcome.output.contains("; was number, now ")
    #expect(isShown == (form != "null"), "\(outcome.output)")
    #expect(try log.replay(lines, "--report", report, "-q").code == 0)
    let page = try String(contentsOfFile: report, encoding: .utf8)
    #expect(page.contains("m <em>cannot be told</em>"))
    #expect(!page.contains("<em>well</em>"))
    let map = page.components(separatedBy: "<section id=\"").first { $0.hasPrefix("map\"") }
    #expect(map?.contains("<strong>f.amount</strong> cannot be told") == true)
  }

  @Test(arguments: [["--threads", "1"], ["--threads", "3", "--batch", "11"]])
  func `the earliest value of the most frequent kind is shown`(options: [String]) throws {
    let log = try ReportedLog()
    let lines = Self.lines { index, value in index < 5 ? "[]" : #""\#(value) EUR""# }
    let stream = try log.folder.write(lines.joined(separator: "\n") + "\n", as: "today")
    let replay = ["replay", "-m", log.folder.path("monitor.yaml"), stream]
    let said = try LeewayProcess.run(replay + options).output
    let first = try #require(lines[5].firstMatch(of: /"amount":"([^"]+)"/)).output.1
    #expect(said.contains("; was number, now text like \"\(first)\"."), "\(said)")
  }

  @Test(arguments: [
    ("jo@example.org", "", "text"), ("x\\u001b[2J", "", #"text like "x\u{1b}[2J""#),
    ("secret", "dead_letters: {raw: false}\n", "text"),
  ])
  func `a value that is a person's is not shown, and none steers a terminal`(
    value: String,
    key: String,
    words: String
  ) throws {
    let log = try ReportedLog(ReportedLog.monitor + key)
    let said = try log.replay(Self.lines { _, _ in #""\#(value)""# }).output
    #expect(said.contains("; was number, now \(words).\n"), "\(said)")
  }

  @Test func `half of the numbers as text are told, and most of them cannot be`() throws {
    let log = try ReportedLog()
    let most = Self.lines { index, value in index % 3 == 0 ? "\(value)" : #""\#(value)""# }
    let outcome = try log.replay(most)
    #expect(outcome.output.contains("Cannot be told: f.amount: 66.7 % of its values are invalid"))
    let half = Self.lines { index, value in index % 5 < 3 ? "\(value)" : #""\#(value)""# }
    let told = try log.replay(half).output
    #expect(told.contains("Missing and invalid values"), "\(told)")
    #expect(!told.contains("Cannot be told"), "\(told)")
    #expect(told.contains("Partly unusable: f.amount: 4"), "\(told)")
    #expect(!told.contains("No drift"), "\(told)")
  }

  @Test func `a field that is mostly missing in the reference, too, can be told`() throws {
    let sparse = { (index: Int, value: Double) in index % 4 == 0 ? "\(value)" : "null" }
    let log = try ReportedLog(reference: Self.lines(amount: sparse))
    #expect(try log.replay(Self.lines(amount: sparse)).output.contains("No drift: none of the 4"))
  }

  @Test func `a few hours without values are told with their windows`() throws {
    let log = try ReportedLog()
    let lines = Self.lines { index, value in (120..<360).contains(index) ? "null" : "\(value)" }
    let said = try log.replay(lines).output
    #expect(said.contains("Cannot be told: f.amount: "), "\(said)")
    #expect(said.contains(" of 10 windows \"main\")"), "\(said)")
    #expect(!said.contains("No drift"), "\(said)")
  }

  @Test func `a score that is not there makes the starter monitor alert`() throws {
    let folder = try TemporaryFolder()
    let good = try folder.write(
      ReportedLog.lines(day: 1).joined(separator: "\n") + "\n",
      as: "good.jsonl"
    )
    let gone = ReportedLog.lines(day: 1).map {
      $0.replacing(/"score":[0-9.]+/, with: #""score":null"#)
    }
    let today = try folder.write(gone.joined(separator: "\n") + "\n", as: "today.jsonl")
    let (monitor, profile) = (folder.path("m.yaml"), folder.path("good.profile"))
    #expect(try LeewayProcess.run(["init", good, "-o", monitor]).code == 0)
    #expect(try LeewayProcess.run(["profile", "-m", monitor, good, "-o", profile]).code == 0)
    let replay = ["replay", "-m", monitor, "--profile", profile]
    let outcome = try LeewayProcess.run(replay + [today])
    #expect(outcome.output.contains("UnusableScore"), "\(outcome.output)")
    #expect(outcome.output.contains("Cannot be told: score: 100 % of its values are missing"))
    let calm = try LeewayProcess.run(replay + [good])
    #expect(calm.output.contains("none, no alert fired"), "\(calm.output)")
  }

  @Test(
    .enabled(if: ReportedCase.folder != nil),
    arguments: [("k01-number-becomes-string", "features.amount"), ("k01-score-is-null", "score")]
  )
  func `the reported cases say so`(name: String, signal: String) throws {
    let folder = try #require(ReportedCase.folder)
    let said = try ReportedCase(name, in: folder).said
    #expect(said.contains("Cannot be told: \(signal): 100 %"), "\(said)")
    #expect(said.contains("Unusable"), "\(said)")
    #expect(!said.contains("No drift") && !said.contains("is <em>well"), "\(said)")
  }
}
