/// One line of the table of burn rates: how fast, over which windows, and how bad that is.
public struct StandardBurnTier: Sendable, Hashable {
  /// Who is to hear of it.
  public enum Urgency: String, Sendable, CaseIterable {
    /// Somebody, now.
    case page
    /// Somebody, in the next days.
    case ticket
  }

  /// Who is to hear of it.
  public var urgency: Urgency
  /// The part of the period's budget, in percent, that is spent when the long window has burned at
  /// the limit.
  public var percent: Int
  /// The long window, in seconds: enough events to be sure.
  public var long: Int64
  /// The short window, in seconds: whether it still goes on.
  public var short: Int64

  /// A line of the table.
  ///
  /// - Parameters:
  ///   - urgency: Who is to hear of it.
  ///   - percent: The part of the budget, in percent.
  ///   - long: The long window, in seconds.
  ///   - short: The short window, in seconds.
  public init(urgency: Urgency, percent: Int, long: Int64, short: Int64) {
    self.urgency = urgency
    self.percent = percent
    self.long = long
    self.short = short
  }

  /// The burn rate at which the long window spends its part of the budget:
  /// `percent / 100 · period / long`.
  ///
  /// - Parameters:
  ///   - period: The objective's period, in any unit.
  ///   - long: The long window, in the same.
  /// - Returns: The limit that both windows must exceed.
  public func burnRate(period: Int64, long: Int64) -> Double {
    Double(Int64(percent) * period) / Double(100 * long)
  }

  /// The burn rate of the line's own long window.
  ///
  /// - Parameter period: The objective's period, in seconds.
  /// - Returns: The limit that both windows must exceed.
  public func burnRate(period: Int64) -> Double { burnRate(period: period, long: long) }

  /// The table for a period.
  ///
  /// The shares of the budget are always those of the workbook: 2 % and 5 % page, 10 % makes a
  /// ticket. For a period of 28 to 31 days so are the windows, as Sloth has them, and the limits
  /// follow the period: 14.4, 6, (3,) 1 for 30 days, 13.44, 5.6, (2.8,) 0.933 for 28. Windows that
  /// stayed for any period would ask for nonsense: of a week, a tenth of the budget over three
  /// days is a burn rate of 0.23, which keeps the objective. So for other periods the windows are
  /// those of 30 days times period/30 d, rounded to whole seconds.
  ///
  /// - **Source**: "The Site Reliability Workbook" (2018), chapter 5, table 5-8; Sloth,
  ///   `google-30d.yaml` and `google-28d.yaml`.
  ///
  /// - Parameters:
  ///   - period: The objective's period, in seconds.
  ///   - count: 3, or 4 with a ticket on a day.
  /// - Returns: The lines, the most urgent first.
  public static func table(period: Int64, count: Int = 3) -> [StandardBurnTier] {
    precondition(count == 3 || count == 4, "\(count) tiers")
    precondition(period > 0, "a period of \(period) s")
    return workbook.filter { count == 4 || $0.long != day }.map { tier in
      var scaled = tier
      scaled.long = scale(tier.long, to: period)
      scaled.short = scale(tier.short, to: period)
      return scaled
    }
  }

  private static let hour: Int64 = 3_600
  private static let day: Int64 = 86_400
  private static let workbook = [
    StandardBurnTier(urgency: .page, percent: 2, long: hour, short: 300),
    StandardBurnTier(urgency: .page, percent: 5, long: 6 * hour, short: 1_800),
    StandardBurnTier(urgency: .ticket, percent: 10, long: day, short: 2 * hour),
    StandardBurnTier(urgency: .ticket, percent: 10, long: 3 * day, short: 6 * hour),
  ]

  /// A window of the 30-day table for another period, in whole seconds, at least one.
  private static func scale(_ window: Int64, to period: Int64) -> Int64 {
    if (28 * day...31 * day).contains(period) { return window }
    let scaled = Double(window) * Double(period) / Double(30 * day)
    return max(1, Int64(scaled.rounded()))
  }
}
