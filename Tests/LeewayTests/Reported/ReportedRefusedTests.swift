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
