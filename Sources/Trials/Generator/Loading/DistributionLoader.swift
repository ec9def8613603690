import YAML

/// Reads the arguments of one distribution.
struct DistributionLoader {
  /// The fields above, which a distribution may look at.
  var fields: FieldLoader
  /// What is read, for messages.
  let what: String

  private var findings: Findings { fields.findings }
  private var scalars: ScalarReader { ScalarReader(findings: findings) }
  private static let positive = 1e-300...1e300

  mutating func load(_ kind: String, _ node: YAMLNode) -> Distribution? {
    switch kind {
    case "constant":
      guard case .scalar(let scalar) = node else {
        findings.error(node.position, "\(what): expected a value, got \(node.kindName): write one")
        return nil
      }
      return .constant(fields.literals.place(of: jsonText(of: scalar)))
    case "normal":
      return numbers(node, ("mean", "100", nil), ("std", "15", 0...1e300)).map {
        .normal(mean: $0, std: $1)
      }
    case "lognormal":
      return numbers(node, ("median", "40", Self.positive), ("sigma", "0.8", 0...20)).map {
        .lognormal(median: $0, sigma: $1)
      }
    case "exponential":
      return reader(node, ["mean"])?.required("mean", "3")
        .flatMap { scalars.number($0, "\(what).mean", Self.positive) }
        .map { .exponential(mean: $0) }
    case "uniform":
      return numbers(node, ("from", "0", nil), ("to", "1", nil)).flatMap { from, to in
        isOrdered(from, to, node) ? .uniform(from: from, to: to) : nil
      }
    case "integer": return integer(node)
    case "category": return weights(node).map { .category($0) }
    case "boolean": return boolean(node)
    case "sequence": return sequence(node)
    case "time": return scalars.choice(node, what, TimeFormat.self).map { .time($0) }
    case "linear": return combination(node).map { .linear($0) }
    case "logistic": return combination(node).map { .logistic($0) }
    default: return threshold(node)
    }
  }

  private typealias Argument = (key: String, example: String, range: ClosedRange<Double>?)

  private func reader(_ node: YAMLNode, _ keys: [String]) -> MappingReader? {
    MappingReader(node, what, keys: keys, findings)
  }

  private func numbers(
    _ node: YAMLNode,
    _ first: Argument,
    _ second: Argument
  ) -> (Double, Double)? {
    guard let reader = reader(node, [first.key, second.key]) else { return nil }
    let values = [first, second].map { argument in
      reader.required(argument.key, argument.example).flatMap { node in
        scalars.number(
          node,
          "\(what).\(argument.key)",
          argument.range ?? -1e300...1e300
        )
      }
    }
    guard let one = values[0], let other = values[1] else { return nil }
    return (one, other)
  }

  private func isOrdered(_ from: Double, _ to: Double, _ node: YAMLNode) -> Bool {
    guard from > to else { return true }
    findings.error(node.position, "\(what): \"from\" is more than \"to\": swap them")
    return false
  }

  private func integer(_ node: YAMLNode) -> Distribution? {
    let limit = 1 << 52
    guard let reader = reader(node, ["from", "to"]),
      let from = reader.required("from", "0").flatMap({
        scalars.integer($0, "\(what).from", -limit...limit)
      }),
      let to = reader.required("to", "9").flatMap({
        scalars.integer($0, "\(what).to", -limit...limit)
      }),
      isOrdered(Double(from), Double(to), node)
    else { return nil }
    return .integer(from: from, to: to)
  }

  private func boolean(_ node: YAMLNode) -> Distribution? {
    guard case .mapping = node else { return scalars.probability(node, what).map { .boolean($0) } }
    guard let reader = reader(node, StreamKeys.boolean) else { return nil }
    guard let node = reader.optional("field") else {
      return reader.required("probability", "5%")
        .flatMap { scalars.probability($0, "\(what).probability") }
        .map { .boolean($0) }
    }
    if reader.has("probability") {
      findings.error(
        reader.keyPosition("probability"),
        "\(what): \"probability\" does not go with \"field\", which is one: leave either out"
      )
    }
    return fields.number(node, "\(what).field").map { .chance(field: $0) }
  }

  private func sequence(_ node: YAMLNode) -> Distribution? {
    guard let reader = reader(node, ["prefix", "digits"]) else { return nil }
    let prefix = reader.optional("prefix").flatMap {
      scalars.text($0, "\(what).prefix", bytesMax: 256)
    }
    let digits = reader.optional("digits").flatMap {
      scalars.integer($0, "\(what).digits", 1...18)
    }
    return .sequence(prefix: prefix ?? "", digits: digits ?? 1)
  }

  /// Values with weights or shares; they need not add up to anything.
  mutating func weights(_ node: YAMLNode) -> [WeightedLiteral]? {
    guard case .mapping(let entries, _) = node, !entries.isEmpty else {
      findings.error(
        node.position,
        "\(what): expected values with weights, got \(node.kindName): write {web: 70, app: 30}"
      )
      return nil
    }
    guard entries.count <= StreamBounds.categories else {
      findings.error(
        node.position,
        "\(what): \(entries.count) values: write at most \(StreamBounds.categories)"
      )
      return nil
    }
    var values: [WeightedLiteral] = []
    for entry in entries {
      guard let weight = weight(entry) else { continue }
      let literal = fields.literals.place(of: jsonString(entry.key.text))
      values.append(WeightedLiteral(literal: literal, weight: weight))
    }
    guard values.count == entries.count else { return nil }
    guard values.contains(where: { $0.weight > 0 }) else {
      findings.error(node.position, "\(what): all weights are zero: give one value more")
      return nil
    }
    return values
  }

  /// A weight, or a percentage, which is as many hundredths.
  private func weight(_ entry: YAMLNode.Entry) -> Double? {
    let what = "\(what).\(entry.key.text.prefix(60))"
    if case .scalar(let scalar) = entry.value, scalar.text.hasSuffix("%") {
      return scalars.probability(entry.value, what)
    }
    return scalars.number(entry.value, what, 0...1e12)
  }

  private mutating func threshold(_ node: YAMLNode) -> Distribution? {
    guard let reader = reader(node, StreamKeys.threshold) else { return nil }
    let field = reader.required("field", "score").flatMap { fields.index(of: $0, "\(what).field") }
    let at = reader.required("at", "0.5").flatMap { scalars.number($0, "\(what).at") }
    let values = ["above", "below"].map { key -> Int? in
      guard let node = reader.required(key, "approve"),
        let scalar = scalars.scalar(node, "\(what).\(key)", "a value")
      else { return nil }
      return fields.literals.place(of: jsonText(of: scalar))
    }
    guard let field, let at, let above = values[0], let below = values[1] else { return nil }
    return .threshold(field: field, at: at, above: above, below: below)
  }

  // MARK: Sums over other fields

  private mutating func combination(_ node: YAMLNode) -> Combination? {
    guard let reader = reader(node, StreamKeys.combination) else { return nil }
    var combination = Combination()
    if let node = reader.optional("bias"), let bias = scalars.number(node, "\(what).bias") {
      combination.bias = bias
    }
    if let node = reader.optional("noise"),
      let noise = scalars.number(node, "\(what).noise", 0...1e300)
    {
      combination.noise = noise
    }
    guard let terms = reader.optional("terms") else { return combination }
    let advice = "write {features.amount: 0.01}"
    guard
      let entries = findings.entries(terms, "\(what).terms", "a mapping of fields", advice)
    else { return nil }
    for entry in entries {
      let what = "\(what).terms.\(entry.key.text)"
      guard let index = fields.index(of: entry.key, what) else { continue }
      if let term = term(index, entry.value, what) { combination.terms.append(term) }
    }
    return combination
  }

  private mutating func term(
    _ index: Int,
    _ node: YAMLNode,
    _ what: String
  ) -> Combination.Term? {
    var term = Combination.Term(field: index)
    guard case .mapping(let entries, _) = node else {
      guard let slope = scalars.number(node, what) else { return nil }
      term.slope = slope
      return checked(term, node, what)
    }
    if fields.fields[index].distribution.hasFixedValues {
      for entry in entries {
        guard let literal = fields.literal(entry.key, of: index, what),
          let part = scalars.number(entry.value, "\(what).\(entry.key.text)")
        else { continue }
        term.values[literal] = part
      }
      return term
    }
    guard let reader = MappingReader(node, what, keys: StreamKeys.term, findings) else {
      return nil
    }
    term.slope = reader.optional("slope").flatMap { scalars.number($0, "\(what).slope") } ?? 0
    term.logSlope = reader.optional("log").flatMap { scalars.number($0, "\(what).log") } ?? 0
    term.missing =
      reader.optional("missing").flatMap { scalars.number($0, "\(what).missing") } ?? 0
    return checked(term, node, what)
  }

  private func checked(
    _ term: Combination.Term,
    _ node: YAMLNode,
    _ what: String
  ) -> Combination.Term? {
    switch fields.fields[term.field].distribution {
    case .category, .sequence, .time, .threshold:
      findings.error(
        node.position,
        "\(what): the field is no number: give each value's part, such as {web: 0.5}"
      )
      return nil
    default: return term
    }
  }
}

extension Distribution {
  /// Whether its values are some that can be listed.
  var hasFixedValues: Bool {
    switch self {
    case .constant, .category, .boolean, .chance, .threshold: true
    default: false
    }
  }
}
