internal import Events
internal import Expressions
internal import Records
internal import Sketches
public import Specification

/// A monitor and a profile, worked out to what a batch of events needs.
///
/// Immutable and shared by all workers; a class, so that to hold it is to hold one reference.
///
/// Its 26 properties are worked out once, each from the monitor, the profile or those before it,
/// and never change: whoever holds the plan reads any of them, and no group of them has a life of
/// its own.
public final class Plan: Sendable {
  /// The monitor.
  public let monitor: Monitor
  /// The reference.
  public let profile: Profile
  /// What is decoded.
  let schema: PlannedSchema
  /// What has no effect or is probably not meant.
  public let warnings: [String]
  /// The signals that the monitor lists and the profile has no value of: nobody watches them.
  public let unwatched: [String]

  /// The signals that rules and records know.
  let signals: [Signal]
  /// All that is counted, in the order of its counts: the signals, and parts of KPIs.
  let countedSignals: [Signal]
  /// The numbers that are worked out from fields.
  let derived: DerivedColumns
  /// The KPIs with the signals that their measures are read from.
  let kpis: [PlannedKPI]
  /// What every part of every pane begins as: nothing counted.
  let emptyCounts: GroupCounts
  let dimensions: [Dimension]
  package let panes: PaneScheme
  /// Where the events of each objective are read and counted.
  let budgets: [BudgetCounting]
  /// What is of a request and not of its rows; `nil` where lines have no rows.
  let requests: RequestNumbers?
  /// Which of the numbers that are worked out are a request's.
  let requestNumbers: Set<Int>
  /// The length of the array of counts.
  let countWidth: Int
  /// Whether distinct numbers are counted: they cannot be had from the other counts, and cost a
  /// tenth of the work.
  let countsDistinct: Bool
  /// The index of each signal by its name.
  let signalIndices: [String: Int]
  /// What is judged in each window, in the monitor's order.
  let windows: [PlannedWindow]
  /// The profile's counts by key and hour of the week; empty where the monitor asks for none.
  let referenceTable: [CountedHour]
  /// The dimension within whose values drift is judged.
  let strataDimension: Int?
  /// The signal of that dimension's field: its drift is the shift of the mix.
  let strataSignal: String?
  /// Where ids and versions stand; `nil` where nobody asks for them.
  let identity: IdentityPlan?
  /// Where outcomes are read and how they are joined; `nil` where the monitor reads none.
  let outcomes: OutcomePlan?
  /// The rules about the predictions' quality.
  let qualityRules: [PlannedRule]
  /// The values of the past that are kept, by the windows' order.
  let pastUses: [[PastUse]]

  /// The most combinations of dimension values in a pane.
  ///
  /// Each takes about 4.4 KiB a numeric signal while its pane is open.
  static let groupLimit = 512

  /// Works out a monitor against a reference.
  ///
  /// - Parameters:
  ///   - monitor: A monitor file.
  ///   - given: The reference that `leeway profile` made with that monitor; `nil` where there is
  ///     none, and the monitor needs none.
  ///   - wantsMetrics: Whether statistics will be asked for beyond what rules need.
  ///   - wantsDistinct: Whether distinct numbers are among them; by default where any are.
  /// - Throws: `PlanError` with every mismatch of the two.
  public init(
    monitor: Monitor,
    profile given: Profile?,
    wantsMetrics: Bool = true,
    wantsDistinct: Bool? = nil
  ) throws(PlanError) {
    var builder = SchemaBuilder(monitor: monitor)
    var problems: [PlanError.Problem] = []
    let profile = given ?? .absent(model: monitor.model)
    let selected = Plan.select(from: profile, for: monitor, problems: &problems)
    var layout = SignalLayout()
    for signal in selected {
      layout.append(signal, isPublic: monitor.isPublic(signal.path), &builder)
    }
    layout.append(DerivedSignals(monitor), profile, &builder)
    if monitor.prediction.duplicates != nil { layout.appendDuplicates() }
    signals = layout.signals
    kpis = zip(monitor.kpis, layout.measures).map { PlannedKPI(specification: $0, signals: $1) }
    var width = layout.end
    let requests = RequestNumbers(monitor, &builder)
    self.requests = requests
    budgets = Plan.budgets(of: monitor, base: &width, requests, &builder)
    dimensions = Plan.dimensions(of: monitor, profile, &builder)
    unwatched = Plan.unwatched(by: monitor, profile)
    let names = signals.map(\.name)
    let known = names + monitor.kpis.map(\.signalName).filter { !names.contains($0) }
    if !profile.isAbsent { Plan.checkReference(of: monitor, profile, problems: &problems) }
    guard problems.isEmpty else { throw PlanError(problems: problems) }
    self.monitor = monitor
    self.profile = profile
    countedSignals = layout.counted
    var columns = layout.derived
    outcomes = OutcomePlan(monitor, &builder, &columns)
    identity = IdentityPlan(monitor, &builder)
    derived = columns
    requestNumbers = requests?.indices(among: columns.numbers) ?? []
    panes = PaneScheme(monitor)
    schema = builder.schema
    countWidth = width
    countsDistinct =
      wantsDistinct ?? wantsMetrics
      || monitor.rules.contains { $0.expression.uses.contains { $0.statistic == .distinct } }
    emptyCounts = GroupCounts(layout, width: width, countsDistinct: countsDistinct)
    signalIndices = Dictionary(uniqueKeysWithValues: zip(names, names.indices))
    windows = monitor.windows.map { [signals, dimensions] in
      PlannedWindow($0, of: monitor, signals, dimensions)
    }
    qualityRules = monitor.rules.enumerated().filter { $0.element.expression.isOfQuality }
      .map { [dimensions] in PlannedRule(index: $0, $1, dimensions) }
    pastUses = Plan.pastUses(
      of: monitor,
      known + [eventsName] + Plan.refusedNames(monitor),
      windows,
      wantsMetrics: wantsMetrics
    )
    let strata = monitor.reference.strata
    let own = strata.flatMap { path in selected.first { $0.path == path } }
    strataSignal = own?.name
    strataDimension = dimensions.firstIndex { $0.segment != nil && $0.name == strata?.description }
    referenceTable =
      monitor.reference.needsTable
      ? Plan.table(of: profile, layout, countWidth: width, dimensions) : []
    warnings =
      profile.isAbsent
      ? Plan.warnings(withoutProfile: monitor.unwatchedWithoutProfile)
      : Plan.warnings(dimensions, profile) + Plan.warnings(unprofiled: layout.unprofiled)
        + Plan.warnings(unwatched: unwatched, monitor, profile, known)
        + Plan.strataWarnings(strata, hasSignal: own != nil)
        + Plan.warnings(personalIn: selected) + Plan.warnings(newValuesOf: selected)
  }

  /// The profile's signals that the monitor names, in the profile's order.
  private static func select(
    from profile: Profile,
    for monitor: Monitor,
    problems: inout [PlanError.Problem]
  ) -> [SignalProfile] {
    guard !profile.isAbsent else {
      let needs = monitor.referenceNeeds
      if !needs.isEmpty { problems.append(.noReference(needs)) }
      return []
    }
    let mapping = monitor.prediction
    if profile.model != monitor.model {
      problems.append(.otherModel(monitor: monitor.model, profile: profile.model))
    }
    let selected = profile.signals.filter { signal in
      switch signal.name {
      case let name where workedOutNames.contains(name): false
      case let name where name.hasPrefix(kpiPrefix): false
      case scoreName: mapping.score == signal.path
      case decisionName: mapping.decision == signal.path
      default:
        mapping.features.contains {
          $0.path == signal.path || $0.path.isWildcard && $0.path.contains(signal.path)
        }
      }
    }
    if selected.isEmpty, mapping.latency == nil, mapping.failure == nil {
      problems.append(.noSignals)
    }
    for signal in selected where monitor.pii?.hides(signal.path) == true {
      if !signal.isHidden { problems.append(.notHidden(signal.path.description)) }
    }
    if let key = monitor.pii?.key, !profile.keyCheck.isEmpty, profile.keyCheck != key.check {
      problems.append(.otherKey)
    }
    for segment in profile.segments where monitor.pii?.hides(segment.path) == true {
      if !segment.values.allSatisfy(KeyedHash.isName) {
        problems.append(.notHidden(segment.path.description))
      }
    }
    return selected
  }

  private static func dimensions(
    of monitor: Monitor,
    _ profile: Profile,
    _ builder: inout SchemaBuilder
  ) -> [Dimension] {
    let mapping = monitor.prediction
    var limits = mapping.version == nil ? [] : [monitor.limits.versions]
    limits += mapping.segments.map { _ in monitor.limits.segmentValues }
    // Each dimension has two more values: __other__ and __missing__.
    while limits.reduce(1, { $0 * ($1 + 2) }) > groupLimit, let widest = limits.max(), widest > 1 {
      if let index = limits.firstIndex(of: widest) { limits[index] = widest - 1 }
    }
    var dimensions: [Dimension] = []
    if let version = mapping.version {
      dimensions.append(
        Dimension(
          name: versionName,
          slot: builder.shown(version, .token),
          known: [],
          limit: limits[0],
          segment: nil
        )
      )
    }
    for path in mapping.segments where !profile.isAbsent {
      guard let index = profile.segments.firstIndex(where: { $0.path == path }) else { continue }
      let limit = limits[dimensions.count]
      let segment = profile.segments[index]
      let largest = segment.values.indices.sorted {
        (segment.events[$1], $0) < (segment.events[$0], $1)
      }
      dimensions.append(
        Dimension(
          name: path.description,
          slot: builder.shown(path, .token),
          known: largest.prefix(limit).sorted().map { segment.values[$0] },
          limit: limit,
          segment: index
        )
      )
    }
    return dimensions
  }

  private static func warnings(_ dimensions: [Dimension], _ profile: Profile) -> [String] {
    dimensions.compactMap { dimension in
      guard let segment = dimension.segment else { return nil }
      let values = profile.segments[segment].values.count
      guard dimension.limit < values else { return nil }
      return
        "\(dimension.name): \(dimension.limit) of the reference's \(values) values are counted "
        + "on their own, because all dimensions together may have \(groupLimit) combinations; "
        + "the rest is \(otherName)"
    }
  }

  private static func warnings(withoutProfile parts: [String]) -> [String] {
    guard !parts.isEmpty else { return [] }
    return [
      "no profile, so nobody watches \(parts.joined(separator: ", ")), and no rule asks for it: "
        + "`leeway profile` makes one"
    ]
  }

  private static func warnings(unprofiled signals: [String]) -> [String] {
    signals.map {
      "\($0) is not in the profile: it is counted and compared with nothing, so it has no drift; "
        + "run `leeway profile` again with this monitor"
    }
  }
}

/// The name of the version's dimension.
let versionName = "version"

extension SignalSelector {
  /// Whether a signal of this name is meant, be it a feature, the score or the decision.
  ///
  /// `*` means no KPIs: most events are no part of one, which says nothing of their fields.
  func matches(_ signal: String) -> Bool {
    switch signal {
    case scoreName, decisionName: return selects(signal: signal)
    case let name where workedOutNames.contains(name): return selects(signal: name)
    case eventsName: return self == .named(signal)
    case _ where RefusedSignal(signal) != nil: return self == .named(signal)
    case let name where isLeakage: return selects(signal: name)
    case _ where isQuality: return self == .named(signal)
    case let name where name.hasPrefix(kpiPrefix):
      return self != .all && selects(signal: name)
    default: break
    }
    guard let path = try? FieldPath(parsing: signal) else { return false }
    return selects(feature: path)
  }
}
