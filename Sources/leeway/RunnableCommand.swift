import Arguments

/// A command as a value: described once, made of what was given to it, run.
protocol RunnableCommand: SendableMetatype {
  /// Its description.
  static var command: Command { get }

  /// Takes what was given.
  ///
  /// - Throws: `UsageError` when the values do not go together.
  init(_ values: Values) throws(UsageError)

  /// Does the work.
  ///
  /// - Throws: `SessionError`, or what is one of its cases; `ExitCode` after saying why; `UsageError`
  ///   for what shows only now.
  func run() throws
}

/// How the process is to end.
struct ExitCode: Error, Equatable {
  let code: Int32

  init(_ code: Int32) {
    self.code = code
  }

  /// Wrong usage: `EX_USAGE` of sysexits.
  static let usage = ExitCode(64)
}
