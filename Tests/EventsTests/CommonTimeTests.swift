import Events
import Testing
import TestSupport

/// Times in other forms than RFC 3339.
@Suite struct CommonTimeTests {
  /// 2026-01-31T12:00:00Z.
  static let noon: Int64 = 1_769_860_800_000_000_000

  @Test(arguments: [
    "2026-01-31T12:00:00+0000", "2026-01-31T12:00:00+00", "2026-01-31T13:00:00+0100",
    "2026-01-31 12:00:00 UTC", "2026-01-31 12:00:00 +0000 UTC", "2026-01-31 13:00:00 +0100 CET",
    "2026-01-31 12:00:00 +0000 UTC m=+0.012", "2026-01-31 12:00:00.000000000 +0000 UTC",
    "2026-01-31T12:00:00,000Z", "2026-01-31 12:00:00,000+00:00", "2026-01-31T12:00Z",
    "2026-01-31T13:00+01:00", "2026/01/31 12:00:00Z", "20260131T120000Z", "20260131T120000.000Z",
    "20260131T1200Z", "20260131T130000+0100", "2026-01-31T13:00:00+01:00[Europe/Berlin]",
    "2026-01-31T12:00:00Z[UTC]", "2026-01-31T12:00:00[UTC]", "2026-01-31T12:00:00GMT",
    "Sat, 31 Jan 2026 12:00:00 GMT", "Sat, 31 Jan 2026 12:00:00 +0000", "31 Jan 2026 12:00 UT",
    "Saturday, 31-Jan-2026 12:00:00 GMT", "31/Jan/2026:12:00:00 +0000",
    "[31/Jan/2026:13:00:00 +0100]", "Sat Jan 31 12:00:00 UTC 2026",
    "Sat Jan 31 12:00:00 +0000 2026", "Sat Jan 31 2026 13:00:00 GMT+0100 (CET)",
    "Sat Jan 31 07:00:00 2026 -0500", "January 31, 2026 12:00:00 UTC",
  ])
  func `an unambiguous time is read as what it is`(text: String) {
    #expect(Timestamp.parseCommon(text) == .instant(Self.noon), "\(text)")
  }

  @Test(arguments: [
    "2026-01-31T12:00:00", "2026-01-31 12:00:00", "2026-01-31 12:00:00,000", "2026-01-31T12:00",
    "20260131T120000", "Sat Jan 31 12:00:00 2026", "31/Jan/2026:12:00:00", "2026/01/31 12:00:00",
    "2026-01-31T12:00:00[Europe/Berlin]", "31 Jan 2026 12:00:00",
  ])
  func `a time without a zone says so`(text: String) {
    #expect(Timestamp.parseCommon(text) == .local(Self.noon), "\(text)")
  }

  @Test(arguments: [
    "", " ", "yesterday", "2026-01-31", "12:00:00", "2026-02-29T12:00:00Z", "2026-13-01T12:00:00",
    "2026-01-31T24:00:00", "2026-01-31T12:60:00", "2026-01-31T12:00:00+24", "20260131",
    "2026-01-31T12:00:00 CET", "Sat Jan 31 12:00:00 CET 2026", "31 Jan 12:00:00 2026 2026",
    "31 Foo 2026 12:00:00", "Sat, 31 Jan 2026", "2026-01-31T12:00:00Zx", "2026-01/31 12:00:00",
    "2026-01-31T12:00:00.", "[", "[]", "Sat Jan 31 2026 12:00:00 (CET)", "1.2.3",
    "0000-01-01T00:00",
  ])
  func `what is none of the forms is no time`(text: String) {
    #expect(Timestamp.parseCommon(text) == nil, "\(text)")
  }

  @Test(arguments: 1...10)
  func `any bytes are read without harm, and every RFC 3339 time is read alike`(
    seed: UInt64
  ) throws {
    var random = SeededGenerator(seed: seed)
    let letters = Array("2026-01-31T12:00:00.25+01:00 ZJanSatGMT[]/,()m=".utf8)
    for _ in 0..<2_000 {
      let text = (0..<random.below(40)).map { _ in random.pick(letters) }
      unsafe text.withUnsafeBytes { _ = unsafe Timestamp.parseCommon($0) }
      let time = Int64(random.below(4_000_000_000)) * 1_000_000_000 + Int64(random.below(1_000))
      #expect(Timestamp.parseCommon(Timestamp.format(time)) == .instant(time))
    }
  }

  private func read(_ text: String, _ pattern: String) throws -> WrittenTime? {
    let format = try TimeFormat(pattern)
    let bytes = Array(text.utf8)
    return unsafe bytes.withUnsafeBytes { unsafe format.read($0) }
  }

  @Test(arguments: [
    ("31.01.2026 12:00:00", "%d.%m.%Y %H:%M:%S"), ("31.1.2026 12:00", "%d.%m.%Y %R"),
    ("01/31/2026 12:00:00 PM", "%m/%d/%Y %I:%M:%S %p"), ("2026-031 12h", "%Y-%j %Hh"),
    ("Jan 31 26 12:00:00", "%b %e %y %T"), ("2026-01-31T12:00:00.000000000", "%FT%T.%f"),
    ("100% Sat 31 January 2026 12", "100%% %a %d %B %Y %H"),
  ])
  func `a format reads a time without a zone`(text: String, pattern: String) throws {
    #expect(try read(text, pattern) == .local(Self.noon))
  }

  @Test func `a format reads an offset, and nothing that is not of it`() throws {
    #expect(try read("31.01.2026 13:00 +0100", "%d.%m.%Y %H:%M %z") == .instant(Self.noon))
    #expect(try read("31.01.2026 12:00 Z", "%d.%m.%Y %H:%M %z") == .instant(Self.noon))
    #expect(try read("31.01.2026 12:00 GMT", "%d.%m.%Y %H:%M %Z") == .instant(Self.noon))
    for text in ["31.01.2026 13:00", "31.01.2026 13:00 +0100 ", "31.13.2026 13:00 +0100", "x", ""] {
      #expect(try read(text, "%d.%m.%Y %H:%M %z") == nil)
    }
  }

  @Test(arguments: [
    ("%Q", TimeFormat.Flaw.unknownCode("%Q")), ("%Y-%m-%d %", .unknownCode("%")),
    ("%m-%d %H", .incomplete("%Y")), ("%Y-%m %H", .incomplete("%d")),
    ("%Y %H", .incomplete("%m")), ("%F", .incomplete("%H")), ("%F %I", .incomplete("%p")),
  ])
  func `a format that makes no time says what it lacks`(pattern: String, flaw: TimeFormat.Flaw) {
    #expect(throws: flaw) { try TimeFormat(pattern) }
  }
}
