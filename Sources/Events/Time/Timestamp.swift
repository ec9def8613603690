/// The unit of times that are numbers.
public enum TimeUnit: String, Sendable, Hashable, CaseIterable {
  /// By magnitude: below 1e11 seconds, below 1e14 milliseconds, below 1e17 microseconds, else
  /// nanoseconds; right for every time from 1973 to 5138.
  case automatic
  /// Seconds since 1970.
  case seconds
  /// Milliseconds since 1970.
  case milliseconds
  /// Microseconds since 1970.
  case microseconds
  /// Nanoseconds since 1970.
  case nanoseconds
}

/// Times as nanoseconds since 1970-01-01T00:00:00Z, every day being of 86,400 seconds.
///
/// - **Range**: 1677-09-21T00:12:43.145224196Z to 2262-04-11T23:47:16.854775807Z, what an `Int64`
///   holds beside the four that stand for no time.
public enum Timestamp {
  /// Stands for a time that is absent or `null`.
  @inlinable public static var missing: Int64 { .min }
  /// Stands for a time that cannot be read.
  @inlinable public static var invalid: Int64 { .min + 1 }
  /// Stands for a time that is written without its zone, where nothing says which it is.
  @inlinable public static var zoneless: Int64 { .min + 2 }
  /// Stands for a number without a unit that would be a time before 1990: a day's number, a time
  /// since a start, 0.
  @inlinable public static var implausible: Int64 { .min + 3 }

  /// Whether a time is one, and does not stand for none.
  @inlinable
  public static func isTime(_ time: Int64) -> Bool { time > implausible }

  /// 1990-01-01: an earlier time is no number whose unit is guessed.
  static let earliestGuessed: Int64 = 631_152_000_000_000_000

  /// Reads an RFC 3339 time, such as `2013-05-01T00:02:00.25+02:00`.
  ///
  /// - The day is of the proleptic Gregorian calendar, years 0001 to 9999.
  /// - `t` and `z` may be small, a space may stand for `T`; the offset is required.
  /// - Of a fraction the digits beyond nine are cut off.
  /// - A leap second, `:60`, is accepted at 23:59 UTC, and is the last nanosecond of that minute,
  ///   so that it stays in its day.
  ///
  /// - Returns: Nanoseconds, or `nil` when it is no time or beyond the range.
  /// - **Source**: RFC 3339 §5.6, §5.7.
  public static func parse(_ bytes: UnsafeRawBufferPointer) -> Int64? {
    var reader = unsafe TimeReader(bytes)
    guard let minute = unsafe reader.minute(), let rest = unsafe reader.secondsAndOffset() else {
      return nil
    }
    return combine(minute: minute, rest)
  }

  /// Reads an RFC 3339 time.
  ///
  /// - Returns: Nanoseconds, or `nil` when it is no time or beyond the range.
  public static func parse(_ text: String) -> Int64? {
    var text = text
    return text.withUTF8 { unsafe parse(UnsafeRawBufferPointer($0)) }
  }

  /// Reads an RFC 3339 time, or a day: its beginning in UTC.
  ///
  /// - Returns: Nanoseconds, or `nil` when it is neither.
  public static func parseMoment(_ text: String) -> Int64? {
    parse(text) ?? parse(text + "T00:00:00Z")
  }

  /// Nanoseconds from the local minute (since 1970) and what follows it.
  static func combine(minute: Int64, _ rest: TimeReader.Rest) -> Int64? {
    let utc = minute - rest.offsetMinutes
    if rest.isLeapSecond {
      let minuteOfDay = utc - floorDivide(utc, 1440) * 1440
      guard minuteOfDay == 1439 else {
        return nil
      }
    }
    // The first minute of the range starts below it.
    let wide = Int128(utc) * 60_000_000_000 + Int128(rest.nanoseconds)
    guard let time = Int64(exactly: wide), isTime(time) else {
      return nil
    }
    return time
  }

  /// Writes a time as RFC 3339 in UTC, with 0, 3, 6 or 9 digits of fraction, as few as it takes.
  ///
  ///     Timestamp.format(1_367_366_520_500_000_000)  // "2013-05-01T00:02:00.500Z"
  public static func format(_ nanoseconds: Int64) -> String {
    let second = floorDivide(nanoseconds, 1_000_000_000)
    let remainder = nanoseconds % 1_000_000_000
    let fraction = remainder < 0 ? remainder + 1_000_000_000 : remainder
    let day = floorDivide(second, 86_400)
    let clock = second - day * 86_400
    let (year, month, dayOfMonth) = civil(day: day)
    var text = "\(digits(year, 4))-\(digits(month, 2))-\(digits(dayOfMonth, 2))"
    text += "T\(digits(clock / 3600, 2)):\(digits(clock / 60 % 60, 2)):\(digits(clock % 60, 2))"
    if fraction % 1_000_000 == 0 {
      text += fraction == 0 ? "" : "." + digits(fraction / 1_000_000, 3)
    } else if fraction % 1000 == 0 {
      text += "." + digits(fraction / 1000, 6)
    } else {
      text += "." + digits(fraction, 9)
    }
    return text + "Z"
  }

  private static func digits(_ number: Int64, _ width: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, width - text.utf8.count)) + text
  }

  /// The day of the proleptic Gregorian calendar, counted from 1970-01-01.
  ///
  /// Years are counted from March, so that a leap day is a year's last.
  ///
  /// - **Source**: H. Hinnant, "chrono-Compatible Low-Level Date Algorithms", 2013,
  ///   days_from_civil.
  package static func day(year: Int64, month: Int64, day: Int64) -> Int64 {
    let marchYear = month <= 2 ? year - 1 : year
    let era = floorDivide(marchYear, 400)
    let yearOfEra = marchYear - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }

  /// How many days a month has.
  static func days(in month: Int64, of year: Int64) -> Int64 {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  /// The inverse of ``day(year:month:day:)``; civil_from_days of the same source.
  package static func civil(day: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let shifted = day + 719_468
    let era = floorDivide(shifted, 146_097)
    let dayOfEra = shifted - era * 146_097
    let leapDays = dayOfEra / 1460 - dayOfEra / 36_524 + dayOfEra / 146_096
    let yearOfEra = (dayOfEra - leapDays) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let marchMonth = (5 * dayOfYear + 2) / 153
    let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return (year, month, dayOfYear - (153 * marchMonth + 2) / 5 + 1)
  }
}
