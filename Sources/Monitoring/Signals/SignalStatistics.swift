internal import Expressions
internal import Records
internal import Sketches

/// The statistics of one signal in one part, worked out from the window's counts.
struct SignalStatistics {
  /// What statistics compare, as far as the wanted ones need it.
  struct Sides {
    /// How drift is judged.
    let criterion: DriftCriterion
    /// The reference by cell or category.
    var reference: SignalReference?
    var bins: ComparedBins?
    var adjusted: ComparedBins?
  }

  let plan: Plan
  let signal: Signal
  let part: WindowPart
  let history: PaneHistory

  init(_ plan: Plan, _ signal: Signal, _ part: WindowPart, _ history: PaneHistory) {
    self.plan = plan
    self.signal = signal
    self.part = part
    self.history = history
  }

  /// The window's counts by cell or category, *unseen* not among them.
  var cells: [UInt64] { Array(part.sums.counts[signal.bins]) }

  /// The events that the signal is counted in: of what is a request's its first row alone.
  var events: Int {
    guard isOfRequest else { return part.events }
    return presentOfPart
      + Int(part.sums.counts[signal.missing] + part.sums.counts[signal.invalid])
  }

  private var isOfRequest: Bool { signal.isDerived(among: plan.requestNumbers) }

  /// The values present: neither missing nor invalid.
  var present: Int {
    if isOfRequest { return presentOfPart }
    if !part.begun.isEmpty, part.begun.contains(signal.name) { return presentOfPart }
    return part.events - Int(part.sums.counts[signal.missing] + part.sums.counts[signal.invalid])
  }

  /// The values present of a signal that is not counted in all events of the window.
  private var presentOfPart: Int {
    if case .number(let index, _) = signal.kind { return Int(part.sums.moments[index].count) }
    return Int(cells.reduce(0, +) + unseen)
  }

  /// The values that the reference does not know.
  var unseen: UInt64 { signal.unseen.map { part.sums.counts[$0] } ?? 0 }

  /// The wanted statistics that have a value, in the order in which they are wanted.
  func values(
    _ wanted: [StatisticName],
    _ criterion: DriftCriterion
  ) -> [(StatisticName, StatisticValue)] {
    let measures = wanted.map { ($0, $0.measure) }
    let sides = sides(measures.reduce(into: []) { $0.formUnion($1.1.needs) }, criterion)
    let values = measures.compactMap { name, measure in
      measure.ofSignal?(self, sides).map { (name, $0) }
    }
    for (name, value) in values {
      assert(value.n <= part.events, "\(name) is of \(value.n) of \(part.events) events")
    }
    return values
  }

  /// The sides that are needed, each made once.
  private func sides(_ needs: Measure.Needs, _ criterion: DriftCriterion) -> Sides {
    var sides = Sides(criterion: criterion)
    if needs.contains(.cells) {
      sides.reference = part.reference.reference(of: signal, in: part, plan)
    }
    let isAdjusted = isAdjusted
    if needs.contains(.bins) || needs.contains(.judged) && !isAdjusted {
      sides.bins = part.comparedBins(of: signal, plan)
    }
    if isAdjusted, !needs.isDisjoint(with: [.strata, .judged]) { sides.adjusted = adjustedBins }
    return sides
  }

  /// Whether drift is judged within strata.
  var isAdjusted: Bool { part.isAdjusted(signal, plan) }

  /// The window beside its reference; `nil` without one, or when one side is empty.
  var comparedBins: ComparedBins? { part.comparedBins(of: signal, plan) }

  /// The window beside what its own mix of strata lets expect; `nil` when nothing does.
  var adjustedBins: ComparedBins? { part.adjustedBins(of: signal, plan) }
}
