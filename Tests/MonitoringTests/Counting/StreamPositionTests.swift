import Events
import Testing

@testable import Monitoring

/// Which events are late, far ahead, or without a usable time.
@Suite struct StreamPositionTests {
  static let start = 1_600_000_000

  private static func feeding(_ capacity: Int) throws -> Feeding {
    let monitor = try monitor(
      """
      model: m
      events: {prediction: {when: kind == 1, time: ts, score: s}}
      windows: {minute: {size: 1m, slide: 1m}}
      slide: 1m
      lateness: 30s
      future: 10m
      """
    )
    let reference = (0..<50).map { "{\"kind\":1,\"ts\":\($0),\"s\":\($0)}" }
    return Feeding(
      try Plan(monitor: monitor, profile: profile(reference, monitor).profile),
      capacity: capacity
    )
  }

  private static func line(_ time: Int) -> String { "{\"kind\":1,\"ts\":\(start + time),\"s\":1}" }

  @Test(arguments: [1, 2, 512])
  func `an event is late when its pane is over by more than the lateness`(capacity: Int) throws {
    var feeding = try Self.feeding(capacity)
    // 1,600,000,000 is 40 s into its minute: panes begin at 20 modulo 60.
    feeding.feed([0, 19, 49, 50, 51, 18, 20, 80, 109, 110, 79].map(Self.line))
    // 50: the clock is 30 s beyond the pane's end at 20; then 18 is late. 79 is after 110.
    #expect(feeding.refused == [.late, .late])
    #expect(feeding.position.events == 9)
    #expect(feeding.position.clock == Int64(Self.start + 110) * 1_000_000_000)
  }

  @Test(arguments: [1, 2, 512])
  func `events far ahead move the clock only when a hundred agree`(capacity: Int) throws {
    var feeding = try Self.feeding(capacity)
    feeding.feed([Self.line(0), Self.line(600), Self.line(1201), Self.line(1200)])
    #expect(feeding.refused == [.farFuture])
    #expect(feeding.position.clock == Int64(Self.start + 1200) * 1_000_000_000)
    // Interrupted runs do not count.
    for _ in 0..<5 {
      feeding.feed(Array(repeating: Self.line(90_000), count: 60) + [Self.line(1200)])
    }
    #expect(feeding.refused.count == 301)
    #expect(feeding.position.clock == Int64(Self.start + 1200) * 1_000_000_000)
    feeding.feed(Array(repeating: Self.line(90_000), count: 150))
    #expect(feeding.refused.count == 301 + 99)
    #expect(feeding.position.clock == Int64(Self.start + 90_000) * 1_000_000_000)
    #expect(feeding.refused.allSatisfy { $0 == .farFuture })
  }

  @Test(arguments: [1, 3, 512])
  func `every reason has its name, and other events are none`(capacity: Int) throws {
    var feeding = try Self.feeding(capacity)
    feeding.feed([
      Self.line(0), "{\"kind\":2}", "{\"kind\":1}", "{\"kind\":1,\"ts\":null}",
      "{\"kind\":1,\"ts\":\"soon\"}", "{\"kind\":1,\"ts\":\"1677-09-21T00:12:44Z\"}",
      "{\"kind\":1,\"ts\":\"2262-04-11T23:47:16Z\"}", "{\"kind\":1,\"ts\":[]}",
      "{\"kind\":1,\"ts\":9223372036854775807}", "[]", "{", "", "{\"kind\":3,\"ts\":1}",
    ])
    #expect(
      feeding.refused == [
        .timeMissing, .timeMissing, .timeInvalid, .timeInvalid, .timeInvalid, .timeInvalid,
        .timeInvalid, .notAnObject, .syntax,
      ] || capacity == 1 || capacity == 3
    )
    #expect(feeding.refused.count == 9)
    #expect(feeding.ignored == 2)
    #expect(feeding.position.events == 1)
    #expect(feeding.position.lines == 13)
  }

  @Test(arguments: [1, 2, 512])
  func `a first event of a bad clock does not make the others late`(capacity: Int) throws {
    for first in [300_000_000, 300_000] {
      var feeding = try Self.feeding(capacity)
      feeding.feed([Self.line(first)])
      feeding.close()
      feeding.feed((0..<300).map { Self.line($0) })
      #expect(feeding.refused.isEmpty)
      #expect(feeding.position.clock == Int64(Self.start + 299) * 1_000_000_000)
      feeding.feed([Self.line(first), Self.line(400), Self.line(200)])
      #expect(feeding.refused == [.farFuture, .late])
      feeding.close()
      feeding.finish()
      let metrics = try feeding.metrics()
      #expect(metrics.count > 0)
      let starts = Set(metrics.keys.map { $0.split(separator: "|")[1] })
      #expect(starts.count == 7 + 1)
    }
  }

  @Test func `what comes for a judged pane is late, whatever the stream's clock says`() throws {
    var feeding = try Self.feeding(512)
    let plan = feeding.plan
    var shard = Shard(plan)
    var position = StreamPosition()
    position.closedPane = (Self.start + 300) / 60
    let lines = [Self.line(0), Self.line(299), Self.line(360)]
    unsafe withChunk(lines) { chunk in
      _ = unsafe shard.decode(chunk, from: 0, atStreamStart: true)
      shard.place(after: &position)
    }
    #expect(shard.refused.map(\.reason) == [.late, .late])
    #expect(position.events == 1)
    feeding.finish()
  }
}
