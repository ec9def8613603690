internal import Records
internal import Sketches
internal import Specification

/// What an incident's records say of all its alerts together; constant work an alert.
struct IncidentSummary {
  private var tallies: [AlertCause: AlertTally] = [:]
  /// The worst one of them.
  private(set) var severity = ""
  /// When the first of them began; `nil` before it.
  private(set) var since: Int64?

  /// What the incident is of: the cause that explains the others.
  var cause: AlertCause { tallies.keys.min() ?? .value }

  /// Takes in an alert that was not counted before.
  mutating func insert(_ member: Incident.Member) {
    let isWorse = tallies.isEmpty || Self.isLess(severity, member.severity)
    if isWorse { severity = member.severity }
    since = min(since ?? member.startsAt, member.startsAt)
    tallies[member.cause, default: AlertTally()].insert(member)
  }

  /// Severities as the language orders them.
  private static func isLess(_ left: String, _ right: String) -> Bool {
    let order = Severity.allCases.map(\.rawValue)
    return (order.firstIndex(of: left) ?? -1) < (order.firstIndex(of: right) ?? -1)
  }

  /// Words: what happened to what, and what came with it.
  func title(withheld: Int) -> String {
    let cause = cause
    let leading = tallies[cause] ?? AlertTally()
    var title = cause.words
    if cause != .silence { title += ": " + leading.listing }
    if let part = leading.part { title += part }
    let others = AlertCause.allCases.compactMap { other -> String? in
      guard other != cause, let count = tallies[other]?.count else { return nil }
      return "\(count) \(other.rawValue) alert\(count == 1 ? "" : "s")"
    }
    if !others.isEmpty { title += "; also " + others.joined(separator: ", ") }
    if withheld > 0 { title += "; \(withheld) withheld" }
    return title
  }
}

extension AlertCause {
  /// What a title begins with.
  fileprivate var words: String {
    switch self {
    case .pipeline: "Missing or invalid values"
    case .silence: "Silence: no events"
    case .mix: "Traffic mix"
    case .drift: "Drift"
    case .value: "Beyond limits"
    case .budget: "Error budget"
    }
  }
}

extension IncidentSummary: ByteCodable {
  func encode(into writer: inout ByteWriter) {
    writer.write(tallies)
    writer.write(severity)
    writer.write(since)
  }

  init(from reader: inout ByteReader) throws(CodingError) {
    tallies = try reader.read()
    severity = try reader.read()
    since = try reader.read()
  }
}
