internal import Expressions
internal import Records
internal import Specification

/// A new version in a window, beside the version in use in the same window.
struct VersionComparison: Sendable {
  /// The version in use.
  let stable: JudgedPart
  /// The new version, whose values are compared with the other's.
  let canary: JudgedPart
}

extension JudgedPart {
  /// The part beside the version in use, so that rules can hold it against that.
  ///
  /// - Parameters:
  ///   - stable: The version in use.
  ///   - plan: What is computed.
  /// - Returns: The same part, which knows the other.
  func compared(with stable: JudgedPart, _ plan: Plan) -> JudgedPart {
    var own = part
    own.reference = ReferenceCounts(ofVersion: stable.part)
    own.strata = []
    let canary = JudgedPart(
      windowIndex: windowIndex,
      window: window,
      part: own,
      history: history,
      start: start,
      end: end,
      values: plan.signals.map { _ in [] },
      drifts: [],
      past: [:],
      spreads: [:],
      isCut: isCut
    )
    var compared = self
    compared.comparison = [VersionComparison(stable: stable, canary: canary)]
    return compared
  }

  /// A number less that of the version in use, with its interval.
  ///
  /// - Parameters:
  ///   - source: Where the number stands.
  ///   - tail: The probability that the difference is beyond one end, in (0, ½).
  ///   - plan: What is computed.
  /// - Returns: `nil` where either version has no such number, or no interval of it.
  func difference(of source: StatisticSource, tail: Double, _ plan: Plan) -> StatisticValue? {
    guard let stable = comparison.first?.stable,
      let own = bounded(source, tail: tail, plan),
      let other = stable.bounded(source, tail: tail, plan)
    else { return nil }
    func value(_ number: BoundedNumber.Bounded, _ n: Int) -> StatisticValue {
      StatisticValue(
        value: number.value,
        low: number.bounds.lowerBound,
        high: number.bounds.upperBound,
        n: n
      )
    }
    return StatisticValue(value(own, part.events), less: value(other, stable.part.events))
  }

  /// How far the values of a signal are from those of the version in use.
  func distance(
    _ statistic: StatisticName,
    of signal: Int,
    _ criterion: DriftCriterion,
    _ plan: Plan
  ) -> StatisticValue? {
    comparison.first?.canary.value(statistic, of: signal, criterion, plan)
  }
}
