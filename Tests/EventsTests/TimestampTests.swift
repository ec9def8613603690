import Events
import Testing
import TestSupport

@Suite struct TimestampTests {
  static let billion: Int64 = 1_000_000_000

  /// Values from GNU date: `date -u -d TEXT +%s%N`.
  @Test(arguments: [
    ("1970-01-01T00:00:00Z", 0), ("2013-05-01T00:02:00Z", 1_367_366_520_000_000_000),
    ("2000-02-29T23:59:59Z", 951_868_799_000_000_000),
    ("2024-02-29T12:00:00.5Z", 1_709_208_000_500_000_000),
    ("1969-12-31T23:59:59.75Z", -250_000_000), ("1900-03-01T00:00:00Z", -2_203_891_200_000_000_000),
    ("2100-02-28T00:00:00Z", 4_107_456_000_000_000_000),
    ("2013-05-01T02:02:00+02:00", 1_367_366_520_000_000_000),
    ("2013-04-30T19:32:00-04:30", 1_367_366_520_000_000_000),
    ("2013-05-01t00:02:00z", 1_367_366_520_000_000_000),
    ("2013-05-01 00:02:00Z", 1_367_366_520_000_000_000),
    ("2013-05-01T00:02:00.1Z", 1_367_366_520_100_000_000),
    ("2013-05-01T00:02:00.12345678Z", 1_367_366_520_123_456_780),
    ("2013-05-01T00:02:00.123456789Z", 1_367_366_520_123_456_789),
    ("2013-05-01T00:02:00.123456789987654321Z", 1_367_366_520_123_456_789),
    ("2013-05-01T00:02:00.000000001-00:00", 1_367_366_520_000_000_001),
    ("2016-12-31T23:59:60Z", 1_483_228_799_999_999_999),
    ("2016-12-31T23:59:60.5Z", 1_483_228_799_999_999_999),
    ("2017-01-01T00:59:60+01:00", 1_483_228_799_999_999_999),
    ("2262-04-11T23:47:16.854775807Z", Int64.max),
    ("1677-09-21T00:12:43.145224196Z", Int64.min + 4),
  ])
  func `a time is its nanoseconds since 1970`(text: String, expected: Int64) {
    #expect(Timestamp.parse(text) == expected)
    #expect(decode("\"\(text)\"") == expected)
  }

  @Test(arguments: [
    "", "2013", "2013-05-01", "2013-05-01T00:02Z", "2013-05-01T00:02:00", "2013-05-01T00:02:00.Z",
    "2013-05-01T00:02:00.5", "2013-05-01T00:02:00ZZ", "2013-05-01T00:02:00Z ",
    " 2013-05-01T00:02:00Z", "2013-05-01X00:02:00Z", "2013-5-1T00:02:00Z", "13-05-01T00:02:00Z",
    "2013-00-01T00:02:00Z", "2013-13-01T00:02:00Z", "2013-05-00T00:02:00Z", "2013-05-32T00:02:00Z",
    "2013-04-31T00:02:00Z", "2013-02-29T00:02:00Z", "1900-02-29T00:00:00Z", "2100-02-29T00:00:00Z",
    "2013-05-01T24:00:00Z", "2013-05-01T00:60:00Z", "2013-05-01T00:02:61Z", "2013-05-01T00:02:60Z",
    "2016-12-31T23:59:60+01:00", "2013-05-01T00:02:00+2:00", "2013-05-01T00:02:00+0200",
    "2013-05-01T00:02:00+24:00", "2013-05-01T00:02:00+02:60", "2013-05-01T00:02:00+02",
    "0000-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z",
    "2262-04-11T23:47:16.854775808Z", "1677-09-21T00:12:43.145224195Z", "10000-01-01T00:00:00Z",
    "-013-05-01T00:02:00Z", "2013-05-01T00:02:0aZ", "2013-05-01T00:02:a0Z",
    "2013-05-01T00:02:00,5Z",
    "2013/05/01T00:02:00Z", "2013-05-01T00:02:00.5.5Z", "2013-05-01T00:02:00z0",
  ])
  func `what is no time of RFC 3339 is none, or is of another common form`(text: String) {
    #expect(Timestamp.parse(text) == nil)
    let time = decode("\"\(text)\"")
    #expect(!Timestamp.isTime(time) || Timestamp.parseCommon(text) == .instant(time))
    // The quick way must not accept what the slow one refuses.
    #expect(decode("\"2013-05-01T00:02:00Z\"", "\"\(text)\"") == time)
  }

  @Test(arguments: [
    ("1367366520", TimeUnit.automatic, 1_367_366_520_000_000_000),
    ("1367366520.25", .automatic, 1_367_366_520_250_000_000),
    ("1367366520250", .automatic, 1_367_366_520_250_000_000),
    ("1367366520250125", .automatic, 1_367_366_520_250_125_000),
    ("1367366520250125007", .automatic, 1_367_366_520_250_125_007),
    ("1.36736652e9", .automatic, 1_367_366_520_000_000_000), ("0", .automatic, 0),
    ("-1.5", .automatic, -1_500_000_000), ("99999999999", .nanoseconds, 99_999_999_999),
    ("1367366520.123456789", .seconds, 1_367_366_520_123_456_789),
    ("1367366520.1234567899", .seconds, 1_367_366_520_123_456_789),
    ("0.0000000001", .seconds, 0), ("-0.0000000019", .seconds, -1),
    ("1e3", .milliseconds, 1_000_000_000), ("1500e-3", .seconds, 1_500_000_000),
    ("9007199254740993", .microseconds, 9_007_199_254_740_993_000),
    ("9223372036854775807", .nanoseconds, Int64.max), ("0e999999", .seconds, 0),
    ("1e-999999", .seconds, 0), ("99999999999.5", .milliseconds, 99_999_999_999_500_000),
    ("0000000000000000000000000000000000", .seconds, 0),
  ])
  func `an epoch number is exact in its unit`(text: String, unit: TimeUnit, expected: Int64) {
    let bytes = Array(text.utf8)
    unsafe bytes.withUnsafeBytes { bytes in
      #expect(unsafe Timestamp.parseEpoch(bytes, unit: unit) == expected)
    }
  }

  @Test(arguments: [
    ("9223372036854775808", TimeUnit.nanoseconds), ("-9223372036854775808", .nanoseconds),
    ("9223372037", .seconds), ("1e300", .automatic), ("1e18", .seconds), ("", .seconds),
    ("1e", .seconds), ("x", .seconds), ("1.", .seconds), ("--1", .seconds),
    ("123456789012345678901234567890", .automatic), ("1e19", .automatic),
  ])
  func `an epoch number beyond the range is invalid`(text: String, unit: TimeUnit) {
    let bytes = Array(text.utf8)
    unsafe bytes.withUnsafeBytes { bytes in
      #expect(unsafe Timestamp.parseEpoch(bytes, unit: unit) == nil)
    }
  }

  /// Decodes a column of the given values and answers with the last one's time.
  private func decode(_ values: String..., unit: TimeUnit = .automatic) -> Int64 {
    let slots = [Schema.Slot(path: FieldPath(["t"]), form: .token)]
    var decoder = EventDecoder(schema: Schema(slots: slots))
    var columns = EventColumns(slotCount: 1)
    var timestamps = TimestampDecoder(TimeForm(unit: unit))
    let text = values.map { $0 == "absent" ? "{}\n" : "{\"t\":\($0)}\n" }.joined()
    let padded = Array(text.utf8) + [UInt8](repeating: 0x30, count: EventDecoder.padding)
    var times = [Int64](repeating: 0, count: values.count)
    unsafe padded.withUnsafeBytes { padded in
      let chunk = unsafe UnsafeRawBufferPointer(rebasing: padded[..<text.utf8.count])
      _ = unsafe decoder.decode(chunk, from: 0, atStreamStart: true, into: &columns)
      #expect(columns.rowCount == values.count)
      unsafe times.withUnsafeMutableBufferPointer { times in
        if let start = times.baseAddress {
          unsafe timestamps.decode(
            columns.cells(0),
            count: columns.rowCount,
            chunk: chunk,
            into: start
          )
        }
      }
    }
    return times.last ?? 0
  }

  @Test func `a column holds strings, numbers, spellings with escapes and what is no time`() {
    let time: Int64 = 1_367_366_520_000_000_000
    #expect(decode("1367366520") == time)
    #expect(decode("1367366520", unit: .nanoseconds) == 1_367_366_520)
    #expect(decode("\"2013-05-01T00\\u003a02:00Z\"") == time)
    #expect(decode("null") == Timestamp.missing)
    #expect(decode("absent") == Timestamp.missing)
    #expect(decode("\"1367366520\"") == time)
    #expect(decode("\"1367366520000000\"") == time)
    for value in ["0", "20474", "86400.5", "\"0\"", "-1"] {
      #expect(decode(value) == Timestamp.implausible)
    }
    #expect(decode("20474", unit: .seconds) == 20_474_000_000_000)
    for value in ["true", "[]", "{}", "\"\"", "1e30"] {
      #expect(decode(value) == Timestamp.invalid)
    }
  }

  @Test(arguments: 1...5)
  func `times of the minute before are read as they are alone`(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    for _ in 0..<400 {
      let minute = "2024-03-0\(1 + random.below(2))T0\(random.below(2)):0\(random.below(2))"
      let fraction =
        random.chance(0.5)
        ? "" : "." + String((0...random.below(11)).map { _ in random.pick(Array("0123456789")) })
      let end = random.pick(["Z", "z", "+00:00", "-01:30"])
      let text = "\(minute):\(random.below(7))\(random.below(10))\(fraction)\(end)"
      let expected = Timestamp.parse(text) ?? Timestamp.invalid
      let before = [
        "\"2024-03-01T00:00:01Z\"", "\"2024-03-02T01:01:01.5Z\"", "\"\(minute):00+05:00\"",
      ]
      #expect(decode(random.pick(before), "\"\(text)\"") == expected, "seed \(seed): \(text)")
    }
  }

  @Test(
    arguments: [
      (0, "1970-01-01T00:00:00Z"), (1_367_366_520_000_000_000, "2013-05-01T00:02:00Z"),
      (1_367_366_520_500_000_000, "2013-05-01T00:02:00.500Z"),
      (1_367_366_520_000_001_000, "2013-05-01T00:02:00.000001Z"),
      (1_367_366_520_000_000_001, "2013-05-01T00:02:00.000000001Z"),
      (-1, "1969-12-31T23:59:59.999999999Z"),
      (Int64.max, "2262-04-11T23:47:16.854775807Z"),
      (Int64.min + 2, "1677-09-21T00:12:43.145224194Z"),
      (951_782_400_000_000_000, "2000-02-29T00:00:00Z"),
    ] as [(Int64, String)]
  )
  func `a time is written with as few digits as it takes`(time: Int64, text: String) {
    #expect(Timestamp.format(time) == text)
  }

  @Test(arguments: 1...5)
  func `what is written reads back`(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    for _ in 0..<2000 {
      let time = Int64(bitPattern: random.next()) >> Int64(random.below(40))
      #expect(Timestamp.parse(Timestamp.format(time)) == time, "seed \(seed)")
    }
  }
}
