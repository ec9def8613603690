import Expressions
import Ingest
import Testing

@testable import Agent
@testable import Monitoring
@testable import Records
@testable import Specification

@Suite struct SummaryTests {
  @Test func `a table lines up, numbers to the right`() {
    var table = TextTable(["name", "n"], alignsRight: [false, true])
    #expect(table.isEmpty)
    table.append(["é", "1"])
    table.append(["longer", "1,000"])
    #expect(table.lines == ["  name        n", "  é           1", "  longer  1,000"])
    #expect(!table.isEmpty)
  }

  @Test func `the claim is told in a line, with its interval, its period and its money`() throws {
    var framing = FramingSpecification()
    #expect(ReplaySummary.claimLines(framing, nil) == [])
    framing.claim = FramingSpecification.Claim(
      measure: .accuracy,
      limit: 0.93,
      over: try TimeSpan(parsing: "1d"),
      risk: 0.05
    )
    #expect(
      ReplaySummary.claimLines(framing, nil)
        == ["Claim: cannot be told yet, because no prediction is mature."]
    )
    let record = ClaimRecord(
      time: 86_400_000_000_000,
      model: "m",
      measure: "accuracy",
      limit: 0.93,
      isError: false,
      start: 0,
      end: 86_400_000_000_000,
      verdict: "fails",
      value: 0.9119804400977995,
      low: 0.8967844612935768,
      high: 0.9257799735773766,
      n: 4499,
      money: -511_200,
      unit: "EUR"
    )
    #expect(
      ReplaySummary.claimLines(framing, record) == [
        "Claim: fails. Claimed: accuracy at least 93 %. It is 91.2 %, between 89.68 % and 92.58 %, by "
          + "4,499 mature predictions from 1970-01-01T00:00:00Z to 1970-01-02T00:00:00Z. All mature "
          + "predictions of that time were worth -511,200 EUR."
      ]
    )
  }

  private static func row(_ signal: String, low: Double, value: Double) -> Movement {
    var row = Movement(signal: signal, window: "hour", tolerance: 0.1, confidence: 0.99)
    row.judged = 1
    let drift = StatisticValue(value: low, psi: value, n: 100, referenceN: 1000)
    row.surest = Movement.Comparison(
      drift: drift,
      start: 0,
      end: 3_600_000_000_000,
      histogram: [],
      moved: [Evidence.BinShares(bin: "of the surest", reference: 0.1, window: 0.2)],
      unseen: []
    )
    // A window of few events with a large index of which nothing is sure.
    row.worst = StatisticValue(value: 0, psi: value + 5, n: 3, referenceN: 1000)
    return row
  }

  @Test func `the table is sorted by what is sure, and shows the window in which it is`() {
    let rows = [
      Self.row("noisy", low: 0, value: 3), Self.row("sure", low: 0.5, value: 0.6),
      Self.row("surer", low: 0.7, value: 0.8),
    ]
    let lines = ReplaySummary.table(rows, "hour").dropFirst(3)
    #expect(lines.map { $0.split(separator: " ")[0] } == ["surer", "sure", "noisy"])
    #expect(lines.allSatisfy { $0.contains("of the surest") && $0.contains("1970-01-01 01:00") })
  }

  @Test func `values that are missing are told with their window, where they are many`() throws {
    let sample = try SampleStream()
    let lines = sample.lines.enumerated().map { index, line in
      index > 4000 && index < 5000 && index % 2 == 0
        ? line.replacing("\"color\":\"red\"", with: "\"color\":7") : line
    }
    let path = try sample.write(lines, as: "stream")
    let summary = try sample.run([path], threads: 1, batch: 512).summary
    let told = summary.split(separator: "\n").drop { !$0.hasPrefix("Missing and invalid values") }
    let row = try #require(told.first { $0.hasPrefix("  color  ") }, "\(summary)")
    let words = row.split(separator: " ")
    #expect(words[3] == "0")
    #expect(Int(words[4]) ?? 0 > 50, "\(row)")
    #expect(words.contains("hour"), "\(row)")
    #expect(!told.contains { $0.hasPrefix("  score  ") && $0.contains("%") })
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
    #expect(lines.contains { $0.hasPrefix("Cut: 4 of 21 windows \"hour\": ") }, "\(summary)")
    #expect(lines.last == "")
    #expect(lines.allSatisfy { $0.last != " " })
  }

  /// The lines on outcomes, where the newest window of quality has one number.
  private static func outcomeLines(_ measurement: Measurement) -> [String] {
    let newest = MeasuredPart(
      model: "m",
      window: "quality",
      start: 0,
      end: 86_400_000_000_000,
      stage: QualityStage(time: 0, maturity: 1, revision: 1, isFinal: true),
      measurements: [measurement]
    )
    let standing = OutcomeStanding(
      tally: OutcomeTally(),
      lastOutcome: 0,
      newest: newest,
      maturity: 0.9,
      claim: nil
    )
    return ReplaySummary.outcomeLines(standing, nil)
  }

  @Test(arguments: ["burst", "slowdown", "quiet", "cannot_be_told"])
  func `a burst of labels of old predictions is told in a sentence`(burst: String) throws {
    let ratio = Measurement(
      signal: "corrected",
      statistic: "observed_to_expected",
      value: StatisticValue(value: 5.5, low: 4, high: 7, n: 1_320),
      burst: burst
    )
    let lines = Self.outcomeLines(ratio)
    let sentence =
      "Old predictions get positive labels 5.5 times as fast as a year ago (1,320 came): "
    let told = lines.filter { $0.hasPrefix(sentence) }
    #expect(told.count == (["burst", "slowdown"].contains(burst) ? 1 : 0), "\(lines)")
    #expect(told.allSatisfy { $0.hasSuffix("what is corrected for labels to come is uncertain.") })
  }

  @Test(arguments: [0.79, 0.8, 1])
  func `few answers to requests are warned of`(share: Double) throws {
    let response = Measurement(
      signal: "sample",
      statistic: "response",
      value: StatisticValue(value: share, n: 100)
    )
    let lines = Self.outcomeLines(response)
    let told = lines.filter { $0.hasPrefix("Only 79% of the requests for labels were answered:") }
    #expect(told.count == (share < 0.8 ? 1 : 0), "\(lines)")
  }
}
