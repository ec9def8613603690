import Events
import Expressions
import Foundation
import Records
import Statistics
import TestSupport
import Testing

@testable import Monitoring
@testable import Specification

/// What windows are compared with, against a recomputation from the events.
@Suite struct ReferenceEngineTests {
  struct Event {
    var time: Int
    var category: String
    var group: String?

    var line: String {
      "{\"ts\":\(time),\"c\":\"\(category)\"" + (group.map { ",\"g\":\"\($0)\"" } ?? "") + "}"
    }
  }

  /// Monday, 12 February 2024.
  static let start = 1_707_696_000
  static let hour = 3600

  static func text(_ reference: String) -> String {
    """
    model: m
    events: {prediction: {time: ts, features: [{field: c, type: category}, g], segments: [g]}}
    reference: {profile: p, \(reference)}
    windows: {two: {size: 2h, slide: 1h}, part: {size: 90m, slide: 30m}, day: {calendar: day}}
    lateness: 1m
    """
  }

  /// Days of events whose categories depend on the hour and the group.
  static func events(
    _ random: inout SeededGenerator,
    from start: Int,
    hours: Int,
    isReference: Bool
  ) -> [Event] {
    var events: [Event] = []
    var time = start + 17
    while time < start + hours * hour {
      let group: String? =
        switch random.below(isReference ? 20 : 24) {
        case ..<11: "x"
        case ..<19: "y"
        case 19: nil
        default: "new"
        }
      let season = (time / hour) % 24 < 12
      let draw = random.below(10)
      var category = draw < (season ? 6 : 3) ? "a" : draw < (group == "x" ? 8 : 7) ? "b" : "c"
      if !isReference, random.below(50) == 0 { category = "unknown" }
      events.append(Event(time: time, category: category, group: group))
      // A night without events now and then.
      time += random.below(isReference ? 400 : 300) + (random.below(1500) == 0 ? 7 * hour : 1)
    }
    return events
  }

  static func reference(_ events: [Event], _ monitor: Monitor) throws -> Profile {
    let lines = events.map(\.line)
    let first = try profile(lines, monitor).profile
    guard monitor.reference.needsTable else { return first }
    var builder = try ReferenceTableBuilder(monitor, first)
    var position = StreamPosition()
    unsafe withChunk(lines) { chunk in
      _ = unsafe builder.take(chunk, at: ChunkOrigin(order: 0, offset: 0), after: &position)
    }
    let finished = builder.finish()
    return try #require(finished)
  }

  @Test(arguments: [
    "rolling: 30h", "rolling: 30h, strata: g", "same_hour: 1w", "same_hour: 1w, strata: g",
    "strata: g",
  ])
  func `every comparison is with the events that it says`(reference: String) throws {
    let seed: UInt64 = 17
    var random = SeededGenerator(seed: seed)
    let monitor = try monitor(Self.text(reference))
    let before = Self.events(
      &random,
      from: Self.start - 15 * 24 * Self.hour,
      hours: 15 * 24,
      isReference: true
    )
    let profile = try Self.reference(before, monitor)
    let days = monitor.reference.isSeasonal ? 9 : 3
    let events = Self.events(
      &random,
      from: Self.start + 5 * 600,
      hours: days * 24,
      isReference: false
    )
    var feeding = Feeding(try Plan(monitor: monitor, profile: profile))
    var rest = events[...]
    while !rest.isEmpty {
      feeding.feed(rest.prefix(97).map(\.line))
      rest = rest.dropFirst(97)
      feeding.close()
    }
    feeding.finish()
    let oracle = ReferenceOracle(monitor.reference, reference: before, stream: events)
    var compared: [ReferenceBasis: Int] = [:]
    for view in feeding.output.measured {
      let expected = oracle.expected(view)
      for (statistic, value) in expected.values {
        let found = view.measurements.first { $0.signal == "c" && $0.statistic == statistic }
        let place = "\(view.window) \(view.segment ?? "") \(view.start) \(statistic)"
        guard let value else {
          #expect(found == nil, "\(place), seed \(seed)")
          continue
        }
        compared[expected.basis, default: 0] += 1
        let got = try #require(found?.value.value, "\(place), seed \(seed)")
        #expect(abs(got - value) <= 1e-9 * max(1, value), "\(place), seed \(seed)")
      }
    }
    switch monitor.reference.period {
    case nil: #expect(compared[.profile, default: 0] > 100)
    case .rolling: #expect(compared[.rolling, default: 0] > 100)
    case .sameHour:
      #expect(compared[.profileHours, default: 0] > 100)
      #expect(compared[.sameHour, default: 0] > 100)
    }
  }
}

/// What each window is compared with, worked out from all events.
struct ReferenceOracle {
  typealias Event = ReferenceEngineTests.Event

  private let specification: ReferenceSpecification
  private let reference: [Event]
  private let byHour: [Int: [Event]]
  private let stream: [Event]
  private let coveredFrom: Int

  private static let hour = 3600
  private static let pane = 1800

  init(_ specification: ReferenceSpecification, reference: [Event], stream: [Event]) {
    self.specification = specification
    self.reference = reference
    self.stream = stream
    byHour = Dictionary(grouping: stream) { $0.time / Self.hour }
    let first = stream[0].time / Self.pane * Self.pane
    coveredFrom = (first + Self.hour - 1) / Self.hour
  }

  private func counts(_ events: [Event]) -> [UInt64] {
    let names = ["a", "b", "c"]
    return names.map { name in UInt64(events.count { $0.category == name }) }
      + [UInt64(events.count { !names.contains($0.category) })]
  }

  /// The shares of some events of the past, by weight, drawn towards a pool.
  private func shares(_ parts: [Int: [Event]], _ pool: [Event]?) -> ReferenceShares? {
    let own = ReferenceShares(
      weighted: parts.sorted { $0.key < $1.key }.map {
        (Double($0.key) / Double(Self.hour), counts($0.value))
      }
    )
    guard let own, let pool, let pooled = ReferenceShares(counts: counts(pool)) else { return own }
    return .shrunk(own, toward: pooled, strength: 200, bins: [1, 2, 3, 4])
  }

  /// The values of psi, within and mix of one part of a window; nil where there is none.
  func expected(_ view: MeasuredPart) -> (basis: ReferenceBasis, values: [String: Double?]) {
    let (start, end) = (Int(view.start / 1_000_000_000), Int(view.end / 1_000_000_000))
    let group = view.segment.map { String($0.dropFirst(2)) }
    let inWindow = (start / Self.hour...end / Self.hour).flatMap { byHour[$0] ?? [] }
      .filter { $0.time >= start && $0.time < end }
    let isOfPart = { (event: Event) in group == nil || (event.group ?? "__missing__") == group }
    let window = inWindow.filter(isOfPart)
    let high = start / Self.hour
    let length = Int((specification.period?.length.nanoseconds ?? 0) / 1_000_000_000) / Self.hour
    let isCovered = coveredFrom <= high - length
    let past = (high - length..<high).flatMap { byHour[$0] ?? [] }
    var parts: [Int: [Event]] = [:]
    var pool: [Event]?
    let basis: ReferenceBasis
    switch specification.period {
    case nil:
      basis = .profile
      parts = [Self.hour: reference]
    case .rolling:
      basis = isCovered ? .rolling : .waiting
      if isCovered { parts = [Self.hour: past] }
    case .sameHour:
      basis = isCovered ? .sameHour : .profileHours
      let source = isCovered ? past : reference
      pool = source.filter(isOfPart)
      let first = (inWindow.first?.time ?? 0) / Self.pane * Self.pane
      let last = ((inWindow.last?.time ?? 0) / Self.pane + 1) * Self.pane
      for (weight, slots) in weights(from: first, to: last) {
        parts[weight] = source.filter { slots.contains($0.time / Self.hour % 168) }
      }
    }
    let ofPart = parts.mapValues { $0.filter(isOfPart) }
    let isNameless = group == "__missing__" || basis == .profile && group == "new"
    guard !parts.isEmpty, !isNameless, let plain = shares(ofPart, pool),
      basis == .profile || basis == .profileHours
        || (pool ?? ofPart.values.flatMap { $0 }).count >= 100
    else { return (basis, ["psi": nil, "within": nil, "mix": nil]) }
    var values = ["psi": index(plain.counts, counts(window))]
    if specification.strata != nil {
      let adjusted = adjusted(window, ofPart, pool)
      values["within"] = adjusted.flatMap { index($0.reference.counts, $0.current) }
      values["mix"] = adjusted.flatMap {
        populationStability(reference: plain.counts, current: $0.reference.counts)
      }
    }
    return (basis, values)
  }

  /// The index; of fewer than 30 events none, unless all of both sides are in one bin.
  private func index(_ reference: [UInt64], _ current: [UInt64]) -> Double? {
    let (n, m) = (reference.reduce(0, +), current.reduce(0, +))
    if m > 0, zip(reference, current).contains(where: { $0 == n && $1 == m }) { return 0 }
    return min(n, m) < 30 ? nil : populationStability(reference: reference, current: current)
  }

  /// The hours of the week between two times, by how many seconds of them lie there.
  private func weights(from start: Int, to end: Int) -> [Int: Set<Int>] {
    var seconds: [Int: Int] = [:]
    for time in stride(from: start, to: end, by: Self.pane) {
      seconds[time / Self.hour % 168, default: 0] += Self.pane
    }
    return Dictionary(grouping: seconds.keys) { seconds[$0] ?? 0 }.mapValues { Set($0) }
  }

  private func adjusted(
    _ window: [Event],
    _ parts: [Int: [Event]],
    _ pool: [Event]?
  ) -> (reference: ReferenceShares, current: [UInt64])? {
    var strata: [(weight: Double, reference: ReferenceShares)] = []
    var current: [Event] = []
    let values = Set(window.map(\.group))
    for value in values.sorted(by: { ($0 ?? "~") < ($1 ?? "~") }) {
      let own = window.filter { $0.group == value }
      let shares = shares(
        parts.mapValues { $0.filter { $0.group == value } },
        pool?.filter { $0.group == value }
      )
      guard let shares else { continue }
      strata.append((Double(own.count), shares))
      current += own
    }
    return ReferenceShares.mixed(strata).map { ($0, counts(current)) }
  }
}
