extension Monitor {
  /// Reads and checks a monitor file.
  ///
  /// All mistakes are reported at once, in order of their places; no content traps.
  ///
  /// - Parameters:
  ///   - bytes: The file's content, UTF-8.
  ///   - file: Its name, for the diagnostics.
  ///   - environment: What `${NAME}` in scalars stands for.
  ///   - files: The files that it names, such as OpenSLO's.
  /// - Returns: The monitor, `nil` when there is an error; and the findings.
  public static func load(
    bytes: [UInt8],
    file: String,
    environment: [String: String],
    files: MonitorFiles = .none
  ) -> (monitor: Monitor?, diagnostics: [Diagnostic]) {
    let source: SourceText
    do throws(SourceProblem) {
      source = try SourceText(bytes)
    } catch {
      let diagnostic = Diagnostic(.error, file: file, at: error.position, error.message, line: [])
      return (nil, [diagnostic])
    }
    let findings = Findings(file: file, source: source)
    let (root, problems) = YAMLTree.read(source)
    for problem in problems { findings.error(problem.position, problem.message) }
    guard let root else {
      if problems.isEmpty {
        findings.error(
          SourcePosition(line: 1, column: 1),
          "the file is empty: write a monitor, beginning with model: NAME"
        )
      }
      return (nil, findings.diagnostics())
    }
    let expanded = expand(root, environment, findings)
    let monitor = MonitorLoader(findings: findings, files: files).load(expanded)
    return (findings.hasErrors ? nil : monitor, findings.diagnostics())
  }

  /// The tree with environment values in its scalars.
  private static func expand(
    _ node: YAMLNode,
    _ environment: [String: String],
    _ findings: Findings
  ) -> YAMLNode {
    switch node {
    case .scalar(let scalar):
      guard scalar.written.utf8.count <= MonitorBounds.scalarBytes else {
        findings.error(
          scalar.start,
          "the text has \(scalar.written.utf8.count) bytes: write at most "
            + "\(MonitorBounds.scalarBytes)"
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
