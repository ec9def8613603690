import Expressions
import YAML

/// Reads the named changes of a stream.
struct ChangeLoader {
  /// The fields that changes are about.
  var fields: FieldLoader
  /// The stream's start and end in nanoseconds since 1970.
  let start: Int64
  let end: Int64

  private var findings: Findings { fields.findings }
  private var scalars: ScalarReader { ScalarReader(findings: findings) }

  /// Later than every stream's end: the years 1971 to 2100 and a century.
  private static let never: Int64 = .max

  mutating func load(_ node: YAMLNode) -> [StreamChange] {
    let advice = "write {unit_error: {at: 3d, field: amount, multiply: 100}}"
    guard let entries = findings.entries(node, "changes", "a mapping of names", advice) else {
      return []
    }
    if entries.count > StreamBounds.changes {
      findings.error(
        entries[StreamBounds.changes].key.start,
        "changes: \(entries.count) changes: write at most \(StreamBounds.changes)"
      )
      return []
    }
    var changes: [StreamChange] = []
    for entry in entries {
      if let change = change(entry) { changes.append(change) }
    }
    return changes
  }

  private mutating func change(_ entry: YAMLNode.Entry) -> StreamChange? {
    let name = entry.key.text
    let what = "changes.\(name.prefix(60))"
    guard name.wholeMatch(of: /[A-Za-z_][A-Za-z0-9_-]*/) != nil else {
      findings.error(
        entry.key.start,
        "changes: not a name, got \"\(name.prefix(60))\": use letters, digits, _ and -, "
          + "no digit first"
      )
      return nil
    }
    guard let reader = MappingReader(entry.value, what, keys: StreamKeys.change, findings) else {
      return nil
    }
    guard
      let at = reader.required("at", "3d6h").flatMap({
        scalars.time($0, "\(what).at", from: start)
      })
    else { return nil }
    if !(start..<end).contains(at) {
      findings.warning(
        reader.keyPosition("at"),
        "\(what).at: the change begins outside the stream: it has no effect as it stands"
      )
    }
    var change = StreamChange(name: name, times: at..<Self.never, effects: [])
    if let node = reader.optional("for"),
      let length = scalars.duration(node, "\(what).for")
    {
      change.times = at..<(at + length.nanoseconds)
    }
    if let node = reader.optional("ramp"),
      let ramp = scalars.duration(node, "\(what).ramp")
    {
      change.ramp = ramp.nanoseconds
    }
    change.effects = effects(reader, what)
    return change
  }

  private mutating func effects(_ reader: MappingReader, _ what: String) -> [ChangeEffect] {
    let hasOwn = (StreamKeys.effect + ["rate"]).contains(where: reader.has)
    guard hasOwn != reader.has("effects") else {
      if !hasOwn, reader.hasUnknownKey { return [] }
      findings.error(
        reader.position,
        "\(what): a change has an effect, or a list of effects, got \(hasOwn ? "both" : "none"): "
          + "write {field: amount, multiply: 100}, {rate: 0.5}, or effects: [{…}]"
      )
      return []
    }
    guard let node = reader.optional("effects") else {
      if reader.has("rate"), let key = StreamKeys.effect.first(where: reader.has) {
        findings.error(
          reader.keyPosition(key),
          "\(what): \"\(key)\" does not go with \"rate\": write a change for each, or effects: [{…}]"
        )
        return []
      }
      return effect(reader, what).map { [$0] } ?? []
    }
    let advice = "write [{field: …, multiply: …}]"
    guard let items = findings.items(node, "\(what).effects", "a list", advice, atLeast: 1) else {
      return []
    }
    var effects: [ChangeEffect] = []
    for item in items {
      let what = "\(what).effects"
      guard
        let reader = MappingReader(item, what, keys: StreamKeys.effect + ["rate"], findings)
      else { continue }
      if let effect = effect(reader, what) { effects.append(effect) }
    }
    return effects
  }

  private mutating func effect(_ reader: MappingReader, _ what: String) -> ChangeEffect? {
    if let node = reader.optional("rate") {
      return scalars.number(node, "\(what).rate", 0...1_000).map {
        ChangeEffect(field: nil, action: .multiply($0))
      }
    }
    guard let node = reader.required("field", "features.amount"),
      let field = fields.index(of: node, "\(what).field")
    else { return nil }
    let conditions = reader.optional("where").map {
      fields.conditions($0, "\(what).where", above: field)
    }
    guard let action = action(reader, field, what) else { return nil }
    return ChangeEffect(field: field, conditions: conditions ?? [], action: action)
  }

  // MARK: Actions

  private mutating func action(
    _ reader: MappingReader,
    _ field: Int,
    _ what: String
  ) -> ChangeEffect.Action? {
    let given = StreamKeys.effects.filter { $0 != "share" && reader.has($0) }
    guard given.count == 1, let key = given.first else {
      if given.isEmpty, reader.hasUnknownKey { return nil }
      findings.error(
        reader.position,
        "\(what): an effect does one thing, got "
          + "\(given.isEmpty ? "none" : given.joined(separator: " and ")): write one of "
          + StreamKeys.effects.filter { $0 != "share" }.joined(separator: ", ")
      )
      return nil
    }
    if key != "constant", reader.has("share") {
      findings.error(
        reader.keyPosition("share"),
        "\(what): \"share\" goes with \"constant\", got \(key): leave it out"
      )
    }
    guard let node = reader.optional(key) else { return nil }
    let place = "\(what).\(key)"
    let isNumber = fields.fields[field].distribution.isNumber
    switch key {
    case "multiply", "add", "type":
      guard isNumber || (key == "type" && fields.fields[field].distribution.hasFixedValues) else {
        findings.error(
          reader.keyPosition(key),
          "\(place): \"\(fields.fields[field].path)\" is no number: use shares, set or missing"
        )
        return nil
      }
      if key == "type" { return type(node, place) }
      return scalars.number(node, place, -1e300...1e300).map {
        key == "add" ? .add($0) : .multiply($0)
      }
    case "missing": return scalars.probability(node, place).map { .missing($0) }
    case "constant": return constant(node, reader, place)
    case "shares": return shares(node, place)
    default: return replacement(field, node, place)
    }
  }

  private enum WrittenType: String, CaseIterable {
    case string
  }

  private func type(_ node: YAMLNode, _ what: String) -> ChangeEffect.Action? {
    scalars.choice(node, what, WrittenType.self).map { _ in .string }
  }

  private mutating func constant(
    _ node: YAMLNode,
    _ reader: MappingReader,
    _ what: String
  ) -> ChangeEffect.Action? {
    guard let scalar = scalars.scalar(node, what, "a value") else { return nil }
    let share =
      reader.optional("share").flatMap { scalars.probability($0, "\(what): share") } ?? 1
    let literal = fields.literals.place(of: jsonText(of: scalar))
    return .shares([WeightedLiteral(literal: literal, weight: share)])
  }

  private mutating func shares(_ node: YAMLNode, _ what: String) -> ChangeEffect.Action? {
    guard case .mapping(let entries, _) = node, !entries.isEmpty else {
      findings.error(
        node.position,
        "\(what): expected values with shares, got \(node.kindName): write {crypto: 5%}"
      )
      return nil
    }
    var shares: [WeightedLiteral] = []
    for entry in entries {
      guard let share = scalars.probability(entry.value, "\(what).\(entry.key.text)") else {
        continue
      }
      let literal = fields.literals.place(of: jsonString(entry.key.text))
      shares.append(WeightedLiteral(literal: literal, weight: share))
    }
    let sum = shares.reduce(0) { $0 + $1.weight }
    guard sum <= 1 + 1e-9 else {
      findings.error(
        node.position,
        "\(what): the shares add up to \(sum): together at most 1, the rest is as before"
      )
      return nil
    }
    return .shares(shares)
  }

  private mutating func replacement(
    _ field: Int,
    _ node: YAMLNode,
    _ what: String
  ) -> ChangeEffect.Action? {
    let source = fields.sources[field]
    var above = fields
    above.keepFields(before: field)
    defer { fields.literals = above.literals }
    guard let own = above.distribution(source, source.merging(node), what) else { return nil }
    var cases: [DistributionCase] = []
    for (literal, arguments) in source.cases {
      let merged = DistributionSource.merge(arguments, node, source.kind)
      guard let distribution = above.distribution(source, merged, what) else { continue }
      cases.append(DistributionCase(literal: literal, distribution: distribution))
    }
    return .replace(own, cases)
  }
}
