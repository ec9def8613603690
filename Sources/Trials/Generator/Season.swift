internal import Events

/// How something goes up and down by the hour of day and the day of week, in UTC.
struct Season: Sendable, Equatable {
  /// How much of the mean is added at the day's peak and taken away half a day later, in [0, 1].
  var swing = 0.0
  /// When the day's peak is, in nanoseconds after midnight.
  var peak: Int64 = 0
  /// Factors of the hours, 0 to 23 o'clock; empty for none.
  var hours: [Double] = []
  /// Factors of the days, Monday first; empty for none.
  var weekdays: [Double] = []

  private static let hour: Int64 = 3_600_000_000_000
  private static let day = 24 * hour

  /// The factor at a time in nanoseconds since 1970.
  func factor(at time: Int64) -> Double {
    let day = floorDivide(time, Self.day)
    let inDay = time - day * Self.day
    var factor = 1.0
    if swing > 0 {
      factor += swing * Elementary.cosine(turns: Double(inDay - peak) / Double(Self.day))
    }
    if !hours.isEmpty { factor *= hours[Int(inDay / Self.hour)] }
    // 1970-01-01 was a Thursday.
    if !weekdays.isEmpty { factor *= weekdays[Int(day + 3 - 7 * floorDivide(day + 3, 7))] }
    return factor
  }

  /// No factor is greater.
  var greatest: Double {
    (1 + swing) * (hours.max() ?? 1) * (weekdays.max() ?? 1)
  }
}
