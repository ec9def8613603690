import Events
import Expressions
import YAML

/// Reads the fields of a stream, in order: a field may look at those above it.
struct FieldLoader {
  private(set) var findings: Findings
  private(set) var fields: [FieldSpecification] = []
  var literals = LiteralTable()
  /// How each field's distribution was written, for changes that set parts of it.
  private(set) var sources: [DistributionSource] = []
  /// Fields whose text is wrong: naming them is no further mistake.
  private(set) var broken: Set<String> = []

  private var scalars: ScalarReader { ScalarReader(findings: findings) }

  init(_ findings: Findings) { self.findings = findings }

  /// The same fields for a file that changes them; what is wrong there goes to its findings.
  func reporting(to findings: Findings) -> FieldLoader {
    var loader = self
    loader.findings = findings
    return loader
  }

  /// Reads the mapping of paths to fields.
  mutating func load(_ node: YAMLNode) {
    let advice = "write {amount: {normal: {…}}}"
    guard let entries = findings.entries(node, "fields", "a mapping of paths", advice, atLeast: 1)
    else { return }
    if entries.count > StreamBounds.fields {
      findings.error(
        entries[StreamBounds.fields].key.start,
        "fields: \(entries.count) fields: write at most \(StreamBounds.fields)"
      )
      return
    }
    for entry in entries {
      guard let path = scalars.path(.scalar(entry.key), "fields"),
        Self.isFree(path, entry.key, "fields", among: fields.map(\.path), findings)
      else {
        broken.insert(entry.key.text)
        continue
      }
      if let (field, source) = field(path, entry.value) {
        fields.append(field)
        sources.append(source)
      } else {
        broken.insert(path.description)
      }
    }
  }

  /// Whether no other field has the path, stands in it or holds it.
  static func isFree(
    _ path: FieldPath,
    _ key: YAMLScalar,
    _ what: String,
    among others: [FieldPath],
    _ findings: Findings
  ) -> Bool {
    guard let other = others.first(where: { $0 == path || $0.contains(path) || path.contains($0) })
    else { return true }
    findings.error(
      key.start,
      "\(what).\(path): it cannot stand beside \"\(other)\": a value is an object or something "
        + "else, rename one"
    )
    return false
  }

  private mutating func field(
    _ path: FieldPath,
    _ node: YAMLNode
  ) -> (FieldSpecification, DistributionSource)? {
    let what = "fields.\(path)"
    if case .scalar(let scalar) = node {
      let place = literals.place(of: jsonText(of: scalar))
      return (
        FieldSpecification(path: path, distribution: .constant(place), decimals: 0),
        DistributionSource(kind: "constant", node: node, cases: [])
      )
    }
    guard let reader = MappingReader(node, what, keys: StreamKeys.field, findings) else {
      return nil
    }
    let kinds = StreamKeys.distributions.filter(reader.has)
    guard kinds.count == 1 else {
      if kinds.isEmpty, reader.hasUnknownKey { return nil }
      findings.error(
        reader.position,
        "\(what): a field has one distribution, got "
          + "\(kinds.isEmpty ? "none" : kinds.joined(separator: " and ")): write one of "
          + StreamKeys.distributions.joined(separator: ", ")
      )
      return nil
    }
    guard let argument = reader.optional(kinds[0]) else { return nil }
    let source = DistributionSource(kind: kinds[0], node: argument, cases: [])
    guard let distribution = distribution(source, argument, what) else { return nil }
    var field = FieldSpecification(path: path, distribution: distribution, decimals: 0)
    readModifiers(reader, what, &field)
    var complete = source
    if let node = reader.optional("by") { readCases(node, what, &field, &complete) }
    return (field, complete)
  }

  private func readModifiers(
    _ reader: MappingReader,
    _ what: String,
    _ field: inout FieldSpecification
  ) {
    let isInteger = if case .integer = field.distribution { true } else { false }
    field.decimals = isInteger ? 0 : FieldSpecification.defaultDecimals
    if let node = reader.optional("decimals"),
      let decimals = scalars.integer(node, "\(what).decimals", 0...StreamBounds.decimals)
    {
      field.decimals = decimals
    }
    field.least = reader.optional("min").flatMap { scalars.number($0, "\(what).min") }
    field.greatest = reader.optional("max").flatMap { scalars.number($0, "\(what).max") }
    if let least = field.least, let greatest = field.greatest, least > greatest {
      findings.error(
        reader.keyPosition("max"),
        "\(what).max: less than min, got \(greatest) and \(least): swap them"
      )
    }
    if let node = reader.optional("missing"),
      let missing = scalars.probability(node, "\(what).missing")
    {
      field.missing = missing
    }
    if let node = reader.optional("hidden"),
      let isHidden = scalars.boolean(node, "\(what).hidden")
    {
      field.isHidden = isHidden
    }
    field.season = SeasonLoader(findings).load(reader, what)
    let shaping = ["decimals", "min", "max"] + StreamKeys.season
    if !field.distribution.isNumber, let key = shaping.first(where: reader.has) {
      findings.error(
        reader.keyPosition(key),
        "\(what): \"\(key)\" is for numbers, got a field that is none: leave it out"
      )
    }
  }

  private mutating func readCases(
    _ node: YAMLNode,
    _ what: String,
    _ field: inout FieldSpecification,
    _ source: inout DistributionSource
  ) {
    let what = "\(what).by"
    guard let reader = MappingReader(node, what, keys: StreamKeys.by, findings) else { return }
    guard let node = reader.required("field", "features.channel"),
      let index = index(of: node, "\(what).field"),
      let values = reader.required("values", "{web: {…}}")
    else { return }
    let path = "\(what).values"
    let advice = "write {web: {…}}"
    guard
      let entries = findings.entries(values, path, "a mapping of values", advice, atLeast: 1)
    else { return }
    field.caseField = index
    for entry in entries {
      guard let literal = literal(entry.key, of: index, "\(what).values") else { continue }
      let place = "\(what).values.\(entry.key.text)"
      let merged = source.merging(entry.value)
      guard let distribution = distribution(source, merged, place) else { continue }
      field.cases.append(DistributionCase(literal: literal, distribution: distribution))
      source.cases.append((literal, merged))
    }
  }

  // MARK: Naming fields and values

  /// The field of that path; an error when it does not stand above.
  func index(of node: YAMLNode, _ what: String) -> Int? {
    guard let scalar = scalars.scalar(node, what, "a field's path") else { return nil }
    return index(of: scalar, what)
  }

  /// The field of that path; an error when it does not stand above.
  func index(of scalar: YAMLScalar, _ what: String) -> Int? {
    if let index = fields.firstIndex(where: { $0.path.description == scalar.text }) {
      return index
    }
    if !broken.contains(scalar.text) {
      findings.error(
        scalar.start,
        "\(what): no field \"\(scalar.text.prefix(60))\" stands above: "
          + Findings.advice(on: scalar.text, among: fields.map(\.path.description))
      )
    }
    return nil
  }

  /// The field of that path, which must be of numbers and stand above.
  func number(_ node: YAMLNode, _ what: String) -> Int? {
    guard let index = index(of: node, what) else { return nil }
    guard fields[index].distribution.isNumber else {
      findings.error(
        node.position,
        "\(what): \"\(fields[index].path)\" is no number: name one, such as a logistic"
      )
      return nil
    }
    return index
  }

  /// A value that a field may have, by its place; an error when it never has.
  mutating func literal(_ scalar: YAMLScalar, of index: Int, _ what: String) -> Int? {
    let field = fields[index]
    var known: [Int] = []
    switch field.distribution {
    case .category:
      // A change may bring a value that is none yet.
      return literals.place(of: jsonString(scalar.text))
    case .boolean, .chance: known = [LiteralTable.truePlace, LiteralTable.falsePlace]
    case .constant(let place): known = [place]
    case .threshold(_, _, let above, let below): known = [above, below]
    default:
      findings.error(
        scalar.start,
        "\(what): \"\(field.path)\" has no fixed values: name a category or a boolean"
      )
      return nil
    }
    let plain = literals.place(of: jsonText(of: scalar))
    if known.contains(plain) { return plain }
    let texts = known.map { String(decoding: literals.json[$0], as: UTF8.self) }
    findings.error(
      scalar.start,
      "\(what): \"\(field.path)\" is never \"\(scalar.text.prefix(60))\": "
        + Findings.advice(on: scalar.text, among: texts)
    )
    return nil
  }

  /// Forgets the fields from an index on: a distribution may look at those above it only.
  mutating func keepFields(before index: Int) {
    fields.removeSubrange(index...)
    sources.removeSubrange(index...)
  }

  // MARK: Distributions

  /// Reads a distribution's arguments.
  mutating func distribution(
    _ source: DistributionSource,
    _ node: YAMLNode,
    _ what: String
  ) -> Distribution? {
    var loader = DistributionLoader(fields: self, what: "\(what).\(source.kind)")
    let distribution = loader.load(source.kind, node)
    literals = loader.fields.literals
    return distribution
  }
}

/// How a field's distribution was written.
struct DistributionSource {
  var kind: String
  var node: YAMLNode
  /// The arguments for values of another field, by the value's literal.
  var cases: [(literal: Int, node: YAMLNode)]

  /// The arguments with some of them replaced; a category's weights as a whole.
  func merging(_ other: YAMLNode) -> YAMLNode { Self.merge(node, other, kind) }

  /// Arguments with some of them replaced.
  static func merge(_ node: YAMLNode, _ other: YAMLNode, _ kind: String) -> YAMLNode {
    guard kind != "category", case .mapping(let old, _) = node,
      case .mapping(let new, let position) = other
    else { return other }
    let names = Set(new.map(\.key.text))
    return .mapping(old.filter { !names.contains($0.key.text) } + new, at: position)
  }
}

extension Distribution {
  /// Whether its values are numbers that can be rounded and bounded.
  var isNumber: Bool {
    switch self {
    case .normal, .lognormal, .exponential, .uniform, .integer, .linear, .logistic: true
    case .constant, .category, .boolean, .chance, .sequence, .time, .threshold: false
    }
  }
}
