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
  enum SourceKind: String, CaseIterable {
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
    let usesTopics =
      reader.has("sinks") || reader.optional("sources").map(readsTopics) ?? !reader.has("rules")
    let example = "{bootstrap_servers: \"HOST:9092\"}"
    let node = usesTopics ? reader.required("kafka", example) : reader.optional("kafka")
    let cluster = node.flatMap { loadCluster($0) }
    var agent = AgentFile()
    agent.cluster = cluster?.forWriting
    if let node = reader.optional("sources") { loadSources(node, cluster?.settings, &agent) }
    if let node = reader.optional("sinks") { agent.sinks = loadSinks(node, cluster) }
    if let node = reader.optional("fleet") { agent.fleet = loadFleet(node, agent) }
    agent.instance = reader.optional("instance").flatMap {
      scalars.text($0, "instance", bytesMax: 256)
    }
    agent.rules = reader.optional("rules").map { loadRules($0) } ?? []
    if !["sources", "sinks", "rules"].contains(where: reader.has), !reader.hasUnknownKey {
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
    if agent.topics.count != 1, !findings.hasErrors {
      findings.error(
        node.position,
        agent.topics.isEmpty
          ? "fleet: only topics are shared out: add a source {type: kafka, …} to sources"
          : "fleet: one group shares out its streams, got \(agent.topics.count) sources: give one all "
            + "topics"
      )
    }
    if !agent.patterns.isEmpty {
      findings.error(node.position, "fleet: only topics are shared out: leave out the logs")
    }
    if let lack = library.lack(of: .generation) {
      findings.error(node.position, "fleet: \(lack)")
    }
    if agent.sinks?.transactionalID != nil {
      findings.error(
        node.position,
        "fleet: its state is in its topic, and transactions rest on one on the disk: leave out "
          + "transactional_id of sinks"
      )
    }
    return reader.required("topic", "leeway.fleet").flatMap { scalars.text($0, "fleet: topic") }
  }

  // MARK: Sources

  /// What a source says of its type; nothing is found to be wrong with it.
  func kind(_ source: YAMLNode) -> SourceKind? {
    guard case .mapping(let entries, _) = source,
      let type = entries.first(where: { $0.key.text == "type" }),
      case .scalar(let scalar) = type.value
    else { return nil }
    return SourceKind(rawValue: scalar.text)
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
    for item in items ?? [] {
      if kind(item) == .file {
        loadLogs(item, &agent)
      } else if let source = loadTopicSource(item, cluster) {
        check(source, beside: agent.topics, item.position)
        agent.topics.append(source)
      }
    }
    for (place, log) in agent.logs.enumerated() where agent.logs[..<place].contains(log) {
      findings.error(node.position, "sources: \(log) is followed twice: name it once")
    }
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
    let name = reader.optional("transactional_id").flatMap {
      scalars.text($0, "sinks: transactional_id", bytesMax: 249)
    }
    if name != nil, topics.isEmpty, !findings.hasErrors {
      findings.error(
        reader.keyPosition("transactional_id"),
        "sinks: transactional_id: nothing is written to topics: add alerts: {type: kafka, topic: …}"
      )
    }
    guard let cluster else { return nil }
    return TopicOutputs(settings: cluster.forWriting, topics: topics, transactionalID: name)
  }
}
