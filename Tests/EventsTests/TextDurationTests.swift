import Testing

@testable import Events

@Suite struct TextDurationTests {
  @Test(arguments: [
    ("12.5ms", 0.0125), ("0.124s", 0.124), ("1058238ms", 1_058.238), (" 7 us ", 7e-6),
    ("3\u{B5}s", 3e-6), ("3\u{3BC}s", 3e-6), ("250ns", 250e-9), ("1m3.5s", 63.5),
    ("1h2m3s4ms", 3_723.004), ("2 seconds", 2), ("0s", 0), ("PT0.02S", 0.02), ("PT0,02S", 0.02),
    ("PT1M", 60), ("P1DT2H3M4.5S", 93_784.5),
  ])
  func `a text says a duration with its unit`(text: String, seconds: Double) throws {
    let found = try #require(textDuration(Array(text.utf8), decimal: .dot))
    #expect(abs(found - seconds) <= 1e-12 * max(seconds, 1))
  }

  @Test func `a decimal comma is read where it is asked for`() {
    #expect(textDuration(Array("12,5ms".utf8), decimal: .comma) == 0.0125)
    #expect(textDuration(Array("12,5ms".utf8), decimal: .dot) == nil)
  }

  @Test(arguments: [
    "", "12", "ms", "-3ms", "3s 2m", "3ms4ms", "3 parsecs", "P1M", "PT", "P", "PT1D", "P1S",
    "1.2.3s",
    "5ms!", "s5", "1e3ms", "NaNs",
  ])
  func `another text is none`(text: String) {
    #expect(textDuration(Array(text.utf8), decimal: .dot) == nil)
  }
}
