extension Expression {
  /// Reads a source, without giving its names a meaning.
  ///
  /// - Throws: The first syntax error; no source traps.
  /// - Complexity: O(length); see `ExpressionLimits`.
  public static func parse(_ source: String) throws(ExpressionErrors) -> Expression {
    do throws(ExpressionDiagnostic) {
      return try Parser.parse(source)
    } catch {
      throw ExpressionErrors([error])
    }
  }
}
