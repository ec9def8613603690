public import Events

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
