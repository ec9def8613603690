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
      events: {prediction: {when: kind == 1, time: {field: ts, unit: s}, score: s}}
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

  /// Enough events for the stream to have a clock, which then stands at 0.
  private static let beginning = (-23...0).map(line)

  @Test(arguments: [1, 2, 512])
  func `an event is late when its pane is over by twice the lateness`(capacity: Int) throws {
    var feeding = try Self.feeding(capacity)
    // 1,600,000,000 is 40 s into its minute: panes begin at 20 modulo 60.
    feeding.feed(Self.beginning)
    feeding.feed([30, 60, 79, 18, 80, 18, 20, 110, 139, 79, 140, 79].map(Self.line))
    // At 80 the clock is 60 s beyond the pane's end at 20, at 140 beyond that at 80.
    #expect(feeding.refused == [.late, .late])
    #expect(feeding.position.events == 24 + 10)
    #expect(feeding.position.clock == Int64(Self.start + 140) * 1_000_000_000)
  }

  @Test(arguments: [1, 2, 512])
  func `events far ahead wait, and count once most others have come there`(
    capacity: Int
  ) throws {
    var feeding = try Self.feeding(capacity)
    feeding.feed(Self.beginning + (0..<300).map { Self.line($0 % 10 == 9 ? 90_000 : $0) })
    #expect(feeding.refused.allSatisfy { $0 == .farFuture })
    #expect(feeding.position.clock == Int64(Self.start + 298) * 1_000_000_000)
    let refused = feeding.refused.count
    let counted = feeding.position.events
    feeding.feed((0..<200).map { Self.line(90_000 + $0) })
    #expect(feeding.position.clock == Int64(Self.start + 90_199) * 1_000_000_000)
    feeding.feed([])
    feeding.finish()
    #expect(feeding.position.events + feeding.refused.count == 24 + 500)
    #expect(feeding.position.events >= counted + 200)
    #expect(feeding.refused.count - refused < 20)
    let metrics = try feeding.metrics()
    let count = metrics.filter { $0.key.hasSuffix("|score|count") }.values
      .reduce(0) { $0 + ($1["value"] as? Int ?? 0) }
    #expect(count == feeding.position.events)
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
    feeding.finish()
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
      feeding.feed([Self.line(first), Self.line(400), Self.line(100)])
      feeding.close()
      feeding.finish()
      #expect(feeding.refused == [.farFuture, .late, .farFuture])
      let metrics = try feeding.metrics()
      #expect(metrics.count > 0)
      let starts = Set(metrics.keys.map { $0.split(separator: "|")[1] })
      #expect(starts.count == 7)
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
      unsafe shard.place(after: &position, in: chunk, at: ChunkOrigin(order: 0, offset: 0))
    }
    let settled = position.finish(plan)
    #expect(settled.refused.map(\.reason) == [.late, .late])
    #expect(settled.counted.map(\.line) == [2])
    #expect(position.events == 1)
    feeding.finish()
  }
}
