internal import Connectors
package import Ingest

/// The files that a command reads and writes, held against each other before one is written to.
///
/// Opening an output empties it: one that is also read would be gone before it was read, and two
/// outputs in one file would write over each other. Files are told apart by what they are, not by
/// how they are spelled. Devices and pipes are nobody's to destroy, and `-` is standard output as
/// often as it is named.
package struct CommandFiles: Sendable {
  /// A file and what it is to the command.
  struct Use: Sendable {
    /// For an input what it is (`the monitor`), for an output its option (`--alerts`).
    var role: String
    var path: String
    var identity: FileIdentity?
  }

  private var inputs: [Use] = []
  private var outputs: [Use] = []
  /// Patterns of files that are read, with what those are.
  private var patterns: [(patterns: LogPatterns, role: String)] = []

  /// No files.
  package init() {}

  /// Takes note of files that are read.
  ///
  /// - Parameters:
  ///   - paths: The files; `-` is standard input.
  ///   - role: What they are: `the monitor`.
  package mutating func read(_ paths: [String], as role: String) {
    inputs += paths.map { Use(role: role, path: $0, identity: FileIdentity($0, hyphen: 0)) }
  }

  /// Takes note of files that are read by patterns of their names.
  ///
  /// - Parameters:
  ///   - patterns: The patterns.
  ///   - role: What they are: `a log that is followed`.
  package mutating func read(_ patterns: [LogPatterns], as role: String) {
    self.patterns += patterns.map { ($0, role) }
  }

  /// Takes note of a monitor that was loaded: what it names is read, too.
  ///
  /// - Parameters:
  ///   - loaded: The monitor.
  ///   - profile: The profile that was asked for; `nil`: the one that the monitor names.
  package mutating func read(_ loaded: LoadedMonitor, profile: String? = nil) {
    read(loaded.files, as: "the monitor")
    read(loaded.profilePath(profile).map { [$0] } ?? [], as: "the profile")
  }

  /// Takes note of a file that is written.
  ///
  /// - Parameters:
  ///   - path: The file, `-` for standard output; `nil`: none.
  ///   - option: The option that names it: `--alerts`.
  package mutating func write(_ path: String?, as option: String) {
    guard let path else { return }
    outputs.append(Use(role: option, path: path, identity: FileIdentity(path, hyphen: 1)))
  }

  /// Sees whether the files can be written without loss.
  ///
  /// - Throws: `SessionError.outputIsInput` or `oneFile`.
  package func check() throws(SessionError) {
    for (index, output) in outputs.enumerated() {
      guard let identity = output.identity else { continue }
      if let input = inputs.first(where: { $0.identity == identity }) {
        throw .outputIsInput(
          option: output.role,
          path: output.path,
          input: input.role,
          inputPath: input.path
        )
      }
      for (patterns, role) in patterns {
        guard output.path != "-", let pattern = patterns.pattern(of: output.path) else { continue }
        throw .outputIsInput(
          option: output.role,
          path: output.path,
          input: role,
          inputPath: pattern
        )
      }
      for other in outputs[..<index] where other.identity == identity {
        guard output.path != "-" || other.path != "-" else { continue }
        throw .oneFile(
          option: other.role,
          path: other.path,
          otherOption: output.role,
          otherPath: output.path
        )
      }
    }
  }

  /// Sees whether a whole file may be put in the place of what is there.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - option: The option that names it.
  ///   - isForced: Whether `--force` was given.
  ///   - kind: What `--force` replaces, in words: `a profile`.
  ///   - replaced: Whether it replaces what is there, by its bytes; `nil`: whatever it is.
  /// - Throws: `SessionError.wouldOverwrite`, or `notReplaced` where it is something else than what
  ///   `--force` replaces.
  package static func checkReplacing(
    _ path: String,
    _ option: String,
    isForced: Bool,
    kind: String = "",
    replaced: (([UInt8]) -> Bool)? = nil
  ) throws(SessionError) {
    guard FileIdentity.holdsBytes(path) else { return }
    guard isForced else { throw .wouldOverwrite(option: option, path: path) }
    guard let replaced else { return }
    let bytes = try SessionError.wrapping { () throws(StreamError) in
      try ByteSource.contents(of: path)
    }
    guard replaced(bytes) else { throw .notReplaced(option: option, path: path, kind: kind) }
  }
}
