import Events
import Testing

@testable import Monitoring
import TestSupport

/// What closed panes cost.
@Suite struct PaneHistoryTests {
  @Test func `a pane of a minute costs what its events do, not what its cells could`() throws {
    let monitor = try monitor(
      """
      model: m
      events: {prediction: {time: {field: ts, unit: s}, features: f.*, segments: [g]}}
      windows: {day: {size: 24h, slide: 1m}}
      slide: 1m
      """
    )
    var random = SeededGenerator(seed: 51)
    let event = { (time: Int, random: inout SeededGenerator) in
      let numbers = (0..<20).map { "\"n\($0)\":\(random.uniform())" }.joined(separator: ",")
      return "{\"ts\":\(time),\"g\":\"g\(random.below(3))\",\"f\":{\(numbers)}}"
    }
    let reference = (0..<600).map { event($0, &random) }
    let plan = try Plan(monitor: monitor, profile: profile(reference, monitor).profile)
    let perPane = 120
    let panes = 20
    var shard = Shard(plan)
    var position = StreamPosition()
    let lines = (0..<panes * perPane).map { event(1_600_000_020 + $0 * 60 / perPane, &random) }
    for start in stride(from: 0, to: lines.count, by: perPane) {
      unsafe withChunk(lines[start..<start + perPane]) { chunk in
        _ = unsafe shard.take(chunk, at: ChunkOrigin(order: 0, offset: start), after: &position)
      }
    }
    var history = PaneHistory()
    for pane in shard.takePanes(through: nil).sorted(by: { $0.index < $1.index }) {
      _ = history.close(pane, plan: plan)
    }
    #expect(history.panes.count == panes)
    let bytes = history.panes.flatMap(\.sums).reduce(0) { $0 + $1.count }
    // 1,440 panes of 20 signals in 3 segments have about 45 MB: 31 KiB a pane.
    #expect(bytes / panes < 31 * 1024, "\(bytes / panes) bytes a pane")
    history.drop(before: history.panes[panes / 2].index)
    #expect(history.panes.count == panes - panes / 2)
    history.drop(before: .max)
    #expect(history.panes.isEmpty)
  }
}
