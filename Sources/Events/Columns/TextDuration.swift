/// The seconds that a text says, with the unit in it: `12.5ms`, `0.124s`, `1m3.5s`, `PT0.02S`.
///
/// Parts follow each other from the greatest unit to the smallest, each at most once, as Go and
/// Envoy write them; or it is a duration of ISO 8601 up to days. Spaces around numbers are dropped.
///
/// - Parameters:
///   - text: UTF-8.
///   - decimal: What stands before a fraction; ISO 8601 allows both marks.
/// - Returns: Seconds, not negative; `nil` where the text is no duration or has no unit.
/// - Complexity: O(length); allocates.
public func textDuration(_ text: [UInt8], decimal: DecimalMark) -> Double? {
  var rest = String(decoding: text, as: UTF8.self)[...]
  rest = rest.drop { $0 == " " || $0 == "\t" }
  let isISO = rest.first == "P"
  var units = isISO ? isoUnits : spelledUnits
  if isISO { rest = rest.dropFirst() }
  var seconds: Double?
  var isTime = false
  while !rest.isEmpty {
    if isISO, !isTime, rest.first == "T" {
      isTime = true
      rest = rest.dropFirst()
      continue
    }
    let digits = rest.prefix { "0"..."9" ~= $0 || $0 == "." || $0 == "," }
    rest = rest.dropFirst(digits.count).drop { $0 == " " }
    let name = isISO ? rest.prefix(1) : rest.prefix { $0.isLetter }
    rest = rest.dropFirst(name.count).drop { $0 == " " || $0 == "\t" }
    let mark = isISO && digits.contains(",") ? DecimalMark.comma : isISO ? .dot : decimal
    guard let number = textNumber(Array(digits.utf8), decimal: mark),
      let place = units.firstIndex(where: { $0.names.contains(String(name)) }),
      !isISO || units[place].isOfDay == isTime
    else { return nil }
    seconds = (seconds ?? 0) + number * units[place].seconds
    units.removeFirst(place + 1)
  }
  return seconds
}

/// A unit of durations, the greatest first in the tables.
private struct SpelledUnit {
  let names: Set<String>
  let seconds: Double
  /// Whether ISO 8601 has it behind the `T`.
  var isOfDay = true
}

private let spelledUnits: [SpelledUnit] = [
  SpelledUnit(names: ["h", "hr", "hour", "hours"], seconds: 3_600),
  SpelledUnit(names: ["m", "min", "mins", "minute", "minutes"], seconds: 60),
  SpelledUnit(names: ["s", "sec", "secs", "second", "seconds"], seconds: 1),
  SpelledUnit(
    names: ["ms", "msec", "msecs", "millis", "millisecond", "milliseconds"],
    seconds: 1e-3
  ),
  SpelledUnit(
    names: ["us", "\u{B5}s", "\u{3BC}s", "usec", "usecs", "micros", "microsecond", "microseconds"],
    seconds: 1e-6
  ),
  SpelledUnit(names: ["ns", "nsec", "nanos", "nanosecond", "nanoseconds"], seconds: 1e-9),
]

private let isoUnits: [SpelledUnit] = [
  SpelledUnit(names: ["D"], seconds: 86_400, isOfDay: false),
  SpelledUnit(names: ["H"], seconds: 3_600),
  SpelledUnit(names: ["M"], seconds: 60),
  SpelledUnit(names: ["S"], seconds: 1),
]
