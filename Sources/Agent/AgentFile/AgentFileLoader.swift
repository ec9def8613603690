internal import Connectors
internal import Specification
internal import YAML

/// Reads the root of an agent file, its source and its sinks.
struct AgentFileLoader {
  let findings: Findings
  let file: String
  let readFile: (String) throws(StreamError) -> [UInt8]
  var scalars: ScalarReader { ScalarReader(findings: findings) }

  /// The only kind of source and of sink.
  private enum Kind: String, CaseIterable {
    case kafka
  }

  /// Reads all parts, so that every mistake is found.
  func load(_ root: YAMLNode) -> AgentFile? {
    guard let reader = MappingReader(root, "agent", keys: AgentFileKeys.file, findings) else {
      return nil
    }
    let node = reader.required("kafka", "{bootstrap_servers: \"HOST:9092\"}")
    let cluster = node.flatMap { loadCluster($0) }
    var agent = AgentFile()
    if let node = reader.optional("sources") { agent.source = loadSource(node, cluster?.settings) }
    if let node = reader.optional("sinks") { agent.sinks = loadSinks(node, cluster) }
    if !reader.has("sources"), !reader.has("sinks"), !reader.hasUnknownKey {
      findings.error(
        reader.position,
        "agent: nothing is read or written: add sources: [{type: kafka, …}] or sinks: {alerts: …}"
      )
    }
    return agent
  }

  // MARK: Sources

  private func loadSource(_ node: YAMLNode, _ cluster: KafkaSettings?) -> KafkaSubscription? {
    let example = "write [{type: kafka, topics: [predictions], group_id: leeway}]"
    let items = findings.items(
      node,
      "sources",
      "a list of one source",
      example,
      atLeast: 1,
      atMost: 1
    )
    guard let item = items?.first,
      let reader = MappingReader(item, "source", keys: AgentFileKeys.source, findings)
    else { return nil }
    checkKind(reader, "source")
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
    let start = reader.optional("auto_offset_reset").flatMap {
      scalars.choice($0, "source: auto_offset_reset", KafkaSubscription.Start.self)
    }
    let regression = reader.optional("on_regression").flatMap {
      scalars.choice($0, "source: on_regression", KafkaSubscription.Regression.self)
    }
    guard let cluster else { return nil }
    return KafkaSubscription(
      settings: cluster.with(properties),
      topics: topics,
      start: start ?? .latest,
      onRegression: regression ?? .earliest
    )
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
      guard let name = topic(item, "source: topics") else { continue }
      if topics.contains(name) {
        findings.error(item.position, "source: topics: \(name) stands twice: write it once")
      }
      topics.append(name)
    }
    return topics
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
          + "underscores and hyphens; a pattern is not read"
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
      checkKind(sink, "sinks.\(key)")
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

  private func checkKind(_ reader: MappingReader, _ what: String) {
    if let node = reader.required("type", "kafka") {
      _ = scalars.choice(node, "\(what): type", Kind.self)
    }
  }
}
