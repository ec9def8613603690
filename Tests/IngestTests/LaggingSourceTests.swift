import Connectors
import Testing

@testable import Ingest

/// Lines that come when the test says so, of a source that knows whether there is more.
private final class KnowingSource: EventSource {
  let name: String
  var ready: [String]
  var isLagging = false
  var isAway = false

  init(_ name: String, ready: [String] = []) {
    self.name = name
    self.ready = ready
  }

  var isAtEnd: Bool { false }
  var wake: SourceWake { ready.isEmpty ? .signal(-1) : .now }
  var mark: SourceMark { .line(0) }

  func next(into chunk: inout LineChunk, target: Int, waits: Bool) throws(StreamError) -> Bool {
    guard !ready.isEmpty else { return false }
    chunk.fill(Array(ready.removeFirst().utf8), at: 0)
    return true
  }
}

/// Live sources of which it is known that they have more than was read.
@Suite struct LaggingSourceTests {
  @Test func `all wait for the one that is furthest behind and has more`() throws {
    let (slow, fast) = (KnowingSource("slow"), KnowingSource("fast", ready: ["1\n", "2\n"]))
    var streams = StreamSet([slow, fast], isLive: true)
    var chunk = LineChunk(capacity: 64)
    streams.observe(0, bytes: 0, lines: 0, clock: 10)
    streams.observe(1, bytes: 0, lines: 0, clock: 20)
    slow.isLagging = true
    let held = streams.next(into: &chunk)
    #expect(held == nil)
    slow.ready = ["3\n"]
    #expect(streams.next(into: &chunk)?.source == 0)
    slow.isLagging = false
    #expect(streams.next(into: &chunk)?.source == 1)
    // The one that is ahead is not waited for, also where it has more.
    fast.isLagging = true
    streams.observe(1, bytes: 0, lines: 0, clock: 30)
    slow.ready = ["4\n"]
    #expect(streams.next(into: &chunk)?.source == 0)
  }

  @Test func `one that lags is not quiet, and one that another process reads holds nothing`() {
    let (one, other) = (KnowingSource("one"), KnowingSource("other"))
    let streams = StreamSet([one, other], isLive: true)
    let later = monotonicNanoseconds() + 60_000_000_000
    one.isLagging = true
    let lagging = streams.openStreams(now: later, idle: 1)
    #expect(lagging.open == [0, 1])
    #expect(lagging.quiet == [1])
    one.isLagging = false
    one.isAway = true
    let away = streams.openStreams(now: later, idle: 1)
    #expect(away.open == [1])
    other.isAway = true
    #expect(streams.openStreams(now: later, idle: 1).open == [0, 1])
  }
}
