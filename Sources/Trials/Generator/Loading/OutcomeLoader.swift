import Events
import Expressions
import YAML

/// Reads what comes of a stream's events.
struct OutcomeLoader {
  /// The fields that outcomes are of.
  var fields: FieldLoader

  private var findings: Findings { fields.findings }
  private var scalars: ScalarReader { ScalarReader(findings: findings) }

  mutating func load(_ node: YAMLNode) -> OutcomeDescription? {
    guard let reader = MappingReader(node, "outcomes", keys: StreamKeys.outcomes, findings) else {
      return nil
    }
    var conditions: [ChangeEffect.Condition] = []
    if let node = reader.optional("where") {
      conditions = fields.conditions(node, "outcomes.where", above: nil)
    }
    let after = reader.required("after", "{field: days, unit: d}").flatMap { delay($0) }
    let example = "{id: {field: id}, ts: {time: rfc3339}}"
    guard let node = reader.required("fields", example) else { return nil }
    let members = members(node)
    guard let after else { return nil }
    return OutcomeDescription(
      conditions: conditions,
      delay: after.field,
      unit: after.unit,
      members: members
    )
  }

  /// The field that says how late outcomes are, and the nanoseconds of one of it.
  private func delay(_ node: YAMLNode) -> (field: Int, unit: Double)? {
    guard let reader = MappingReader(node, "outcomes.after", keys: StreamKeys.after, findings),
      let field = reader.required("field", "days").flatMap({
        fields.number($0, "outcomes.after.field")
      }),
      let unit = reader.required("unit", "d").flatMap({
        scalars.choice($0, "outcomes.after.unit", DelayUnit.self)
      })
    else { return nil }
    return (field, unit.nanoseconds)
  }

  private enum DelayUnit: String, CaseIterable {
    case s, m, h, d

    var nanoseconds: Double {
      switch self {
      case .s: 1e9
      case .m: 60e9
      case .h: 3_600e9
      case .d: 86_400e9
      }
    }
  }

  private mutating func members(_ node: YAMLNode) -> [OutcomeDescription.Member] {
    let advice = "write {id: {field: id}, ts: {time: rfc3339}}"
    guard
      let entries = findings.entries(
        node,
        "outcomes.fields",
        "a mapping of paths",
        advice,
        atLeast: 1
      )
    else { return [] }
    if entries.count > StreamBounds.fields {
      findings.error(
        entries[StreamBounds.fields].key.start,
        "outcomes.fields: \(entries.count) fields: write at most \(StreamBounds.fields)"
      )
      return []
    }
    var members: [OutcomeDescription.Member] = []
    for entry in entries {
      guard let path = scalars.path(.scalar(entry.key), "outcomes.fields"),
        FieldLoader.isFree(
          path,
          entry.key,
          "outcomes.fields",
          among: members.map(\.path),
          findings
        ),
        let content = content(entry.value, "outcomes.fields.\(path)")
      else { continue }
      members.append(OutcomeDescription.Member(path: path, content: content))
    }
    return members
  }

  private mutating func content(
    _ node: YAMLNode,
    _ what: String
  ) -> OutcomeDescription.Content? {
    if case .scalar(let scalar) = node {
      return .literal(fields.literals.place(of: jsonText(of: scalar)))
    }
    guard let reader = MappingReader(node, what, keys: StreamKeys.member, findings) else {
      return nil
    }
    let kinds = StreamKeys.member.filter(reader.has)
    guard kinds.count == 1, let node = reader.optional(kinds[0]) else {
      if kinds.isEmpty, reader.hasUnknownKey { return nil }
      findings.error(
        reader.position,
        "\(what): an outcome's field is one thing, got "
          + "\(kinds.isEmpty ? "none" : kinds.joined(separator: " and ")): write one of "
          + StreamKeys.member.joined(separator: ", ")
      )
      return nil
    }
    let what = "\(what).\(kinds[0])"
    switch kinds[0] {
    case "field": return fields.index(of: node, what).map { .field($0) }
    case "time": return scalars.choice(node, what, TimeFormat.self).map { .time($0) }
    default:
      return scalars.scalar(node, what, "a value").map {
        .literal(fields.literals.place(of: jsonText(of: $0)))
      }
    }
  }
}

extension FieldLoader {
  /// Reads which values fields must have.
  ///
  /// - Parameters:
  ///   - node: Fields' paths to a value or a list of them.
  ///   - what: What is read, for messages.
  ///   - field: The field above which they must stand; `nil`: any.
  /// - Returns: The conditions that are right.
  mutating func conditions(
    _ node: YAMLNode,
    _ what: String,
    above field: Int?
  ) -> [ChangeEffect.Condition] {
    let scalars = ScalarReader(findings: findings)
    let advice = "write {channel: web}"
    guard let entries = findings.entries(node, what, "a mapping of fields", advice) else {
      return []
    }
    var conditions: [ChangeEffect.Condition] = []
    for entry in entries {
      guard let index = index(of: entry.key, what) else { continue }
      guard index < field ?? fields.count else {
        findings.error(
          entry.key.start,
          "\(what): \"\(entry.key.text)\" stands below the field that changes: "
            + "move it up among the fields"
        )
        continue
      }
      var values = [entry.value]
      if case .sequence(let items, _) = entry.value { values = items }
      var literals: [Int] = []
      for value in values {
        guard let scalar = scalars.scalar(value, what, "a value"),
          let literal = literal(scalar, of: index, what)
        else { continue }
        literals.append(literal)
      }
      conditions.append(ChangeEffect.Condition(field: index, literals: literals))
    }
    return conditions
  }
}
