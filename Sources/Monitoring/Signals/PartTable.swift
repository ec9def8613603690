internal import Expressions
internal import Records
internal import Specification
public import Standing

/// What is known of each version and of each segment's value, for those who look at parts.
///
/// Memory does not depend on the length of the stream: a part is a few numbers, and there are at most
/// `limit` of them.
struct PartTable: Sendable {
  private let watching: PartWatching
  /// The window in which parts are judged, by its index.
  private let window: Int
  private var parts: [PartName: TrafficPart] = [:]
  private var table: TrafficParts
  /// The parts that were in the newest window.
  private var present: Set<PartName> = []

  /// The most parts that are known; of further ones nothing is said.
  ///
  /// A pane has fewer than 600, and versions come and go.
  static let limit = 4096

  init(_ plan: Plan, _ watching: PartWatching) {
    self.watching = watching
    window = watching.window(of: plan.monitor)
    table = TrafficParts(window: plan.monitor.windows[window].name)
  }

  /// Whether parts are judged in a window.
  ///
  /// - Parameters:
  ///   - index: Its index among the monitor's.
  ///   - start: Its start, in nanoseconds since 1970.
  /// - Returns: Whether it is the kind of window for it, and behind the last one where none may overlap.
  func isDue(in index: Int, from start: Int64) -> Bool {
    guard index == window else { return false }
    guard case .surest = watching, let end = table.newestEnd else { return true }
    return start >= end
  }

  /// Counts the events of a pane.
  mutating func add(_ pane: PaneCounts, _ plan: Plan) {
    for (key, counts) in zip(pane.keys, pane.groups) {
      table.events += Int(counts.events)
      for dimension in plan.dimensions.indices {
        let name = PartName.part(dimension: dimension, key.values[dimension])
        update(name, plan) { $0.events += Int(counts.events) }
      }
    }
  }

  /// Begins another newest window.
  mutating func begin(_ whole: JudgedPart) {
    table.newestEvents = whole.part.events
    table.newestEnd = whole.end
    for name in present {
      parts[name]?.newestEvents = 0
      parts[name]?.newest = nil
    }
    present = []
  }

  /// Takes in a part of the newest window.
  mutating func insert(_ judged: JudgedPart, _ plan: Plan) {
    let drift = judged.surestDrift(plan)
    update(judged.part.name, plan) { part in
      part.newestEvents = judged.part.events
      part.newest = drift
      if let drift, drift.excess > part.surest?.excess ?? 0 { part.surest = drift }
      if part.version != nil {
        part.numbers = judged.sideBySide(plan)
        part.numbersEnd = judged.end
      }
    }
    present.insert(judged.part.name)
  }

  private mutating func update(
    _ name: PartName,
    _ plan: Plan,
    _ change: (inout TrafficPart) -> Void
  ) {
    if parts[name] == nil {
      guard parts.count < Self.limit else { return }
      let names = plan.names(of: name)
      parts[name] = TrafficPart(
        version: names.version,
        segment: names.segment,
        events: 0,
        newestEvents: 0
      )
    }
    if let place = parts.index(forKey: name) { change(&parts.values[place]) }
  }

  /// The parts by dimension, the largest of each first.
  func parts(_ plan: Plan) -> TrafficParts {
    var table = table
    for (index, dimension) in plan.dimensions.enumerated() {
      var own: [(name: PartName, part: TrafficPart)] = []
      for (name, part) in parts {
        if case .part(index, _) = name { own.append((name, part)) }
      }
      own.sort { a, b in
        a.part.events == b.part.events ? a.name < b.name : a.part.events > b.part.events
      }
      guard !own.isEmpty else { continue }
      let segment = dimension.segment == nil ? nil : dimension.name
      table.dimensions.append(TrafficParts.Dimension(segment: segment, parts: own.map(\.part)))
    }
    return table
  }
}

extension JudgedPart {
  /// What versions are held beside each other by, where the monitor has it.
  func sideBySide(_ plan: Plan) -> [Measurement] {
    var asked: [(String, StatisticName)] = [(latencyName, .p99), (failureName, .mean)]
    asked += plan.kpis.map { ($0.name, .value) }
    return asked.compactMap { signal, statistic in
      value(statistic, signal, nil, plan).map {
        Measurement(signal: signal, statistic: statistic.rawValue, value: $0)
      }
    }
  }

  /// The drift of the signal that is furthest beyond its limit, by the lower bound.
  ///
  /// - Returns: `nil` where nothing is sure of any signal.
  func surestDrift(_ plan: Plan) -> TrafficPart.Drift? {
    var surest: TrafficPart.Drift?
    for (index, criterion) in plan.windows[windowIndex].criteria.enumerated() {
      // A bound is below its index: where that does not reach the surest, nothing is worked out.
      let least = (surest?.excess ?? 0) * max(criterion.tolerance, 1e-9)
      let drift = part.driftBins(of: index, plan)?.drift(criterion, exactFrom: least)
      guard let drift, drift.driftBound > least else { continue }
      surest = TrafficPart.Drift(
        signal: plan.signals[index].name,
        drift: drift,
        tolerance: criterion.tolerance,
        end: end
      )
    }
    return surest
  }
}

extension Engine {
  /// The versions and the segments' values beside each other; `nil` unless the engine keeps them.
  public var trafficParts: TrafficParts? { windows.parts?.parts(plan) }
}
