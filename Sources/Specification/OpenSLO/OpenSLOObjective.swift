import Expressions
import Statistics
import YAML

/// What an OpenSLO document of kind SLO says: everything but which events are good.
struct OpenSLOObjective {
  /// One alert condition of the objective's policies.
  struct Condition {
    var name: String
    var severity: YAMLScalar
    var threshold: Double
    var isInclusive: Bool
    var lookback: TimeSpan
    var lookbackPosition: SourcePosition
    var alertAfter: TimeSpan
  }

  var name: String
  var position: SourcePosition
  var share: ObjectiveShare
  var period: TimeSpan
  var periodPosition: SourcePosition
  /// The comparison of a threshold metric: `<` and 500.
  var comparison: (symbol: String, value: String)?
  var conditions: [Condition] = []
  /// Whether a policy has `alertWhenNoData`.
  var alertsWhenNoData = false
}

/// Reads the objectives of an OpenSLO file.
struct OpenSLOObjectiveReader {
  let file: OpenSLOFile
  var findings: Findings { file.findings }
  var scalars: ScalarReader { ScalarReader(findings: findings) }

  private static let spec = [
    "description", "service", "indicator", "indicatorRef", "timeWindow", "budgetingMethod",
    "objectives", "alertPolicies",
  ]
  private static let timeWindow = ["duration", "isRolling", "calendar"]
  private static let objective = [
    "displayName", "op", "value", "target", "targetPercent", "timeSliceTarget", "timeSliceWindow",
    "indicator", "indicatorRef", "compositeWeight",
  ]
  static let symbols = ["lt": "<", "lte": "<=", "gt": ">", "gte": ">="]

  /// Reads one document.
  func objective(_ document: OpenSLOFile.Document) -> OpenSLOObjective? {
    let what = "SLO \"\(document.name)\""
    guard let reader = MappingReader(document.spec, what, keys: Self.spec, findings) else {
      return nil
    }
    checkMethod(reader, what)
    let period = reader.required("timeWindow", "[{duration: 30d, isRolling: true}]").flatMap {
      rollingPeriod($0, what)
    }
    guard let list = reader.required("objectives", "[{target: 0.999}]"),
      let item = only(list, "\(what): objectives", "[{target: 0.999}]"),
      let share = share(item, what),
      let period
    else { return nil }
    var objective = OpenSLOObjective(
      name: document.name,
      position: document.position,
      share: share.share,
      period: period.length,
      periodPosition: period.position,
      comparison: comparison(item, what)
    )
    if let policies = reader.optional("alertPolicies") {
      OpenSLOPolicyReader(file: file).read(policies, what, into: &objective)
    }
    return objective
  }

  private func checkMethod(_ reader: MappingReader, _ what: String) {
    guard let node = reader.required("budgetingMethod", "Occurrences"),
      let method = scalars.text(node, "\(what): budgetingMethod"), method != "Occurrences"
    else { return }
    findings.error(
      node.position,
      "\(what): budgetingMethod: budgets are counted by events, got \"\(method.prefix(60))\": "
        + "write Occurrences"
    )
  }

  /// The only item of a list.
  private func only(_ node: YAMLNode, _ what: String, _ example: String) -> YAMLNode? {
    guard case .sequence(let items, _) = node, items.count == 1 else {
      var got = node.kindName
      if case .sequence(let items, _) = node { got = "\(items.count)" }
      findings.error(
        node.position,
        "\(what): expected a list of one, got \(got): write \(example), and an SLO for each other"
      )
      return nil
    }
    return items[0]
  }

  private func rollingPeriod(
    _ node: YAMLNode,
    _ what: String
  ) -> (length: TimeSpan, position: SourcePosition)? {
    let place = "\(what): timeWindow"
    guard let item = only(node, place, "[{duration: 30d, isRolling: true}]"),
      let reader = MappingReader(item, place, keys: Self.timeWindow, findings)
    else { return nil }
    let isRolling = reader.optional("isRolling").flatMap { scalars.boolean($0, place) }
    if isRolling != true || reader.has("calendar") {
      findings.error(
        reader.has("calendar") ? reader.keyPosition("calendar") : item.position,
        "\(place): a rolling window is read, got a calendar's or no isRolling: "
          + "write {duration: 30d, isRolling: true}"
      )
      return nil
    }
    return reader.required("duration", "30d").flatMap { node in
      scalars.duration(node, "\(place).duration").map { ($0, node.position) }
    }
  }

  private func share(
    _ node: YAMLNode,
    _ what: String
  ) -> (share: ObjectiveShare, position: SourcePosition)? {
    let place = "\(what): objective"
    guard let reader = MappingReader(node, place, keys: Self.objective, findings) else {
      return nil
    }
    let keys = ["target", "targetPercent"].filter { reader.has($0) }
    guard keys.count == 1, let node = reader.optional(keys[0]) else {
      findings.error(
        reader.position,
        "\(place): it has one of target and targetPercent, got "
          + "\(keys.isEmpty ? "none" : "both"): write target: 0.999 or targetPercent: 99.9"
      )
      return nil
    }
    guard let scalar = scalars.scalar(node, "\(place).\(keys[0])", "a number") else { return nil }
    let isPercent = keys[0] == "targetPercent"
    let share = isPercent ? ObjectiveShare(percent: scalar.text) : ObjectiveShare(scalar.text)
    guard let share, !scalar.text.hasSuffix("%") else {
      findings.error(
        scalar.start,
        "\(place).\(keys[0]): expected a number between 0 and \(isPercent ? 100 : 1), got "
          + "\"\(scalar.text.prefix(60))\": write one such as \(isPercent ? "99.9" : "0.999")"
      )
      return nil
    }
    return (share, scalar.start)
  }

  /// `op` and `value`, of a threshold metric.
  private func comparison(_ node: YAMLNode, _ what: String) -> (symbol: String, value: String)? {
    let place = "\(what): objective"
    guard case .mapping(let entries, _) = node,
      let op = entries.first(where: { $0.key.text == "op" })?.value,
      let value = entries.first(where: { $0.key.text == "value" })?.value,
      let operation = scalars.scalar(op, "\(place).op", "one of lt, lte, gt, gte"),
      let number = scalars.scalar(value, "\(place).value", "a number")
    else { return nil }
    guard let symbol = Self.symbols[operation.text] else {
      findings.error(
        operation.start,
        "\(place).op: unknown value \"\(operation.text.prefix(60))\": "
          + Findings.advice(on: operation.text, among: ["lt", "lte", "gt", "gte"])
      )
      return nil
    }
    guard let limit = Double(number.text), limit.isFinite else {
      findings.error(
        number.start,
        "\(place).value: expected a number, got \"\(number.text.prefix(60))\": write one such as 500"
      )
      return nil
    }
    return (symbol, number.text)
  }
}
