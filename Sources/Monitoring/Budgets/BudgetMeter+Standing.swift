internal import Expressions
internal import Records
internal import Specification
public import Standing

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
  if seconds > 0, seconds < 10 { return subsecondText(seconds) }
  let step: Int64 = seconds >= 172_800 ? 3_600 : seconds >= 7_200 ? 60 : 1
  guard seconds < 1e9 else { return "years" }
  let steps = Int64((seconds / Double(step)).rounded())
  return TimeSpan.seconds(steps * step).description
}

/// Less than ten seconds for a person: `2.5s`, `250ms`, `40us`.
private func subsecondText(_ seconds: Double) -> String {
  if seconds >= 1 { return shortNumber(seconds) + "s" }
  if seconds >= 1e-3 { return shortNumber(seconds * 1e3) + "ms" }
  return shortNumber(seconds * 1e6) + "us"
}
