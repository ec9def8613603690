import Events
import Expressions
import Monitoring
import Records

extension ScalarReader {
  /// A finite number, within a range when one is given.
  func number(
    _ node: YAMLNode,
    _ what: String,
    _ range: ClosedRange<Double> = -.greatestFiniteMagnitude ... .greatestFiniteMagnitude
  ) -> Double? {
    guard let scalar = scalar(node, what, "a number") else { return nil }
    guard let value = Double(scalar.text), value.isFinite else {
      findings.error(
        scalar.start,
        "\(what): expected a number, got \"\(scalar.text.prefix(60))\": write one, such as 2.5"
      )
      return nil
    }
    guard range.contains(value) else {
      findings.error(
        scalar.start,
        "\(what): out of range, got \(scalar.text.prefix(60)): "
          + "write one from \(range.lowerBound) to \(range.upperBound)"
      )
      return nil
    }
    return value
  }

  /// A probability from 0 to 1, as a number or a percentage.
  func probability(_ node: YAMLNode, _ what: String) -> Double? {
    guard let scalar = scalar(node, what, "a probability") else { return nil }
    let isPercentage = scalar.text.hasSuffix("%")
    let digits = isPercentage ? String(scalar.text.dropLast()) : scalar.text
    let advice = "write one from 0 to 1, such as 0.05 or 5%"
    guard let number = Double(digits), number.isFinite else {
      findings.error(
        scalar.start,
        "\(what): expected a probability, got \"\(scalar.text.prefix(60))\": \(advice)"
      )
      return nil
    }
    let value = isPercentage ? number / 100 : number
    guard value >= 0, value <= 1 else {
      findings.error(
        scalar.start,
        "\(what): out of range, got \(scalar.text.prefix(60)): \(advice)"
      )
      return nil
    }
    return value
  }

  /// A time in RFC 3339, in nanoseconds since 1970, of the years 1971 to 2100.
  func time(_ node: YAMLNode, _ what: String) -> Int64? {
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
  func time(_ node: YAMLNode, _ what: String, from start: Int64) -> Int64? {
    guard let scalar = scalar(node, what, "a time or a duration from the start") else { return nil }
    if let time = Timestamp.parse(scalar.text), Self.usableTimes.contains(time) { return time }
    if let span = try? TimeSpan(parsing: scalar.text), span <= Self.longest,
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

  /// A duration that is short enough for sums of times.
  func boundedDuration(_ node: YAMLNode, _ what: String) -> TimeSpan? {
    guard let span = duration(node, what) else { return nil }
    guard span <= Self.longest else {
      findings.error(node.position, "\(what): out of range, got \(span): write at most 36500d")
      return nil
    }
    return span
  }

  /// The years 1971 to 2100.
  static let usableTimes: ClosedRange<Int64> =
    31_536_000_000_000_000...4_102_444_800_000_000_000
  /// A century: with it, sums of times stay representable.
  static let longest = TimeSpan.days(36_500)
}

/// A scalar as JSON: plain numbers, truth values and null as such, anything else as a string.
func jsonText(of scalar: YAMLScalar) -> [UInt8] {
  if scalar.isNull { return Array("null".utf8) }
  if scalar.style == .plain, ["true", "false"].contains(scalar.text) || isJSONNumber(scalar.text) {
    return Array(scalar.text.utf8)
  }
  return jsonString(scalar.text)
}

/// A text as a JSON string.
func jsonString(_ text: String) -> [UInt8] {
  var json = JSONWriter()
  json.value(text)
  return json.bytes
}
