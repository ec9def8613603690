internal import Records

extension AlertCause {
  /// Whether an alert of this kind makes alerts on the same values worthless.
  var inhibits: Bool { self == .pipeline || self == .silence }

  /// Whether an alert of this kind says nothing while the data are broken.
  var isInhibited: Bool { self == .mix || self == .drift || self == .value }
}

/// What an alert is: a rule, a part of the traffic, a signal.
struct AlertKey: Hashable, Comparable {
  /// The rule's name; unique over all kinds of rules.
  var rule: String
  var part: PartName
  var signal: String?

  /// The same alert of the whole traffic; `nil` where it is that.
  var ofWhole: AlertKey? {
    part == .whole ? nil : AlertKey(rule: rule, part: .whole, signal: signal)
  }

  static func < (left: AlertKey, right: AlertKey) -> Bool {
    if left.rule != right.rule { return left.rule < right.rule }
    if left.part != right.part { return left.part < right.part }
    return (left.signal ?? "") < (right.signal ?? "")
  }
}

/// What an alert is about.
struct AlertScope: Equatable {
  /// The signals that an alert reads.
  enum Signals: Equatable {
    case all
    case some([String])
  }

  var cause: AlertCause
  var signals: Signals
}

/// One evaluation of one alert that is, or was before it, pending or firing.
///
/// Whatever judges anything hands these to the desk; nothing goes out in another way.
struct AlertReport {
  var key: AlertKey
  var scope: AlertScope
  /// The phase that was entered; `nil` when nothing changed, and when what was pending is forgotten.
  var entered: AlertState.Phase?
  /// The phase after the evaluation: inactive, pending or firing.
  var phase: AlertState.Phase
  /// Puts a transition of the alert into words and numbers.
  var describe: (AlertState.Phase) -> Alert
}

/// How long a condition must hold before an alert fires, and how long the alert outlives it, in
/// nanoseconds.
struct AlertTiming {
  var hold: Int64
  var keep: Int64
}
