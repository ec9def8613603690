import Events
import Expressions
import YAML

/// Reads `reference`: the profile, the past that windows are compared with, the strata.
struct ReferenceLoader {
  let findings: Findings
  let mapping: PredictionMapping?
  let windows: [WindowSpecification]
  private var scalars: ScalarReader { ScalarReader(findings: findings) }

  private static let week = TimeSpan.days(7)

  func load(_ node: YAMLNode) -> (profile: String?, reference: ReferenceSpecification) {
    var reference = ReferenceSpecification()
    guard
      let reader = MappingReader(node, "reference", keys: MonitorKeys.reference, findings)
    else { return (nil, reference) }
    let profile = reader.required("profile", "FILE").flatMap {
      scalars.text($0, "reference.profile")
    }
    if let node = reader.optional("rolling"), let length = rolling(node) {
      reference.period = .rolling(length)
    }
    if let node = reader.optional("same_hour"), let length = sameHour(node) {
      reference.period = .sameHour(length)
    }
    if reader.has("rolling"), reader.has("same_hour") {
      findings.error(
        reader.keyPosition("same_hour"),
        "reference: windows are compared with one past, got rolling and same_hour: write one"
      )
    }
    for key in ["rolling", "same_hour"] where reader.has(key) && countsEvents {
      findings.error(
        reader.keyPosition(key),
        "reference.\(key): windows of events have no hours, got a past by time: "
          + "leave it out, or write windows by time"
      )
    }
    reference.strata = reader.optional("strata").flatMap { strata($0) }
    return (profile, reference)
  }

  private var countsEvents: Bool {
    windows.contains { if case .events = $0.kind { true } else { false } }
  }

  private func rolling(_ node: YAMLNode) -> TimeSpan? {
    length(node, "reference.rolling", unit: .hours(1), "hours, such as 7d")
  }

  private func sameHour(_ node: YAMLNode) -> TimeSpan? {
    length(node, "reference.same_hour", unit: Self.week, "weeks, such as 4w")
  }

  private func length(
    _ node: YAMLNode,
    _ what: String,
    unit: TimeSpan,
    _ example: String
  ) -> TimeSpan? {
    guard let length = scalars.duration(node, what) else { return nil }
    guard length.nanoseconds % unit.nanoseconds == 0 else {
      findings.error(node.position, "\(what): got \(length): write whole \(example)")
      return nil
    }
    guard length <= MonitorBounds.referencePeriod else {
      findings.error(
        node.position,
        "\(what): got \(length), every hour of which is held: "
          + "write at most \(MonitorBounds.referencePeriod)"
      )
      return nil
    }
    return length
  }

  private func strata(_ node: YAMLNode) -> FieldPath? {
    guard let path = scalars.path(node, "reference.strata"), let mapping else { return nil }
    guard mapping.segments.contains(path) else {
      findings.error(
        node.position,
        "reference.strata: not a segment, got \"\(path)\": "
          + (mapping.segments.isEmpty
            ? "add it to events.prediction.segments"
            : Findings.advice(
              on: path.description,
              among: mapping.segments.map(\.description)
            ))
      )
      return nil
    }
    return path
  }
}
