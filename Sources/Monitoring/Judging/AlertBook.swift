internal import Expressions
internal import Records
internal import Sketches

/// How the alerts of one judge stand, whatever kind of rules they are of.
///
/// Only those that are pending or fire take memory.
struct AlertBook: Sendable {
  /// One rule in one part of the traffic, of which most have no alert.
  private struct Place: Hashable {
    var rule: String
    var part: PartName
  }

  /// By signal; none is inactive, and no place is without one.
  private var states: [Place: [String?: AlertState]] = [:]

  /// How an alert stands; `nil` where it is inactive.
  private(set) subscript(key: AlertKey) -> AlertState? {
    get { states[Place(rule: key.rule, part: key.part)]?[key.signal] }
    set {
      let place = Place(rule: key.rule, part: key.part)
      var own = states.removeValue(forKey: place) ?? [:]
      own[key.signal] = newValue?.phase == .inactive ? nil : newValue
      if !own.isEmpty { states[place] = own }
    }
  }

  /// Whether any alert of a rule in a part of the traffic is pending or fires.
  func hasAlerts(of rule: String, in part: PartName) -> Bool {
    states[Place(rule: rule, part: part)] != nil
  }

  /// The parts of the traffic that alerts of some rules are about.
  func parts(of rules: Set<String>) -> Set<PartName> {
    Set(states.keys.filter { rules.contains($0.rule) }.map(\.part))
  }

  /// The parts of the traffic in which an alert of a rule fires.
  func firingParts(of rule: String) -> [PartName] {
    states.filter { place, own in
      place.rule == rule && own.values.contains { $0.phase == .firing }
    }.map(\.key.part)
  }

  /// Moves an alert on.
  ///
  /// - Parameters:
  ///   - key: Which alert it is.
  ///   - scope: What it is about.
  ///   - holds: Whether its condition holds; `nil` where it cannot be known.
  ///   - time: When it was judged, in nanoseconds since 1970.
  ///   - timing: The rule's times.
  ///   - describe: Puts a transition into words and numbers; of one that is resolved it is given
  ///     how it stood before.
  /// - Returns: How it stands; `nil` when it is inactive and was.
  mutating func evaluate(
    _ key: AlertKey,
    _ scope: AlertScope,
    holds: Bool?,
    at time: Int64,
    _ timing: AlertTiming,
    describe: @escaping (AlertState.Phase, AlertState) -> Alert
  ) -> AlertReport? {
    let before = self[key] ?? AlertState()
    var after = before
    let entered = after.evaluate(
      holds: holds,
      at: time,
      holdDuration: timing.hold,
      keepFiringFor: timing.keep
    )
    guard before.phase != .inactive || after.phase != .inactive else { return nil }
    self[key] = after
    return AlertReport(key: key, scope: scope, entered: entered, phase: after.phase) {
      [after] phase in describe(phase, phase == .resolved ? before : after)
    }
  }
}

extension AlertBook {
  /// Layout: the alerts that are not inactive, each with its state, in the order of their keys.
  func encode(into writer: inout ByteWriter) {
    var named: [AlertKey: AlertState] = [:]
    for (place, own) in states {
      for (signal, state) in own {
        named[AlertKey(rule: place.rule, part: place.part, signal: signal)] = state
      }
    }
    writer.write(named)
  }

  /// Takes over what `encode` wrote, as far as the plan still has it.
  ///
  /// Of a rule that says something else now, what was pending is forgotten.
  ///
  /// - Parameters:
  ///   - reader: Where it stands.
  ///   - restoration: What of it the plan still has.
  ///   - isKept: Whether the judge still has an alert that the plan has.
  /// - Throws: `CodingError` where the bytes are none.
  mutating func restore(
    from reader: inout ByteReader,
    _ restoration: Restoration,
    where isKept: (AlertKey) -> Bool
  ) throws(CodingError) {
    let named: [AlertKey: AlertState] = try reader.read()
    for (key, state) in named {
      guard let now = restoration.key(key), isKept(now) else { continue }
      self[now] = restoration.unchangedRules.contains(now.rule) ? state : state.ofChangedRule
    }
  }
}
