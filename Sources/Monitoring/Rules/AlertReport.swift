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
  var view: ViewName
  var signal: String?

  static func < (left: AlertKey, right: AlertKey) -> Bool {
    if left.rule != right.rule { return left.rule < right.rule }
    if left.view != right.view { return left.view < right.view }
    return (left.signal ?? "") < (right.signal ?? "")
  }
}

/// What an alert is about.
struct AlertScope: Equatable {
  /// The signals that an alert reads.
  enum Signals: Equatable {
    case all
    case some([String])

    func meets(_ other: Signals) -> Bool {
      switch (self, other) {
      case (.all, _), (_, .all): true
      case (.some(let left), .some(let right)): left.contains { right.contains($0) }
      }
    }
  }

  var cause: AlertCause
  var signals: Signals

  /// Whether an alert of this scope in one part of the traffic withholds another one in its part.
  func withholds(_ other: AlertScope, in view: ViewName, _ otherView: ViewName) -> Bool {
    cause.inhibits && other.cause.isInhibited && signals.meets(other.signals)
      && (view == .whole || view == otherView)
  }
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
