/// By what a source is known again in another process, with the place to go on from.
package enum SourceMark: Equatable, Sendable {
  /// It cannot be read again: a pipe, by its name.
  case pipe
  /// A file, by its first bytes.
  case file(FileMark)
  /// A source that numbers its lines, by its name: the next line, `nil` until that is known.
  case line(Int?)
}
