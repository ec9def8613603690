public import Connectors
internal import Expressions
public import Ingest
internal import Records
package import YAML

/// An agent file: where events come from and where records go beyond files and pipes.
public struct AgentFile: Sendable, Equatable {
  /// How the file's cluster is reached, and how what is written there is packed; `nil` where it has
  /// none.
  var cluster: KafkaSettings?
  /// The Kafka topics that are read, of each source in order.
  public var topics: [KafkaSubscription] = []
  /// The logs that are followed, in their order.
  public var logs: [String] = []
  /// The logs that are followed by patterns of their names, by source.
  public var patterns: [LogPatterns] = []
  /// The Kafka topics that are written; `nil` where none are.
  public var sinks: TopicOutputs?
  /// The topic of the fleet that the agent is a member of; `nil` where it works alone.
  public var fleet: String?
  /// What the agent is called in its alerts; `nil` for the machine's name.
  public var instance: String?
  /// The rules on the agent itself.
  package var rules: [AgentRule] = []

  /// A file that says nothing.
  public init() {}

  /// Whether events come from anywhere.
  public var readsAnything: Bool { !topics.isEmpty || !logs.isEmpty || !patterns.isEmpty }

  /// Where events come from and where records go, in a sentence.
  package var sentence: String {
    var parts: [String] = []
    for source in topics {
      let topics = source.topics.joined(separator: ", ")
      parts.append("reads \(topics) in the group \(source.settings.properties["group.id"] ?? "")")
    }
    let followed = logs + patterns.flatMap(\.include)
    if !followed.isEmpty { parts.append("follows \(followed.joined(separator: ", "))") }
    let kinds = ["metrics", "alerts", "dead letters", "feedback"]
    for (kind, name) in zip(RecordKind.allCases, kinds) {
      if let topic = sinks?.topics[kind] { parts.append("writes \(name) to \(topic)") }
    }
    if let name = sinks?.transactionalID { parts.append("does so in transactions of \(name)") }
    if let fleet { parts.append("is of the fleet in \(fleet)") }
    if !rules.isEmpty { parts.append("has \(counted(rules.count, "rule")) on itself") }
    return "an agent that " + parts.joined(separator: ", ")
  }

  /// Whether records of a kind go to a topic.
  public func writes(_ kind: RecordKind) -> Bool { sinks?.topics[kind] != nil }

  /// What the agent is called.
  var name: String { instance ?? ProcessEnvironment.hostName ?? "leeway" }

  /// What judges the agent itself.
  package var watch: AgentWatch { AgentWatch(rules, instance: name) }

  /// What its rules ask for that no process with it knows, a sentence each.
  ///
  /// - Parameter keepsState: Whether a state is kept.
  /// - Returns: The sentences.
  package func unanswered(keepsState: Bool) -> [String] {
    let missing: Set<AgentMetric.Need> = Set(keepsState ? [] : [.state])
      .union(topics.isEmpty ? [.topics] : [])
    return rules.flatMap { rule in
      rule.expression.uses.compactMap { use in
        guard let need = use.metric.need, missing.contains(need) else { return nil }
        return "rule \"\(rule.alert)\": \(use.metric.name) is not known without "
          + "\(need.rawValue), and what rests on it never fires"
      }
    }
  }

  /// Reads and checks an agent file.
  ///
  /// - Parameters:
  ///   - bytes: The content, UTF-8.
  ///   - file: The file's name, for the findings; what it names is relative to it.
  ///   - environment: What `${NAME}` in scalars stands for.
  ///   - library: The librdkafka that is to do what it says.
  ///   - readFile: Reads the bytes of a file that it names; the error says in words why it cannot.
  /// - Returns: What it says, `nil` when there is an error; and the findings.
  package static func load(
    bytes: [UInt8],
    file: String,
    environment: [String: String],
    library: KafkaLibrary = .linked,
    readFile: @escaping (String) throws(StreamError) -> [UInt8] = ByteSource.contents(of:)
  ) -> (agent: AgentFile?, diagnostics: [Diagnostic]) {
    let (root, findings) = YAMLFile.read(
      bytes: bytes,
      file: file,
      environment: environment,
      beginning: "an agent file, beginning with kafka: {bootstrap_servers: HOST:9092}"
    )
    let loader = AgentFileLoader(
      findings: findings,
      file: file,
      library: library,
      readFile: readFile
    )
    let agent = root.flatMap { loader.load($0) }
    return (findings.hasErrors ? nil : agent, findings.diagnostics())
  }

  /// Reads and checks an agent file.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - environment: The variables that it may name.
  /// - Returns: What it says, and what in it is probably not meant.
  /// - Throws: `SessionError.stream` when it cannot be read, `refusedMonitor` with all that was found.
  package static func read(
    _ path: String,
    environment: [String: String]
  ) throws(SessionError) -> (agent: AgentFile, warnings: [Diagnostic]) {
    let bytes = try SessionError.wrapping { () throws(StreamError) in
      try ByteSource.contents(of: path)
    }
    let (agent, found) = load(
      bytes: bytes,
      file: path,
      environment: environment
    )
    guard let agent else { throw .refusedMonitor(found) }
    return (agent, found)
  }
}
