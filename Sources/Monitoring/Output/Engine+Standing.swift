internal import Expressions
public import Records
internal import Specification
public import Standing

extension Engine {
  /// The newest window of each kind that was judged, in the monitor's order.
  ///
  /// Nothing unless the engine keeps them. A window that the stream's end has cut counts only where
  /// there is no other.
  ///
  /// - Complexity: O(windows × signals × bins).
  public var newestWindows: [NewestWindow] {
    windows.windows.compactMap { window in
      guard let judged = window.newest else { return nil }
      return NewestWindow(
        measured: judged.measured(isOpen: false, plan),
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

extension Standing {
  /// Takes in what a round gave.
  package mutating func insert(_ output: EngineOutput) {
    insert(output.notices)
    windowsJudged += output.windows
  }

  /// Takes over what the engine keeps: its newest windows, and how the budgets stand.
  package mutating func look(at engine: Engine) {
    newestWindows = engine.newestWindows
    newestBudgets = engine.newestBudgets
    budgets = engine.budgetStandings
  }
}
