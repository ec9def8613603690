internal import Events

/// One finding in a monitor file, with its place and the line it stands on.
public struct Diagnostic: Error, Equatable, Sendable, CustomStringConvertible {
  /// How bad a finding is.
  public enum Severity: String, Sendable {
    /// The file is refused.
    case error
    /// The file is taken; something in it has no effect or is probably not meant.
    case warning
    /// The file is taken; it needs something beside it. For `leeway check`: the other commands say
    /// so themselves when it is not there.
    case note
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
  /// The line's text without its end, or a stretch of it when it is long.
  public var excerpt: String
  /// The column within the excerpt, from 1, at which the caret stands.
  public var caretColumn: Int

  /// The longest excerpt, in Unicode scalars: a wide terminal's line.
  static let excerptMax = 160

  init(
    _ severity: Severity,
    file: String,
    at position: SourcePosition,
    _ message: String,
    line text: [Unicode.Scalar]
  ) {
    self.severity = severity
    self.file = file
    line = position.line
    column = position.column
    self.message = message
    var stretch = text[...]
    caretColumn = position.column
    if text.count > Self.excerptMax {
      let start = Swift.max(0, Swift.min(position.column - 81, text.count - Self.excerptMax))
      stretch = text[start..<Swift.min(start + Self.excerptMax, text.count)]
      caretColumn = position.column - start
    }
    excerpt = String(String.UnicodeScalarView(stretch))
  }

  /// `file:line:column: what, got X: do what`, the line, and a caret under the place.
  public var description: String {
    let word = severity == .error ? "" : "\(severity.rawValue): "
    let head = visible("\(file):\(line):\(column): \(word)\(message)")
    guard !excerpt.isEmpty else { return head }
    // Tabs stay tabs, so that the caret stands under its character.
    let before = String(String.UnicodeScalarView(excerpt.unicodeScalars.prefix(caretColumn - 1)))
    let margin = visibleLines(before).unicodeScalars.map { $0 == "\t" ? "\t" : " " }
    return "\(head)\n  \(visibleLines(excerpt))\n  \(margin.joined())^"
  }
}
