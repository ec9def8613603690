/// The share of events that may be bad while an objective is kept: 0.001 for an objective of 99.9 %.
///
/// - **Unit and range**: a share in (0, 1).
/// - **Source**: B. Beyer et al., "The Site Reliability Workbook" (2018), chapters 2 and 5.
public struct ErrorBudget: Sendable, Hashable {
  /// The share that may be bad.
  public let share: Double

  /// A budget.
  ///
  /// - Parameter share: The share that may be bad, in (0, 1).
  public init(share: Double) {
    precondition(share > 0 && share < 1, "a budget of \(share)")
    self.share = share
  }

  /// How many times faster than allowed the budget is spent: the share of bad events over the
  /// share that may be.
  ///
  /// At 1 the budget of a period lasts just that period.
  ///
  /// - Parameters:
  ///   - bad: The bad events, in 0...`events`.
  ///   - events: All events.
  /// - Returns: The burn rate, in [0, 1/share]; `nil` of no events, which is not 0.
  public func burnRate(bad: Int, of events: Int) -> Double? {
    guard events > 0 else { return nil }
    return Double(bad) / Double(events) / share
  }

  /// The share of a period's budget that is left.
  ///
  /// - Parameters:
  ///   - bad: The bad events of the period.
  ///   - events: All events of the period so far.
  /// - Returns: 1 when nothing is spent, 0 when all is, negative beyond; `nil` of no events.
  public func left(bad: Int, of events: Int) -> Double? {
    burnRate(bad: bad, of: events).map { 1 - $0 }
  }

  /// How long what is left lasts when it goes on being spent at a rate.
  ///
  /// What leaves the period on its other side is not looked at.
  ///
  /// - Parameters:
  ///   - left: The share of the budget that is left.
  ///   - burnRate: The rate, at least 0.
  ///   - period: The period, in any unit.
  /// - Returns: The time in the period's unit; 0 when nothing is left, `nil` when nothing is spent.
  public static func timeToExhaustion(
    left: Double,
    burnRate: Double,
    period: Double
  ) -> Double? {
    if left <= 0 { return 0 }
    return burnRate > 0 ? left * period / burnRate : nil
  }
}

/// Whether a burn rate is beyond a limit with confidence: the guard of low traffic.
///
/// A failure among ten events is a burn rate of 100 against 99.9 %, and says next to nothing. So at
/// least ``leastBad`` events must be bad, and the lower end of Wilson's interval of the bad share
/// must be beyond the limit, too.
public struct BurnGuard: Sendable, Hashable {
  /// The fewest bad events.
  public static let leastBad = 10
  /// The confidence of Wilson's interval, both sides together.
  public static let confidence = 0.95
  private static let z = NormalDistribution.upperQuantile(tail: (1 - confidence) / 2)

  /// Whether so many bad events of so many are beyond a limit.
  ///
  /// - Parameters:
  ///   - bad: The bad events of the long window.
  ///   - events: All events of it.
  ///   - burnRate: The limit.
  ///   - budget: The budget.
  /// - Returns: Whether there are enough of them, and beyond it also at their lower bound.
  public static func confirms(
    bad: Int,
    of events: Int,
    beyond burnRate: Double,
    budget: ErrorBudget
  ) -> Bool {
    guard bad >= leastBad, events > 0 else { return false }
    return WilsonInterval(hits: bad, of: events, z: z).lower > burnRate * budget.share
  }

  /// Wilson's interval of the bad share at the guard's confidence.
  ///
  /// - Parameters:
  ///   - bad: The bad events.
  ///   - events: All events.
  /// - Returns: `nil` of no events.
  public static func interval(bad: Int, of events: Int) -> WilsonInterval? {
    events > 0 ? WilsonInterval(hits: bad, of: events, z: z) : nil
  }
}
