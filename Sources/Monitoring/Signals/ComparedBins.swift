internal import Records
internal import Statistics

/// How drift is judged: the tolerance and the confidence of the rule that covers a signal.
struct DriftCriterion: Sendable, Hashable {
  /// The largest population stability index that is tolerated.
  var tolerance = 0.1
  /// The confidence of the one-sided bound, in (0.5, 1).
  var confidence = 0.99
}

/// The bins that both sides are compared on: deciles, or categories and *unseen*.
struct ComparedBins {
  var reference: [UInt64]
  var current: [UInt64]
  var referenceCount: UInt64
  var currentCount: UInt64
  /// The bins of a number in which the profile has no value, such as that above the greatest one.
  private let spare: [Int]
  /// How rare bins of a category are pooled for drift.
  private let categories: PooledBins?
  /// Whether the reference's own count of unseen values is known: it is the stream's past.
  private let knowsUnseen: Bool

  /// The fewest events of either side with which the index has a value.
  ///
  /// Chance alone makes the index of ten bins `9/m` on average, of 30 events 0.3: more than any usual
  /// limit.
  static let indexMinimum: UInt64 = 30

  /// Both sides; `nil` when one is empty.
  init?(reference: BinCounts, current: BinCounts, of bins: DriftBins, isPast: Bool = false) {
    guard reference.total > 0, current.total > 0 else { return nil }
    self.reference = reference.counts
    self.current = current.counts
    referenceCount = reference.total
    currentCount = current.total
    spare = bins.spare
    categories = bins.categories
    knowsUnseen = isPast
  }

  /// The bins of the index: spare ones that are empty on both sides are left out.
  ///
  /// The smoothing would give them half an event on either side, which is not the same share where
  /// one side is smaller: an index of a constant that is still the same.
  private var occupied: (reference: [UInt64], current: [UInt64]) {
    guard !spare.isEmpty else { return (reference, current) }
    let empty = spare.filter { reference[$0] == 0 && current[$0] == 0 }
    guard !empty.isEmpty else { return (reference, current) }
    let kept = reference.indices.filter { !empty.contains($0) }
    return (kept.map { reference[$0] }, kept.map { current[$0] })
  }

  /// The bins that drift is judged on: the occupied ones of a number; of a category the rare ones are
  /// pooled.
  private var judged: (reference: [UInt64], current: [UInt64]) {
    guard let categories else { return occupied }
    let pooled = PooledCategories(
      reference: reference,
      current: current,
      lacking: categories.lacking,
      rest: categories.rest,
      new: knowsUnseen ? nil : categories.new
    )
    return (pooled.reference, pooled.current)
  }

  /// Whether either side has too few events for an index.
  private var areFew: Bool { min(referenceCount, currentCount) < Self.indexMinimum }

  /// Whether all events of both sides are in one bin: a constant that is still the same.
  private var isConstant: Bool {
    guard let only = reference.firstIndex(where: { $0 > 0 }) else { return false }
    return reference[only] == referenceCount && current[only] == currentCount
  }

  /// The population stability index; `nil` of too few events, unless all of them are in one bin: then
  /// it is 0.
  var stability: Double? {
    if isConstant { return 0 }
    guard !areFew else { return nil }
    let (reference, current) = occupied
    return populationStability(reference: reference, current: current)
  }

  /// A number with the counts behind it.
  func value(_ value: Double?) -> StatisticValue? {
    value.map {
      StatisticValue(value: $0, n: Int(currentCount), referenceN: Int(referenceCount))
    }
  }

  /// Drift beyond a tolerance: the index, its lower bound, the p-value.
  ///
  /// - Parameters:
  ///   - criterion: What is tolerated, and how surely.
  ///   - threshold: An index from which on the bound and the p-value are asked for. Below it they
  ///     are left out: that the bound is below, too, is all that anybody needs to know, and finding
  ///     it takes most of the work.
  /// - Returns: `nil` where there is no number to judge.
  func drift(
    _ criterion: DriftCriterion,
    exactFrom threshold: Double = -.infinity
  ) -> StatisticValue? {
    let (reference, current) = judged
    guard
      let psi = isConstant ? 0 : populationStability(reference: reference, current: current),
      // A constant that is still the same has one bin, and its index of 0 is as sure with two.
      let test = DriftTest(
        psi: psi,
        bins: max(reference.count, 2),
        referenceCount: referenceCount,
        currentCount: currentCount
      )
    else { return nil }
    guard psi >= threshold else { return value(psi) }
    let low = test.low(confidence: criterion.confidence)
    var value = value(low)
    // An index of few events, of which nothing is sure, is left out: it looks large and says nothing.
    value?.psi = areFew && low == 0 && !isConstant ? nil : psi
    value?.pValue = test.pValue(tolerance: criterion.tolerance)
    return value
  }
}

extension WindowPart {
  /// A signal of the part beside its reference.
  ///
  /// - Returns: `nil` without a reference, or when one side is empty.
  func comparedBins(of signal: Signal, _ plan: Plan) -> ComparedBins? {
    let bins = signal.driftBins
    return reference.binned(signal, in: self, plan).flatMap {
      ComparedBins(
        reference: $0,
        current: bins.binned(sums.counts),
        of: bins,
        isPast: reference.isPast
      )
    }
  }

  /// The same beside what the part's own mix of strata lets expect; `nil` when nothing does.
  func adjustedBins(of signal: Signal, _ plan: Plan) -> ComparedBins? {
    guard reference.has(signal, in: self, plan),
      let adjusted = reference.adjusted(signal, plan)
    else { return nil }
    return ComparedBins(
      reference: adjusted.reference,
      current: adjusted.current,
      of: signal.driftBins,
      isPast: reference.isPast
    )
  }

  /// What drift of a signal, by its index, is judged on.
  func driftBins(of index: Int, _ plan: Plan) -> ComparedBins? {
    if reference.isProfile, plan.strataDimension == nil {
      // Asked of each signal of each part: the signal is not copied.
      let bins = plan.signals[index].driftBins
      return bins[place].flatMap {
        ComparedBins(reference: $0, current: bins.binned(sums.counts), of: bins)
      }
    }
    let signal = plan.signals[index]
    return isAdjusted(signal, plan)
      ? adjustedBins(of: signal, plan) : comparedBins(of: signal, plan)
  }

  /// Whether drift of a signal is judged within strata: versions are compared as they are.
  func isAdjusted(_ signal: Signal, _ plan: Plan) -> Bool {
    reference.basis != .version && signal.isAdjusted(plan)
  }
}

extension Signal {
  /// Whether drift is judged within strata.
  ///
  /// That of the strata's own field is not: it is the shift of the mix.
  func isAdjusted(_ plan: Plan) -> Bool {
    plan.strataDimension != nil && name != plan.strataSignal
  }
}
