internal import Events
internal import Expressions

/// How far one signal moved in one window over a stream.
public struct Movement: Sendable, Equatable {
  /// The signal's name.
  public var signal: String
  /// The window's name.
  public var window: String
  /// How many windows were judged.
  public var judged = 0
  /// How many of them had drifted: the lower bound beyond the tolerance.
  public var drifted = 0
  /// The largest population stability index, with its bound.
  public var worst: StatisticValue?
  /// The end of the window with the largest index, in nanoseconds since 1970.
  public var worstEnd: Int64 = 0
  /// The start of the first window that had drifted, in nanoseconds since 1970.
  public var firstDrift: Int64?
  /// The start of the first of the windows that have drifted without a break up to the last one.
  public var driftingSince: Int64?
  /// Whether the last window judged had drifted.
  public var isDriftedNow = false
  /// What was tolerated, and the confidence of the bound.
  public var tolerance: Double
  /// The confidence of the bound.
  public var confidence: Double
  /// The bins that moved most in the window with the largest index.
  public var moved: [Evidence.BinShares] = []
  /// The window in which the most is sure, with what was counted in it.
  public var surest: Comparison?

  /// One window of a signal beside its reference.
  public struct Comparison: Sendable, Equatable {
    /// The index, its lower bound, and the counts of both sides.
    public var drift: StatisticValue
    /// The window's start, in nanoseconds since 1970.
    public var start: Int64
    /// The window's end, exclusive, in nanoseconds since 1970.
    public var end: Int64
    /// The bins in their order, at most the 20 that weigh most.
    public var histogram: [Evidence.BinShares]
    /// The up to 3 bins that moved most, the first one most.
    public var moved: [Evidence.BinShares]
    /// Up to 5 values that the reference does not know, the most frequent first.
    public var unseen: [Evidence.UnseenCount]
  }
}

/// How far each signal moved in each window.
public struct MovementTable: Sendable {
  /// One row a window and signal, in the monitor's and the plan's order.
  public private(set) var rows: [Movement]
  private let signals: Int

  init(_ plan: Plan) {
    signals = plan.signals.count
    rows = plan.monitor.windows.flatMap { window in
      plan.signals.enumerated().map { index, signal in
        let criterion = plan.criterion(of: index, window: window.name)
        return Movement(
          signal: signal.name,
          window: window.name,
          tolerance: criterion.tolerance,
          confidence: criterion.confidence
        )
      }
    }
  }

  mutating func insert(_ judged: JudgedView, windowIndex: Int, _ plan: Plan) {
    for (index, values) in judged.values.enumerated() {
      guard let drift = values.first(where: { $0.0 == .drift })?.1 else { continue }
      let row = windowIndex * signals + index
      rows[row].judged += 1
      let hasDrifted = (drift.low ?? 0) > rows[row].tolerance
      rows[row].isDriftedNow = hasDrifted
      rows[row].driftingSince = hasDrifted ? rows[row].driftingSince ?? judged.start : nil
      if hasDrifted {
        rows[row].drifted += 1
        rows[row].firstDrift = rows[row].firstDrift ?? judged.start
      }
      if drift.value > rows[row].worst?.value ?? -1 {
        rows[row].worst = drift
        rows[row].worstEnd = judged.end
        rows[row].moved =
          judged.statistics(index, plan).comparison(for: .drift).moved
      }
      compare(row, index, drift, judged, plan)
    }
  }

  /// Keeps the window with the largest lower bound; of equal bounds the one with the larger index.
  private mutating func compare(
    _ row: Int,
    _ index: Int,
    _ drift: StatisticValue,
    _ judged: JudgedView,
    _ plan: Plan
  ) {
    if let surest = rows[row].surest?.drift {
      guard (surest.low ?? 0, surest.value) < (drift.low ?? 0, drift.value) else { return }
    }
    let (all, moved, unseen) = judged.statistics(index, plan).comparison(for: .drift)
    rows[row].surest = Movement.Comparison(
      drift: drift,
      start: judged.start,
      end: judged.end,
      histogram: all,
      moved: moved,
      unseen: unseen
    )
  }
}
