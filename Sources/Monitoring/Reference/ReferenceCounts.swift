internal import Sketches
internal import Statistics

/// What a signal's values are compared with: counts by cell or category, *unseen* after them where
/// it is told apart.
struct SignalReference: Sendable, Equatable {
  var counts: [UInt64]
  /// `Σ (minimum − x)` over the reference's values below the grid.
  var sumBelow = 0.0
  /// `Σ (x − maximum)` over the reference's values above the grid.
  var sumAbove = 0.0
}

/// A window's counts by bin beside what they are expected to be at the window's own mix of strata.
struct AdjustedComparison: Sendable, Equatable {
  /// The reference of each stratum, weighted by the window's shares.
  var reference: BinCounts
  /// The window's counts, of the strata that have a reference.
  var current: BinCounts
}

/// The counts of one stratum in a part of a window.
struct StratumCounts: Sendable {
  let value: DimensionValue
  let counts: [UInt64]
}

/// Which counts each signal of a part of the traffic is compared with.
///
/// Made once for each judged part of each window. A segment's value is compared with the same
/// value's reference, a version and the whole with the whole.
struct ReferenceCounts: Sendable {
  /// What it is made of.
  let basis: ReferenceBasis
  /// Whether signals are compared with the profile's own counts.
  var isProfile: Bool { basis == .profile && whole == nil }
  /// Whether they are of the stream itself, which knows its own unseen values.
  var isPast: Bool { [.rolling, .sameHour, .version].contains(basis) }
  private let whole: ReferenceBlend?
  private let strata: [(current: [UInt64], reference: ReferenceBlend)]
  /// The values of the strata that are in the window and have no reference.
  let unmatched: [DimensionValue]

  /// How strongly hours of the week are drawn towards all hours at most, in events.
  static let shrinkage = 200.0
  /// The fewest values of a signal in the whole past period that a window is compared with.
  static let pastValues: UInt64 = 100

  /// The profile's own counts.
  static let profile = ReferenceCounts(basis: .profile)

  private init(basis: ReferenceBasis) {
    self.basis = basis
    whole = nil
    strata = []
    unmatched = []
  }

  /// The counts of another version in the same window, whatever the mix of strata.
  init(ofVersion other: WindowPart) {
    basis = .version
    whole = ReferenceBlend(terms: [(1, HourCounts(other.sums))], pool: nil)
    strata = []
    unmatched = []
  }

  /// The counts for a part of the traffic.
  ///
  /// - Complexity: O(keys · counts), for each term of the window's reference.
  init(_ window: WindowReference, _ part: WindowPart, _ plan: Plan) {
    basis = window.basis
    guard !window.terms.isEmpty else {
      whole = nil
      strata = []
      unmatched = []
      return
    }
    let isChosen: (GroupKey) -> Bool
    if case .part(let index, let value) = part.name, plan.dimensions[index].segment != nil {
      isChosen = { $0.values[index] == value }
    } else {
      isChosen = { _ in true }
    }
    let blend = { (isIn: (GroupKey) -> Bool) -> ReferenceBlend in
      ReferenceBlend(
        terms: window.terms.map { ($0.weight, $0.groups.sum(plan, where: isIn)) },
        pool: window.pool.map { $0.sum(plan, where: isIn) }
      )
    }
    whole = basis == .profile ? nil : blend(isChosen)
    var strata: [(current: [UInt64], reference: ReferenceBlend)] = []
    var unmatched: [DimensionValue] = []
    if let dimension = plan.strataDimension {
      for stratum in part.strata {
        let reference = blend { isChosen($0) && $0.values[dimension] == stratum.value }
        if reference.hasEvents, stratum.value != .other {
          strata.append((stratum.counts, reference))
        } else {
          unmatched.append(stratum.value)
        }
      }
    }
    self.strata = strata
    self.unmatched = unmatched
  }

  /// The counts by bin that a signal's drift is judged against, whatever the mix of strata.
  ///
  /// - Returns: `nil` for a part that the reference does not have, or has too little of.
  func binned(_ signal: Signal, in part: WindowPart, _ plan: Plan) -> BinCounts? {
    guard let whole else {
      return basis == .profile ? signal.driftBins[part.place] : nil
    }
    guard isLargeEnough(whole, signal, part, plan) else { return nil }
    return whole.binnedShares(of: signal).map { BinCounts($0.counts) }
  }

  /// The counts by cell or category that a signal is compared with, whatever the mix of strata.
  ///
  /// - Returns: `nil` for a part that the reference does not have, or has too little of.
  func reference(of signal: Signal, in part: WindowPart, _ plan: Plan) -> SignalReference? {
    guard let whole else {
      guard basis == .profile, let counts = signal.profileCounts(in: part.place) else { return nil }
      return SignalReference(counts: signal.comparesUnseen ? counts + [0] : counts)
    }
    guard isLargeEnough(whole, signal, part, plan), let shares = whole.shares(of: signal) else {
      return nil
    }
    let counts = shares.counts
    let total = counts.reduce(0, +)
    let overshoot = whole.overshoot(of: signal)
    return SignalReference(
      counts: counts,
      sumBelow: overshoot.below * Double(total),
      sumAbove: overshoot.above * Double(total)
    )
  }

  /// Whether there is anything to compare a signal with.
  func has(_ signal: Signal, in part: WindowPart, _ plan: Plan) -> Bool {
    guard let whole else {
      return basis == .profile && signal.profileCounts(in: part.place) != nil
    }
    return isLargeEnough(whole, signal, part, plan) && whole.hasValues(of: signal)
  }

  /// Whether a part has a reference of its own, and one of enough values where it is the past.
  private func isLargeEnough(
    _ whole: ReferenceBlend,
    _ signal: Signal,
    _ part: WindowPart,
    _ plan: Plan
  ) -> Bool {
    if case .part(let index, let value) = part.name, plan.dimensions[index].segment != nil {
      guard case .value = value else { return false }
    }
    return !isPast || whole.values(of: signal) >= Self.pastValues
  }

  /// The comparison at the window's own mix of strata.
  ///
  /// - Returns: `nil` without strata, for the strata's own signal, and where no stratum of the
  ///   window has a reference.
  func adjusted(_ signal: Signal, _ plan: Plan) -> AdjustedComparison? {
    guard !strata.isEmpty, signal.name != plan.strataSignal else { return nil }
    var parts: [(weight: Double, reference: ReferenceShares)] = []
    var current = [UInt64](repeating: 0, count: signal.driftBins.ends.count)
    for stratum in strata {
      let binned = signal.driftBins.binned(stratum.current)
      guard binned.total > 0, let shares = stratum.reference.binnedShares(of: signal) else {
        continue
      }
      parts.append((Double(binned.total), shares))
      for (index, count) in binned.counts.enumerated() { current[index] += count }
    }
    guard let mixed = ReferenceShares.mixed(parts) else { return nil }
    return AdjustedComparison(reference: BinCounts(mixed.counts), current: BinCounts(current))
  }
}

extension Signal {
  /// The counts that are compared: by cell or category, then *unseen* where it is told apart.
  func compared(_ counts: [UInt64]) -> [UInt64] {
    guard comparesUnseen, let unseen else { return Array(counts[bins]) }
    return counts[bins] + [counts[unseen]]
  }
}
