internal import Connectors
internal import Records

/// What becomes of another agent file in the place of the one that a process has begun with.
extension AgentFile {
  /// What the process goes on by: the streams and outputs that it has, and the rules and the name of
  /// another file.
  ///
  /// - Parameter other: The other file.
  /// - Returns: The same with its rules and its name.
  package func takingUp(_ other: AgentFile) -> AgentFile {
    var taken = self
    taken.rules = other.rules
    taken.instance = other.instance
    return taken
  }

  /// What another file says otherwise that only a new process takes up.
  ///
  /// - Parameter other: The other file.
  /// - Returns: The keys, in the order in which docs/kafka.md has them.
  package func keysOfRestart(beside other: AgentFile) -> [String] {
    let changed = [
      "kafka": cluster != other.cluster,
      "sources": logs != other.logs || patterns != other.patterns
        || ownTopics != other.ownTopics,
      "sinks": sinks?.topics != other.sinks?.topics
        || sinks?.transactionalID != other.sinks?.transactionalID,
      "fleet": fleet != other.fleet,
    ]
    return AgentFileKeys.file.filter { changed[$0] ?? false }
  }

  /// What another file says otherwise that is taken up at once, in words.
  ///
  /// - Parameter other: The other file.
  /// - Returns: A phrase each; none where the two agree.
  package func changes(to other: AgentFile) -> [String] {
    let old = Dictionary(rules.map { ($0.alert, $0) }) { first, _ in first }
    let names = Set(other.rules.map(\.alert))
    let added = other.rules.count { old[$0.alert] == nil }
    let changed = other.rules.count { rule in old[rule.alert].map { $0 != rule } ?? false }
    let gone = rules.count { !names.contains($0.alert) }
    var phrases: [String] = []
    if added > 0 { phrases.append("\(counted(added, "rule")) \(added == 1 ? "is" : "are") new") }
    if changed > 0 {
      phrases.append("\(counted(changed, "rule")) \(changed == 1 ? "has" : "have") changed")
    }
    if gone > 0 { phrases.append("\(counted(gone, "rule")) \(gone == 1 ? "is" : "are") gone") }
    if instance != other.instance { phrases.append("instance is \(other.name)") }
    return phrases
  }

  /// The sources of topics without what they have from the file's cluster.
  private var ownTopics: [KafkaSubscription] {
    topics.map { source in
      var own = source
      own.settings = source.settings.without(cluster)
      return own
    }
  }
}

extension KafkaSettings {
  /// What they say beside those of a cluster.
  fileprivate func without(_ cluster: KafkaSettings?) -> KafkaSettings {
    guard let cluster else { return self }
    return KafkaSettings(
      servers: servers == cluster.servers ? "" : servers,
      properties: properties.filter { cluster.properties[$0.key] != $0.value }
    )
  }
}
