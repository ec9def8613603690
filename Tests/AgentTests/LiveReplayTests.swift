import Ingest
import Monitoring
import Standing
import Testing

@testable import Agent

/// A replay that is looked at, under a clock of the test's own.
@Suite struct LiveReplayTests {
  private let sample: SampleStream
  private let path: String

  /// A second of the clock.
  private static let second: Int64 = 1_000_000_000

  init() throws {
    sample = try SampleStream()
    path = try sample.write(sample.lines, as: "stream")
  }

  private func pipeline() throws -> Pipeline {
    var options = PipelineOptions()
    options.measuring = .whole
    options.keepsNewest = true
    options.chunksPerRound = 1
    options.chunkBytes = 1 << 12
    return try Pipeline(sample.plan, StreamNames([path]), isLive: true, options: options)
  }

  /// The time of the events so far.
  private func clock(_ pipeline: borrowing Pipeline) throws -> Int64 {
    let clock = pipeline.clock
    return try #require(clock)
  }

  @Test func `without a pace all is read at once, and the last picture says so`() throws {
    var pipeline = try pipeline()
    var replay = LiveReplay(speed: nil)
    replay.renew(pipeline, now: 0)
    #expect(replay.snapshot?.events == 0)
    var rounds = 0
    while !replay.hasEnded, rounds < 10_000 {
      replay.advance(&pipeline, now: 0)
      #expect(!replay.isAhead)
      rounds += 1
    }
    #expect(rounds > 10)
    // Time stood still, and yet the end is shown.
    replay.renew(pipeline, now: 0)
    let snapshot = try #require(replay.snapshot)
    #expect(snapshot.hasEnded)
    #expect(snapshot.events == sample.good)
    #expect(snapshot.ignored == sample.ignored)
    #expect(snapshot.refused == sample.refused)
    #expect(snapshot.model == "sample")
    let before = pipeline.tally
    replay.advance(&pipeline, now: 0)
    let after = pipeline.tally
    #expect(after == before)
  }

  @Test func `the picture is renewed ten times a second and no more`() throws {
    var pipeline = try pipeline()
    var replay = LiveReplay(speed: nil)
    replay.renew(pipeline, now: 0)
    replay.advance(&pipeline, now: 1)
    replay.renew(pipeline, now: 99_999_999)
    #expect(replay.snapshot?.events == 0)
    replay.renew(pipeline, now: 100_000_000)
    let read = pipeline.tally.events
    #expect(replay.snapshot?.events == read)
    #expect(read > 0)
  }

  @Test func `events keep the pace that was asked for`() throws {
    var pipeline = try pipeline()
    var replay = LiveReplay(speed: 60)
    // Until events say what time it is there is no pace; then they are ahead of it.
    for _ in 0..<20 where !replay.isAhead { replay.advance(&pipeline, now: 0) }
    #expect(replay.isAhead)
    let first = try clock(pipeline)
    let read = pipeline.tally.events
    let pause = replay.pause(pipeline, now: 0)
    #expect((1...100).contains(pause))
    replay.advance(&pipeline, now: 1)
    let readNow = pipeline.tally.events
    #expect(readNow == read)
    // A minute of the clock is an hour of events, and a chunk is some minutes of them.
    let minute = 60 * Self.second
    for _ in 0..<200 { replay.advance(&pipeline, now: minute) }
    #expect(replay.isAhead)
    let gained = try clock(pipeline) - first
    #expect(gained > 45 * minute && gained < 75 * minute, "\(gained / Self.second) s")
  }

  @Test func `after a halt events go on where they were`() throws {
    var pipeline = try pipeline()
    var replay = LiveReplay(speed: 60)
    for _ in 0..<20 where !replay.isAhead { replay.advance(&pipeline, now: 0) }
    let first = try clock(pipeline)
    let later = 3600 * Self.second
    replay.halt(now: later)
    #expect(!replay.isAhead)
    for _ in 0..<20 { replay.advance(&pipeline, now: later) }
    #expect(replay.isAhead)
    let gained = try clock(pipeline) - first
    #expect(gained < 1200 * Self.second, "\(gained / Self.second) s")
  }
}
