internal import Expressions
internal import Records
internal import Specification

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
}

extension BudgetMeter {
  var standing: BudgetStanding {
    let counts = period.counts
    return BudgetStanding(
      slo: specification.name,
      objective: percentText(specification.objective),
      period: specification.period.description,
      events: counts.events,
      bad: counts.bad,
      unjudged: counts.unjudged,
      budgetLeft: period.budgetLeft,
      exhaustion: timeToExhaustion(recent).map(durationText)
    )
  }
}

extension Engine {
  /// How the objectives stand, in the monitor's order.
  public var budgetStandings: [BudgetStanding] { budgets.meters.map(\.standing) }
}

/// A length of time for a person, in the two or three units that matter: `1d1h`, `3h20m`, `45s`.
func durationText(_ seconds: Double) -> String {
  let step: Int64 = seconds >= 172_800 ? 3_600 : seconds >= 7_200 ? 60 : 1
  guard seconds < 1e9 else { return "years" }
  let steps = Int64((seconds / Double(step)).rounded())
  return TimeSpan.seconds(steps * step).description
}
