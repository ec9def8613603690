/// By what a source is known again in another process, with the place to go on from.
package enum SourceMark: Equatable, Sendable {
  /// It cannot be read again: a pipe, by its name.
  case pipe
  /// A file, by its first bytes.
  case file(FileMark)
  /// A log that is followed, by its name: the file at hand, `nil` before there was one.
  case followed(FileMark?)
  /// A source that numbers its lines, by its name: the next line, `nil` until that is known.
  case line(Int?)

  /// Whether the source has no end: who goes on with it reads what is left of it.
  package var isEndless: Bool {
    switch self {
    case .pipe, .file: false
    case .followed, .line: true
    }
  }
}
