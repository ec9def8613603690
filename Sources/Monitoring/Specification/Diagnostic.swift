/// One finding in a monitor file, with its place and the line it stands on.
public struct Diagnostic: Error, Equatable, Sendable, CustomStringConvertible {
  /// How bad a finding is.
  public enum Severity: String, Sendable {
    /// The file is refused.
    case error
    /// The file is taken; something in it has no effect or is probably not meant.
    case warning
  }

  /// How bad it is.
  public var severity: Severity
  /// The file's name as it was given.
  public var file: String
  /// The line, from 1.
  public var line: Int
  /// The column, from 1, in Unicode scalars.
  public var column: Int
  /// What is wrong, what was found, and what to do.
  public var message: String
  /// The line's text, without its end.
  public var excerpt: String

  /// `file:line:column: what, got X: do what`, the line, and a caret under the place.
  public var description: String {
    "\(file):\(line):\(column): \(message)"
  }
}
