import Testing

@testable import Report

/// The small charts of a report.
@Suite struct LaneTests {
  @Test func `burn windows are in order of their lengths, whatever their names`() {
    let names = ["1d12h", "5m", "1h24m", "30m", "period", "2h", "30d"]
    let keys = names.map {
      SeriesKey(window: $0, signal: "slos.x", statistic: "burn", member: "value")
    }
    let sorted = keys.sorted { ($0.length, $0.window) < ($1.length, $1.window) }
    #expect(sorted.map(\.window) == ["period", "5m", "30m", "1h24m", "2h", "1d12h", "30d"])
  }
}
