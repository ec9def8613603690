internal import Connectors
internal import Events
internal import Specification
internal import YAML

/// Reads the root of an agent file, its source and its sinks.
struct AgentFileLoader {
  let findings: Findings
  let file: String
  /// The library whose version is to serve.
  let library: KafkaLibrary
  let readFile: (String) throws(StreamError) -> [UInt8]
  var scalars: ScalarReader { ScalarReader(findings: findings) }

  /// The kinds of sources.
  private enum SourceKind: String, CaseIterable {
    case kafka, file
  }

  /// The only kind of sink.
  private enum SinkKind: String, CaseIterable {
    case kafka
  }

  /// Reads all parts, so that every mistake is found.
  func load(_ root: YAMLNode) -> AgentFile? {
    guard let reader = MappingReader(root, "agent", keys: AgentFileKeys.file, findings) else {
      return nil
    }
    let usesTopics = reader.has("sinks") || reader.optional("sources").map(readsTopics) ?? true
    let example = "{bootstrap_servers: \"HOST:9092\"}"
    let node = usesTopics ? reader.required("kafka", example) : reader.optional("kafka")
    let cluster = node.flatMap { loadCluster($0) }
    var agent = AgentFile()
    if let node = reader.optional("sources") { loadSources(node, cluster?.settings, &agent) }
    if let node = reader.optional("sinks") { agent.sinks = loadSinks(node, cluster) }
    if let node = reader.optional("fleet") { agent.fleet = loadFleet(node, agent) }
    if !reader.has("sources"), !reader.has("sinks"), !reader.hasUnknownKey {
      findings.error(
        reader.position,
        "agent: nothing is read or written: add sources: [{type: kafka, …}] or sinks: {alerts: …}"
      )
    }
    return agent
  }

  /// The topic of a fleet.
  private func loadFleet(_ node: YAMLNode, _ agent: AgentFile) -> String? {
    guard let reader = MappingReader(node, "fleet", keys: AgentFileKeys.fleet, findings) else {
      return nil
    }
    if agent.source == nil, !findings.hasErrors {
      findings.error(
        node.position,
        "fleet: only topics are shared out: add a source {type: kafka, …} to sources"
      )
    }
    if !agent.patterns.isEmpty {
      findings.error(node.position, "fleet: only topics are shared out: leave out the logs")
    }
    if let lack = library.lack(of: .generation) {
      findings.error(node.position, "fleet: \(lack)")
    }
    return reader.required("topic", "leeway.fleet").flatMap { scalars.text($0, "fleet: topic") }
  }

  /// Where a partition begins of which nothing is known.
  private enum Reset: String, CaseIterable {
    case earliest, latest
  }

  private func loadStart(_ reader: MappingReader) -> KafkaSubscription.Start? {
    let reset = reader.optional("auto_offset_reset").flatMap {
      scalars.choice($0, "source: auto_offset_reset", Reset.self)
    }
    guard let node = reader.optional("from") else {
      return reset.map { $0 == .earliest ? .earliest : .latest }
    }
    if reader.has("auto_offset_reset") {
      findings.error(
        node.position,
        "source: from and auto_offset_reset both say where it begins: write one of them"
      )
    }
    guard let text = scalars.text(node, "source: from") else { return nil }
    guard let time = Timestamp.parseMoment(text) else {
      findings.error(
        node.position,
        "source: from: got \"\(text)\": write a time, such as 2026-11-30T06:00:00Z, or a day"
      )
      return nil
    }
    return .time(floorDivide(time, 1_000_000))
  }

  // MARK: Sources

  /// What a source says of its type; nothing is found to be wrong with it.
  private func kind(_ source: YAMLNode) -> SourceKind? {
    guard case .mapping(let entries, _) = source,
      let type = entries.first(where: { $0.key.text == "type" }),
      case .scalar(let scalar) = type.value
    else { return nil }
    return SourceKind(rawValue: scalar.text)
  }

  /// Whether a source of a list needs a cluster, as far as it says.
  private func readsTopics(_ sources: YAMLNode) -> Bool {
    guard case .sequence(let items, _) = sources else { return true }
    return items.contains { kind($0) != .file }
  }

  private func loadSources(
    _ node: YAMLNode,
    _ cluster: KafkaSettings?,
    _ agent: inout AgentFile
  ) {
    let items = findings.items(
      node,
      "sources",
      "a list of sources",
      "write [{type: kafka, topics: [predictions], group_id: leeway}]",
      atLeast: 1,
      atMost: AgentFileBounds.sourceLimit
    )
    var hasTopics = false
    for item in items ?? [] {
      if kind(item) == .file {
        loadLogs(item, &agent)
        continue
      }
      if hasTopics {
        findings.error(
          item.position,
          "sources: a second one of type kafka: give the first one all topics"
        )
      }
      hasTopics = true
      if let source = loadTopicSource(item, cluster) { agent.source = source }
    }
    for (place, log) in agent.logs.enumerated() where agent.logs[..<place].contains(log) {
      findings.error(node.position, "sources: \(log) is followed twice: name it once")
    }
  }

  private func loadTopicSource(_ item: YAMLNode, _ cluster: KafkaSettings?) -> KafkaSubscription? {
    guard let reader = MappingReader(item, "source", keys: AgentFileKeys.source, findings) else {
      return nil
    }
    if let node = reader.required("type", "kafka") {
      _ = scalars.choice(node, "source: type", SourceKind.self)
    }
    if let lack = library.lack(of: .smallQueues) {
      findings.warning(item.position, "source: \(lack)")
    }
    let topics = reader.required("topics", "[predictions]").map { loadTopics($0) } ?? []
    var properties = properties(reader, "source")
    properties["group.id"] = reader.required("group_id", "leeway").flatMap {
      scalars.text($0, "source: group_id")
    }
    properties["group.instance.id"] = reader.optional("group_instance_id").flatMap {
      scalars.text($0, "source: group_instance_id")
    }
    if let node = reader.optional("session_timeout_ms") {
      let time = scalars.integer(node, "source: session_timeout_ms", 1_000...3_600_000)
      properties["session.timeout.ms"] = time.map { "\($0)" }
    }
    let start = loadStart(reader)
    let regression = reader.optional("on_regression").flatMap {
      scalars.choice($0, "source: on_regression", KafkaSubscription.Regression.self)
    }
    guard let cluster else { return nil }
    return KafkaSubscription(
      settings: cluster.with(properties),
      topics: topics,
      start: start ?? .latest,
      onRegression: regression ?? .earliest,
      members: loadMembers(reader)
    )
  }

  /// What a record's object is given of what stands beside its value.
  private func loadMembers(_ reader: MappingReader) -> RecordMembers {
    func name(_ key: String) -> String? {
      reader.optional(key).flatMap { scalars.text($0, "source: \(key)", bytesMax: 256) }
    }
    var members = RecordMembers()
    members.key = name("key_field")
    members.headers = name("headers_key")
    members.topic = name("topic_key")
    members.partition = name("partition_key")
    members.offset = name("offset_key")
    members.timestamp = name("timestamp_key")
    let names = members.names
    if Set(names).count < names.count {
      findings.error(
        reader.position,
        "source: two members of a record have one name, got \(names.joined(separator: ", ")): give "
          + "each its own"
      )
    }
    return members
  }

  private func loadTopics(_ node: YAMLNode) -> [String] {
    let items = findings.items(
      node,
      "source: topics",
      "a list of 1 to \(AgentFileBounds.topicLimit) topics",
      "write [predictions]",
      atLeast: 1,
      atMost: AgentFileBounds.topicLimit
    )
    var topics: [String] = []
    for item in items ?? [] {
      guard let name = topicOrPattern(item) else { continue }
      if topics.contains(name) {
        findings.error(item.position, "source: topics: \(name) stands twice: write it once")
      }
      topics.append(name)
    }
    return topics
  }

  /// A topic's name, or a pattern of names.
  private func topicOrPattern(_ node: YAMLNode) -> String? {
    guard case .scalar(let scalar) = node, TopicPattern.isOne(scalar.text) else {
      return topic(node, "source: topics")
    }
    guard let pattern = scalars.text(node, "source: topics", bytesMax: 249) else { return nil }
    guard TopicPattern(pattern) != nil else {
      findings.error(
        node.position,
        "source: topics: \"\(pattern)\" is no regular expression (POSIX, extended): write "
          + "\"^predictions-.*\""
      )
      return nil
    }
    return pattern
  }

  /// A topic's name: letters, digits, dots, underscores and hyphens, as Kafka has it.
  private func topic(_ node: YAMLNode, _ what: String) -> String? {
    guard let name = scalars.text(node, what, bytesMax: 249) else { return nil }
    let isPlain = name.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"),
        UInt8(ascii: "-"):
        true
      default: false
      }
    }
    guard isPlain else {
      findings.error(
        node.position,
        "\(what): \"\(name.prefix(60))\" is no topic's name: write letters, digits, dots, "
          + "underscores and hyphens, or of a source's topics a pattern that begins with ^"
      )
      return nil
    }
    return name
  }

  // MARK: Sinks

  private func loadSinks(_ node: YAMLNode, _ cluster: Cluster?) -> TopicOutputs? {
    guard let reader = MappingReader(node, "sinks", keys: AgentFileKeys.sinks, findings) else {
      return nil
    }
    let kinds: [(String, RecordKind)] = [
      ("alerts", .alerts), ("metrics", .metrics), ("feedback", .feedback),
      ("dead_letters", .deadLetters),
    ]
    var topics: [RecordKind: String] = [:]
    for (key, kind) in kinds {
      guard let node = reader.optional(key),
        let sink = MappingReader(node, "sinks.\(key)", keys: AgentFileKeys.sink, findings)
      else { continue }
      if let node = sink.required("type", "kafka") {
        _ = scalars.choice(node, "sinks.\(key): type", SinkKind.self)
      }
      topics[kind] = sink.required("topic", "leeway.\(key)").flatMap {
        topic($0, "sinks.\(key): topic")
      }
    }
    guard let cluster else { return nil }
    var settings = cluster.settings
    if let compression = cluster.compression {
      settings.properties["compression.type"] = compression
    }
    return TopicOutputs(settings: settings, topics: topics)
  }
}
