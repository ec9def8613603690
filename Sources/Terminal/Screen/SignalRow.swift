internal import Records
internal import Standing

/// How the table of signals is sorted.
public enum SignalOrder: String, Sendable, CaseIterable {
  /// The most above its tolerance first.
  case drift
  /// By name.
  case name
  /// The largest share of values that cannot be used first.
  case missing

  /// The next one.
  var next: SignalOrder {
    switch self {
    case .drift: .name
    case .name: .missing
    case .missing: .drift
    }
  }
}

/// One signal in one window, as a row of the table.
struct SignalRow: Equatable {
  var comparison: Snapshot.Comparison
  /// The statistics, by name.
  var statistics: [String: StatisticValue]

  var name: String { comparison.signal }
  var drift: StatisticValue? { statistics["drift"] }
  var hasDrifted: Bool { (drift?.driftBound ?? 0) > comparison.tolerance }

  /// The values behind it: those of drift, else all that are there.
  var n: Int {
    if let drift { return drift.n }
    guard let events = statistics["count"]?.n else { return 0 }
    let absent = (statistics["missing"]?.value ?? 0) + (statistics["invalid"]?.value ?? 0)
    return Int(exactly: (Double(events) - absent).rounded()) ?? events
  }

  /// The share of the window's events without a usable value: missing or invalid.
  var unusableShare: Double? {
    if let share = statistics["unusable"] { return share.value }
    guard let missing = statistics["missing"], missing.n > 0 else { return nil }
    return (missing.value + (statistics["invalid"]?.value ?? 0)) / Double(missing.n)
  }

  /// The lower bound as a multiple of the tolerance.
  var excess: Double {
    guard let low = drift?.driftBound else { return -1 }
    return comparison.tolerance > 0 ? low / comparison.tolerance : low > 0 ? .infinity : 0
  }

  /// Of what nothing can be told stands before all that moved.
  private var rank: Double { comparison.untold == nil ? excess : .infinity }

  /// Whether the row stands before another one.
  func precedes(_ other: SignalRow, by order: SignalOrder) -> Bool {
    switch order {
    case .name: break
    case .drift:
      let mine = (-rank, -(drift?.psi ?? -1))
      let theirs = (-other.rank, -(other.drift?.psi ?? -1))
      if mine != theirs { return mine < theirs }
    case .missing:
      let mine = -(unusableShare ?? -1)
      let theirs = -(other.unusableShare ?? -1)
      if mine != theirs { return mine < theirs }
    }
    return name < other.name
  }
}

extension Snapshot {
  /// The newest window of each kind.
  var windows: [MeasuredPart] {
    views.filter { view in
      view.stage == nil && view.measurements.contains { !$0.signal.hasPrefix(Self.budgetPrefix) }
    }
  }

  /// The newest quality window that rules look at.
  var quality: MeasuredPart? { views.last { $0.stage != nil } }

  /// The windows of error budgets.
  var budgetViews: [MeasuredPart] {
    views.filter { view in view.measurements.allSatisfy { $0.signal.hasPrefix(Self.budgetPrefix) } }
  }

  /// The signals of a window in an order.
  func rows(of window: MeasuredPart, by order: SignalOrder) -> [SignalRow] {
    var statistics: [String: [String: StatisticValue]] = [:]
    for measurement in window.measurements {
      statistics[measurement.signal, default: [:]][measurement.statistic] = measurement.value
    }
    return comparisons.filter { $0.window == window.window }
      .map { SignalRow(comparison: $0, statistics: statistics[$0.signal] ?? [:]) }
      .sorted { $0.precedes($1, by: order) }
  }
}

extension MeasuredPart {
  /// A statistic of a signal.
  func value(_ signal: String, _ statistic: String) -> StatisticValue? {
    measurements.first { $0.signal == signal && $0.statistic == statistic }?.value
  }
}
