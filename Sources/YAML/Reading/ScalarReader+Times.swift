internal import Events
package import Expressions

extension ScalarReader {
  /// A time in RFC 3339, in nanoseconds since 1970, of the years 1971 to 2100.
  package func time(_ node: YAMLNode, _ what: String) -> Int64? {
    guard let scalar = scalar(node, what, "a time") else { return nil }
    guard let time = Timestamp.parse(scalar.text), Self.usableTimes.contains(time) else {
      findings.error(
        scalar.start,
        "\(what): expected a time of the years 1971 to 2100, got \"\(scalar.text.prefix(60))\": "
          + "write one such as 2026-03-02T00:00:00Z"
      )
      return nil
    }
    return time
  }

  /// A time as such, or as a duration from a start.
  package func time(_ node: YAMLNode, _ what: String, from start: Int64) -> Int64? {
    guard let scalar = scalar(node, what, "a time or a duration from the start") else { return nil }
    if let time = Timestamp.parse(scalar.text), Self.usableTimes.contains(time) { return time }
    if let span = try? TimeSpan(parsing: scalar.text), span <= Self.longestDuration,
      Self.usableTimes.contains(start + span.nanoseconds)
    {
      return start + span.nanoseconds
    }
    findings.error(
      scalar.start,
      "\(what): expected a time or a duration from the start, got \"\(scalar.text.prefix(60))\": "
        + "write one such as 3d6h or 2026-03-05T06:00:00Z"
    )
    return nil
  }

  /// The years 1971 to 2100.
  package static let usableTimes: ClosedRange<Int64> =
    31_536_000_000_000_000...4_102_444_800_000_000_000
  /// A century: with it, sums of it and of any event's time stay representable.
  package static let longestDuration = TimeSpan.days(36_500)
}
