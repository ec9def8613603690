import Expressions

/// Reads the members of one mapping, and refuses the keys that it does not know.
package struct MappingReader {
  package let findings: Findings
  /// What the mapping is, for messages: `rule "InputDrift"`.
  package let what: String
  package let position: SourcePosition
  private var members: [String: YAMLNode] = [:]
  private var keys: [String: SourcePosition] = [:]
  /// Keys that an unknown one probably meant: they are not reported as missing as well.
  private var suggested: Set<String> = []
  /// Whether a key was refused.
  package private(set) var hasUnknownKey = false

  /// Reads a mapping; `nil`, with an error, when the node is none.
  package init?(_ node: YAMLNode, _ what: String, keys known: [String], _ findings: Findings) {
    self.findings = findings
    self.what = what
    position = node.position
    let advice = "write keys such as \(known[0])"
    guard let entries = findings.entries(node, what, "a mapping", advice) else { return nil }
    for entry in entries {
      guard known.contains(entry.key.text) else {
        hasUnknownKey = true
        if let near = spellingSuggestion(for: entry.key.text, among: known) {
          suggested.insert(near)
        }
        findings.error(
          entry.key.start,
          "\(what): unknown key \"\(entry.key.text)\": "
            + Findings.advice(on: entry.key.text, among: known)
        )
        continue
      }
      members[entry.key.text] = entry.value
      keys[entry.key.text] = entry.key.start
    }
  }

  /// The member of that key, when it is there and is not null.
  package func optional(_ key: String) -> YAMLNode? {
    guard let node = members[key] else { return nil }
    if case .scalar(let scalar) = node, scalar.isNull {
      findings.error(
        keys[key] ?? node.position,
        "\(what): \"\(key)\" has no value: give one, or leave the key out"
      )
      return nil
    }
    return node
  }

  /// The member of that key; an error when it is not there.
  package func required(_ key: String, _ example: String) -> YAMLNode? {
    if members[key] == nil, !suggested.contains(key) {
      findings.error(position, "\(what): \"\(key)\" is missing: add \(key): \(example)")
    }
    return optional(key)
  }

  /// Whether the key is there, whatever its value.
  package func has(_ key: String) -> Bool { members[key] != nil }

  /// Where the key stands.
  package func keyPosition(_ key: String) -> SourcePosition { keys[key] ?? position }
}
