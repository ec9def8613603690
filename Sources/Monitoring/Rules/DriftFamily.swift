internal import Expressions
internal import Records
internal import Specification
internal import Statistics

/// The drifts that one rule judges at one time, over signals and parts of the traffic.
///
/// Judged one by one, many stable signals give some alarms by chance. Judged together by e-BH, the
/// expected share of false alarms among those found is at most the rule's `fdr`, however the signals
/// depend on each other. A drift that is not known is not in the family.
struct DriftFamily {
  /// How many drifts are known.
  let size: Int
  /// Whether each drift may be chance, by part of the traffic and the rule's subjects.
  private let chance: [[Bool]]

  /// Judges the drifts of a rule with a false discovery rate.
  init(_ rule: PlannedRule, rate: Double, _ parts: [JudgedPart]) {
    // A drift whose index is tolerated has no p-value: it is above ½, and its e-value far below
    // the least that can be found at any rate, 1.
    let eValues = parts.map { judged in
      rule.subjects.map { subject -> Double? in
        guard rule.scope.contains(judged.part.name), let place = subject.drift,
          let drift = judged.drifts[place]
        else { return nil }
        return drift.pValue.map { calibratedEValue(pValue: $0) } ?? 0
      }
    }
    let known = eValues.joined().compactMap { $0 }
    size = known.count
    var found = rejectedByEBH(known, rate: rate).makeIterator()
    chance = eValues.map { own in own.map { $0 == nil ? false : found.next() == false } }
  }

  /// Whether a drift may be chance, given how many were judged; false where it is not known.
  func mayBeChance(part: Int, subject: Int) -> Bool { chance[part][subject] }
}
