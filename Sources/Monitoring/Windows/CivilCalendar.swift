internal import Events
internal import Specification

/// Where days, weeks and months begin, in a zone.
struct CivilCalendar: Sendable {
  /// The zone of the days; `nil` for UTC.
  let zone: CivilZone?

  /// Nanoseconds of a day that has no change of the clocks.
  static let day: Int64 = 86_400_000_000_000

  /// The longest month, in a zone with an hour by which the clocks are put back.
  var longestMonth: Int64 { 31 * Self.day + (zone == nil ? 0 : 3_600_000_000_000) }

  /// The first boundary of the unit after a time: midnight, Monday's midnight, or the month's.
  ///
  /// - Parameters:
  ///   - time: Nanoseconds since 1970.
  ///   - unit: What is counted.
  /// - Returns: Nanoseconds since 1970, greater than `time`.
  func boundary(after time: Int64, unit: CalendarUnit) -> Int64 {
    let today = day(of: time)
    switch unit {
    case .day:
      return midnight(of: today + 1)
    case .week:
      // 1970-01-01 was a Thursday: Mondays are the days with (days + 3) % 7 == 0.
      return midnight(of: today + 7 - floorModulo(today + 3, 7))
    case .month:
      let (year, month, _) = Timestamp.civil(day: today)
      let isLast = month == 12
      return midnight(
        of: Timestamp.day(year: isLast ? year + 1 : year, month: isLast ? 1 : month + 1, day: 1)
      )
    }
  }

  /// The last boundary of the unit at or before a time.
  func boundary(atOrBefore time: Int64, unit: CalendarUnit) -> Int64 {
    let today = day(of: time)
    switch unit {
    case .day:
      return midnight(of: today)
    case .week:
      return midnight(of: today - floorModulo(today + 3, 7))
    case .month:
      let (year, month, _) = Timestamp.civil(day: today)
      return midnight(of: Timestamp.day(year: year, month: month, day: 1))
    }
  }

  /// The day that a time is in, counted from 1970-01-01.
  private func day(of time: Int64) -> Int64 {
    floorDivide(zone?.local(of: time) ?? time, Self.day)
  }

  /// The time at which a day begins.
  private func midnight(of day: Int64) -> Int64 {
    zone?.time(ofLocal: day * Self.day) ?? day * Self.day
  }
}
