internal import Events
internal import Records
internal import Sketches

/// One signal as the engine counts it: where its cells come from and where its counts stand.
///
/// The counts of all signals stand in one array, so that a pane is one run of integers:
///
///     number:    │ missing │ invalid │ cell 0 │ cell 1 │ …
///     internal:  │ missing │ invalid │
///     category:  │ missing │ invalid │ unseen │ category 0 │ … │ __other__ where there is one │
///
/// Made once; what is asked of it at each judgement stands ready. A class, so that to hold one is to
/// hold one reference.
///
/// Its 15 properties include some that follow from others: they stand ready because every judgement
/// asks for them.
final class Signal: Sendable {
  /// The signal's name in metrics, alerts and rules.
  let name: String
  /// Where its cells come from.
  let source: Source
  /// How it is counted.
  let kind: Kind
  /// Where its counts start.
  let base: Int
  /// What it is compared with.
  let profile: SignalProfile
  /// Whether it is a part of a KPI: only its sums, extremes and quantiles are kept.
  let isInternal: Bool
  /// Whether a value is named however few events have it.
  let namesRareValues: Bool
  /// Whether it is one of the model's inputs.
  let isFeature: Bool
  /// The index among the summaries of quantiles, where it has one.
  let quantiles: Int?
  /// The range of the cells' or categories' counts.
  let bins: Range<Int>
  /// Where the count of unseen values stands; `nil` for numbers.
  let unseen: Int?
  /// Whether values that the profile does not know are a bin of their own.
  let comparesUnseen: Bool
  /// The bins on which drift is judged.
  let driftBins: DriftBins
  /// Of a number the range outside of which quantiles are read from buckets.
  let usual: ClosedRange<Double>
  /// Of a number the reference's gaps, in which values are counted by where they are.
  let gaps: ReferenceGaps

  enum Source: Sendable {
    /// A column of the batch.
    case column(Int)
    /// A number that is worked out once a batch, by its index among those.
    case derived(Int)
    /// What is known of the events of a pane once all of them are there.
    case closing
  }

  enum Kind: Sendable {
    /// The index among the numeric signals, and the grid.
    case number(index: Int, reference: NumericReference)
    /// The index among the categorical signals, and the categories.
    case category(index: Int, reference: CategoryReference)
  }

  init(
    name: String,
    source: Source,
    kind: Kind,
    base: Int,
    profile: SignalProfile,
    isInternal: Bool,
    isPublic: Bool,
    quantiles: Int?
  ) {
    self.name = name
    self.source = source
    self.kind = kind
    self.base = base
    self.profile = profile
    self.isInternal = isInternal
    self.quantiles = quantiles
    if case .category(_, let reference) = kind, reference.isBoolean {
      namesRareValues = true
    } else {
      namesRareValues = isPublic
    }
    isFeature =
      !([scoreName, decisionName] + workedOutNames).contains(name)
      && !name.hasPrefix(kpiPrefix)
    switch kind {
    case .number(_, let reference):
      bins = base + 2..<base + 2 + (isInternal ? 0 : reference.counts.count)
      unseen = nil
      comparesUnseen = false
      driftBins = DriftBins(profile, cells: bins, ends: reference.grid.decileBins)
      usual = reference.usual
      gaps = isInternal ? ReferenceGaps() : reference.gaps
    case .category(_, let reference):
      bins = base + 3..<base + 3 + reference.binCount
      unseen = base + 2
      comparesUnseen = !reference.hasOther
      driftBins = DriftBins(profile, categories: bins, unseen: comparesUnseen ? base + 2 : nil)
      usual = 0...0
      gaps = ReferenceGaps()
    }
  }

  /// Whether it is counted when a pane is closed, and not as events come.
  var isCountedAtClose: Bool { if case .closing = source { true } else { false } }
  var missing: Int { base }
  var invalid: Int { base + 1 }

  /// The grid of its sums, where it is a number.
  ///
  /// KPIs are sums of money, so what is derived takes the finest one.
  var momentScale: MomentScale? {
    guard case .number(_, let reference) = kind else { return nil }
    if profile.isUnprofiled { return MomentScale(exponent: -40) }
    let (minimum, maximum) = (reference.usual.lowerBound, reference.usual.upperBound)
    if case .column = source { return MomentScale(minimum: minimum, maximum: maximum) }
    return MomentScale(minimum: minimum, maximum: maximum, bits: 46)
  }

  /// One past the last count.
  var end: Int { bins.upperBound }
}

/// A field that splits the traffic.
struct Dimension: Sendable {
  /// The name in records: the field's path, or `version`.
  let name: String
  /// The column of the batch.
  let slot: Int
  /// The values of the reference, in order of their bytes; empty for the version.
  let known: [[UInt8]]
  /// How many values are counted on their own; the rest is `__other__`.
  let limit: Int
  /// The index among the profile's segments; `nil` for the version.
  let segment: Int?
}

extension Signal {
  /// Whether it is one of the given numbers that are worked out.
  func isDerived(among numbers: Set<Int>) -> Bool {
    guard case .derived(let index) = source else { return false }
    return numbers.contains(index)
  }
}
