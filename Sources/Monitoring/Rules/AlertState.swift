public import Records
public import Sketches

/// The life of one alert: one rule on one signal in one part.
///
/// A pure state machine with Prometheus' semantics (`rules/alerting.go`), on event time:
///
///     inactive ─ holds ─▶ pending ─ held for `holdDuration` ─▶ firing ─ false ─▶ (kept) ─▶ inactive
///                 ▲          │ false: forgotten, nothing is sent            │
///                 └──────────┴──────────────────────────────────────────────┘ resolved
///
/// - **pending** at the first evaluation at which the condition holds; **firing** once it has held
///   for `holdDuration` (at once when that is zero).
/// - False while firing starts `keepFiringFor`; true again ends it; when it has passed the alert is
///   resolved.
/// - An unknown condition (no data, too few events) changes nothing: what was pending stays
///   pending, what fires goes on firing. Prometheus resolves here; missing data is not good news.
///
/// Times are nanoseconds since 1970.
public struct AlertState: Equatable, Sendable {
  /// What an alert is doing, as its records say it.
  public typealias Phase = AlertPhase

  /// The current phase: `inactive`, `pending` or `firing`.
  public private(set) var phase: Phase = .inactive
  /// When the condition began to hold, without a break since.
  public private(set) var activeAt: Int64?
  /// When the alert began to fire.
  public private(set) var firedAt: Int64?
  /// When the condition of a firing alert was first seen false, while it is kept firing.
  public private(set) var keepFiringSince: Int64?

  /// An inactive alert.
  public init() {}

  /// An alert that fires.
  package init(activeAt: Int64, firedAt: Int64) {
    phase = .firing
    self.activeAt = activeAt
    self.firedAt = firedAt
  }

  /// Takes the outcome of one evaluation.
  ///
  /// - Parameters:
  ///   - holds: Whether the condition holds; `nil` where it cannot be known.
  ///   - time: The evaluation's time; never earlier than the last one.
  ///   - holdDuration: How long it must hold before it fires (`for`), in nanoseconds.
  ///   - keepFiringFor: How long it goes on firing after it ceased to hold, in nanoseconds.
  /// - Returns: The phase that was entered, `nil` when nothing changed.
  public mutating func evaluate(
    holds: Bool?,
    at time: Int64,
    holdDuration: Int64,
    keepFiringFor: Int64
  ) -> Phase? {
    assert(
      [activeAt, firedAt, keepFiringSince].allSatisfy { $0 ?? time <= time },
      "judged at \(time), after \(self)"
    )
    return switch holds {
    case nil: nil
    case true?: holding(at: time, holdDuration: holdDuration)
    case false?: ceased(at: time, keepFiringFor: keepFiringFor)
    }
  }

  private mutating func holding(at time: Int64, holdDuration: Int64) -> Phase? {
    keepFiringSince = nil
    let since = activeAt ?? time
    activeAt = since
    if phase != .firing, time - since >= holdDuration {
      phase = .firing
      firedAt = time
      return .firing
    }
    guard phase == .inactive else { return nil }
    phase = .pending
    return .pending
  }

  private mutating func ceased(at time: Int64, keepFiringFor: Int64) -> Phase? {
    guard phase == .firing else {
      self = AlertState()
      return nil
    }
    let since = keepFiringSince ?? time
    keepFiringSince = since
    guard time - since >= keepFiringFor else { return nil }
    self = AlertState()
    return .resolved
  }
}

extension AlertState: ByteCodable {
  /// Layout: the phase in words, then the three times, each where there is one.
  public func encode(into writer: inout ByteWriter) {
    writer.write(string: phase.rawValue)
    writer.write(activeAt)
    writer.write(firedAt)
    writer.write(keepFiringSince)
  }

  /// Reads what ``encode(into:)`` wrote.
  public init(from reader: inout ByteReader) throws(CodingError) {
    let start = reader.offset
    phase = try reader.readWord()
    guard phase != .resolved else { throw .invalid(offset: start) }
    activeAt = try reader.read()
    firedAt = try reader.read()
    keepFiringSince = try reader.read()
  }

  /// The state of an alert whose rule says something else now: what was pending is forgotten, what
  /// fires goes on until the rule says that it does not.
  var ofChangedRule: AlertState { phase == .firing ? self : AlertState() }
}
