import Testing

@testable import Events

/// Words for people show what is in them.
@Suite struct VisibleTextTests {
  @Test(arguments: [
    ("plain, é, 日本, 👩‍🚀, \\", "plain, é, 日本, 👩‍🚀, \\"), ("\u{1b}[31m", "\\u{1b}[31m"),
    ("a\nb\tc\r", "a\\u{a}b\\u{9}c\\u{d}"), ("\u{9b}2K\u{7f}", "\\u{9b}2K\\u{7f}"),
    ("\u{202e}abc\u{2066}\u{200f}\u{61c}", "\\u{202e}abc\\u{2066}\\u{200f}\\u{61c}"),
    ("\u{2028}\u{2029}\u{85}\u{feff}", "\\u{2028}\\u{2029}\\u{85}\\u{feff}"), ("", ""),
  ])
  func `what steers a terminal or breaks a line is written out`(text: String, shown: String) {
    #expect(visible(text) == shown)
    #expect(visible(shown) == shown)
  }

  @Test func `lines keep their newlines and tabs, and nothing else`() {
    #expect(visibleLines("a\n\tb\r\u{1b}") == "a\n\tb\\u{d}\\u{1b}")
  }
}
