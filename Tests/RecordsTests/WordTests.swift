import Records
import Testing

@Suite struct WordTests {
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

  @Test(arguments: [
    (0.0, "0"), (3, "3"), (-2, "-2"), (1234.567, "1235"), (0.123456, "0.1235"),
    (0.99996, "1"), (12.3456, "12.35"), (1e9, "1.0e9"), (0.00001234, "1.234e-5"),
    (Double.leastNonzeroMagnitude, "4.941e-324"), (-0x1p-1030, "-8.692e-311"),
    (-0x1.fffffffffffffp1023, "-1.798e308"),
    (99_999_999.5, "1.0e8"), (123_456_789.25, "1.235e8"), (-0.5, "-0.5"),
  ])
  func `a short number has four digits that matter`(number: Double, text: String) {
    #expect(shortNumber(number) == text)
  }

  @Test func `a length of time has the unit that suits it`() {
    let cases: [(Double, String, String)] = [
      (0, "0 s", "0 s"), (1.5e-6, "1.5 µs", "1.5 µs"), (0.25, "250 ms", "250 ms"),
      (7_199, "7199 s", "7199 s"), (7_200, "2 hours", "2 h"), (86_400, "1 days", "24 h"),
      (172_800, "2 days", "2 days"), (-90_000, "-1.042 days", "-25 h"),
    ]
    for (seconds, page, screen) in cases {
      #expect(durationWords(seconds, leastDays: 86_400, hours: "hours") == page)
      #expect(durationWords(seconds, leastDays: 172_800, hours: "h") == screen)
    }
  }
}
