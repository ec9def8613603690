internal import Events
internal import Sketches

/// Which part of the traffic is looked at.
enum PartName: Hashable, Sendable, Comparable {
  /// All of it.
  case whole
  /// One value of a dimension, by the dimension's index.
  case part(dimension: Int, DimensionValue)
}

/// One part of the traffic in one window: the sums over its keys.
struct WindowPart: Sendable {
  let name: PartName
  let keys: [GroupKey]
  let sums: SummaryColumns
  /// The panes of the window.
  let panes: Range<Int>
  /// Where the profile has what the part is compared with.
  let place: ProfilePlace
  /// The counts by stratum, where drift is judged within strata.
  var strata: [StratumCounts] = []
  /// The signals that began anew within the window: what is older is not counted for them.
  var begun: Set<String> = []
  /// What the part is compared with.
  var reference = ReferenceCounts.profile

  /// The number of events.
  var events: Int { Int(sums.events) }
}

extension WindowState {
  /// The whole and each value of each dimension with their keys, in a fixed order; parts without
  /// events are left out.
  func parts(_ plan: Plan) -> [(name: PartName, keys: [GroupKey])] {
    let keys = groups.keys.sorted()
    guard !keys.isEmpty else { return [] }
    var parts = [(name: PartName.whole, keys: keys)]
    for dimension in plan.dimensions.indices {
      var byValue: [DimensionValue: [GroupKey]] = [:]
      for key in keys { byValue[key.values[dimension], default: []].append(key) }
      for (value, keys) in byValue.sorted(by: { $0.key < $1.key }) {
        parts.append((.part(dimension: dimension, value), keys))
      }
    }
    return parts
  }

  /// A part of the traffic; of no keys when nothing of it is in the window.
  func part(_ name: PartName, _ keys: [GroupKey], _ plan: Plan) -> WindowPart {
    var sums = keys.first.flatMap { groups[$0] } ?? SummaryColumns(plan)
    for key in keys.dropFirst() {
      if let more = groups[key] { sums.merge(more) }
    }
    return WindowPart(
      name: name,
      keys: keys,
      sums: sums,
      panes: panes,
      place: plan.place(of: name),
      strata: strata(keys, plan)
    )
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
  func names(of part: PartName) -> (version: String?, segment: String?) {
    guard case .part(let index, let value) = part else { return (nil, nil) }
    if dimensions[index].segment == nil { return (value.name, nil) }
    return (nil, "\(dimensions[index].name)=\(value.name)")
  }
}
