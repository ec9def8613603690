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
