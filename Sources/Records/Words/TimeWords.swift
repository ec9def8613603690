internal import Events

/// A time for a person: the day, and the minute where it is not midnight.
public func day(_ nanoseconds: Int64) -> String {
  let text = Timestamp.format(nanoseconds)
  let date = text.prefix(10)
  let minute = text.dropFirst(11).prefix(5)
  return minute == "00:00" ? String(date) : "\(date) \(minute)"
}

/// A length of time for a person, in the unit that suits its size: 12 days, 40 s, 3 ms.
///
/// - Parameters:
///   - seconds: The length.
///   - leastDays: The seconds from which on it is written in days.
///   - hours: The unit of hours; they begin at 7,200 seconds.
/// - Returns: The number and its unit.
package func durationWords(_ seconds: Double, leastDays: Double, hours: String) -> String {
  switch abs(seconds) {
  case leastDays...: "\(shortNumber(seconds / 86_400)) days"
  case 7_200...: "\(shortNumber(seconds / 3_600)) \(hours)"
  case 0, 1...: "\(shortNumber(seconds)) s"
  case 1e-3...: "\(shortNumber(seconds * 1e3)) ms"
  default: "\(shortNumber(seconds * 1e6)) µs"
  }
}
