import Testing

@testable import Monitoring
@testable import Specification

/// A profile with values of persons is warned of, wherever it is worked out against a monitor.
@Suite struct PersonalWarningTests {
  private func warnings(_ value: (Int) -> String) throws -> [String] {
    let monitor = try monitor(
      """
      model: m
      events: {prediction: {time: ts, features: [contact, color]}}
      windows: {main: 1h}
      """
    )
    let lines = (0..<1_000).map { index in
      "{\"ts\":\(1_700_000_000 + index),\"color\":\"red\","
        + "\"contact\":\"\(value(index))\"}"
    }
    return try Plan(monitor: monitor, profile: profile(lines, monitor).profile).warnings
  }

  @Test func `one value in a hundred is enough`() throws {
    let warnings = try warnings { $0 % 50 == 0 ? "ann\($0 % 3)@example.com" : "by post" }
    #expect(warnings.count == 1)
    let words =
      "contact: personal data? 20 of the profile's 1,000 values look like e-mail addresses"
    #expect(warnings.first?.hasPrefix(words) == true, "\(warnings)")
    #expect(warnings.first?.contains("example.com") == false)
  }

  @Test func `a single one is not`() throws {
    #expect(try warnings { $0 == 7 ? "ann@example.com" : "by post" }.isEmpty)
  }

  @Test func `keyed hashes are nobody's`() throws {
    #expect(try warnings { "hmac:0123456789abcdef0123456789abcde\($0 % 7)" }.isEmpty)
  }
}
