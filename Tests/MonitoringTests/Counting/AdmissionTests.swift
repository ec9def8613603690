import Events
import Testing

@testable import Monitoring
import TestSupport

/// More values of a dimension than there is room for, in any order.
@Suite struct AdmissionTests {
  static let text = """
    model: m
    events:
      prediction:
        time: {field: ts, unit: s}
        version: v
        score: s
        segments: [g]
    windows: {hour: {size: 1h, slide: 1m}}
    slide: 1m
    lateness: 1h
    limits: {segment_values: 6, versions: 3}
    """

  static func plan() throws -> Plan {
    let monitor = try monitor(text)
    let reference = (0..<100).map { "{\"ts\":\($0),\"s\":\($0 % 7),\"g\":\"known\($0 % 2)\"}" }
    return try Plan(monitor: monitor, profile: profile(reference, monitor).profile)
  }

  static func stream(_ random: inout SeededGenerator, count: Int, minutes: Int) -> [String] {
    (0..<count).map { _ in
      let group =
        random.below(4) == 0 ? "known\(random.below(2))" : "new\(random.below(40))"
      let time = 1_600_000_000 + random.below(60 * minutes)
      let version = random.below(5) == 0 ? "null" : "\"v\(random.below(8))\""
      return "{\"ts\":\(time),\"s\":\(random.below(9)),\"g\":\"\(group)\",\"v\":\(version)}"
    }
  }

  private static func metrics(
    _ lines: [String],
    _ plan: Plan,
    capacity: Int,
    chunk: Int
  ) -> [UInt8] {
    var feeding = Feeding(plan, capacity: capacity)
    var rest = lines[...]
    while !rest.isEmpty {
      feeding.feed(rest.prefix(chunk))
      rest = rest.dropFirst(chunk)
      feeding.close()
    }
    feeding.finish()
    #expect(feeding.refused.isEmpty)
    return feeding.output.metricRecords
  }

  @Test(arguments: [UInt64](1...3))
  func `what is kept depends on the events, not on order, batches or workers`(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let plan = try Self.plan()
    // Up to 40 open panes of which 16 are held as arrays, so that the others are sealed and opened.
    let lines = Self.stream(&random, count: 250, minutes: 40)
    let expected = Self.metrics(lines, plan, capacity: 1, chunk: 1000)
    #expect(!expected.isEmpty)
    for (capacity, chunk) in [(512, 1000), (4096, 1000), (7, 1000), (64, 90), (1, 3)] {
      var shuffled = lines
      shuffled.shuffle(using: &random)
      let got = Self.metrics(shuffled, plan, capacity: capacity, chunk: chunk)
      #expect(got == expected, "batches of \(capacity), chunks of \(chunk), seed \(seed)")
    }
  }

  @Test func `a batch of nothing but new values ends`() throws {
    let plan = try Self.plan()
    let lines = (0..<2500).map { "{\"ts\":1600000000,\"s\":1,\"g\":\"n\($0)\",\"v\":\"\($0)\"}" }
    let one = Self.metrics(lines, plan, capacity: 1, chunk: 2500)
    #expect(Self.metrics(lines, plan, capacity: 4096, chunk: 2500) == one)
  }

  @Test func `the reference's values are always kept`() throws {
    let plan = try Self.plan()
    var random = SeededGenerator(seed: 12)
    var feeding = Feeding(plan)
    feeding.feed(Self.stream(&random, count: 2000, minutes: 5))
    feeding.finish()
    let metrics = try feeding.metrics()
    let starts = Set(metrics.keys.map { $0.split(separator: "|")[1] })
    #expect(!starts.isEmpty)
    for start in starts {
      for value in ["known0", "known1", "__other__"] {
        #expect(metrics["hour|\(start)|g=\(value)||score|count"] != nil, "\(value) at \(start)")
      }
      let segments = metrics.keys.filter { $0.hasPrefix("hour|\(start)|g=") }
      #expect(Set(segments.map { $0.split(separator: "|")[2] }).count <= 6 + 2)
    }
  }
}
