internal import Events
internal import Expressions
public import Records
internal import Specification

/// How far each signal moved in each window.
public struct MovementTable: Sendable {
  /// One row a window and signal, in the monitor's and the plan's order.
  public private(set) var rows: [Movement]
  private let signals: Int

  init(_ plan: Plan) {
    signals = plan.signals.count
    rows = zip(plan.monitor.windows, plan.windows).flatMap { window, planned in
      zip(plan.signals, planned.criteria).map { signal, criterion in
        var row = Movement(
          signal: signal.name,
          window: window.name,
          tolerance: criterion.tolerance,
          confidence: criterion.confidence
        )
        row.usable.usual = signal.profile.unusableShare ?? 0
        return row
      }
    }
  }

  mutating func insert(_ judged: JudgedPart, _ plan: Plan) {
    for (index, values) in judged.values.enumerated() {
      noteUsable(index, judged, plan)
      noteGap(index, judged, plan)
      guard let drift = values.first(where: { $0.0 == .drift })?.1 else { continue }
      let row = judged.windowIndex * signals + index
      rows[row].judged += 1
      let hasDrifted = drift.driftBound > rows[row].tolerance
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

  /// Adds up how many values could be used, and notes a window with too few of them.
  ///
  /// Not of a KPI that the profile lacks: what of its events' numbers is missing by intent is unknown.
  private mutating func noteUsable(_ index: Int, _ judged: JudgedPart, _ plan: Plan) {
    let signal = plan.signals[index]
    let row = judged.windowIndex * signals + index
    let counts = judged.part.sums.counts
    let (missing, invalid) = (Int(counts[signal.missing]), Int(counts[signal.invalid]))
    let events = judged.part.events
    guard events > 0, judged.part.begun.isEmpty,
      !signal.profile.isUnprofiled || !signal.name.hasPrefix(kpiPrefix)
    else { return }
    rows[row].seen += 1
    rows[row].isUntoldNow = false
    rows[row].isGapNow = false
    rows[row].usable.add(events: events, missing: missing, invalid: invalid)
    let usual = rows[row].usable.usual
    guard Double(missing + invalid) > NotableGap.share * Double(events) else { return }
    let values = UsableValues(events: events, missing: missing, invalid: invalid, usual: usual)
    let least = NotableGap.least(missing + invalid, of: events)
    rows[row].isGapNow = NotableGap.isNotable(least, usual: usual)
    // Two of three events at night are no proof: what is not proved counts in the sum alone.
    guard values.areTooFew, least > values.greatestTold else { return }
    rows[row].untold += 1
    rows[row].isUntoldNow = true
    rows[row].firstUntold = rows[row].firstUntold ?? values
  }

  /// Keeps the window that proves the largest share of missing and invalid values.
  ///
  /// Not of a KPI: one of some events only misses the others by intent.
  private mutating func noteGap(_ index: Int, _ judged: JudgedPart, _ plan: Plan) {
    let signal = plan.signals[index]
    let row = judged.windowIndex * signals + index
    let counts = judged.part.sums.counts
    let (missing, invalid) = (Int(counts[signal.missing]), Int(counts[signal.invalid]))
    let events = judged.part.events
    // Most windows have none that matters: the interval is worked out for the others.
    let floor = max(NotableGap.share, rows[row].gap?.least ?? 0)
    guard Double(missing + invalid) > floor * Double(events),
      !signal.name.hasPrefix("kpis."), judged.part.begun.isEmpty
    else { return }
    let least = NotableGap.least(missing + invalid, of: events)
    guard least > rows[row].gap?.least ?? 0 else { return }
    let reference = plan.profile.signal(named: signal.name)
    let usual =
      Double((reference?.missing ?? 0) + (reference?.invalid ?? 0))
      / Double(max(1, plan.profile.events))
    guard NotableGap.isNotable(least, usual: usual) else { return }
    rows[row].gap = Movement.Gap(
      missing: missing,
      invalid: invalid,
      n: events,
      least: least,
      usual: usual,
      end: judged.end
    )
  }

  /// Keeps the window with the largest lower bound; of equal bounds the one with the larger index.
  private mutating func compare(
    _ row: Int,
    _ index: Int,
    _ drift: StatisticValue,
    _ judged: JudgedPart,
    _ plan: Plan
  ) {
    if let surest = rows[row].surest?.drift {
      guard (surest.driftBound, surest.psi ?? 0) < (drift.driftBound, drift.psi ?? 0) else {
        return
      }
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
