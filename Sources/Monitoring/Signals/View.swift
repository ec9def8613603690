internal import Events
internal import Sketches

/// Which part of the traffic is looked at.
enum ViewName: Hashable, Sendable, Comparable {
  /// All of it.
  case whole
  /// One value of a dimension, by the dimension's index.
  case part(dimension: Int, DimensionValue)
}

/// One part of the traffic in one window: the sums over its keys.
struct View: Sendable {
  let name: ViewName
  let keys: [GroupKey]
  let sums: GroupSums
  /// The panes of the window.
  let panes: Range<Int>
  /// The counts by stratum, where drift is judged within strata.
  var strata: [StratumCounts] = []
  /// What the part is compared with.
  var reference = ReferenceCounts.profile

  /// The number of events.
  var events: Int { Int(sums.events) }
}

extension WindowState {
  /// The whole and each value of each dimension, in a fixed order; parts without events are left out.
  func views(_ plan: Plan) -> [View] {
    let keys = groups.keys.sorted()
    guard !keys.isEmpty else { return [] }
    var views = [view(.whole, keys, plan)]
    for dimension in plan.dimensions.indices {
      var byValue: [DimensionValue: [GroupKey]] = [:]
      for key in keys { byValue[key.values[dimension], default: []].append(key) }
      for value in byValue.keys.sorted() {
        views.append(view(.part(dimension: dimension, value), byValue[value] ?? [], plan))
      }
    }
    return views
  }

  /// A part of the traffic of which nothing is in the window.
  func emptyView(_ name: ViewName, _ plan: Plan) -> View {
    View(name: name, keys: [], sums: GroupSums(plan), panes: panes)
  }

  private func view(_ name: ViewName, _ keys: [GroupKey], _ plan: Plan) -> View {
    var sums = groups[keys[0]] ?? GroupSums(plan)
    for key in keys.dropFirst() {
      if let more = groups[key] { sums.merge(more) }
    }
    return View(name: name, keys: keys, sums: sums, panes: panes, strata: strata(keys, plan))
  }

  /// The counts of each value of the strata's field.
  private func strata(_ keys: [GroupKey], _ plan: Plan) -> [StratumCounts] {
    guard let dimension = plan.strataDimension else { return [] }
    var byValue: [DimensionValue: [UInt64]] = [:]
    for key in keys {
      guard let counts = groups[key]?.counts else { continue }
      if var sums = byValue.removeValue(forKey: key.values[dimension]) {
        for index in sums.indices { sums[index] &+= counts[index] }
        byValue[key.values[dimension]] = sums
      } else {
        byValue[key.values[dimension]] = counts
      }
    }
    return byValue.sorted { $0.key < $1.key }.map { StratumCounts(value: $0.key, counts: $0.value) }
  }
}

extension Plan {
  /// How records and alerts name a part of the traffic: one of the two at most.
  func names(of view: ViewName) -> (version: String?, segment: String?) {
    guard case .part(let index, let value) = view else { return (nil, nil) }
    if dimensions[index].segment == nil { return (value.name, nil) }
    return (nil, "\(dimensions[index].name)=\(value.name)")
  }

  /// The profile's counts of a signal that a view is compared with.
  ///
  /// A segment's value is compared with the same value's reference, a version with the whole.
  ///
  /// - Returns: `nil` for a segment's value that the reference does not have.
  func profileCounts(of signal: Signal, in view: ViewName) -> [UInt64]? {
    guard !signal.profile.isUnprofiled else { return nil }
    guard case .part(let index, let value) = view, let segment = dimensions[index].segment else {
      return signal.profile.counts
    }
    guard case .value(let bytes) = value else { return nil }
    guard let position = profile.segments[segment].values.firstIndex(of: bytes) else { return nil }
    return signal.profile.counts(segment: segment, value: position)
  }
}
