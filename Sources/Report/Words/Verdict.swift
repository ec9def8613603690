internal import Events
internal import Records
internal import Standing

/// The answer to the question whether the model is well.
struct Verdict {
  enum State: Equatable {
    /// No event was counted.
    case nothing
    /// Nothing was compared with a reference, and there is no rule.
    case unwatched
    /// Too little of what came could be used to say that all is well.
    case untold
    /// Nothing moved beyond its limit and nothing fired.
    case well
    /// Something was wrong and is over.
    case recovered
    /// A signal is beyond its limit and no alert fires.
    case drifting
    /// An error budget is spent and no alert fires.
    case spent
    /// Outcomes have shown that what is claimed is not so, and no alert fires.
    case belowClaim
    /// Alerts fire.
    case unwell
  }

  let state: State
  /// When it began, in nanoseconds since 1970.
  let since: Int64?
  /// The signals that moved beyond their limit, the worst first, each in its worst window.
  let moved: [Movement]
  /// Those of them that are beyond it in the last window, each in its worst window of a kind in
  /// which it is so.
  let movedNow: [Movement]
  /// The signals that were compared with a reference in any window.
  let signalCount: Int
  /// The signals of which nothing can be told.
  let untold: [UntoldSignal]
  /// What is firing at the end.
  let firing: [Snapshot.StandingAlertLine]

  /// The signals that moved beyond their limit and are back within it.
  var movedBack: [Movement] {
    let now = Set(movedNow.map(\.signal))
    return moved.filter { !now.contains($0.signal) }
  }

  /// - Parameters:
  ///   - movements: How far signals moved, by window.
  ///   - alerts: What fired.
  ///   - spent: The objectives whose budgets are spent.
  ///   - events: How many events were counted.
  ///   - hasRules: Whether any rule or objective was judged.
  ///   - failsClaim: Whether what is claimed of the model is shown not to be so.
  ///   - unwatched: The signals that the monitor lists and nobody watches.
  ///   - looks: What values look like that are of another type, in words by signal.
  ///   - isAllRead: Whether hardly any line was refused.
  init(
    movements: [Movement],
    alerts: AlertHistory,
    spent: [String],
    events: Int,
    hasRules: Bool = true,
    failsClaim: Bool = false,
    unwatched: [String] = [],
    looks: [String: String] = [:],
    isAllRead: Bool = true
  ) {
    untold = UntoldSignal.all(movements, unwatched: unwatched, looks: looks)
    let unseen = Set(movements.filter(\.usable.areTooFew).map(\.signal))
    moved = Verdict.worst(movements.filter { $0.drifted > 0 })
    signalCount =
      Set(
        movements.filter { $0.judged > 0 && ($0.drifted > 0 || !unseen.contains($0.signal)) }
          .map(\.signal)
      ).count
    firing = alerts.firing
    movedNow = Verdict.worst(movements.filter(\.isDriftedNow))
    if let first = firing.map(\.since).min() {
      // Also without events: an earlier process may have left it firing.
      (state, since) = (.unwell, first)
    } else if events == 0 {
      (state, since) = (.nothing, nil)
    } else if failsClaim {
      (state, since) = (.belowClaim, nil)
    } else if signalCount == 0, !hasRules {
      (state, since) = (.unwatched, nil)
    } else if !movedNow.isEmpty {
      let starts = movements.compactMap(\.driftingSince)
      (state, since) = (.drifting, starts.min())
    } else if !spent.isEmpty {
      (state, since) = (.spent, nil)
    } else if !isAllRead || untold.contains(where: { $0.isNow && !$0.isPartly }) {
      (state, since) = (.untold, nil)
    } else if alerts.fired > 0 || !moved.isEmpty {
      let drift = moved.compactMap(\.firstDrift).min()
      let fired = alerts.episodes.map(\.alert.startsAt).min()
      (state, since) = (.recovered, [drift, fired].compactMap { $0 }.min())
    } else {
      (state, since) = (.well, nil)
    }
  }

  /// One row a signal, that of the window in which the bound is furthest beyond its limit.
  static func worst(_ movements: [Movement]) -> [Movement] {
    var best: [String: Movement] = [:]
    for row in movements where row.surest != nil {
      if best[row.signal].map({ severity($0) < severity(row) }) ?? true { best[row.signal] = row }
    }
    return best.values.sorted {
      let (a, b) = (severity($0), severity($1))
      return a == b ? $0.signal < $1.signal : a > b
    }
  }

  /// How far beyond its limit the bound is; of signals without a sure bound how far the index.
  private static func severity(_ row: Movement) -> (Double, Double) {
    let drift = row.surest?.drift
    return ((drift?.driftBound ?? 0) / row.tolerance, drift?.psi ?? 0)
  }

  /// Whether it says how the model is.
  var isTold: Bool { ![.nothing, .unwatched, .untold].contains(state) }

  /// The headline: the part that is set off, and the rest.
  var headline: (emphasis: String, rest: String) {
    let since = since.map(day) ?? ""
    switch state {
    case .nothing: return ("cannot be judged", ": no event was counted")
    case .unwatched: return ("cannot be judged", ": nothing was compared, and there is no rule")
    case .untold:
      let names = untold.filter { $0.isNow && !$0.isPartly }.map(\.signal)
      return (
        "cannot be told",
        names.isEmpty
          ? ": too many lines were refused" : ": too little of \(listed(names)) can be used"
      )
    case .well:
      let names = untold.filter(\.isNow).map(\.signal)
      return (
        "well",
        names.isEmpty ? "" : " as far as can be told: \(listed(names)) is partly unusable"
      )
    case .recovered: return ("well again", ": what began on \(since) is over")
    case .drifting: return ("drifting", " since \(since), and no alert fires")
    case .spent: return ("out of error budget", "")
    case .belowClaim: return ("worse than claimed", ", and no alert fires")
    case .unwell: return ("not well", " since \(since)")
    }
  }
}
