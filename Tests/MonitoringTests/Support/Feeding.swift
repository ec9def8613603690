import Events
import Foundation
import Records
import Sketches
import Testing

@testable import Monitoring
@testable import Specification
import TestSupport
import YAML

extension SeededGenerator {
  /// A number in [0, 1).
  mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// A number in `0..<limit`.
  mutating func below(_ limit: Int) -> Int { Int(next() % UInt64(limit)) }
}

/// Lends lines as the decoder wants them: with readable bytes behind.
func withChunk<R>(
  _ lines: some Sequence<String>,
  _ body: (UnsafeRawBufferPointer) throws -> R
) rethrows -> R {
  let bytes = Array(lines.map { $0 + "\n" }.joined().utf8)
  let padded = bytes + [UInt8](repeating: 0, count: 64)
  return try unsafe padded.withUnsafeBytes { all in
    try unsafe body(UnsafeRawBufferPointer(rebasing: all[..<bytes.count]))
  }
}

/// A monitor from its text, which must be right.
func monitor(_ text: String) throws -> Monitor {
  let (monitor, diagnostics) = Monitor.load(
    bytes: Array(text.utf8),
    file: "test.yaml",
    environment: [:]
  )
  return try #require(monitor, "\(diagnostics.map(\.description).joined(separator: "\n"))")
}

/// The profile of some lines, and the lines that were refused.
func profile(
  _ lines: [String],
  _ monitor: Monitor,
  chunkLines: Int = .max
) throws -> (profile: Profile, refused: [Refusal], builder: [String]) {
  var builder = ProfileBuilder(monitor)
  var refused: [Refusal] = []
  var position = StreamPosition()
  var start = 0
  while start < lines.count {
    let end = min(lines.count, chunkLines == .max ? lines.count : start + chunkLines)
    unsafe withChunk(lines[start..<end]) { chunk in
      let origin = ChunkOrigin(order: 0, offset: start)
      refused += unsafe builder.take(chunk, at: origin, after: &position).refused.map(\.reason)
    }
    start = end
  }
  var filter = RepeatFilter(monitor)
  filter?.release(before: nil, from: &builder)
  return (try builder.finish(), refused, builder.emptySignals)
}

/// Two workers in turns, and an engine.
struct Feeding: ~Copyable {
  private(set) var plan: Plan
  private var even: Shard
  private var odd: Shard
  private var engine: Engine
  /// Where predictions wait that memory has no room for.
  private(set) var pending: MemoryStore?
  private var chunks = 0
  private(set) var position = StreamPosition()
  private(set) var output = EngineOutput()
  private(set) var refused: [Refusal] = []
  private(set) var ignored = 0

  init(
    _ plan: Plan,
    capacity: Int = 512,
    measuring: Measuring = .everything,
    pending: MemoryStore? = nil
  ) {
    self.plan = plan
    self.pending = pending
    even = Shard(plan, rowCapacity: capacity)
    odd = Shard(plan, rowCapacity: capacity)
    engine = Engine(plan, measuring: measuring, pending: pending)
  }

  /// Counts some lines; the worker is another one each time.
  mutating func feed(_ lines: some Sequence<String>) {
    chunks += 1
    unsafe withChunk(lines) { chunk in
      if chunks.isMultiple(of: 2) {
        unsafe Self.count(chunk, &even, &position, &refused, &ignored)
      } else {
        unsafe Self.count(chunk, &odd, &position, &refused, &ignored)
      }
    }
  }

  private static func count(
    _ chunk: UnsafeRawBufferPointer,
    _ shard: inout Shard,
    _ position: inout StreamPosition,
    _ refused: inout [Refusal],
    _ ignored: inout Int
  ) {
    let origin = ChunkOrigin(order: 0, offset: 0)
    let taken = unsafe shard.take(chunk, at: origin, after: &position)
    refused += taken.refused.map(\.reason) + taken.settled.refused.map(\.reason)
    ignored += taken.ignored
  }

  private mutating func count(_ settled: SettledEvents) {
    odd.count(settled.counted)
    refused += settled.refused.map(\.reason)
  }

  /// Decides on what the workers hold, where repeats are dropped.
  private mutating func release(before time: Int64?) {
    let sifted = engine.sift(odd.takeHeld(before: time) + even.takeHeld(before: time))
    odd.count(sifted.counted)
    engine.note(even.parts(of: sifted.repeats))
  }

  /// Closes what is complete.
  mutating func close() {
    guard let end = plan.completion(position) else { return }
    release(before: end)
    let last = plan.lastPane(completeTo: end)
    engine.enqueue([odd.take(through: last), even.take(through: last)], through: last)
    engine.drain(into: &output)
  }

  /// Lets time move on, in seconds since 1970.
  mutating func advance(to seconds: Int) {
    let time = Int64(seconds) * 1_000_000_000
    count(position.settle(upTo: time, plan))
    release(before: plan.completion(at: time))
    if let last = plan.lastCompletePane(at: time) {
      engine.enqueue([odd.take(through: last), even.take(through: last)], through: last)
      engine.drain(into: &output)
      position.closedPane = last
    }
  }

  /// Says that no event came, in seconds since 1970.
  mutating func noteSilence(since last: Int, until time: Int) {
    let second: Int64 = 1_000_000_000
    engine.noteSilence(since: Int64(last) * second, until: Int64(time) * second, into: &output)
  }

  /// Ends the process: a new one goes on from the bytes of this one's state.
  ///
  /// - Parameter plan: What the new one computes; `nil` for the same.
  /// - Returns: What began anew or was dropped, in words.
  /// - Throws: `CodingError` where the state cannot be read.
  @discardableResult
  mutating func restart(as plan: Plan? = nil) throws -> [String] {
    let plan = plan ?? self.plan
    let state = engine.state(holding: [odd.counted, even.counted])
    let decoded = try EngineState(decoding: state.encoded())
    position = try StreamPosition(decoding: position.encoded())
    let kept = pending
    pending = pending.map { _ in MemoryStore() }
    engine = Engine(plan, measuring: .everything, pending: pending)
    odd = Shard(plan)
    even = Shard(plan)
    let restored = try engine.restore(decoded, pending: kept)
    for counted in restored.open { even.add(counted) }
    self.plan = plan
    return restored.notes
  }

  /// Says that nobody was there after an event, in seconds since 1970.
  mutating func noteHole(after second: Int) {
    engine.noteHole(after: Int64(second) * 1_000_000_000)
  }

  /// The bytes of the engine's state as it stands.
  var stateBytes: [UInt8] { engine.state(holding: [odd.counted, even.counted]).encoded() }

  /// How many predictions wait in the store.
  var spilled: Int { engine.spilledPredictions }

  /// What became of outcomes.
  var outcomeStanding: OutcomeStanding? { engine.outcomeStanding }
  var outcomeTally: OutcomeTally { engine.outcomes?.tally ?? OutcomeTally() }

  /// Counts a whole stream, a chunk of lines after the other, and closes behind each what is complete.
  ///
  /// - Parameters:
  ///   - lines: The stream.
  ///   - chunk: How many lines a chunk has.
  ///   - cuts: Whether another process goes on behind each chunk.
  /// - Throws: `CodingError` where the state cannot be read.
  mutating func run(_ lines: [String], chunk: Int, cuts: Bool) throws {
    for start in stride(from: 0, to: lines.count, by: chunk) {
      feed(lines[start..<min(lines.count, start + chunk)])
      close()
      if cuts { try restart() }
    }
    finish()
  }

  /// Ends the stream.
  mutating func finish() {
    count(position.finish(plan))
    release(before: nil)
    engine.end([even.take(through: nil), odd.take(through: nil)])
    engine.drain(into: &output)
  }

  /// The metric records, each under its window, start, part, signal and statistic.
  func metrics() throws -> [String: [String: Any]] {
    var records: [String: [String: Any]] = [:]
    for line in output.metricRecords.split(separator: 0x0a) {
      let record = try #require(
        try JSONSerialization.jsonObject(with: Data(line)) as? [String: Any]
      )
      let words = ["window", "start", "segment", "version", "signal", "statistic"]
      let key = words.map { record[$0] as? String ?? "" }.joined(separator: "|")
      #expect(records[key] == nil, "two records of \(key)")
      records[key] = record
    }
    return records
  }
}

extension EngineOutput {
  /// The metric records of everything measured, one a line.
  var metricRecords: [UInt8] {
    var json = JSONWriter()
    for view in measured { view.write(to: &json) }
    return json.bytes
  }
}
