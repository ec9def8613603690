public import Events

extension Refusal {
  /// What the reason means and what to do, with the field that it is about.
  ///
  /// - Parameter timeField: Where the event time stands.
  /// - Returns: Words without an end.
  public func explanation(timeField: String) -> String {
    switch self {
    case .timeMissing, .timeInvalid, .timeWithoutZone, .timeImplausible:
      "\(timeField): \(explanation)"
    default: explanation
    }
  }

  /// What the reason means and what to do, in words.
  public var explanation: String {
    switch self {
    case .syntax: "not JSON (RFC 8259): mend the producer"
    case .encoding: "not UTF-8: mend the producer's encoding"
    case .lineTooLong: "longer than limits.line_bytes: shorten the event or raise the limit"
    case .nesting: "nested deeper than limits.nesting: flatten the event or raise the limit"
    case .notAnObject: "JSON, but not an object"
    case .linePartial:
      "a part (P) of a line that the container runtime has cut, whose last part did not come: parts "
        + "in a file are joined; those in a topic let the collector join (docs/logs.md)"
    case .timeMissing: "no event time at the monitor's `time` field"
    case .timeInvalid: "the event time cannot be read: see `time`, its `unit` and its `format`"
    case .timeWithoutZone:
      "the event time is written without its zone: add `zone: UTC` to the monitor, or the "
        + "producer's zone, as in Europe/Berlin"
    case .timeImplausible:
      "the event time is a small number, which would be before 1990: a day's number, a time since "
        + "a start, or 0; take another field, or say its unit as in `time: {field: ts, unit: s}`"
    case .late: "later than `lateness` allows: raise it if such delays are usual"
    case .farFuture:
      "further ahead than `future` allows, and the others did not follow: the clock of some "
        + "producers is ahead"
    case .outcomeIDMissing: "an outcome without the id of its prediction: see events.outcome.id"
    case .labelInvalid:
      "an outcome whose label is missing or no class: see events.outcome.label and quality.positive"
    case .sourceInvalid:
      "an outcome whose source is not human, system, judge or machine: see events.outcome.source"
    }
  }
}
