internal import Events
internal import Expressions
internal import Records
internal import Specification

/// What is judged in one window: its rules, and each drift that they ask for once.
struct PlannedWindow: Sendable {
  /// How drift of each signal is judged: as the first rule that covers it says.
  let criteria: [DriftCriterion]
  /// The rules, in the monitor's order.
  private(set) var rules: [PlannedRule] = []
  /// The drifts that they ask for.
  private(set) var drifts: [PlannedDrift] = []

  /// - Parameters:
  ///   - window: The window.
  ///   - monitor: Its monitor.
  ///   - signals: The plan's signals.
  ///   - dimensions: The plan's dimensions.
  init(
    _ window: WindowSpecification,
    of monitor: Monitor,
    _ signals: [Signal],
    _ dimensions: [Dimension]
  ) {
    let names = signals.map(\.name)
    criteria = Plan.criteria(of: monitor, window, names)
    let known = names + monitor.kpis.map(\.signalName).filter { !names.contains($0) }
    let places = Dictionary(uniqueKeysWithValues: zip(names, names.indices))
    for (index, rule) in monitor.rules.enumerated() where rule.window == window.name {
      var planned = PlannedRule(index: index, rule, dimensions)
      for subject in Plan.subjects(of: rule, known) {
        let queries = rule.expression.uses.map { use in
          subject != nil || !use.selector.isWildcard ? use.query(for: subject ?? "") : nil
        }
        let drifting = queries.first { $0?.statistic == .drift && $0?.isCompared == false }??.signal
        planned.subjects.append(
          RuleSubject(
            signal: subject,
            sources: queries.map { query in
              query.map { source($0, planned, signals, places, monitor) } ?? .unknown
            },
            drift: rule.falseDiscoveryRate == nil
              ? nil : drifting.flatMap { places[$0] }.map { drift(of: $0, planned) }
          )
        )
      }
      rules.append(planned)
    }
  }

  /// Where the answer to a rule's question stands.
  private mutating func source(
    _ query: StatisticQuery,
    _ rule: PlannedRule,
    _ signals: [Signal],
    _ places: [String: Int],
    _ monitor: Monitor
  ) -> StatisticSource {
    let signal = places[query.signal]
    if query.isCompared {
      if let signal, query.statistic.isDistance {
        return .distance(signal, query.statistic, rule.specification.criterion(criteria[signal]))
      }
      var one = query
      one.isCompared = false
      return .difference(source(one, rule, signals, places, monitor))
    }
    if let ago = query.ago {
      let subject = PastSubject(
        signal: query.signal,
        statistic: query.statistic,
        criterion: query.statistic == .drift
          ? signal.map { rule.specification.criterion(criteria[$0]) } : nil
      )
      return .past(PastQuery(subject: subject, ago: ago.nanoseconds))
    }
    if query.ofReference {
      return .reference(signal.flatMap { signals[$0].profile.value(of: query.statistic) })
    }
    if query.signal == eventsName { return .events(query.statistic) }
    if let refused = RefusedSignal(query.signal) { return .refused(query.statistic, refused) }
    if query.statistic == .value {
      let kpi = monitor.kpis.firstIndex { $0.signalName == query.signal }
      return kpi.map { .kpi($0) } ?? .unknown
    }
    guard let signal else { return .unknown }
    if query.statistic == .drift { return .drift(drift(of: signal, rule)) }
    return query.isPValue
      ? .pValue(signal, query.statistic) : .signal(signal, query.statistic)
  }

  /// The place of a rule's drift among those of the window.
  private mutating func drift(of signal: Int, _ rule: PlannedRule) -> Int {
    let wanted = PlannedDrift(signal: signal, rule, criteria[signal])
    let place = drifts.firstIndex { $0.signal == signal && $0.criterion == wanted.criterion }
    guard let place else {
      drifts.append(wanted)
      return drifts.count - 1
    }
    drifts[place].merge(wanted)
    return place
  }
}

extension PlannedWindow {
  /// Whether any rule asks for lines that were refused.
  var asksForRefused: Bool { rules.contains(where: \.asksForRefused) }
}

/// A rule worked out against the plan's signals: whom it judges, and where its numbers stand.
struct PlannedRule: Sendable {
  /// The index among the monitor's rules.
  let index: Int
  let specification: RuleSpecification
  /// Which parts of the traffic it judges.
  let scope: RuleScope
  /// What its comparisons go by, in their order.
  let bounds: [ComparisonBound]
  /// Whether it holds new versions against the one in use.
  let comparesVersions: Bool
  /// What it is judged for, one alert each.
  fileprivate(set) var subjects: [RuleSubject] = []

  init(index: Int, _ rule: RuleSpecification, _ dimensions: [Dimension]) {
    self.index = index
    specification = rule
    scope = RuleScope(rule, dimensions)
    bounds = rule.comparisonBounds
    comparesVersions = rule.expression.comparesVersions
  }
}

extension PlannedRule {
  /// Whether it asks for lines that were refused, of which there are some without any event.
  var asksForRefused: Bool {
    subjects.contains { subject in
      subject.sources.contains { source in
        if case .refused = source { true } else { false }
      }
    }
  }
}

/// One signal that a rule is judged for, or `nil` for none in particular.
struct RuleSubject: Sendable {
  let signal: String?
  /// Where each number stands that the condition asks for, in the order of its uses.
  let sources: [StatisticSource]

  /// The place of the drift that a rule with a false discovery rate judges.
  let drift: Int?
}

/// Where a number that a rule asks for stands in a judged part of the traffic.
enum StatisticSource: Sendable {
  /// Nowhere: it has no value.
  case unknown
  /// A value of an earlier end of the window.
  case past(PastQuery)
  /// The reference's own value.
  case reference(Double?)
  /// Of the events themselves.
  case events(StatisticName)
  /// Of the lines that were refused.
  case refused(StatisticName, RefusedSignal)
  /// The value of a KPI, by its index.
  case kpi(Int)
  /// A drift, by its place among those of the window.
  case drift(Int)
  /// The p-value of a statistic of a signal, by its index.
  case pValue(Int, StatisticName)
  /// How far the values of a signal, by its index, are from those of the version in use.
  case distance(Int, StatisticName, DriftCriterion)
  /// A number less that of the version in use.
  indirect case difference(StatisticSource)
  /// Any other statistic of a signal, by its index.
  case signal(Int, StatisticName)
}

/// Which parts of the traffic are judged.
struct RuleScope: Sendable {
  private(set) var judgesWhole: Bool
  private var dimensions: [Bool]

  init(_ rule: RuleSpecification, _ all: [Dimension]) {
    judgesWhole = rule.by.contains(.whole)
    dimensions = all.map { dimension in
      rule.by.contains { by in
        switch by {
        case .whole: false
        case .version: dimension.segment == nil
        case .segment(let path): dimension.name == path.description
        }
      }
    }
  }

  /// Whether a part is judged.
  func contains(_ part: PartName) -> Bool {
    switch part {
    case .whole: judgesWhole
    case .part(let dimension, _): dimensions[dimension]
    }
  }

  /// Takes in the parts that another rule judges.
  mutating func formUnion(_ other: RuleScope) {
    judgesWhole = judgesWhole || other.judgesWhole
    for index in dimensions.indices where other.dimensions[index] { dimensions[index] = true }
  }
}

/// A drift that rules ask for, whichever of them.
struct PlannedDrift: Sendable {
  /// The index of the signal.
  let signal: Int
  let criterion: DriftCriterion
  /// The index from which on the bound and the p-value matter.
  private(set) var exactFrom: Double
  /// The parts of the traffic in which it is asked for.
  private(set) var scope: RuleScope

  fileprivate init(signal: Int, _ rule: PlannedRule, _ standard: DriftCriterion) {
    self.signal = signal
    criterion = rule.specification.criterion(standard)
    scope = rule.scope
    // The bound is below the index, whose own error is far below one part in a billion.
    let floor = (rule.specification.expression.driftFloor ?? -.infinity) * (1 - 1e-9)
    // A drift whose index is tolerated has no evidence for the false discovery rate either.
    exactFrom =
      rule.specification.falseDiscoveryRate == nil ? floor : min(floor, criterion.tolerance)
  }

  fileprivate mutating func merge(_ other: PlannedDrift) {
    exactFrom = min(exactFrom, other.exactFrom)
    scope.formUnion(other.scope)
  }
}
