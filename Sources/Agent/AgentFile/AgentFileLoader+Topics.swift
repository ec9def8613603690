internal import Connectors
internal import Events
internal import YAML

/// Sources of topics: where events come from, and where partitions begin.
extension AgentFileLoader {
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

  /// Whether a source of a list needs the cluster of the file, as far as it says.
  func readsTopics(_ sources: YAMLNode) -> Bool {
    guard case .sequence(let items, _) = sources else { return true }
    return items.contains { item in
      guard case .mapping(let entries, _) = item else { return true }
      return kind(item) != .file && !entries.contains { $0.key.text == "kafka" }
    }
  }

  /// Sees whether a source goes with those before it: streams are known by their topic, and members by
  /// their group.
  func check(
    _ source: KafkaSubscription,
    beside others: [KafkaSubscription],
    _ position: SourcePosition
  ) {
    let patterns = source.topics.filter(TopicPattern.isOne)
    for other in others {
      if !patterns.isEmpty, other.topics.contains(where: TopicPattern.isOne) {
        findings.error(
          position,
          "sources: two of them have patterns, which may take the same topic: give one all patterns"
        )
      }
      let isTwice =
        source.topics.first { topic in other.topics.contains { takes($0, topic) } }
        ?? other.topics.first { topic in source.topics.contains { takes($0, topic) } }
      if let isTwice {
        findings.error(
          position,
          "sources: topic \(isTwice) is read by two of them: streams are known by their topic, name it "
            + "in one"
        )
      }
      let group = source.settings.properties["group.id"]
      if other.settings.servers == source.settings.servers, let group,
        other.settings.properties["group.id"] == group
      {
        findings.error(
          position,
          "sources: two of them are in the group \(group): give each a group_id of its own"
        )
      }
    }
  }

  /// Whether a name or a pattern takes a topic.
  private func takes(_ nameOrPattern: String, _ topic: String) -> Bool {
    nameOrPattern == topic || TopicPattern(nameOrPattern)?.takes(topic) ?? false
  }

  /// Reads a source of topics; `nil` where it has no cluster that can be used.
  func loadTopicSource(_ item: YAMLNode, _ cluster: KafkaSettings?) -> KafkaSubscription? {
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
    let own = reader.optional("kafka")
    let cluster = own == nil ? cluster : own.flatMap { loadCluster($0)?.settings }
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
  func topic(_ node: YAMLNode, _ what: String) -> String? {
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
}
