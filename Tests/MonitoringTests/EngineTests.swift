import Events
import Foundation
import Sketches
import Statistics
import Testing

@testable import Monitoring
import TestSupport

/// The engine against a recomputation of every window, event by event.
@Suite struct EngineTests {
  /// An event as it was written, and as it counts.
  struct Event {
    var line: String
    var time: Int64
    var number: Double?
    var isNumberMissing = false
    var category: String?
    var isCategoryMissing = false
    var group: String
  }

  static let second: Int64 = 1_000_000_000
  static let lateness: Int64 = 360
  static let start = 1_600_000_000

  static let text = """
    model: m
    events:
      prediction:
        time: {field: ts, unit: s}
        features: [{field: x, type: number}, {field: c, type: category}]
        segments: [g]
    windows:
      short: {size: 10m, slide: 10m}
      long: {size: 35m, slide: 5m}
      day: {calendar: day}
    slide: 5m
    lateness: 6m
    future: 3d
    limits: {segment_values: 4}
    """

  static func event(at time: Int, _ random: inout SeededGenerator, isReference: Bool) -> Event {
    var event = Event(line: "", time: Int64(time) * second, group: "g\(random.below(3))")
    var members = ["\"ts\":\(time)"]
    switch isReference ? 9 : random.below(12) {
    case 0: event.isNumberMissing = true
    case 1:
      event.isNumberMissing = true
      members.append("\"x\":null")
    case 2: members.append("\"x\":\"1\"")
    case 3: members.append("\"x\":true")
    default:
      let number = (random.uniform() * 40).rounded() / 4
      event.number = number
      members.append("\"x\":\(number)")
    }
    switch isReference ? 9 : random.below(10) {
    case 0: event.isCategoryMissing = true
    case 1: members.append("\"c\":[1]")
    case 2:
      event.category = "new\(random.below(9))"
    default:
      event.category = ["a", "b", "é\"c"][random.below(3)]
    }
    if let category = event.category {
      members.append("\"c\":\"\(category.replacing("\"", with: "\\\""))\"")
    }
    switch isReference ? 9 : random.below(14) {
    case 0: event.group = "__missing__"
    case 1: event.group = "late-comer"
    default: break
    }
    if event.group != "__missing__" { members.append("\"g\":\"\(event.group)\"") }
    members.shuffle(using: &random)
    event.line = "{\(members.joined(separator: ","))}"
    return event
  }

  /// Half a day with bursts, gaps of hours and events out of order, some of them too late.
  static func stream(_ random: inout SeededGenerator) -> [Event] {
    var time = start
    var events: [Event] = []
    for _ in 0..<1200 {
      switch random.below(200) {
      case 0: time += 3600 * (1 + random.below(9))
      case 1...40: time += 120
      default: time += random.below(12)
      }
      let delay = random.below(30) == 0 ? random.below(1500) : random.below(300)
      events.append(event(at: time - delay, &random, isReference: false))
    }
    return events
  }

  /// The events that are not late, by the stream's clock event by event.
  static func accepted(_ events: [Event]) -> [Event] {
    let rules = ClockRules(
      lateness: lateness * second,
      future: 3 * 86_400 * second,
      paneWidth: 300 * second
    )
    var clock = StreamClock()
    var refused: Set<Int> = []
    for (line, event) in events.enumerated() {
      switch clock.take(event.time, rules) {
      case .counted: break
      case .late: refused.insert(line)
      case .waits:
        clock.hold(WaitingEvent(time: event.time, line: line, offset: 0, order: 0, bytes: []))
      }
      guard clock.canSettle(at: line, rules) else { continue }
      refused.formUnion(clock.settle(at: line, rules).refused.map(\.event.line))
    }
    refused.formUnion(clock.finish(rules).refused.map(\.event.line))
    return events.enumerated().filter { !refused.contains($0.offset) }.map(\.element)
  }

  /// The windows that hold events: name, start and events.
  static func windows(_ events: [Event]) -> [(name: String, start: Int64, events: [Event])] {
    guard let last = events.map(\.time).max() else { return [] }
    var windows: [(String, Int64, [Event])] = []
    for (name, size, slide) in [("short", 600, 600), ("long", 2100, 300), ("day", 86_400, 86_400)] {
      let (size, slide) = (Int64(size) * second, Int64(slide) * second)
      let pane = 300 * second
      var end = (floorDivide(events.map(\.time).min() ?? 0, slide) + 1) * slide
      while end - slide <= floorDivide(last, pane) * pane {
        let inside = events.filter { $0.time >= end - size && $0.time < end }
        if !inside.isEmpty { windows.append((name, end - size, inside)) }
        end += slide
      }
    }
    return windows
  }

  @Test(arguments: [UInt64](1...4))
  func `every window is what its events make it, one by one`(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let monitor = try monitor(Self.text)
    let reference = (0..<1500).map { Self.event(at: $0, &random, isReference: true).line }
    let profile = try profile(reference, monitor).profile
    let plan = try Plan(monitor: monitor, profile: profile)
    let events = Self.stream(&random)
    var feeding = Feeding(plan, capacity: [1, 3, 64, 512][random.below(4)])
    var rest = events[...]
    while !rest.isEmpty {
      let count = 1 + random.below(200)
      feeding.feed(rest.prefix(count).map(\.line))
      rest = rest.dropFirst(count)
      if random.below(3) == 0 { feeding.close() }
    }
    feeding.finish()
    let accepted = Self.accepted(events)
    #expect(feeding.position.events == accepted.count, "seed \(seed)")
    #expect(feeding.refused.count == events.count - accepted.count, "seed \(seed)")
    #expect(accepted.count < events.count, "no event was late, seed \(seed)")
    var records = try feeding.metrics()
    let windows = Self.windows(accepted)
    #expect(windows.count == feeding.output.windows, "seed \(seed)")
    for window in windows {
      let groups = [""] + Set(window.events.map(\.group)).sorted()
      for group in groups {
        let inside = group.isEmpty ? window.events : window.events.filter { $0.group == group }
        let part = group.isEmpty ? "" : "g=\(group)"
        let prefix = "\(window.name)|\(Timestamp.format(window.start))|\(part)|"
        for (key, value) in try Self.expected(inside, group, profile) {
          let found = records.removeValue(forKey: prefix + "|" + key)
          let record = try #require(found, "no \(prefix)|\(key), seed \(seed)")
          let got = try #require((record["value"] as? NSNumber)?.doubleValue)
          if abs(got - value) > 1e-12 * max(1, abs(value)) {
            Issue.record("\(prefix)\(key): \(got), not \(value), seed \(seed)")
          }
        }
      }
    }
    let compared = [
      "x|count", "c|count", "missing", "invalid", "unseen", "mean", "min", "max", "psi",
    ]
    let left = records.keys.filter { key in compared.contains { key.hasSuffix("|" + $0) } }
    #expect(left.isEmpty, "not expected: \(left.sorted().prefix(3)), seed \(seed)")
  }

  /// The statistics of some events, from their definitions.
  private static func expected(
    _ events: [Event],
    _ group: String,
    _ profile: Profile
  ) throws -> [String: Double] {
    var values: [String: Double] = [:]
    let numbers = events.compactMap(\.number)
    let categories = events.compactMap(\.category)
    values["x|count"] = Double(events.count)
    values["c|count"] = Double(events.count)
    values["x|missing"] = Double(events.count(where: \.isNumberMissing))
    values["c|missing"] = Double(events.count(where: \.isCategoryMissing))
    values["x|invalid"] = Double(
      events.count - numbers.count - events.count(where: \.isNumberMissing)
    )
    values["c|invalid"] = Double(
      events.count - categories.count - events.count(where: \.isCategoryMissing)
    )
    let invalid = ["x|invalid", "c|invalid"].reduce(0) { $0 + (values[$1] ?? 0) }
    if invalid > 0 { values["events|invalid"] = invalid }
    let known = ["a", "b", "é\"c"]
    let unseen = categories.filter { !known.contains($0) }
    values["c|unseen"] = Double(unseen.count)
    if !categories.isEmpty { values["c|distinct"] = Double(Set(categories).count) }
    if let least = numbers.min(), let most = numbers.max() {
      values["x|min"] = least
      values["x|max"] = most
      values["x|mean"] = numbers.reduce(0, +) / Double(numbers.count)
    }
    let value = profile.segments[0].values.firstIndex(of: Array(group.utf8))
    for signal in profile.signals {
      var reference = signal.counts
      if !group.isEmpty {
        guard let value, let counts = signal.counts(segment: 0, value: value) else { continue }
        reference = counts
      }
      var current: [UInt64]
      switch signal.reference {
      case .number(let number):
        guard !numbers.isEmpty else { continue }
        var cells = [UInt64](repeating: 0, count: number.grid.cellCount)
        for present in numbers { cells[number.grid.bins.cell(of: present)] += 1 }
        reference = number.grid.decileCounts(reference)
        current = number.grid.decileCounts(cells)
      case .category:
        guard !categories.isEmpty else { continue }
        current = known.map { name in UInt64(categories.count { $0 == name }) }
        current.append(UInt64(unseen.count))
        reference.append(0)
      }
      let sizes = [reference, current].map { $0.reduce(0, +) }
      guard sizes.allSatisfy({ $0 >= ComparedBins.indexMinimum }) else { continue }
      values["\(signal.name)|psi"] = populationStability(reference: reference, current: current)
    }
    return values
  }
}
