/// One mistake in an expression, with its place.
public struct ExpressionDiagnostic: Error, Equatable, Sendable {
  /// The bytes of the source that are wrong.
  public var span: SourceSpan
  /// What is wrong, what was found, and what to do, as one sentence without a place.
  public var message: String
  /// The spelling that was probably meant, when there is one near enough.
  public var suggestion: String?

  /// Makes a diagnostic.
  public init(span: SourceSpan, message: String, suggestion: String? = nil) {
    self.span = span
    self.message = message
    self.suggestion = suggestion
  }
}

/// All mistakes that were found in one expression, in order of their places; at least one.
public struct ExpressionErrors: Error, Equatable, Sendable {
  /// The mistakes.
  public var diagnostics: [ExpressionDiagnostic]

  /// Makes a collection of at least one mistake.
  public init(_ diagnostics: [ExpressionDiagnostic]) {
    self.diagnostics = diagnostics.sorted { $0.span.offset < $1.span.offset }
  }
}
