import Expressions
import YAML

/// The reference, the events and the start that a test, or all of a file's, are given.
struct TestSources {
  var reference: Placed<TestReference>?
  var input: Placed<TestEvents>?
  var start: Int64?

  /// What is not given, from the file.
  func completed(by common: TestSources) -> TestSources {
    TestSources(
      reference: reference ?? common.reference,
      input: input ?? common.input,
      start: start ?? common.start
    )
  }
}

/// Reads where a test's events come from.
struct TestSourceLoader {
  let findings: Findings
  let files: NeighbourFiles
  private var scalars: ScalarReader { ScalarReader(findings: findings) }
  /// Findings in descriptions of streams that the file names.
  private(set) var others: [Diagnostic] = []

  init(_ findings: Findings, _ files: NeighbourFiles) {
    self.findings = findings
    self.files = files
  }

  mutating func load(_ reader: MappingReader, _ what: String) -> TestSources {
    var sources = TestSources()
    if reader.has("profile"), reader.has("reference_events") {
      findings.error(
        reader.keyPosition("reference_events"),
        "\(what): a test has one reference, got profile and reference_events: write one"
      )
    }
    if let node = reader.optional("profile"), let name = scalars.text(node, "\(what): profile") {
      sources.reference = placed(.profile(path: files.path(name)), node)
    }
    if let node = reader.optional("reference_events"),
      let source = source(node, "\(what): reference_events")
    {
      sources.reference = placed(.events(source), node)
    }
    if let node = reader.optional("input_events"),
      let source = source(node, "\(what): input_events")
    {
      sources.input = placed(source, node)
    }
    if let node = reader.optional("start_timestamp") {
      sources.start = scalars.time(node, "\(what): start_timestamp")
    }
    return sources
  }

  private func placed<Value>(_ value: Value, _ node: YAMLNode) -> Placed<Value> {
    Placed(value: value, line: node.position.line, column: node.position.column)
  }

  private mutating func source(_ node: YAMLNode, _ what: String) -> TestEvents? {
    switch node {
    case .scalar:
      return scalars.text(node, what).map { .file(files.path($0)) }
    case .sequence(let items, _):
      return lines(items, what)
    case .mapping:
      guard let reader = MappingReader(node, what, keys: RuleTestKeys.input, findings) else {
        return nil
      }
      let given = RuleTestKeys.input.filter(reader.has)
      guard given.count == 1 else {
        if given.isEmpty, reader.hasUnknownKey { return nil }
        findings.error(
          reader.position,
          "\(what): events have one source, got "
            + "\(given.isEmpty ? "none" : given.joined(separator: " and ")): write one of "
            + RuleTestKeys.input.joined(separator: ", ")
        )
        return nil
      }
      guard let node = reader.optional(given[0]) else { return nil }
      if given[0] == "file" { return scalars.text(node, what).map { .file(files.path($0)) } }
      if given[0] == "generate" { return generated(node, "\(what).generate") }
      return findings.items(node, "\(what).lines", "a list").flatMap { lines($0, what) }
    }
  }

  /// Events that stand in the file: mappings, or lines of JSON as they are.
  private func lines(_ items: [YAMLNode], _ what: String) -> TestEvents? {
    var bytes: [UInt8] = []
    for item in items {
      switch item {
      case .scalar(let scalar):
        guard !scalar.isNull, !scalar.text.contains("\n") else {
          findings.error(
            scalar.start,
            "\(what): expected an event, got \(item.kindName): write a mapping or a line of JSON"
          )
          return nil
        }
        bytes += Array(scalar.text.utf8)
      case .mapping: write(item, to: &bytes)
      case .sequence:
        findings.error(item.position, "\(what): an event is a mapping, got a list: write {ts: …}")
        return nil
      }
      bytes.append(0x0a)
    }
    return .lines(bytes)
  }

  /// A YAML node as JSON.
  private func write(_ node: YAMLNode, to bytes: inout [UInt8]) {
    switch node {
    case .scalar(let scalar): bytes += jsonText(of: scalar)
    case .sequence(let items, _):
      bytes.append(UInt8(ascii: "["))
      for (index, item) in items.enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        write(item, to: &bytes)
      }
      bytes.append(UInt8(ascii: "]"))
    case .mapping(let entries, _):
      bytes.append(UInt8(ascii: "{"))
      for (index, entry) in entries.enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        bytes += jsonString(entry.key.text)
        bytes.append(UInt8(ascii: ":"))
        write(entry.value, to: &bytes)
      }
      bytes.append(UInt8(ascii: "}"))
    }
  }

  // MARK: Generated streams

  private mutating func generated(_ node: YAMLNode, _ what: String) -> TestEvents? {
    if case .scalar = node {
      guard let (stream, _) = described(node, what) else { return nil }
      return .generated(stream, without: [], times: stream.start..<stream.end)
    }
    guard case .mapping(let entries, _) = node, entries.contains(where: { $0.key.text == "file" })
    else {
      return StreamLoader(findings).load(node, what).map {
        .generated($0, without: [], times: $0.start..<$0.end)
      }
    }
    guard let reader = MappingReader(node, what, keys: RuleTestKeys.modification, findings),
      let file = reader.required("file", "payments.stream.yaml"),
      var (stream, fields) = described(file, what)
    else { return nil }
    if let node = reader.optional("seed"),
      let seed = scalars.integer(node, "\(what).seed", 0...Int.max)
    {
      stream.seed = UInt64(seed)
    }
    if let node = reader.optional("duration"),
      let duration = scalars.duration(node, "\(what).duration")
    {
      stream.duration = duration
    }
    if let node = reader.optional("changes") {
      fields.literals = stream.literals
      var loader = ChangeLoader(fields: fields, start: stream.start, end: stream.end)
      let added = loader.load(node)
      stream.literals = loader.fields.literals
      let names = Set(added.map(\.name))
      stream.changes.removeAll { names.contains($0.name) }
      stream.changes += added
      StreamLoader(findings).checkRate(of: stream, node.position)
    }
    let without = leftOut(reader, stream.changeNames, what)
    let from =
      reader.optional("from").flatMap { scalars.time($0, "\(what).from", from: stream.start) }
    let until =
      reader.optional("until").flatMap { scalars.time($0, "\(what).until", from: stream.start) }
    let first = max(from ?? stream.start, stream.start)
    let end = min(until ?? stream.end, stream.end)
    guard first <= end else {
      findings.error(reader.position, "\(what): nothing is left between from and until")
      return nil
    }
    return .generated(stream, without: without, times: first..<end)
  }

  /// A stream that a file of its own describes.
  private mutating func described(
    _ node: YAMLNode,
    _ what: String
  ) -> (stream: StreamSpecification, fields: FieldLoader)? {
    guard let name = scalars.text(node, what) else { return nil }
    let path = files.path(name)
    let bytes: [UInt8]
    do throws(FileProblem) {
      bytes = try files.read(path)
    } catch {
      findings.error(node.position, "\(what): \(error.message)")
      return nil
    }
    let (root, found) = YAMLFile.read(
      bytes: bytes,
      file: path,
      environment: files.environment,
      beginning: "a stream, beginning with seed: 1"
    )
    let loader = StreamLoader(found)
    let stream = root.flatMap { loader.loadWithFields($0, "stream") }
    others += found.diagnostics().filter { $0.severity == .error }
    guard let stream, !found.hasErrors else { return nil }
    return (stream.specification, stream.fields.reporting(to: findings))
  }

  /// The changes that do not happen: those named, or all but those named.
  private func leftOut(_ reader: MappingReader, _ known: [String], _ what: String) -> Set<String> {
    if reader.has("without"), reader.has("only") {
      findings.error(
        reader.keyPosition("only"),
        "\(what): \"only\" does not go with \"without\": write one"
      )
    }
    var without: Set<String> = []
    if let node = reader.optional("without") {
      if case .scalar(let scalar) = node, scalar.text == "all" { return Set(known) }
      without = Set(changes(node, known, "\(what).without"))
    }
    if let node = reader.optional("only") {
      without = Set(known).subtracting(changes(node, known, "\(what).only"))
    }
    return without
  }

  private func changes(_ node: YAMLNode, _ known: [String], _ what: String) -> [String] {
    guard let items = findings.items(node, what, "a list of changes", "write [unit_error]") else {
      return []
    }
    return items.compactMap { item in
      guard let name = scalars.text(item, what) else { return nil }
      guard known.contains(name) else {
        findings.error(
          item.position,
          "\(what): the stream has no change \"\(name.prefix(60))\": "
            + Findings.advice(on: name, among: known)
        )
        return nil
      }
      return name
    }
  }
}
