import Events
import Expressions
import YAML

/// Reads what of a prediction tells whether its data are sound: ids that come twice, and the times of
/// features.
struct DataQualityLoader {
  let findings: Findings
  /// The unit of the events' own times.
  let timeUnit: TimeUnit
  let times: TimeLoader
  private var scalars: ScalarReader { ScalarReader(findings: findings) }

  /// How events that come twice are found.
  ///
  /// - Parameters:
  ///   - node: `count`, `drop`, or a mapping with the horizon.
  ///   - hasID: Whether predictions have an id.
  /// - Returns: `nil` where something is wrong.
  func duplicates(_ node: YAMLNode, hasID: Bool) -> DuplicateSpecification? {
    let what = "events.prediction.duplicates"
    guard hasID else {
      findings.error(
        node.position,
        "\(what): an event that came before is known by its id, got none: "
          + "add id to events.prediction"
      )
      return nil
    }
    var duplicates = DuplicateSpecification(horizon: DuplicateSpecification.defaultHorizon)
    guard case .mapping = node else {
      guard let counting = scalars.choice(node, what, DuplicateCounting.self) else { return nil }
      duplicates.drops = counting == .drop
      return duplicates
    }
    guard let reader = MappingReader(node, what, keys: MonitorKeys.duplicates, findings) else {
      return nil
    }
    if let horizon = reader.required("horizon", "1h").flatMap({
      scalars.duration($0, "\(what).horizon")
    }) {
      if horizon > MonitorBounds.duplicateHorizon {
        findings.error(
          reader.position,
          "\(what).horizon: every id of it is held, got \(horizon): "
            + "write at most \(MonitorBounds.duplicateHorizon)"
        )
      }
      duplicates.horizon = horizon
    }
    if let node = reader.optional("drop"), let drops = scalars.boolean(node, "\(what).drop") {
      duplicates.drops = drops
    }
    return duplicates
  }

  /// When features were known: paths, or fields with a unit.
  func featureTimes(_ node: YAMLNode) -> [FeatureTime] {
    let what = "events.prediction.feature_times"
    guard
      let items = findings.items(node, what, "a list", "write [features.updated_at]")
    else { return [] }
    if items.isEmpty || items.count > MonitorBounds.featureTimes {
      findings.error(
        node.position,
        "\(what): the list has \(items.count) items: write 1 to \(MonitorBounds.featureTimes)"
      )
    }
    var times: [FeatureTime] = []
    for item in items {
      guard let time = featureTime(item, what) else { continue }
      if times.contains(where: { $0.path == time.path }) {
        findings.error(item.position, "\(what): \"\(time.path)\" stands twice: remove one")
      } else {
        times.append(time)
      }
    }
    return times
  }

  private func featureTime(_ node: YAMLNode, _ what: String) -> FeatureTime? {
    times.time(node, what, unit: timeUnit).map { FeatureTime(path: $0.field, form: $0.form) }
  }
}

/// What becomes of events that come twice, as a monitor file writes it.
private enum DuplicateCounting: String, CaseIterable {
  case count, drop
}
