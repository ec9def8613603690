/// How an objective stands at the last boundary that was judged.
public struct BudgetStanding: Sendable, Equatable {
  /// The objective's name.
  public var slo: String
  /// The share that must be good, as `99.9%`.
  public var objective: String
  /// The length of the period, as `30d`.
  public var period: String
  /// The events of the period.
  public var events: Int
  /// The bad ones.
  public var bad: Int
  /// Of the bad ones, those for which `good` was unknown.
  public var unjudged: Int
  /// The part of the budget that is left; negative beyond it, `nil` without events.
  public var budgetLeft: Double?
  /// How long it lasts at the burn rate of the shortest long window; `nil` when it is not burning.
  public var exhaustion: String?

  /// Makes a standing.
  package init(
    slo: String,
    objective: String,
    period: String,
    events: Int,
    bad: Int,
    unjudged: Int,
    budgetLeft: Double?,
    exhaustion: String?
  ) {
    self.slo = slo
    self.objective = objective
    self.period = period
    self.events = events
    self.bad = bad
    self.unjudged = unjudged
    self.budgetLeft = budgetLeft
    self.exhaustion = exhaustion
  }
}
