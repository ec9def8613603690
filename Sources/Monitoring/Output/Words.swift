public import Events
internal import Expressions

extension Refusal {
  /// What the reason means and what to do, in words.
  public var explanation: String {
    switch self {
    case .syntax: "not JSON (RFC 8259): mend the producer"
    case .encoding: "not UTF-8: mend the producer's encoding"
    case .lineTooLong: "longer than limits.line_bytes: shorten the event or raise the limit"
    case .nesting: "nested deeper than limits.nesting: flatten the event or raise the limit"
    case .notAnObject: "JSON, but not an object"
    case .timeMissing: "no event time at the monitor's `time` field"
    case .timeInvalid: "the event time cannot be read: see `time` and its `unit`"
    case .late: "later than `lateness` allows: raise it if such delays are usual"
    case .farFuture: "further ahead of the others than `future` allows: check the clock"
    }
  }
}

/// A number of things: 1 line, 2 lines.
public func counted(_ number: Int, _ noun: String) -> String {
  "\(grouped(number)) \(noun)\(number == 1 ? "" : "s")"
}

/// An integer in groups of three digits: 75,913.
public func grouped(_ number: Int) -> String {
  let digits = String(number.magnitude)
  var text = ""
  for (index, digit) in digits.enumerated() {
    if index > 0, (digits.count - index) % 3 == 0 { text.append(",") }
    text.append(digit)
  }
  return number < 0 ? "-" + text : text
}

/// A share as a percentage with at most one decimal: 12.3 %.
public func percent(_ share: Double) -> String {
  let rounded = (share * 1000).rounded() / 10
  return rounded == rounded.rounded() ? "\(Int(rounded)) %" : "\(rounded) %"
}

/// A number with three decimals.
public func fixed(_ number: Double?) -> String {
  guard let number, number.isFinite else { return "" }
  let thousandths = Int((abs(number) * 1000).rounded())
  let decimals = String(thousandths % 1000)
  let padding = String(repeating: "0", count: 3 - decimals.count)
  return "\(number < 0 ? "-" : "")\(thousandths / 1000).\(padding)\(decimals)"
}

/// A time for a person: the day, and the minute where it is not midnight.
public func day(_ nanoseconds: Int64) -> String {
  let text = Timestamp.format(nanoseconds)
  let date = text.prefix(10)
  let minute = text.dropFirst(11).prefix(5)
  return minute == "00:00" ? String(date) : "\(date) \(minute)"
}

extension ReferenceSpecification {
  /// What windows are compared with, a line each; nothing when that is the profile alone.
  public var sentences: [String] {
    var lines: [String] = []
    switch period {
    case nil: break
    case .rolling(let length):
      lines.append(
        "Compared with the \(length) before each window; nothing is until the stream is so old."
      )
    case .sameHour(let length):
      lines.append(
        "Compared with the same hours of the \(length) before each window; until the stream is "
          + "so old, with those of the profile."
      )
    }
    if let strata {
      lines.append("Drift is judged at each window's own mix of \(strata).")
    }
    return lines
  }
}
