internal import Specification

/// Days, weeks and months of UTC as counts of days since 1970-01-01.
///
/// The conversions are those of the proleptic Gregorian calendar in 400-year eras of 146,097 days
/// (H. Hinnant, "chrono-Compatible Low-Level Date Algorithms", 2013).
enum CivilCalendar {
  /// Nanoseconds of a day.
  static let day: Int64 = 86_400_000_000_000

  /// The first boundary of the unit after a time: midnight, Monday's midnight, or the month's.
  ///
  /// - Parameters:
  ///   - time: Nanoseconds since 1970.
  ///   - unit: What is counted.
  /// - Returns: Nanoseconds since 1970, greater than `time`.
  static func boundary(after time: Int64, unit: CalendarUnit) -> Int64 {
    let today = floorDivide(time, day)
    switch unit {
    case .day:
      return (today + 1) * day
    case .week:
      // 1970-01-01 was a Thursday: Mondays are the days with (days + 3) % 7 == 0.
      return (today + 7 - floorModulo(today + 3, 7)) * day
    case .month:
      let (year, month) = yearAndMonth(of: today)
      return days(year: month == 12 ? year + 1 : year, month: month == 12 ? 1 : month + 1) * day
    }
  }

  /// The last boundary of the unit at or before a time.
  static func boundary(atOrBefore time: Int64, unit: CalendarUnit) -> Int64 {
    let today = floorDivide(time, day)
    switch unit {
    case .day:
      return today * day
    case .week:
      return (today - floorModulo(today + 3, 7)) * day
    case .month:
      let (year, month) = yearAndMonth(of: today)
      return days(year: year, month: month) * day
    }
  }

  /// The days from 1970-01-01 to the first of a month.
  private static func days(year: Int64, month: Int64) -> Int64 {
    let shifted = month <= 2 ? year - 1 : year
    let era = floorDivide(shifted, 400)
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }

  private static func yearAndMonth(of days: Int64) -> (year: Int64, month: Int64) {
    let shifted = days + 719_468
    let era = floorDivide(shifted, 146_097)
    let dayOfEra = shifted - era * 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let month = shiftedMonth + (shiftedMonth < 10 ? 3 : -9)
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month)
  }
}

/// Division that rounds towards minus infinity.
func floorDivide(_ dividend: Int64, _ divisor: Int64) -> Int64 {
  let quotient = dividend / divisor
  return dividend % divisor < 0 ? quotient - 1 : quotient
}

/// The remainder of `floorDivide`, in `0..<divisor`.
func floorModulo(_ dividend: Int64, _ divisor: Int64) -> Int64 {
  dividend - floorDivide(dividend, divisor) * divisor
}
