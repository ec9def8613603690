/// Lists and mappings, so that every loader refuses what is none in the same words.
extension Findings {
  /// The items of a list.
  ///
  /// - Parameters:
  ///   - node: What should be a list.
  ///   - what: What it is, for the message.
  ///   - wanted: What was expected, for the message.
  ///   - advice: What to write.
  ///   - least: The fewest items.
  ///   - most: The most items.
  /// - Returns: `nil`, with an error, where the node is no such list.
  package func items(
    _ node: YAMLNode,
    _ what: String,
    _ wanted: String,
    _ advice: String? = nil,
    atLeast least: Int = 0,
    atMost most: Int = .max
  ) -> [YAMLNode]? {
    if case .sequence(let items, _) = node, items.count >= least, items.count <= most {
      return items
    }
    refuse(node, what, wanted, advice)
    return nil
  }

  /// The members of a mapping, in their order.
  ///
  /// - Parameters:
  ///   - node: What should be a mapping.
  ///   - what: What it is, for the message.
  ///   - wanted: What was expected, for the message.
  ///   - advice: What to write.
  ///   - least: The fewest members.
  /// - Returns: `nil`, with an error, where the node is no such mapping.
  package func entries(
    _ node: YAMLNode,
    _ what: String,
    _ wanted: String,
    _ advice: String,
    atLeast least: Int = 0
  ) -> [YAMLNode.Entry]? {
    if case .mapping(let entries, _) = node, entries.count >= least { return entries }
    refuse(node, what, wanted, advice)
    return nil
  }

  private func refuse(_ node: YAMLNode, _ what: String, _ wanted: String, _ advice: String?) {
    let end = advice.map { ": \($0)" } ?? ""
    error(node.position, "\(what): expected \(wanted), got \(node.kindName)\(end)")
  }
}
