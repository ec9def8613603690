import Foundation
import TestSupport
import Testing

/// K6: lines that cannot be used are no good end.
@Suite struct ReportedRefusedTests {
  /// A good day of which every so manieth line is cut.
  private static func lines(bad: Int) -> [String] {
    ReportedLog.lines(day: 2).enumerated().map { index, line in
      index % bad == bad / 2 ? String(line.dropLast(20)) : line
    }
  }

  @Test func `more refused lines than one in a hundred end a replay with 1 and its reasons`() throws
  {
    let log = try ReportedLog()
    let outcome = try log.replay(Self.lines(bad: 10))
    #expect(outcome.code == 1)
    #expect(outcome.output.contains("Not all was seen: 10 % of the lines were refused"))
    #expect(!outcome.output.contains("No drift"), "\(outcome.output)")
    #expect(outcome.errors.contains("10 % of the lines were refused, more than 1%"))
    #expect(outcome.errors.contains("syntax: 60 lines, not JSON"), "\(outcome.errors)")
    #expect(outcome.errors.contains("today, line 6, byte "), "\(outcome.errors)")
    #expect(outcome.errors.contains(#": {"ts":"2026-01-02T00:05:00Z""#), "\(outcome.errors)")
    #expect(try log.replay(Self.lines(bad: 10), "--allow-refused", "10%").code == 0)
    let few = try log.replay(Self.lines(bad: 300))
    #expect(few.code == 0)
    #expect(few.output.contains("No drift"), "\(few.output)")
  }

  @Test func `a stream in a bad order has no verdict`() throws {
    let log = try ReportedLog()
    let outcome = try log.replay(ReportedLog.lines(day: 2).reversed())
    #expect(outcome.code == 1)
    #expect(outcome.output.contains("Cannot be told: "), "\(outcome.output)")
    #expect(outcome.output.contains("not in the order of time"), "\(outcome.output)")
    #expect(outcome.errors.contains("late: "), "\(outcome.errors)")
  }

  @Test(arguments: [["--threads", "1"], ["--threads", "3"], ["--batch", "7", "--threads", "2"]])
  func `which line is shown does not depend on threads and batches`(options: [String]) throws {
    let log = try ReportedLog()
    let stream = try log.folder.write(Self.lines(bad: 9).joined(separator: "\n"), as: "today")
    let outcome = try LeewayProcess.run(
      ["replay", "-m", log.folder.path("monitor.yaml"), stream, "-q"] + options
    )
    #expect(outcome.errors.contains("today, line 5, byte "), "\(outcome.errors)")
  }

  private static let rules = """
      - {alert: Refused, expr: mean(refused) > 5%}
      - {alert: Cut, expr: mean(refused.syntax) > 5% and count(refused.late) == 0}
      - {alert: Never, expr: count(refused.encoding) > 0}

    """

  /// A good day whose lines from 3:00 to 4:00 are cut, but for every fourth.
  private static var hour: [String] {
    ReportedLog.lines(day: 2).enumerated().map { index, line in
      (180..<240).contains(index) && index % 4 > 0 ? String(line.dropLast(20)) : line
    }
  }

  @Test(arguments: [
    ["--threads", "1"], ["--threads", "3", "--batch", "7"], ["--batch", "1", "--threads", "2"],
  ])
  func `refused lines are a signal of the window in which they stand`(options: [String]) throws {
    let log = try ReportedLog(ReportedLog.monitor + Self.rules)
    let (metrics, alerts) = (log.folder.path("metrics"), log.folder.path("alerts"))
    let stream = try log.folder.write(Self.hour.joined(separator: "\n") + "\n", as: "today")
    let outcome = try LeewayProcess.run(
      ["replay", "-m", log.folder.path("monitor.yaml"), stream, "--allow-refused", "10%", "-q"]
        + ["--metrics", metrics, "--alerts", alerts] + options
    )
    #expect(outcome.code == 0, "\(outcome.errors)")
    let records = try String(contentsOfFile: metrics, encoding: .utf8).split(separator: "\n")
    let counts = records.filter { $0.contains(#""signal":"refused","statistic":"count""#) }
    // Two windows of two hours hold the hour.
    #expect(counts.count == 2, "\(counts)")
    #expect(counts.allSatisfy { $0.contains(#""value":45,"n":120"#) }, "\(counts)")
    let told = try String(contentsOfFile: alerts, encoding: .utf8).split(separator: "\n")
    let fired = told.filter { $0.contains(#""state":"firing""#) && $0.contains(#""type":"alert""#) }
    #expect(fired.count == 2, "\(told)")
    #expect(fired.contains { $0.contains("Refused") } && fired.contains { $0.contains("Cut") })
  }

  @Test func `what was refused outlives the process`() throws {
    let log = try ReportedLog(ReportedLog.monitor + Self.rules)
    let alerts = log.folder.path("alerts")
    let stream = try log.folder.write(Self.hour.joined(separator: "\n") + "\n", as: "whole")
    let replay = ["replay", "-m", log.folder.path("monitor.yaml"), "--allow-refused", "100%", "-q"]
    _ = try LeewayProcess.run(replay + [stream, "--metrics", alerts + "-whole"])
    let state = ["--state", log.folder.path("state"), "--metrics", alerts]
    for end in [100, 195, 230, 600] {
      let part = try log.folder.write(
        Self.hour.prefix(end).joined(separator: "\n") + "\n",
        as: "grown"
      )
      _ = try LeewayProcess.run(replay + [part] + state)
    }
    let refused = { (path: String) in
      try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
        .filter { $0.contains(#""signal":"refused"#) }
    }
    let (whole, grown) = (try refused(alerts + "-whole"), try refused(alerts))
    #expect(!whole.isEmpty && grown == whole, "\(grown)\n\(whole)")
  }

  @Test func `run says the first line of each reason at once`() throws {
    let log = try ReportedLog()
    let lines = Self.lines(bad: 10).enumerated().map { index, line in
      index == 300 ? #"{"id":"no time"}"# : line
    }
    let outcome = try log.run(lines)
    #expect(outcome.code == 0)
    let told = outcome.errors.split(separator: "\n").filter { $0.contains("refused as") }
    #expect(told.count == 2, "\(outcome.errors)")
    #expect(outcome.errors.contains("refused as syntax, not JSON"), "\(outcome.errors)")
    #expect(outcome.errors.contains("-, line 6, byte "), "\(outcome.errors)")
    #expect(outcome.errors.contains(#"line 301, byte "#), "\(outcome.errors)")
    #expect(try !log.run(lines, "-q").errors.contains("refused as"))
  }

  @Test func `no line is shown where letters keep no bytes`() throws {
    let log = try ReportedLog(ReportedLog.monitor + "dead_letters: {raw: false}\n")
    let outcome = try log.replay(Self.lines(bad: 10))
    #expect(outcome.errors.contains("today, line 6, byte "), "\(outcome.errors)")
    #expect(!outcome.errors.contains("2026-01-02"), "\(outcome.errors)")
  }

  /// Its lines hold `NaN`, which costs the score and no line: as strict reading has it, none is left.
  @Test(.enabled(if: ReportedCase.folder != nil))
  func `the reported case cannot be told, and read strictly ends with 1`() throws {
    let folder = try #require(ReportedCase.folder)
    let name = "k06-all-lines-refused-is-green"
    let said = try ReportedCase(name, in: folder).said
    #expect(said.contains("Cannot be told: score: 100 % of its values are invalid"), "\(said)")
    #expect(said.contains("was number, now NaN or Infinity"), "\(said)")
    #expect(!said.contains("No drift"), "\(said)")
    let strict = try ReportedCase(name, in: folder) { copy in
      let path = copy.path("monitor.yaml")
      let text = try String(contentsOfFile: path, encoding: .utf8) + "\nstrict: true\n"
      try text.write(toFile: path, atomically: true, encoding: .utf8)
    }.said
    #expect(strict.contains("replay rc=1"), "\(strict)")
    #expect(strict.contains("syntax: first today.jsonl.gz, line 1, byte 0: {"), "\(strict)")
  }
}
