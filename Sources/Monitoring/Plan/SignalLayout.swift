internal import Events
internal import Expressions
internal import Records
internal import Sketches

/// Gives each signal its place among the counts.
struct SignalLayout {
  /// All that is counted, in the order of its places.
  private(set) var counted: [Signal] = []
  private(set) var derived = DerivedColumns()
  /// By KPI and measure the signal that is read.
  private(set) var measures: [[Signal]] = []
  /// The signals that rules and records know: all but the parts of KPIs.
  var signals: [Signal] { counted.filter { !$0.isInternal } }
  /// The signals that the profile does not have.
  private(set) var unprofiled: [String] = []
  /// One past the last count.
  private(set) var end = 1
  private(set) var numberCount = 0
  private(set) var categoryCount = 0
  private(set) var quantileCount = 0

  /// Takes a signal that is a field.
  ///
  /// - Parameters:
  ///   - profile: What it is compared with.
  ///   - isPublic: Whether its values may be named however rare they are.
  ///   - builder: The schema that gets its field.
  mutating func append(
    _ profile: SignalProfile,
    isPublic: Bool,
    _ builder: inout SchemaBuilder
  ) {
    switch profile.reference {
    case .number(let reference):
      place(
        profile.name,
        .column(builder.shown(profile.path, .value)),
        number(reference),
        profile
      )
    case .category(let reference):
      place(
        profile.name,
        .column(builder.shown(profile.path, .token)),
        .category(index: categoryCount, reference: reference),
        profile,
        isPublic: isPublic
      )
      categoryCount += 1
    }
  }

  /// Takes the derived signals of a monitor.
  mutating func append(
    _ signals: DerivedSignals,
    _ profile: Profile,
    _ builder: inout SchemaBuilder
  ) {
    var placed: [Signal] = []
    for signal in signals.all {
      var own = profile.signal(named: signal.name)
      if case .number = own?.reference {} else { own = nil }
      if own == nil, !signal.isInternal { unprofiled.append(signal.name) }
      let reference = own ?? SignalProfile(unprofiled: signal.name)
      guard case .number(let cells) = reference.reference else { continue }
      placed.append(
        place(
          signal.name,
          .derived(derived.index(of: signal.number, &builder)),
          number(cells),
          reference,
          isInternal: signal.isInternal,
          keepsQuantiles: signal.keepsQuantiles
        )
      )
    }
    measures = signals.measures.map { indices in indices.map { placed[$0] } }
  }

  /// Takes the signal of events that came before.
  mutating func appendDuplicates() {
    let reference = SignalProfile(unprofiled: duplicateName)
    guard case .number(let cells) = reference.reference else { return }
    place(duplicateName, .closing, number(cells), reference)
  }

  private mutating func number(_ reference: NumericReference) -> Signal.Kind {
    numberCount += 1
    return .number(index: numberCount - 1, reference: reference)
  }

  @discardableResult
  private mutating func place(
    _ name: String,
    _ source: Signal.Source,
    _ kind: Signal.Kind,
    _ profile: SignalProfile,
    isInternal: Bool = false,
    isPublic: Bool = false,
    keepsQuantiles: Bool = false
  ) -> Signal {
    let signal = Signal(
      name: name,
      source: source,
      kind: kind,
      base: end,
      profile: profile,
      isInternal: isInternal,
      isPublic: isPublic,
      quantiles: keepsQuantiles ? quantileCount : nil
    )
    if keepsQuantiles { quantileCount += 1 }
    end = signal.end
    counted.append(signal)
    return signal
  }
}

extension SignalProfile {
  /// A signal of which the profile knows nothing: counted on generic cells, compared with nothing.
  init(unprofiled name: String) {
    let grid = ReferenceGrid.generic
    self.init(
      name: name,
      path: FieldPath([name]),
      missing: 0,
      invalid: 0,
      reference: .number(
        NumericReference(
          grid: grid,
          counts: [UInt64](repeating: 0, count: grid.cellCount),
          segmentCounts: [],
          summary: NumericSummary(
            count: 0,
            numbers: [0, 0, grid.minimum, grid.maximum, 0, 0, 0, 0],
            distinct: 0
          ),
          rankError: 0
        )
      )
    )
  }

  /// Whether the reference has no value of the signal.
  var isUnprofiled: Bool {
    if case .number(let number) = reference { number.summary.count == 0 } else { false }
  }
}
