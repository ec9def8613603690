internal import Connectors
internal import Ingest
internal import Specification
internal import YAML

/// Logs that are followed, by their names and by patterns of them.
extension AgentFileLoader {
  /// Reads a source of logs.
  ///
  /// - Parameters:
  ///   - node: The source.
  ///   - agent: Receives what it names.
  func loadLogs(_ node: YAMLNode, _ agent: inout AgentFile) {
    guard let reader = MappingReader(node, "source", keys: AgentFileKeys.logs, findings) else {
      return
    }
    _ = reader.required("type", "file")
    let include = reader.required("include", "[/var/log/app.ndjson]").map { paths($0, "include") }
    let exclude = reader.optional("exclude").map { paths($0, "exclude") } ?? []
    var patterns: [String] = []
    for (path, place) in include ?? [] {
      if PathPattern.isOne(path) {
        patterns.append(path)
        continue
      }
      agent.logs.append(path)
      if let other = exclude.first(where: { PathPattern($0.path).takes(path) }) {
        findings.error(
          place,
          "source: include: \(path) is excluded by \(other.path): leave one of them out"
        )
      }
    }
    if !patterns.isEmpty {
      agent.patterns.append(LogPatterns(include: patterns, exclude: exclude.map(\.path)))
    } else if !exclude.isEmpty {
      findings.error(
        reader.keyPosition("exclude"),
        "source: exclude: include has no pattern of which something could be excluded: leave it out"
      )
    }
  }

  /// Names of logs, or patterns of them, with their places in the file.
  private func paths(_ list: YAMLNode, _ key: String) -> [(path: String, place: SourcePosition)] {
    let items = findings.items(
      list,
      "source: \(key)",
      "a list of 1 to \(AgentFileBounds.sourceLimit) logs",
      "write [/var/log/app.ndjson]",
      atLeast: 1,
      atMost: AgentFileBounds.sourceLimit
    )
    return (items ?? []).compactMap { item in
      guard let path = scalars.text(item, "source: \(key)") else { return nil }
      guard !path.contains("**") else {
        findings.error(
          item.position,
          "source: \(key): \"\(path)\": ** is not known: write * for each folder, /var/log/*/*.log"
        )
        return nil
      }
      return (MonitorFiles.path(path, beside: file), item.position)
    }
  }
}
