internal import Events
internal import Records

/// Numbers as a screen shows them: short, and safe for whatever a file may hold.
enum Figures {
  /// A population stability index or its bound.
  static func index(_ value: Double?) -> String {
    guard let value else { return "–" }
    return abs(value) < 1000 ? fixed(value) : shortNumber(value)
  }

  static func number(_ value: Double) -> String { shortNumber(value) }

  /// A count that is kept in six columns.
  static func count(_ value: Int) -> String {
    value < 1_000_000 ? grouped(value) : shortNumber(Double(value) / 1e6) + " M"
  }

  /// A share as a percentage with at most one decimal.
  static func share(_ value: Double?) -> String {
    guard let value else { return "–" }
    guard abs(value) < 100 else { return shortNumber(value * 100) + " %" }
    // Nothing and next to nothing are not the same.
    if value > 0, value < 0.0005 { return "<0.1 %" }
    return percent(value)
  }

  /// A relative change, with its sign.
  static func change(_ value: Double) -> String { (value > 0 ? "+" : "") + share(value) }

  /// Seconds in the unit that suits their size.
  static func seconds(_ value: Double) -> String {
    durationWords(value, leastDays: 172_800, hours: "h")
  }

  /// A time for a person, to the second.
  static func time(_ nanoseconds: Int64) -> String {
    let text = Timestamp.format(nanoseconds)
    guard let middle = text.firstIndex(of: "T") else { return text }
    return "\(text[..<middle]) \(text[middle...].dropFirst().prefix(8))"
  }

  /// A window for a person: both ends to the minute, the day of the second only where it differs.
  static func period(_ start: Int64, _ end: Int64) -> String {
    let first = time(start).dropLast(3)
    let last = time(end).dropLast(3)
    let isSameDay = first.prefix(10) == last.prefix(10)
    return "\(first) – \(isSameDay ? last.dropFirst(11) : last)"
  }

  /// A bar of a share of its columns.
  static func bar(_ share: Double, _ columns: Int) -> String {
    guard columns > 0, share.isFinite else { return String(repeating: " ", count: max(0, columns)) }
    let filled = Int((min(max(share, 0), 1) * Double(columns)).rounded())
    return String(repeating: "█", count: filled) + String(repeating: "░", count: columns - filled)
  }
}
