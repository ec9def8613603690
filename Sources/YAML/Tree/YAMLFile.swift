/// Reads the one document of a YAML file, whatever it describes.
package enum YAMLFile {
  /// Reads a file's tree and puts environment values into its scalars.
  ///
  /// - Parameters:
  ///   - bytes: The content.
  ///   - file: The file's name, for the findings.
  ///   - environment: What `${NAME}` in scalars stands for.
  ///   - beginning: What to write into an empty file, for its message.
  /// - Returns: The tree, `nil` where there is none; and the findings, which the reader of the tree
  ///   adds to.
  package static func read(
    bytes: [UInt8],
    file: String,
    environment: [String: String],
    beginning: String
  ) -> (root: YAMLNode?, findings: Findings) {
    let source: SourceText
    do throws(SourceProblem) {
      source = try SourceText(bytes)
    } catch {
      let findings = Findings(file: file, source: SourceText())
      findings.error(error.position, error.message)
      return (nil, findings)
    }
    let findings = Findings(file: file, source: source)
    let (root, problems) = YAMLTree.read(source)
    for problem in problems { findings.error(problem.position, problem.message) }
    guard let root else {
      if problems.isEmpty {
        findings.error(
          SourcePosition(line: 1, column: 1),
          "the file is empty: write \(beginning)"
        )
      }
      return (nil, findings)
    }
    return (expand(root, environment, findings), findings)
  }

  /// The tree with environment values in its scalars.
  private static func expand(
    _ node: YAMLNode,
    _ environment: [String: String],
    _ findings: Findings
  ) -> YAMLNode {
    switch node {
    case .scalar(let scalar):
      guard scalar.written.utf8.count <= YAMLBounds.scalarBytes else {
        findings.error(
          scalar.start,
          "the text has \(scalar.written.utf8.count) bytes: write at most "
            + "\(YAMLBounds.scalarBytes)"
        )
        var shortened = scalar
        shortened.text = ""
        return .scalar(shortened)
      }
      var values = EnvironmentValues(environment)
      let expanded = values.expand(scalar)
      for problem in values.problems {
        findings.error(in: scalar, at: problem.offset, problem.message)
      }
      return .scalar(expanded)
    case .sequence(let items, let position):
      return .sequence(items.map { expand($0, environment, findings) }, at: position)
    case .mapping(let entries, let position):
      let expanded = entries.map {
        YAMLNode.Entry(key: $0.key, value: expand($0.value, environment, findings))
      }
      return .mapping(expanded, at: position)
    }
  }
}
