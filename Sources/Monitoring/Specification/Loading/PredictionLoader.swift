import Events
import Expressions

/// Reads `events.prediction`: where a prediction's parts stand.
struct PredictionLoader {
  let findings: Findings
  private var scalars: ScalarReader { ScalarReader(findings: findings) }

  func load(_ node: YAMLNode) -> PredictionMapping? {
    guard
      let events = MappingReader(node, "events", keys: MonitorKeys.events, findings),
      let member = events.required("prediction", "{time: ts, features: features.*}"),
      let reader = MappingReader(
        member,
        "events.prediction",
        keys: MonitorKeys.prediction,
        findings
      )
    else { return nil }
    let time = reader.required("time", "ts").flatMap { timeField($0) }
    let mapping = PredictionMapping(
      when: reader.optional("when").flatMap { condition($0) },
      id: path(reader, "id"),
      time: time?.field ?? FieldPath(["time"]),
      timeUnit: time?.unit ?? .automatic,
      version: path(reader, "version"),
      score: path(reader, "score"),
      decision: path(reader, "decision"),
      features: reader.optional("features").map { features($0) } ?? [],
      segments: reader.optional("segments").map { segments($0) } ?? []
    )
    if !reader.has("features"), !reader.has("score"), !reader.has("decision") {
      findings.error(
        reader.position,
        "events.prediction: there is nothing to watch: add features: features.*, score or decision"
      )
    }
    return mapping
  }

  private func path(_ reader: MappingReader, _ key: String) -> FieldPath? {
    reader.optional(key).flatMap { scalars.path($0, "events.prediction.\(key)") }
  }

  private func condition(_ node: YAMLNode) -> EventPredicate? {
    let what = "events.prediction.when"
    guard let scalar = scalars.scalar(node, what, "a condition on an event") else { return nil }
    do throws(ExpressionErrors) {
      return try EventPredicate.parse(scalar.text)
    } catch {
      findings.errors(in: scalar, what, error)
      return nil
    }
  }

  private func timeField(_ node: YAMLNode) -> (field: FieldPath, unit: TimeUnit)? {
    let what = "events.prediction.time"
    guard case .mapping = node else {
      return scalars.path(node, what).map { ($0, .automatic) }
    }
    guard let reader = MappingReader(node, what, keys: MonitorKeys.time, findings) else {
      return nil
    }
    let unit = reader.optional("unit").flatMap {
      scalars.choice($0, "\(what).unit", TimeUnitName.self)
    }
    guard let field = reader.required("field", "ts").flatMap({ scalars.path($0, "\(what).field") })
    else { return nil }
    return (field, unit?.unit ?? .automatic)
  }

  private func features(_ node: YAMLNode) -> [FeatureSelector] {
    let what = "events.prediction.features"
    guard case .sequence(let items, _) = node else {
      return scalars.path(node, what, wildcards: true).map { [FeatureSelector(path: $0)] } ?? []
    }
    if items.isEmpty || items.count > MonitorBounds.features {
      findings.error(
        node.position,
        "\(what): the list has \(items.count) items: write 1 to \(MonitorBounds.features), "
          + "or features.* for all members"
      )
    }
    var selectors: [FeatureSelector] = []
    for item in items {
      guard let selector = feature(item, what) else { continue }
      if selectors.contains(where: { $0.path == selector.path }) {
        findings.error(item.position, "\(what): \"\(selector.path)\" stands twice: remove one")
        continue
      }
      if ["score", "prediction"].contains(selector.path.description) {
        findings.error(
          item.position,
          "\(what): the signal \"\(selector.path)\" is the model's own, got a feature of that "
            + "name: leave it out, and map it by score or decision"
        )
        continue
      }
      selectors.append(selector)
    }
    return selectors
  }

  private func feature(_ node: YAMLNode, _ what: String) -> FeatureSelector? {
    guard case .mapping = node else {
      return scalars.path(node, what, wildcards: true).map { FeatureSelector(path: $0) }
    }
    guard let reader = MappingReader(node, what, keys: MonitorKeys.feature, findings) else {
      return nil
    }
    let type = reader.optional("type").flatMap {
      scalars.choice($0, "\(what): type", FeatureType.self)
    }
    return reader.required("field", "features.amount")
      .flatMap { scalars.path($0, "\(what): field", wildcards: true) }
      .map { FeatureSelector(path: $0, type: type) }
  }

  private func segments(_ node: YAMLNode) -> [FieldPath] {
    let what = "events.prediction.segments"
    guard case .sequence(let items, _) = node else {
      findings.error(
        node.position,
        "\(what): expected a list, got \(node.kindName): write [features.region]"
      )
      return []
    }
    if items.count > MonitorBounds.segments {
      findings.error(
        node.position,
        "\(what): the list has \(items.count) fields, each multiplies the state: "
          + "write at most \(MonitorBounds.segments)"
      )
    }
    var paths: [FieldPath] = []
    for item in items {
      guard let path = scalars.path(item, what) else { continue }
      if paths.contains(path) {
        findings.error(item.position, "\(what): \"\(path)\" stands twice: remove one")
      } else {
        paths.append(path)
      }
    }
    return paths
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
