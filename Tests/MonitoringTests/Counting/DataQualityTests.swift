import Records
import TestSupport
import Testing

@testable import Monitoring

/// Events that come twice, features of later times, numbers out of range and early outcomes.
@Suite struct DataQualityTests {
  static let start = 1_767_225_600

  static func text(_ more: String = "", features: String = "[{field: x, type: number}]") -> String {
    """
    model: m
    events:
      prediction:
        id: id
        time: ts
        version: v
        features: \(features)
        \(more)
    windows: {main: {size: 20m, slide: 20m}}
    slide: 1m
    lateness: 2m
    """
  }

  static func line(_ id: String?, _ second: Int, version: String = "1", x: Int = 5) -> String {
    let id = id.map { "\"id\":\"\($0)\"," } ?? ""
    return "{\(id)\"ts\":\(start + second),\"v\":\"\(version)\",\"x\":\(x)}"
  }

  static func plan(_ text: String, reference: [String]? = nil) throws -> Plan {
    let monitor = try monitor(text)
    let lines = reference ?? (0..<100).map { line("r\($0)", $0, x: $0) }
    return try Plan(monitor: monitor, profile: profile(lines, monitor).profile)
  }

  /// The values of a statistic of a signal, one a window of a version.
  static func values(
    _ output: EngineOutput,
    _ signal: String,
    _ statistic: String,
    version: String? = nil
  ) -> [Double] {
    output.measured.filter { $0.version == version && $0.segment == nil }.flatMap { part in
      part.measurements.filter { $0.signal == signal && $0.statistic == statistic }
        .map(\.value.value)
    }
  }

  static func run(_ plan: Plan, _ chunks: [[String]]) -> EngineOutput {
    var feeding = Feeding(plan)
    for chunk in chunks {
      feeding.feed(chunk)
      feeding.close()
    }
    feeding.finish()
    return feeding.output
  }

  @Test func `the same id and version within the horizon is a duplicate`() throws {
    let plan = try Self.plan(Self.text("duplicates: {horizon: 10m}"))
    let lines = [
      Self.line("a", 0), Self.line("a", 60), Self.line("a", 600), Self.line("a", 601),
      Self.line("b", 70), Self.line("b", 80, version: "2"), Self.line(nil, 90),
    ]
    let output = Self.run(plan, [lines])
    // a at 60 and 600 s; at 601 s the first is older than the horizon.
    #expect(Self.values(output, "duplicate", "mean") == [2.0 / 6])
    #expect(Self.values(output, "duplicate", "missing") == [1])
    #expect(Self.values(output, "duplicate", "count") == [7])
    #expect(Self.values(output, "duplicate", "mean", version: "2") == [0])
  }

  @Test(arguments: UInt64(1)...8)
  func `which event is the first does not depend on chunks and order within lateness`(
    seed: UInt64
  ) throws {
    let plan = try Self.plan(Self.text("duplicates: {horizon: 5m}"))
    var random = SeededGenerator(seed: seed)
    let events = (0..<900).map { index in
      (
        second: 4 * index,
        line: Self.line("\(random.below(150))", 4 * index, version: "\(random.below(2))")
      )
    }
    // An oracle that sees all of them in order.
    var firsts: [String: Int] = [:]
    var expected: [Int: (again: Int, all: Int)] = [:]
    for event in events {
      let key = event.line.split(separator: ",").enumerated().filter { $0.offset != 1 }
        .map { String($0.element) }.joined()
      let window = event.second / 1_200
      expected[window, default: (0, 0)].all += 1
      if let first = firsts[key], event.second - first <= 300 {
        expected[window, default: (0, 0)].again += 1
      } else {
        firsts[key] = event.second
      }
    }
    let shares = expected.keys.sorted().compactMap { expected[$0] }
      .map { Double($0.again) / Double($0.all) }
    let inOrder = Self.run(plan, [events.map(\.line)])
    #expect(Self.values(inOrder, "duplicate", "mean") == shares)
    #expect(shares.allSatisfy { $0 > 0.1 })
    let keyed = events.map { ($0.second + random.below(100), $0.line) }
    let shuffled = keyed.sorted { $0.0 < $1.0 }.map(\.1)
    var chunks: [[String]] = []
    var rest = shuffled[...]
    while !rest.isEmpty {
      let size = 1 + random.below(60)
      chunks.append(Array(rest.prefix(size)))
      rest = rest.dropFirst(size)
    }
    #expect(Self.run(plan, chunks).metricRecords == inOrder.metricRecords)
  }

  @Test func `ids are known after a restart`() throws {
    let plan = try Self.plan(Self.text("duplicates: {horizon: 10m}"))
    let lines = (0..<40).map { Self.line("\($0 % 12)", 30 * $0) }
    var whole = Feeding(plan)
    var cut = Feeding(plan)
    for (index, line) in lines.enumerated() {
      whole.feed([line])
      whole.close()
      if index % 7 == 0 { try cut.restart() }
      cut.feed([line])
      cut.close()
    }
    whole.finish()
    cut.finish()
    #expect(Self.values(whole.output, "duplicate", "mean") == [16.0 / 40])
    #expect(cut.output.metricRecords == whole.output.metricRecords)
  }

  /// Events of which every third repeats one of up to 90 s before, with another value, as a version
  /// or a part that has no other event then, too.
  private static func repeating(_ seed: UInt64) -> (firsts: [String], all: [(Int, String)]) {
    var random = SeededGenerator(seed: seed)
    var firsts: [String] = []
    var all: [(Int, String)] = []
    for index in 0..<400 {
      let second = 8 * index
      let version = "\(random.below(3))"
      firsts.append(line("\(index)", second, version: version, x: random.below(100)))
      all.append((second, firsts[index]))
      guard (30..<380).contains(index), random.below(3) == 0 else { continue }
      // Later than the first: of two of one second neither came before.
      let again = second + 1 + random.below(89)
      let copy = line("\(index)", again, version: version, x: random.below(100))
      all.append(random.below(2) == 0 ? (again, copy) : (again, firsts[index]))
    }
    return (firsts, all.sorted { $0.0 < $1.0 })
  }

  private static func isOfDuplicates(_ record: Substring) -> Bool {
    record.contains(#""signal":"duplicate""#)
  }

  private static func records(_ output: EngineOutput) -> [Substring] {
    String(decoding: output.metricRecords, as: UTF8.self).split(separator: "\n")
  }

  @Test(arguments: UInt64(1)...6)
  func `a repeat that is dropped is in no number but that of duplicates`(seed: UInt64) throws {
    let plan = try Self.plan(Self.text("duplicates: drop"))
    let (firsts, all) = Self.repeating(seed)
    let expected = Self.records(Self.run(plan, [firsts])).filter { !Self.isOfDuplicates($0) }
    let output = Self.run(plan, all.map { [$0.1] })
    let found = Self.records(output)
    #expect(found.filter { !Self.isOfDuplicates($0) } == expected)
    let counts = zip(
      Self.values(output, "duplicate", "mean"),
      Self.values(output, "duplicate", "count")
    )
    let repeats = counts.reduce(0) { $0 + ($1.0 * $1.1).rounded() }
    #expect(repeats > 0)
    // Whatever the order within the lateness, the chunks, and the process that went on.
    var random = SeededGenerator(seed: seed)
    let shaken = all.map { ($0.0 + random.below(20), $0.1) }.sorted { $0.0 < $1.0 }.map(\.1)
    for chunk in [1, 17, 200] {
      var feeding = Feeding(plan)
      try feeding.run(shaken, chunk: chunk, cuts: chunk > 1)
      #expect(Self.records(feeding.output) == found, "chunks of \(chunk)")
    }
  }

  @Test func `a monitor that drops repeats no longer counts what an earlier one held`() throws {
    let dropping = try Self.plan(Self.text("duplicates: drop"))
    let counting = try Self.plan(Self.text("duplicates: count"))
    var feeding = Feeding(dropping)
    feeding.feed((0..<60).map { Self.line("\($0 % 40)", $0) })
    try feeding.restart(as: counting)
    feeding.feed((60..<90).map { Self.line("\($0)", $0) })
    feeding.finish()
    #expect(Self.values(feeding.output, "events", "count") == [90])
  }

  @Test func `repeats wait for another event of their part`() throws {
    let plan = try Self.plan(Self.text("duplicates: drop"))
    let lines = [
      Self.line("a", 0), Self.line("b", 0, version: "2"), Self.line("a", 1_500),
      Self.line("c", 1_600, version: "2"), Self.line("d", 2_500),
    ]
    let output = Self.run(plan, [lines])
    #expect(Self.values(output, "events", "count") == [2, 1, 1])
    // The repeat's window has no other event: it counts with the next of version 1.
    #expect(Self.values(output, "duplicate", "mean", version: "1") == [0, 0.5])
    #expect(Self.values(output, "duplicate", "mean", version: "2") == [0, 0])
  }

  @Test func `more than may be held is decided on early`() throws {
    let monitor = try monitor(Self.text("duplicates: drop"))
    var filter = try #require(RepeatFilter(monitor, byteLimit: 0))
    var shard = Shard(try Self.plan(Self.text("duplicates: drop")))
    var position = StreamPosition()
    let lines = (0..<60).map { Self.line("\($0 % 50)", $0) }
    unsafe withChunk(lines) { chunk in
      _ = unsafe shard.take(chunk, at: ChunkOrigin(order: 0, offset: 0), after: &position)
    }
    filter.release(before: .min, from: &shard)
    #expect(filter.hurried == 60 && filter.repeats == 10)
    #expect(shard.take(through: nil).events == 50)
  }

  @Test func `beyond the limit the ids that came first are forgotten`() {
    var recent = RecentIDs(horizon: .max / 2, limit: 1_000)
    func isKnown(_ number: Int, at time: Int) -> Bool {
      let id = EventID(high: UInt64(number) &* 0x9E37_79B9_7F4A_7C15, low: UInt64(number))
      return recent.insert(id, version: 1, at: Int64(time))
    }
    for index in 0..<20_000 {
      #expect(!isKnown(index, at: index))
      #expect(isKnown(max(0, index - 999), at: index))
    }
    #expect(recent.forgotten == 19_000)
    #expect(!isKnown(0, at: 20_000))
  }

  @Test func `a monitor that does not ask has no such signal and holds no ids`() throws {
    let plan = try Self.plan(Self.text())
    #expect(plan.duplicateSignal == nil && plan.identity == nil)
    #expect(DuplicateBook(plan) == nil)
  }

  @Test func `a feature of a later time than its prediction is told of`() throws {
    let text = Self.text("feature_times: [f, {field: g, unit: ms}]")
    func line(_ second: Int, _ times: String) -> String {
      "{\"ts\":\(Self.start + second),\"x\":5\(times)}"
    }
    let reference = (0..<10).map { line($0, ",\"f\":\(Self.start)") }
    let plan = try Self.plan(text, reference: reference)
    let lines = [
      line(100, ",\"f\":\(Self.start + 40)"),
      line(100, ",\"f\":\"2026-01-01T00:01:00Z\",\"g\":\((Self.start + 130) * 1_000)"),
      line(100, ",\"f\":\(Self.start + 100)"),
      line(100, ",\"f\":null"),
      line(100, ",\"f\":\"soon\""),
    ]
    let output = Self.run(plan, [lines])
    #expect(Self.values(output, "lookahead", "mean") == [1.0 / 3])
    #expect(Self.values(output, "lookahead", "missing") == [1])
    #expect(Self.values(output, "lookahead", "invalid") == [1])
    #expect(Self.values(output, "feature_age", "min") == [-30])
    #expect(Self.values(output, "feature_age", "max") == [60])
  }

  @Test func `numbers outside of the reference's range are counted`() throws {
    let plan = try Self.plan(Self.text())
    let lines = [-1, 0, 50, 99, 100, 1_000].enumerated().map {
      Self.line(nil, $0.offset, x: $0.element)
    }
    let output = Self.run(plan, [lines])
    #expect(Self.values(output, "x", "out_of_range") == [3])
  }

  @Test func `outcomes of an earlier time than their prediction are a share that rules ask for`()
    throws
  {
    let rules = "rules: [{alert: Early, expr: early(quality) > 5%}]"
    let plan = try JoinStream.plan("{window: 1h, horizon: 2h, maturity: 50%}", rules: rules)
    func lines(early: Int) -> [[String]] {
      (0..<60).map { JoinStream.prediction("\($0)", Double($0)) }.map { [$0] }
        + (0..<60).map { index in
          [JoinStream.outcome("\(index)", Double(index) + (index < early ? -1 : 1), "1")]
        } + JoinStream.ticks(60..<200).map { [$0] }
    }
    #expect(Self.run(plan, lines(early: 0)).notices.isEmpty)
    #expect(!Self.run(plan, lines(early: 20)).notices.isEmpty)
  }
}
