package import Expressions

/// Collects what is found in a file.
package final class Findings {
  package let file: String
  let source: SourceText
  private var entries:
    [(severity: Diagnostic.Severity, position: SourcePosition, message: String)] =
      []
  /// What is found in the files that this one names.
  private var included: [Findings] = []

  package init(file: String, source: SourceText) {
    self.file = file
    self.source = source
  }

  package var hasErrors: Bool {
    entries.contains { $0.severity == .error } || included.contains(where: \.hasErrors)
  }

  /// Adds what is found in a file that this one names: it comes after this one's findings.
  package func include(_ findings: Findings) { included.append(findings) }

  package func error(_ position: SourcePosition, _ message: String) {
    entries.append((.error, position, message))
  }

  package func warning(_ position: SourcePosition, _ message: String) {
    entries.append((.warning, position, message))
  }

  package func note(_ position: SourcePosition, _ message: String) {
    entries.append((.note, position, message))
  }

  /// An error within a scalar's text, at a UTF-8 offset of it.
  package func error(in scalar: YAMLScalar, at offset: Int, _ message: String) {
    error(ScalarPositions.position(of: offset, in: scalar, source), message)
  }

  /// The mistakes of an expression that a scalar holds.
  package func errors(in scalar: YAMLScalar, _ what: String, _ errors: ExpressionErrors) {
    for diagnostic in errors.diagnostics {
      error(in: scalar, at: diagnostic.span.offset, "\(what): \(diagnostic.message)")
    }
  }

  /// The findings in order of their places, errors before warnings at one place.
  package func diagnostics() -> [Diagnostic] {
    let sorted = entries.enumerated().sorted { left, right in
      let (one, other) = (left.element, right.element)
      if one.position != other.position { return one.position < other.position }
      if one.severity != other.severity { return one.severity == .error }
      return left.offset < right.offset
    }
    var result = sorted.prefix(YAMLBounds.diagnostics).map { entry in
      Diagnostic(
        entry.element.severity,
        file: file,
        at: entry.element.position,
        entry.element.message,
        line: source.line(entry.element.position.line)
      )
    }
    if sorted.count > result.count, let last = result.last {
      result.append(
        Diagnostic(
          hasErrors ? .error : .warning,
          file: file,
          at: SourcePosition(line: last.line, column: last.column),
          "\(sorted.count - result.count) more findings: correct these first",
          line: []
        )
      )
    }
    return result + included.flatMap { $0.diagnostics() }
  }

  /// Advice on a word that is none of those known.
  package static func advice(on word: String, among known: [String]) -> String {
    if let near = spellingSuggestion(for: word, among: known) { return "did you mean \"\(near)\"?" }
    return known.isEmpty ? "remove it" : "use one of \(known.joined(separator: ", "))"
  }
}
