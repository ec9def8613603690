import Events
import Expressions
import YAML

/// Reads what the mappings of all kinds of events have in common: their time, their condition, and
/// where fields stand.
struct EventFields {
  let reader: MappingReader
  /// The mapping's place in words: `events.prediction`.
  let what: String
  let findings: Findings
  /// What stands for keys that are not there; `nil` where nothing does.
  var preset: OutcomePreset?
  private var scalars: ScalarReader { ScalarReader(findings: findings) }

  /// Where a part stands that may be left out.
  func path(_ key: String) -> FieldPath? {
    guard reader.has(key) else { return presetPath(key) }
    return reader.optional(key).flatMap { scalars.path($0, "\(what).\(key)") }
  }

  private func presetPath(_ key: String) -> FieldPath? {
    preset?.text(key).flatMap { try? FieldPath(parsing: $0) }
  }

  /// Where a part stands that must be there.
  func required(_ key: String, _ example: String) -> FieldPath? {
    if !reader.has(key), let path = presetPath(key) { return path }
    return reader.required(key, example).flatMap { scalars.path($0, "\(what).\(key)") }
  }

  /// A condition on an event.
  func condition(_ key: String) -> EventPredicate? {
    if !reader.has(key), let text = preset?.text(key) { return try? EventPredicate.parse(text) }
    guard let node = reader.optional(key),
      let scalar = scalars.scalar(node, "\(what).\(key)", "a condition on an event")
    else { return nil }
    do throws(ExpressionErrors) {
      return try EventPredicate.parse(scalar.text)
    } catch {
      findings.errors(in: scalar, "\(what).\(key)", error)
      return nil
    }
  }

  /// Where the event's time stands, and how it is written.
  func time(_ times: TimeLoader) -> (field: FieldPath, form: TimeForm)? {
    if !reader.has("time"), let path = presetPath("time") {
      return (path, TimeForm(zone: times.zone))
    }
    return reader.required("time", "ts").flatMap { times.time($0, "\(what).time") }
  }
}

/// The units of numeric times, as a monitor file writes them.
enum TimeUnitName: String, CaseIterable {
  case automatic, s, ms, us, ns

  var unit: TimeUnit {
    switch self {
    case .automatic: .automatic
    case .s: .seconds
    case .ms: .milliseconds
    case .us: .microseconds
    case .ns: .nanoseconds
    }
  }
}
