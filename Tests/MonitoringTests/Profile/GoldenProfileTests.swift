import Events
import Foundation
import Sketches
import Testing

@testable import Monitoring
@testable import Specification

/// Files that an earlier leeway has written are still the references that they were.
///
/// The numbers are those of `fixtures/formats/make.py`, which counts the same events by Python's
/// `statistics` and `collections`.
@Suite struct GoldenProfileTests {
  static func bytes(format: Int) throws -> [UInt8] {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
    let file = folder.appending(path: "../../../fixtures/formats/profile-\(format).profile")
    return Array(try Data(contentsOf: file.standardized))
  }

  @Test(arguments: [1, 2]) func `the file is of its format, and its bytes are written again`(
    format: Int
  ) throws {
    let bytes = try Self.bytes(format: format)
    #expect(Int(bytes[8]) == format)
    let profile = try Profile(decoding: bytes)
    #expect((profile.table != nil) == (format == 2))
    #expect(profile.encoded() == bytes)
    let hashes = [1: "44f2c8e239ce4b66", 2: "f06336820ceb0bdd"]
    #expect(profile.contentHash == hashes[format])
  }

  @Test(arguments: [1, 2]) func `its period, events and segments are those of the events`(
    format: Int
  ) throws {
    let profile = try Profile(decoding: Self.bytes(format: format))
    #expect(profile.model == "golden")
    #expect(profile.start == 1_704_067_200_000_000_000)
    #expect(profile.end == profile.start + 239 * 3_000_000_000_000)
    #expect(profile.events == 240)
    let country = try #require(profile.segments.first)
    #expect(profile.segments.count == 1)
    #expect(country.path.description == "country")
    #expect(country.values.map { String(decoding: $0, as: UTF8.self) } == ["de", "fr", "pl"])
    #expect(country.events == [65, 131, 44])
    #expect(!country.isTruncated)
    #expect(profile.signals.map(\.name) == ["amount", "channel", "member", "score", "decision"])
  }

  @Test(arguments: [1, 2]) func `its numbers have the quantiles of the events`(
    format: Int
  ) throws {
    let profile = try Profile(decoding: Self.bytes(format: format))
    let amount = try #require(profile.signal(named: "amount"))
    #expect((amount.missing, amount.invalid) == (12, 12))
    #expect(amount.counts.reduce(0, +) == 216)
    try Self.expect(
      amount,
      NumericSummary(
        count: 216,
        numbers: [39.467592592592595, 29.352406452874693, -8, 88, 36, 79.5, 85, 87.85],
        distinct: 97
      )
    )
    try Self.expect(
      #require(profile.signal(named: "score")),
      NumericSummary(
        count: 240,
        numbers: [0.49883333333333335, 0.29168099964782684, 0, 1, 0.5, 0.9, 0.9505, 0.9961],
        distinct: 101
      )
    )
  }

  private static func expect(_ signal: SignalProfile, _ wanted: NumericSummary) throws {
    guard case .number(let number) = signal.reference else {
      Issue.record("\(signal.name) is no number")
      return
    }
    #expect(number.summary.count == wanted.count)
    #expect(number.summary.distinct == wanted.distinct)
    #expect(number.rankError == 0)
    for (one, other) in zip(number.summary.numbers, wanted.numbers) {
      #expect(abs(one - other) < 1e-12, "\(signal.name): \(number.summary)")
    }
    // A cell a value, since there are fewer than 256: each holds what it had.
    #expect(number.counts.filter { $0 > 0 }.count == wanted.distinct)
  }

  @Test(arguments: [1, 2]) func `its categories are counted as in the events`(format: Int) throws {
    let profile = try Profile(decoding: Self.bytes(format: format))
    let expected: [(name: String, values: [String], counts: [UInt64])] = [
      ("channel", ["app", "phone", "web"], [96, 48, 96]),
      ("member", ["false", "true"], [160, 80]),
      ("decision", ["approve", "deny"], [205, 35]),
    ]
    for (name, values, counts) in expected {
      let signal = try #require(profile.signal(named: name))
      guard case .category(let category) = signal.reference else {
        Issue.record("\(name) is no category")
        continue
      }
      #expect(category.values.map { String(decoding: $0, as: UTF8.self) } == values)
      #expect(signal.counts == counts, "\(name)")
      #expect(!category.hasOther && category.isBoolean == (name == "member"))
    }
    let channel = try #require(profile.signal(named: "channel"))
    #expect(channel.counts(segment: 0, value: 1) == [53, 26, 52])
  }

  @Test func `its table has the events of every hour of the week`() throws {
    let profile = try Profile(decoding: Self.bytes(format: 2))
    let table = try #require(profile.table)
    #expect(table.isSeasonal)
    #expect(table.combinations == 3)
    #expect(table.events == 240)
    #expect(table.eventsByHour.count == 168)
    #expect(table.eventsByHour.allSatisfy { $0 > 0 })
    #expect(Array(table.eventsByHour.prefix(8)) == [3, 2, 3, 2, 2, 3, 2, 3])
  }
}
