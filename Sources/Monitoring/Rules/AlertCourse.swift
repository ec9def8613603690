internal import Expressions
internal import Records
internal import Sketches
internal import Specification

/// What receivers know of one alert, and what is kept from them.
struct AlertCourse: Sendable {
  /// The phase that receivers know: inactive, pending or firing.
  private(set) var known: AlertState.Phase = .inactive
  /// The fingerprint of the alert that went out last.
  private(set) var fingerprint: String?
  /// When it fired, as far back as firings are counted; no more of them than make it flap.
  private var firings: [Int64] = []
  /// Whether it fired too often and its next end is held back.
  private var isFlapping = false
  /// The end that is held back.
  private var heldEnd: Alert?
  /// Since when the condition of an alert whose end is held back has not held.
  private(set) var quietSince: Int64?
  /// The alert as it would fire, while it is withheld.
  private(set) var withheld: Incident.Member?

  /// Takes in how the alert stands, and counts firings.
  ///
  /// - Returns: The phase that receivers should know of.
  mutating func follow(
    _ report: AlertReport,
    at time: Int64,
    _ options: IncidentOptions
  ) -> AlertState.Phase {
    switch report.entered {
    case .firing?:
      firings = firings.filter { $0 > time - options.within.nanoseconds } + [time]
      firings = firings.suffix(max(1, options.flapping ?? 1))
      isFlapping = heldEnd != nil || firings.count >= options.flapping ?? .max
      heldEnd = nil
      quietSince = nil
    case .resolved? where isFlapping && known == .firing:
      heldEnd = report.describe(.resolved)
      quietSince = time
    case .pending?:
      quietSince = nil
    default:
      if heldEnd != nil, report.phase == .inactive { quietSince = time }
    }
    return heldEnd == nil ? report.phase : .firing
  }

  /// What goes out after `follow`.
  ///
  /// - Parameters:
  ///   - report: How the alert stands.
  ///   - isWithheld: Whether an alert on the same data says that they are broken.
  /// - Returns: The alert that goes out, or the one that is withheld now.
  mutating func step(
    _ report: AlertReport,
    isWithheld: Bool
  ) -> (alert: Alert?, withheld: Incident.Member?) {
    let phase = heldEnd == nil ? report.phase : .firing
    switch phase {
    case .firing where known != .firing:
      if isWithheld, withheld != nil { return (nil, withheld) }
      var alert = report.describe(.firing)
      alert.isFlapping = isFlapping
      if isWithheld {
        withheld = Incident.Member(alert, report.scope.cause)
        return (nil, withheld)
      }
      withheld = nil
      known = .firing
      fingerprint = alert.fingerprint
      return (alert, nil)
    case .pending where known == .inactive && !isWithheld:
      known = .pending
      let alert = report.describe(.pending)
      fingerprint = alert.fingerprint
      return (alert, nil)
    case .inactive:
      let wasFiring = known == .firing
      known = .inactive
      withheld = nil
      return (wasFiring ? report.describe(.resolved) : nil, nil)
    default:
      return (nil, nil)
    }
  }

  /// Ends an alert that has been quiet for long enough.
  ///
  /// - Returns: The end that was held back, as of now.
  mutating func release(at time: Int64) -> Alert? {
    guard var alert = heldEnd else { return nil }
    alert.time = time
    alert.isFlapping = true
    self = AlertCourse()
    return alert
  }

  /// Whether nothing of it matters after a time.
  func isOver(before time: Int64) -> Bool {
    known == .inactive && withheld == nil && heldEnd == nil && !firings.contains { $0 > time }
  }
}

extension AlertCourse: ByteCodable {
  func encode(into writer: inout ByteWriter) {
    writer.write(known)
    writer.write(fingerprint)
    writer.write(firings)
    writer.write(isFlapping)
    writer.write(heldEnd)
    writer.write(quietSince)
    writer.write(withheld)
  }

  init(from reader: inout ByteReader) throws(CodingError) {
    known = try reader.read()
    fingerprint = try reader.read()
    firings = try reader.read()
    isFlapping = try reader.read()
    heldEnd = try reader.read()
    quietSince = try reader.read()
    withheld = try reader.read()
  }
}
