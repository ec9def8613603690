internal import Records

/// How a number is written for a person.
enum Unit: String, Sendable {
  /// As it is.
  case none = ""
  /// A share as a percentage.
  case share
  /// Seconds as the unit that suits their size.
  case seconds = "s"
  /// Events in a window.
  case events
  /// Events a second.
  case rate = "events/s"
  /// A population stability index: three decimals.
  case index

  /// The unit of a measurement.
  static func of(signal: String, statistic: String) -> Unit {
    switch statistic {
    case "drift", "psi": return .index
    case "count": return .events
    case "rate": return .rate
    case "budget_left", "good_share", "change_1d", "change_1w": return .share
    case "time_to_exhaustion": return .seconds
    case "burn": return .none
    default: break
    }
    if durationNames.contains(signal) { return .seconds }
    return flagNames.contains(signal) ? .share : .none
  }

  /// The number with its unit.
  func text(_ value: Double) -> String {
    switch self {
    case .none: groupedNumber(value)
    case .share: "\(shortNumber(value * 100)) %"
    case .seconds: durationWords(value, leastDays: 86_400, hours: "hours")
    case .events: groupedNumber(value)
    case .rate: "\(groupedNumber(value)) events/s"
    case .index: fixed(value)
    }
  }
}

/// Where a printed number stands in the metrics file.
struct MetricAddress: Sendable {
  var window: String
  var signal: String
  var statistic: String
  /// The window's end, in nanoseconds since 1970.
  var end: Int64
  /// The part of the traffic, `version=…` or `field=value`; `nil`: all of it.
  var part: String?
}
