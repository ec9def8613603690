internal import Expressions
internal import Records
internal import Statistics

/// The drifts that one rule judges at one time, over signals and parts of the traffic.
///
/// Judged one by one, many stable signals give some alarms by chance. Judged together by e-BH, the
/// expected share of false alarms among those found is at most the rule's `fdr`, however the signals
/// depend on each other. A drift that is not known is not in the family.
struct DriftFamily {
  /// One drift: the position of its part of the traffic, and of its signal among the rule's.
  struct Member: Hashable {
    var view: Int
    var subject: Int
  }

  /// How many drifts are known.
  private(set) var size = 0
  private var rejected: [Member: Bool] = [:]

  /// Judges the drifts of a rule with a false discovery rate.
  init(
    _ rule: RuleSpecification,
    rate: Double,
    _ subjects: [String?],
    _ views: [JudgedView],
    _ plan: Plan
  ) {
    var members: [Member] = []
    var eValues: [Double] = []
    for (view, judged) in views.enumerated() where judged.isJudged(by: rule, plan) {
      for (subject, signal) in subjects.enumerated() {
        guard let p = judged.driftPValue(rule, signal, plan),
          let eValue = calibratedEValue(pValue: p)
        else { continue }
        members.append(Member(view: view, subject: subject))
        eValues.append(eValue)
      }
    }
    size = members.count
    for (member, isRejected) in zip(members, rejectedByEBH(eValues, rate: rate)) {
      rejected[member] = isRejected
    }
  }

  /// Whether a drift may be chance, given how many were judged; false where it is not known.
  func mayBeChance(_ member: Member) -> Bool { rejected[member] == false }
}

extension JudgedView {
  /// The p-value of the drift that a rule compares with a constant; `nil` when it is not known.
  fileprivate func driftPValue(
    _ rule: RuleSpecification,
    _ signal: String?,
    _ plan: Plan
  ) -> Double? {
    guard let use = rule.expression.uses.first(where: { $0.statistic == .drift }) else {
      return nil
    }
    let name = use.selector.isWildcard ? signal : use.selector.description
    guard let name else { return nil }
    return value(.drift, name, rule, plan)?.pValue
  }
}
