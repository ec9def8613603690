internal import Expressions
internal import Specification

/// A value of earlier ends of a window that rules or metrics compare with.
struct PastUse: Sendable, Equatable {
  let subject: PastSubject
  /// The rules that ask for it, by their index.
  var rules: [Int]
  /// Whether metric records show its change.
  var isMeasured: Bool
  /// How long ago, in nanoseconds, each once.
  var ages: [Int64]
  /// The earlier windows that tell how much it varies, where a bound asks for that.
  var spread: SpreadWindows?

  /// The longest time back.
  var longest: Int64 { max(ages.max() ?? 0, spread?.longest ?? 0) }
}

/// A value of the past that is asked for.
struct PastQuery: Hashable, Sendable {
  let subject: PastSubject
  /// How long ago, in nanoseconds.
  let ago: Int64
}

/// How far back the changes reach.
extension MeasuredChange {
  var ago: TimeSpan { self == .day ? .days(1) : .days(7) }
}

extension Plan {
  /// The values of the past that are kept, by the windows' order.
  static func pastUses(
    of monitor: Monitor,
    _ names: [String],
    _ planned: [PlannedWindow],
    wantsMetrics: Bool
  ) -> [[PastUse]] {
    zip(monitor.windows, planned).map { window, planned in
      var uses: [PastUse] = []
      for (index, rule) in monitor.rules.enumerated() where rule.window == window.name {
        for use in rule.expression.uses {
          guard let ago = use.ago else { continue }
          for (signal, name) in names.enumerated() where use.selector.matches(name) {
            let standard = planned.criteria[safe: signal] ?? DriftCriterion()
            let subject = PastSubject(
              signal: name,
              statistic: use.statistic,
              criterion: use.statistic == .drift ? rule.criterion(standard) : nil
            )
            uses.insert(subject, ago, rule: index)
          }
        }
        guard let windows = SpreadWindows(window) else { continue }
        for subject in spreadSubjects(of: rule, names, monitor) {
          uses.insert(subject, windows, rule: index)
        }
      }
      guard wantsMetrics else { return uses }
      for kpi in monitor.kpis {
        let subject = PastSubject(signal: kpi.signalName, statistic: .value, criterion: nil)
        for change in MeasuredChange.allCases
        where PastBounds.canKeep(change.ago, of: window) {
          uses.insert(subject, change.ago, rule: nil)
        }
      }
      return uses
    }
  }
}

extension Plan {
  /// The numbers of a rule whose bounds come from earlier windows.
  private static func spreadSubjects(
    of rule: RuleSpecification,
    _ names: [String],
    _ monitor: Monitor
  ) -> [PastSubject] {
    let uses = rule.comparisonBounds.flatMap { bound -> [Int] in
      if case .bounded(let number) = bound { number.statistics } else { [] }
    }
    return uses.map { rule.expression.uses[$0] }.flatMap { use in
      names.filter { name in
        guard use.selector.matches(name) else { return false }
        guard use.statistic == .value else { return use.statistic.measure.hasSpread }
        return monitor.kpis.first { $0.signalName == name }?.expression.form == .total
      }.map { PastSubject(signal: $0, statistic: use.statistic, criterion: nil) }
    }
  }
}

extension RuleSpecification {
  /// How the rule judges drift, where other rules judge it as `standard` says.
  func criterion(_ standard: DriftCriterion) -> DriftCriterion {
    DriftCriterion(
      tolerance: expression.driftTolerance ?? standard.tolerance,
      confidence: confidence
    )
  }
}

extension [PastUse] {
  fileprivate mutating func insert(_ subject: PastSubject, _ ago: TimeSpan, rule: Int?) {
    let index = place(of: subject, rule: rule)
    if !self[index].ages.contains(ago.nanoseconds) { self[index].ages.append(ago.nanoseconds) }
  }

  fileprivate mutating func insert(_ subject: PastSubject, _ spread: SpreadWindows, rule: Int) {
    self[place(of: subject, rule: rule)].spread = spread
  }

  /// The place of a subject, which is added where it is new.
  private mutating func place(of subject: PastSubject, rule: Int?) -> Int {
    let index = firstIndex { $0.subject == subject } ?? count
    if index == count {
      append(PastUse(subject: subject, rules: [], isMeasured: false, ages: []))
    }
    if let rule {
      if !self[index].rules.contains(rule) { self[index].rules.append(rule) }
    } else {
      self[index].isMeasured = true
    }
    return index
  }
}

extension Array {
  subscript(safe index: Int) -> Element? {
    indices.contains(index) ? self[index] : nil
  }
}
