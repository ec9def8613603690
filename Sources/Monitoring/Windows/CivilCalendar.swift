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
    near(time, unit).filter { $0 > time }.min() ?? .max
  }

  /// The last boundary of the unit at or before a time.
  ///
  /// - Parameters:
  ///   - time: Nanoseconds since 1970.
  ///   - unit: What is counted.
  /// - Returns: Nanoseconds since 1970, at most `time`.
  func boundary(atOrBefore time: Int64, unit: CalendarUnit) -> Int64 {
    near(time, unit).filter { $0 <= time }.max() ?? .min
  }

  /// The boundaries near a time, both the last at or before it and the first after it among them.
  ///
  /// What the clocks show at a time does not tell between which midnights it is: clocks that are
  /// put back from 00:01 to 23:01 show the day before again. But they are less than 26 hours from
  /// UTC, so that the midnight of a day of theirs is less than two days from that of UTC.
  private func near(_ time: Int64, _ unit: CalendarUnit) -> [Int64] {
    let today = floorDivide(time, Self.day)
    switch unit {
    case .day:
      return (today - 2...today + 3).map { midnight(of: $0) }
    case .week:
      // 1970-01-01 was a Thursday: Mondays are the days with (days + 3) % 7 == 0.
      let week = floorDivide(today + 3, 7)
      return (week - 1...week + 2).map { midnight(of: $0 * 7 - 3) }
    case .month:
      let (year, month, _) = Timestamp.civil(day: today)
      let count = year * 12 + month - 1
      return (count - 1...count + 2).map { count in
        let (year, month) = (floorDivide(count, 12), floorModulo(count, 12) + 1)
        return midnight(of: Timestamp.day(year: year, month: month, day: 1))
      }
    }
  }

  /// The time at which a day begins, cut to the range.
  private func midnight(of day: Int64) -> Int64 {
    let (local, isOverflown) = day.multipliedReportingOverflow(by: Self.day)
    guard !isOverflown else { return day < 0 ? .min : .max }
    return zone?.time(ofLocal: local) ?? local
  }
}
