internal import Expressions
public import Records
internal import Specification

/// The whole traffic in the newest window of one kind, for those who look while it happens.
public struct NewestWindow: Sendable, Equatable {
  /// Every number of it, as its metric records have them.
  public var measured: MeasuredView
  /// What its signals are compared with, in the plan's order.
  public var comparisons: [SignalComparison]
}

/// One signal of a window beside its reference.
public struct SignalComparison: Sendable, Equatable {
  /// The signal's name.
  public var signal: String
  /// The largest population stability index that is tolerated.
  public var tolerance: Double
  /// The confidence of its lower bound.
  public var confidence: Double
  /// The bins in their order, at most the 20 that weigh most; none without a reference.
  public var histogram: [Evidence.BinShares]
}

extension Engine {
  /// The newest window of each kind that was judged, in the monitor's order.
  ///
  /// Nothing unless the engine keeps them. A window that the stream's end has cut counts only where
  /// there is no other.
  ///
  /// - Complexity: O(windows × signals × bins).
  public var newestWindows: [NewestWindow] {
    newest.enumerated().compactMap { index, judged in
      guard let judged else { return nil }
      return NewestWindow(
        measured: judged.measured(isCut: false, plan),
        comparisons: plan.signals.indices.map { signal in
          let criterion = plan.windows[judged.windowIndex].criteria[signal]
          return SignalComparison(
            signal: plan.signals[signal].name,
            tolerance: criterion.tolerance,
            confidence: criterion.confidence,
            histogram: judged.statistics(signal, plan).comparison(for: .drift).all
          )
        }
      )
    }
  }

  /// The numbers of the error budgets as they stand, as metric records have them.
  public var newestBudgets: [MeasuredView] { budgets.meters.flatMap { $0.measured(plan) } }
}
