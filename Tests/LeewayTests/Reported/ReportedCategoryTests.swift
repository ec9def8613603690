import Foundation
import TestSupport
import Testing

/// K2 and K18: categories with long tails, new values that are usual, and windows of a few events.
@Suite struct ReportedCategoryTests {
  /// Events of a day, one each so many seconds.
  private static func lines(
    _ count: Int,
    every seconds: Int,
    from start: Int = 1_767_225_600,
    _ features: (Int) -> String
  ) -> [String] {
    (0..<count).map { index in
      "{\"ts\":\(start + index * seconds),\"score\":0.5,\"features\":{\(features(index))}}"
    }
  }

  /// Merchants by Zipf's law over so many, of which a share is forced to the greatest.
  private static func merchants(
    _ count: Int,
    of merchants: Int,
    forced: Double = 0,
    seed: UInt64
  ) -> [Int] {
    var random = SeededGenerator(seed: seed)
    let uniform = { (Double(random.next() >> 11) + 0.5) * 0x1p-53 }
    var sum = 0.0
    let sums = (1...merchants).map { rank in
      sum += pow(Double(rank), -1.1)
      return sum
    }
    return (0..<count).map { _ in
      if uniform() < forced { return 0 }
      let point = uniform() * sum
      return sums.firstIndex { $0 >= point } ?? merchants - 1
    }
  }

  private static let monitor = """
    model: m
    reference: {profile: p}
    events: {prediction: {time: ts, score: score, features: [features.*]}}
    windows: {main: {size: 1h, slide: 1h}}
    rules:
      - {alert: Drift, expr: "drift(*) > 0.1", window: main}
      - alert: NewValues
        expr: "unseen(features.*) / count(features.*) > reference(unseen(features.*) / count(features.*)) + 1%"
        window: main
    """

  /// The summary of a replay.
  private static func replay(
    _ reference: [String],
    _ stream: [String],
    _ folder: borrowing TemporaryFolder,
    monitor: String = Self.monitor
  ) throws -> String {
    let monitor = try folder.write(monitor + "\n", as: "m.yaml")
    let past = try folder.write(reference.joined(separator: "\n") + "\n", as: "ref.jsonl")
    let today = try folder.write(stream.joined(separator: "\n") + "\n", as: "today.jsonl")
    let made = try LeewayProcess.run(
      ["profile", "-m", monitor, past, "-o", folder.path("p"), "-q"]
    )
    #expect(made.code == 0, "\(made.errors)")
    let run = try LeewayProcess.run(["replay", "-m", monitor, today])
    return run.output + run.errors
  }

  @Test func `half of the traffic that goes to one of many merchants is drift in each window`()
    throws
  {
    let folder = try TemporaryFolder()
    let reference = Self.merchants(6000, of: 1500, seed: 1)
    let today = Self.merchants(3000, of: 1500, forced: 0.5, seed: 2)
    let said = try Self.replay(
      Self.lines(6000, every: 6) { "\"merchant\":\"m\(reference[$0])\"" },
      Self.lines(3000, every: 6, from: 1_767_312_000) { "\"merchant\":\"m\(today[$0])\"" },
      folder
    )
    #expect(said.contains("features.merchant: 5 of 5 windows"), "\(said)")
  }

  @Test func `the usual new merchants of a long tail are neither drift nor new values`() throws {
    let folder = try TemporaryFolder()
    let reference = Self.merchants(6000, of: 3000, seed: 3)
    let today = Self.merchants(6000, of: 3000, seed: 4)
    let said = try Self.replay(
      Self.lines(6000, every: 6) { "\"merchant\":\"m\(reference[$0])\"" },
      Self.lines(6000, every: 6, from: 1_767_312_000) { "\"merchant\":\"m\(today[$0])\"" },
      folder
    )
    #expect(said.contains("No drift") && !said.contains("NewValues"), "\(said)")
  }

  @Test func `ids that never come again are no drift, and more new ids than ever are none`() throws
  {
    let folder = try TemporaryFolder()
    let said = try Self.replay(
      Self.lines(3000, every: 12) { "\"id\":\"\($0 * 7919)\"" },
      Self.lines(3000, every: 12, from: 1_767_312_000) { "\"id\":\"x\($0 * 7919)\"" },
      folder
    )
    #expect(said.contains("No drift") && !said.contains("NewValues"), "\(said)")
  }

  @Test func `a value that the reference never had is drift where it had no rare ones`() throws {
    let folder = try TemporaryFolder()
    let said = try Self.replay(
      Self.lines(3000, every: 12) { "\"country\":\"\(["DE", "FR", "PL"][$0 % 3])\"" },
      Self.lines(3000, every: 12, from: 1_767_312_000) {
        "\"country\":\"\(["DE", "FR", "PL", "UA"][$0 % 4])\""
      },
      folder
    )
    #expect(said.contains("features.country: 10 of 10 windows"), "\(said)")
    #expect(said.contains("NewValues"), "\(said)")
  }

  @Test func `a reference that was read twice says that it cannot tell which values are new`()
    throws
  {
    let folder = try TemporaryFolder()
    let reference = Self.merchants(3000, of: 2000, seed: 5)
    let today = Self.merchants(3000, of: 2000, seed: 6)
    let said = try Self.replay(
      Self.lines(6000, every: 6) { "\"merchant\":\"m\(reference[$0 / 2])\"" },
      Self.lines(3000, every: 12, from: 1_767_312_000) { "\"merchant\":\"m\(today[$0])\"" },
      folder
    )
    #expect(
      said.contains("features.merchant: how many new values are usual cannot be told"),
      "\(said)"
    )
    #expect(!said.contains("NewValues"), "\(said)")
  }

  @Test func `a constant does not head the table, nor does an index of a few events`() throws {
    let folder = try TemporaryFolder()
    let said = try Self.replay(
      Self.lines(3000, every: 12) { "\"const\":\"a\",\"w\":\($0 % 97)" },
      Self.lines(60, every: 600, from: 1_767_312_000) { "\"const\":\"a\",\"w\":\($0 * 31 % 97)" },
      folder
    )
    #expect(said.contains("No drift"), "\(said)")
    let rows = said.split(separator: "\n").filter { $0.hasPrefix("  features.") }
    #expect(rows.count == 2, "\(said)")
    for row in rows {
      let index = row.split(separator: " ").dropFirst(2).first ?? ""
      #expect(index == "0.000" || index == "0.1", "\(row)")
    }
  }

  @Test(.enabled(if: ReportedCase.folder != nil))
  func `half of the traffic to one merchant is drift in nearly every window`() throws {
    let folder = try #require(ReportedCase.folder)
    let said = try ReportedCase("k02-half-of-traffic-to-one-merchant", in: folder).said
    #expect(said.contains("features.merchant: 5 of 5 windows"), "\(said)")
  }

  @Test(.enabled(if: ReportedCase.folder != nil))
  func `the starter monitor is silent on a stationary long tail`() throws {
    let folder = try #require(ReportedCase.folder)
    let said = try ReportedCase("k02-starter-rule-newvalues-storm", in: folder).said
    #expect(said.contains("No drift"), "\(said)")
    #expect(!said.contains("NewValues") && !said.contains("InputDrift"), "\(said)")
  }

  @Test(.enabled(if: ReportedCase.folder != nil))
  func `a constant has an index of 0 however few events a window has`() throws {
    let folder = try #require(ReportedCase.folder)
    let said = try ReportedCase("k18-constant-has-psi-3", in: folder).said
    let row = said.split(separator: "\n").first { $0.hasPrefix("  features.const") }
    #expect(row?.split(separator: " ").dropFirst().prefix(2) == ["0.000", "0.000"], "\(said)")
    #expect(!said.contains("0.952"), "\(said)")
  }
}
