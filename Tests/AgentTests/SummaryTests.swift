import Monitoring
import Testing

@testable import Agent

@Suite struct SummaryTests {
  @Test func `a table lines up, numbers to the right`() {
    var table = TextTable(["name", "n"], alignsRight: [false, true])
    #expect(table.isEmpty)
    table.append(["é", "1"])
    table.append(["longer", "1,000"])
    #expect(table.lines == ["  name        n", "  é           1", "  longer  1,000"])
    #expect(!table.isEmpty)
  }

  @Test(arguments: [
    (0, "0"), (999, "999"), (1000, "1,000"), (-1_234_567, "-1,234,567"), (75_913, "75,913"),
  ])
  func `thousands are grouped`(number: Int, text: String) {
    #expect(grouped(number) == text)
  }

  @Test(arguments: [
    (0.1234, "0.123", "12.3 %"), (0, "0.000", "0 %"), (-0.05, "-0.050", "-5 %"),
    (1.9996, "2.000", "200 %"), (12, "12.000", "1200 %"),
  ])
  func `shares and indices have few decimals`(number: Double, decimal: String, share: String) {
    #expect(fixed(number) == decimal)
    #expect(percent(number) == share)
  }

  @Test func `a day is a day, and a minute where it is not midnight`() {
    #expect(day(1_599_955_200_000_000_000) == "2020-09-13")
    #expect(day(1_600_000_000_000_000_000) == "2020-09-13 12:26")
  }

  @Test func `a replay is summed up in words`() throws {
    let sample = try SampleStream()
    let path = try sample.write(sample.lines, as: "stream")
    let summary = try sample.run([path], threads: 1, batch: 512).summary
    let expected = """
      sample: 6,000 predictions in 21 windows, against 1,000 of the reference \
      (2020-09-13 12:26 to 2020-09-13 12:43)
      """
    #expect(summary.hasPrefix(expected), "\(summary)")
    let lines = summary.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    #expect(lines.contains("Drift: 1 of 2 signals moved beyond tolerance."), "\(summary)")
    #expect(lines.contains { $0.hasPrefix("  score: ") && $0.hasSuffix("; not at the end") })
    #expect(
      lines.contains("Read: 6,480 lines, 6,000 predictions, 120 other events, 240 refused:")
    )
    #expect(lines.contains { $0.hasPrefix("  late: 120  later than") })
    #expect(lines.contains { $0.hasPrefix("  syntax: 120  not JSON") })
    #expect(lines.contains { $0.contains("Moved") && $0.hasSuffix("Drift: score") }, "\(summary)")
    #expect(lines.last == "")
    #expect(lines.allSatisfy { $0.last != " " })
  }
}
