import Expressions
public import YAML

/// Reads the description of a stream.
struct StreamLoader {
  let findings: Findings
  private var scalars: ScalarReader { ScalarReader(findings: findings) }

  init(_ findings: Findings) { self.findings = findings }

  /// Reads all parts, so that every mistake is found; `nil` when a needed part is missing.
  func load(_ root: YAMLNode, _ what: String) -> StreamSpecification? {
    loadWithFields(root, what)?.specification
  }

  /// Reads all parts; the fields are given back, too, for further changes of them.
  func loadWithFields(
    _ root: YAMLNode,
    _ what: String
  ) -> (specification: StreamSpecification, fields: FieldLoader)? {
    guard let reader = MappingReader(root, what, keys: StreamKeys.stream, findings) else {
      return nil
    }
    let seed = reader.required("seed", "1").flatMap {
      scalars.integer($0, "seed", 0...Int.max)
    }
    let start = reader.required("start", "2026-03-02T00:00:00Z").flatMap {
      scalars.time($0, "start")
    }
    let duration = reader.required("duration", "1d").flatMap {
      scalars.duration($0, "duration")
    }
    let rate = reader.required("rate", "10/s").flatMap { readRate($0) }
    var fields = FieldLoader(findings)
    let fieldsNode = reader.required("fields", "{ts: {time: rfc3339}, amount: {normal: {…}}}")
    if let node = fieldsNode { fields.load(node) }
    guard let seed, let start, let duration, let rate, fieldsNode != nil else { return nil }
    var specification = StreamSpecification(
      seed: UInt64(seed),
      start: start,
      duration: duration,
      rate: rate,
      fields: fields.fields,
      changes: [],
      literals: fields.literals
    )
    if let node = reader.optional("changes") { addChanges(node, to: &specification, fields) }
    if let node = reader.optional("outcomes") { addOutcomes(node, to: &specification, fields) }
    checkRate(of: specification, reader.keyPosition("rate"))
    return findings.hasErrors ? nil : (specification, fields)
  }

  /// Refuses a rate at which a stream would never get on.
  func checkRate(of specification: StreamSpecification, _ position: SourcePosition) {
    guard specification.greatestRate > StreamBounds.candidatesPerSecond else { return }
    findings.error(
      position,
      "rate: with its seasons and changes up to \(specification.greatestRate)/s: "
        + "at most \(Int(StreamBounds.candidatesPerSecond))/s"
    )
  }

  private func addChanges(
    _ node: YAMLNode,
    to specification: inout StreamSpecification,
    _ fields: FieldLoader
  ) {
    var loader = ChangeLoader(fields: fields, start: specification.start, end: specification.end)
    specification.changes = loader.load(node)
    specification.literals = loader.fields.literals
  }

  private func addOutcomes(
    _ node: YAMLNode,
    to specification: inout StreamSpecification,
    _ fields: FieldLoader
  ) {
    var fields = fields
    fields.literals = specification.literals
    var loader = OutcomeLoader(fields: fields)
    specification.outcomes = loader.load(node)
    specification.literals = loader.fields.literals
  }

  private func readRate(_ node: YAMLNode) -> ArrivalRate? {
    guard case .mapping = node else {
      return frequency(node, "rate").map { ArrivalRate(perSecond: $0) }
    }
    guard let reader = MappingReader(node, "rate", keys: StreamKeys.rate, findings) else {
      return nil
    }
    guard
      let mean = reader.required("mean", "10/s").flatMap({ frequency($0, "rate.mean") })
    else { return nil }
    var rate = ArrivalRate(perSecond: mean)
    rate.season = SeasonLoader(findings).load(reader, "rate") ?? Season()
    if let node = reader.optional("arrivals"),
      let arrivals = scalars.choice(node, "rate.arrivals", Arrivals.self)
    {
      rate.isEven = arrivals == .even
    }
    return rate
  }

  private enum Arrivals: String, CaseIterable {
    case poisson, even
  }

  /// A number of events in a unit of time: `120/m`.
  private func frequency(_ node: YAMLNode, _ what: String) -> Double? {
    guard let scalar = scalars.scalar(node, what, "a rate") else { return nil }
    let units: [String: Double] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400]
    let parts = scalar.text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let number = Double(parts[0]), let unit = units[String(parts[1])],
      number > 0, number / unit <= StreamBounds.perSecond
    else {
      findings.error(
        scalar.start,
        "\(what): expected events by a unit of time, got \"\(scalar.text.prefix(60))\": "
          + "write one such as 10/s, 120/m, 500/h or 2000/d, at most 1000000/s"
      )
      return nil
    }
    return number / unit
  }
}

extension StreamSpecification {
  /// Reads and checks the description of a stream.
  ///
  /// All mistakes are reported at once, in order of their places; no content traps.
  ///
  /// - Parameters:
  ///   - bytes: The file's content, UTF-8.
  ///   - file: Its name, for the diagnostics.
  ///   - environment: What `${NAME}` in scalars stands for.
  /// - Returns: The description, `nil` when there is an error; and the findings.
  public static func load(
    bytes: [UInt8],
    file: String,
    environment: [String: String]
  ) -> (stream: StreamSpecification?, diagnostics: [Diagnostic]) {
    let (root, findings) = YAMLFile.read(
      bytes: bytes,
      file: file,
      environment: environment,
      beginning: "a stream, beginning with seed: 1"
    )
    let stream = root.flatMap { StreamLoader(findings).load($0, "stream") }
    return (findings.hasErrors ? nil : stream, findings.diagnostics())
  }
}
