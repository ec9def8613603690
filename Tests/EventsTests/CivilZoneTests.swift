import Foundation
import Testing
import TestSupport

@testable import Events

/// Zones of the tz database, held to Foundation's.
@Suite struct CivilZoneTests {
  static let names = [
    "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "Europe/Dublin",
    "America/Sao_Paulo", "America/Havana", "Pacific/Apia", "Asia/Kathmandu", "Etc/GMT+5",
  ]

  static func zone(_ name: String) throws -> CivilZone {
    let bytes = try Data(contentsOf: URL(filePath: "/usr/share/zoneinfo/\(name)"))
    return try CivilZone(name: name, file: Array(bytes))
  }

  private static func second(_ text: String) throws -> Int64 {
    try #require(Timestamp.parse(text)) / 1_000_000_000
  }

  @Test(arguments: names)
  func `offsets are Foundation's, from 1975 until beyond the file's last change`(
    name: String
  ) throws {
    let zone = try Self.zone(name)
    let theirs = try #require(TimeZone(identifier: name))
    var random = SeededGenerator(seed: 19)
    for _ in 0..<2_000 {
      let second = Int64.random(in: 157_766_400...2_145_916_800, using: &random)
      let expected = theirs.secondsFromGMT(for: Date(timeIntervalSince1970: Double(second)))
      #expect(zone.offset(at: second) == Int64(expected), "\(name) at \(second)")
    }
  }

  // Python 3.11's zoneinfo: utcoffset() of the 15th at noon UTC, January and July of 2026 and 2060.
  @Test(arguments: [
    ("Europe/Berlin", [3_600, 7_200, 3_600, 7_200]),
    ("America/New_York", [-18_000, -14_400, -18_000, -14_400]),
    ("Australia/Lord_Howe", [39_600, 37_800, 39_600, 37_800]),
    ("Asia/Kolkata", [19_800, 19_800, 19_800, 19_800]),
    ("America/Sao_Paulo", [-10_800, -10_800, -10_800, -10_800]),
  ])
  func `offsets of 2026 and 2060 are zoneinfo's`(name: String, expected: [Int64]) throws {
    let zone = try Self.zone(name)
    let months = ["2026-01", "2026-07", "2060-01", "2060-07"]
    #expect(try months.map { zone.offset(at: try Self.second("\($0)-15T12:00:00Z")) } == expected)
  }

  @Test(arguments: [
    // Berlin: forward on 2026-03-29 at 02:00, back on 2026-10-25 at 03:00.
    ("Europe/Berlin", "2026-03-29T01:59:59Z", "2026-03-29T00:59:59Z"),
    ("Europe/Berlin", "2026-03-29T02:30:00Z", "2026-03-29T01:30:00Z"),
    ("Europe/Berlin", "2026-03-29T03:30:00Z", "2026-03-29T01:30:00Z"),
    ("Europe/Berlin", "2026-10-25T01:59:59Z", "2026-10-24T23:59:59Z"),
    ("Europe/Berlin", "2026-10-25T02:30:00Z", "2026-10-25T00:30:00Z"),
    ("Europe/Berlin", "2026-10-25T03:00:00Z", "2026-10-25T02:00:00Z"),
    ("America/New_York", "2060-03-14T02:30:00Z", "2060-03-14T07:30:00Z"),
    ("Australia/Lord_Howe", "2026-07-01T00:00:00Z", "2026-06-30T13:30:00Z"),
  ])
  func `a skipped hour goes on in summer time, and of two the first is meant`(
    name: String,
    local: String,
    time: String
  ) throws {
    let zone = try Self.zone(name)
    let written = try #require(Timestamp.parse(local))
    #expect(Timestamp.format(zone.time(ofLocal: written)) == time)
  }

  @Test(arguments: names, [1, 2] as [UInt64])
  func `what the clocks show is the time that they show, but for the hour that comes twice`(
    name: String,
    seed: UInt64
  ) throws {
    let zone = try Self.zone(name)
    var random = SeededGenerator(seed: seed)
    for _ in 0..<2_000 {
      let time = Int64.random(in: 315_532_800...4_102_444_800, using: &random) * 1_000_000_000 + 5
      let back = zone.time(ofLocal: zone.local(of: time))
      #expect(back == time || zone.local(of: back) == zone.local(of: time) && back < time)
    }
  }

  @Test func `UTC needs no file, and times beyond the range are cut`() throws {
    #expect(CivilZone.utc.local(of: 5) == 5 && CivilZone.utc.time(ofLocal: -5) == -5)
    let zone = try Self.zone("Asia/Kolkata")
    #expect(zone.local(of: .max) == .max && zone.time(ofLocal: .min) == .min)
  }

  @Test func `days begin at full hours in Berlin and at half ones in Kolkata`() throws {
    let hour: Int64 = 3_600_000_000_000
    #expect(try Self.zone("Europe/Berlin").isAligned(to: hour))
    #expect(try !Self.zone("Asia/Kolkata").isAligned(to: hour))
    #expect(try Self.zone("Asia/Kolkata").isAligned(to: hour / 2))
    #expect(try !Self.zone("Australia/Lord_Howe").isAligned(to: hour))
  }

  @Test(arguments: 1...20)
  func `a damaged file is refused or read, and never traps`(seed: UInt64) throws {
    let whole = Array(try Data(contentsOf: URL(filePath: "/usr/share/zoneinfo/Europe/Berlin")))
    var random = SeededGenerator(seed: seed)
    for length in [0, 3, 44, 100, whole.count / 2, whole.count - 1] {
      #expect(throws: ZoneFileError.self) {
        try CivilZone(name: "x", file: Array(whole.prefix(length)))
      }
    }
    for _ in 0..<300 {
      var bytes = whole
      for _ in 0..<(1 + random.below(4)) {
        bytes[random.below(bytes.count)] = UInt8.random(in: 0...255, using: &random)
      }
      guard let zone = try? CivilZone(name: "x", file: bytes) else { continue }
      for second in [Int64.min / 4_000_000_000, 0, 1_767_225_600, Int64.max / 4_000_000_000] {
        _ = zone.time(ofLocal: second * 1_000_000_000)
        _ = zone.local(of: second * 1_000_000_000)
      }
    }
    #expect(throws: ZoneFileError.notAZone) { try CivilZone(name: "x", file: Array("# x".utf8)) }
    let large = [UInt8](repeating: 0, count: CivilZone.fileBytesLimit + 1)
    #expect(throws: ZoneFileError.tooLarge(bytes: large.count)) {
      try CivilZone(name: "x", file: large)
    }
  }

  @Test(arguments: [
    "CET", "CET-1CEST", "CET-1CEST,M3.5.0", "CET-1CEST,M13.5.0,M10.5.0/3", "1", "CE-1", "<+03-3",
    "CET-1CEST,M3.5.0,M10.5.0/3x", "CET-1CEST,J0,J5", "CET-25", "CET-1CEST,400,5",
  ])
  func `a rule that POSIX does not have is none`(text: String) {
    #expect(ZoneRule(Array(text.utf8)) == nil)
  }

  @Test func `rules count days in all three ways`() throws {
    let year = try Self.second("2028-01-01T00:00:00Z")
    let day: Int64 = 86_400
    // 2028 is a leap year: J60 is 1 March, day 60 as well, M3.1.3 its first Wednesday.
    for (rule, first) in [("J60/0", 60), ("60/0", 60), ("M3.1.3/0", 60)] as [(String, Int64)] {
      let zone = try #require(ZoneRule(Array("AAA0BBB,\(rule),J365/0".utf8)))
      #expect(zone.offset(at: year + first * day - 1) == 0, "\(rule)")
      #expect(zone.offset(at: year + first * day) == 3_600, "\(rule)")
    }
    let south = try #require(ZoneRule(Array("<-03>3<-02>,M10.1.0/0,M3.3.0/0".utf8)))
    #expect(south.offset(at: year) == -7_200 && south.offset(at: year + 180 * day) == -10_800)
  }
}
