import Expressions
import Records
import Statistics
import YAML

extension ObjectiveLoader {
  /// The table's alarms for a period: pages, then tickets.
  ///
  /// An error, and `nil`, when a window is shorter than the slide.
  func alarms(
    _ period: TimeSpan,
    tiers: Int,
    _ severities: [StandardBurnTier.Urgency: Severity],
    at position: SourcePosition,
    _ what: String
  ) -> [BurnAlarm]? {
    let seconds = max(1, period.nanoseconds / TimeSpan.seconds(1).nanoseconds)
    let table = StandardBurnTier.table(period: seconds, count: tiers)
    guard let shortest = table.map(\.short).min() else { return nil }
    guard checkWindow(.seconds(shortest), "a period of \(period)", at: position, what, findings)
    else { return nil }
    let standard: [StandardBurnTier.Urgency: Severity] = [.page: .page, .ticket: .ticket]
    return StandardBurnTier.Urgency.allCases.compactMap { urgency in
      let tiers = table.filter { $0.urgency == urgency }.map { tier in
        let long = whole(.seconds(tier.long))
        return BurnTier(
          long: long,
          short: min(whole(.seconds(tier.short)), long),
          burnRate: tier.burnRate(
            period: whole(period).nanoseconds / Self.microsecond,
            long: long.nanoseconds / Self.microsecond
          ),
          isInclusive: false
        )
      }
      guard let severity = severities[urgency] ?? standard[urgency] else { return nil }
      return BurnAlarm(
        severity: severity,
        condition: nil,
        holdDuration: .zero,
        tiers: tiers
      )
    }
  }

  /// Ratios of lengths are taken in microseconds, so that a hundred years of them fit.
  private static var microsecond: Int64 { 1_000 }

  /// Whether a window has at least the length of a slide.
  func checkWindow(
    _ window: TimeSpan,
    _ cause: String,
    at position: SourcePosition,
    _ what: String,
    _ findings: Findings
  ) -> Bool {
    guard window < slide else { return true }
    findings.error(
      position,
      "\(what): \(cause) has a window of \(window), which is shorter than the monitor's slide, "
        + "got \(slide): write slide: \(window) or a longer period"
    )
    return false
  }

  /// The nearest whole number of slides, at least one.
  func whole(_ length: TimeSpan) -> TimeSpan {
    let (count, rest) = length.nanoseconds.quotientAndRemainder(dividingBy: slide.nanoseconds)
    let rounded = rest >= slide.nanoseconds - rest ? count + 1 : count
    return TimeSpan(nanoseconds: max(1, rounded) * slide.nanoseconds)
  }

  /// Warns of conditions that cannot hold, whatever happens.
  func lint(_ slo: SLOSpecification, at position: SourcePosition, _ what: String) {
    for alarm in slo.alarms {
      for condition in alarm.tiers {
        let needed = condition.burnRate * slo.budget.share
        guard needed > 1 || needed == 1 && !condition.isInclusive else { continue }
        findings.warning(
          position,
          "\(what): with an objective of \(percentText(slo.objective)) a burn rate of "
            + "\(shortNumber(condition.burnRate)) over \(condition.long) cannot be exceeded, got "
            + "\(percentText(needed)) of all events as its limit: the \(alarm.severity.rawValue) "
            + "of this window never fires; alert on mean(failure) > 50% or so beside it"
        )
      }
    }
  }
}
