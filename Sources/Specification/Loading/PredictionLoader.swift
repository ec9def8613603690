import Events
import Expressions
import Records
import YAML

/// Reads `events.prediction`: where a prediction's parts stand.
struct PredictionLoader {
  let findings: Findings
  let times: TimeLoader
  private var scalars: ScalarReader { ScalarReader(findings: findings) }

  func load(_ member: YAMLNode) -> PredictionMapping? {
    guard
      let reader = MappingReader(
        member,
        "events.prediction",
        keys: MonitorKeys.prediction,
        findings
      )
    else { return nil }
    let fields = EventFields(reader: reader, what: "events.prediction", findings: findings)
    let time = fields.time(times)
    var mapping = PredictionMapping(
      when: fields.condition("when"),
      id: fields.path("id"),
      time: time?.field ?? FieldPath(["time"]),
      timeForm: time?.form ?? TimeForm(),
      version: nil,
      score: nil,
      decision: fields.path("decision"),
      latency: nil,
      failure: nil,
      features: [],
      segments: reader.optional("segments").map { segments($0) } ?? []
    )
    if let node = reader.optional("version") { version(node, &mapping) }
    var numbers = TextNumbers()
    mapping.score = reader.optional("score").flatMap { score($0, &numbers) }
    mapping.latency = reader.optional("latency").flatMap { latency($0, &numbers) }
    mapping.features = reader.optional("features").map { features($0, &numbers) } ?? []
    mapping.textNumbers = numbers
    let quality = DataQualityLoader(
      findings: findings,
      timeUnit: mapping.timeForm.unit,
      times: times
    )
    mapping.featureTimes = reader.optional("feature_times").map { quality.featureTimes($0) } ?? []
    if let node = reader.optional("duplicates") {
      mapping.duplicates = quality.duplicates(node, hasID: mapping.id != nil)
    }
    mapping.group = fields.path("group")
    mapping.scores = reader.optional("scores").map { scores($0) } ?? []
    mapping.price = reader.optional("price").flatMap {
      PriceLoader(findings: findings, roles: mapping.roles).load($0)
    }
    mapping.failure = reader.optional("failure").flatMap { failure($0, mapping.roles) }
    if !["features", "score", "decision", "scores", "latency", "failure"].contains(
      where: reader.has
    ) {
      findings.error(
        reader.position,
        "events.prediction: there is nothing to watch: add features: features.*, score or decision"
      )
    }
    return mapping
  }

  /// Reads the version: a field, or a sum of fields and texts.
  private func version(_ node: YAMLNode, _ mapping: inout PredictionMapping) {
    let what = "events.prediction.version"
    guard case .scalar(let scalar) = node, scalar.text.contains("+"),
      (try? FieldPath(parsing: scalar.text)) == nil
    else {
      mapping.version = scalars.path(node, what)
      return
    }
    do throws(ExpressionErrors) {
      let expression = try Expression.parse(scalar.text)
      guard let text = VersionText(expression) else {
        findings.error(
          scalar.start,
          "\(what): a version is put together of fields and texts, at most "
            + "\(VersionText.partsLimit), got \(expression): write model + \"/\" + prompt.version"
        )
        return
      }
      mapping.versionText = text
      // No field has such a name that is not asked for by it.
      mapping.version = FieldPath([expression.description])
    } catch {
      findings.errors(in: scalar, what, error)
    }
  }

  /// Reads where each class's score stands.
  private func scores(_ node: YAMLNode) -> [ClassScore] {
    let what = "events.prediction.scores"
    let advice = "write {cat: probabilities.cat, dog: probabilities.dog}"
    guard let entries = findings.entries(node, what, "a mapping of classes", advice) else {
      return []
    }
    findings.checkClasses(entries.map(\.key.text), at: node.position, what)
    return entries.compactMap { entry in
      scalars.path(entry.value, "\(what).\(entry.key.text)").map {
        ClassScore(name: entry.key.text, path: $0)
      }
    }
  }

  private func failure(_ node: YAMLNode, _ roles: EventRoles) -> EventNumber? {
    let what = "events.prediction.failure"
    guard let scalar = scalars.scalar(node, what, "a condition on an event") else { return nil }
    do throws(ExpressionErrors) {
      // A condition and nothing else: a number has no truth.
      _ = try EventPredicate.parse(scalar.text, roles: roles)
      return try EventNumber.parse(scalar.text, roles: roles)
    } catch {
      findings.errors(in: scalar, what, error)
      return nil
    }
  }

  private func score(_ node: YAMLNode, _ numbers: inout TextNumbers) -> FieldPath? {
    let what = "events.prediction.score"
    guard case .mapping = node else { return scalars.path(node, what) }
    guard let reader = MappingReader(node, what, keys: MonitorKeys.score, findings) else {
      return nil
    }
    let mark = TextNumberLoader(findings: findings).mark(reader, what)
    let path = reader.required("field", "score").flatMap { scalars.path($0, "\(what).field") }
    if let path, let mark { numbers.add(path, mark) }
    return path
  }

  private func latency(
    _ node: YAMLNode,
    _ numbers: inout TextNumbers
  ) -> EventRoles.Latency? {
    let what = "events.prediction.latency"
    guard case .mapping = node else {
      guard let path = scalars.path(node, what) else { return nil }
      findings.error(
        node.position,
        "\(what): the unit is missing, got only the field \(path): "
          + "write {field: \(path), unit: ms}, with ns, us, ms or s"
      )
      return nil
    }
    guard let reader = MappingReader(node, what, keys: MonitorKeys.latency, findings) else {
      return nil
    }
    let field = reader.required("field", "latency_ms").flatMap {
      scalars.path($0, "\(what).field")
    }
    let mark = TextNumberLoader(findings: findings).mark(reader, what)
    // A text may say its unit itself.
    let node = mark == nil ? reader.required("unit", "ms") : reader.optional("unit")
    let unit = node.flatMap { scalars.choice($0, "\(what).unit", DurationUnit.self) }
    guard let field, mark != nil && node == nil || unit != nil else { return nil }
    if let mark { numbers.add(field, mark) }
    return EventRoles.Latency(path: field, unit: unit ?? .seconds)
  }

  private func features(_ node: YAMLNode, _ numbers: inout TextNumbers) -> [FeatureSelector] {
    let what = "events.prediction.features"
    guard case .sequence(let items, _) = node else {
      guard let path = scalars.path(node, what, wildcards: true),
        isFree(path, at: node.position, what)
      else { return [] }
      return [FeatureSelector(path: path)]
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
      guard let selector = feature(item, what, &numbers) else { continue }
      if selectors.contains(where: { $0.path == selector.path }) {
        findings.error(item.position, "\(what): \"\(selector.path)\" stands twice: remove one")
        continue
      }
      guard isFree(selector.path, at: item.position, what) else { continue }
      selectors.append(selector)
    }
    return selectors
  }

  /// Whether a feature may be called so; names of other signals are taken.
  private func isFree(_ path: FieldPath, at position: SourcePosition, _ what: String) -> Bool {
    let name = path.description
    let advice: String
    if [scoreName, decisionName].contains(name) {
      advice = "leave it out, and map it by score or decision"
    } else if name == latencyName || name == failureName {
      advice = "leave it out, and map it by \(name)"
    } else if workedOutNames.contains(name) {
      advice = "leave it out, or give it to Leeway under another name"
    } else if name == eventsName || RefusedSignal(name) != nil || name.hasPrefix(kpiPrefix) {
      advice = "leave it out: such a name stands for what Leeway counts"
    } else {
      return true
    }
    findings.error(
      position,
      "\(what): the signal \"\(path)\" is the model's own, got a feature of that name: \(advice)"
    )
    return false
  }

  private func feature(
    _ node: YAMLNode,
    _ what: String,
    _ numbers: inout TextNumbers
  ) -> FeatureSelector? {
    guard case .mapping = node else {
      return scalars.path(node, what, wildcards: true).map { FeatureSelector(path: $0) }
    }
    guard let reader = MappingReader(node, what, keys: MonitorKeys.feature, findings) else {
      return nil
    }
    let type = reader.optional("type").flatMap {
      scalars.choice($0, "\(what): type", FeatureType.self)
    }
    let mark = TextNumberLoader(findings: findings).mark(reader, what)
    if mark != nil, let type, type != .number {
      findings.error(
        reader.keyPosition("from"),
        "\(what): from: texts are read as numbers, got type: \(type.rawValue): "
          + "write type: number, or remove from"
      )
    }
    let path = reader.required("field", "features.amount")
      .flatMap { scalars.path($0, "\(what): field", wildcards: true) }
    if let path, let mark { numbers.add(path, mark) }
    return path.map { FeatureSelector(path: $0, type: mark == nil ? type : .number) }
  }

  private func segments(_ node: YAMLNode) -> [FieldPath] {
    let what = "events.prediction.segments"
    guard let items = findings.items(node, what, "a list", "write [features.region]") else {
      return []
    }
    if items.count > MonitorBounds.segments {
      findings.error(
        node.position,
        "\(what): the list has \(items.count) fields, each multiplies the state: "
          + "write at most \(MonitorBounds.segments)"
      )
    }
    return scalars.distinctPaths(items, what)
  }
}
