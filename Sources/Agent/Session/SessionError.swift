package import Connectors
internal import Events
package import Ingest
package import Monitoring
package import Records
package import YAML

/// Why a session cannot begin or go on, or ends with more than it was hoped to say.
package enum SessionError: Error, Equatable {
  /// The monitor file is refused.
  case refusedMonitor([Diagnostic])
  /// A file or stream cannot be opened, read or written.
  case stream(StreamError)
  /// Neither the monitor nor who began the session names a profile.
  case noProfile(monitor: String, PlanError)
  /// A profile does not say what one says.
  case unreadableProfile(path: String, ProfileError)
  /// The monitor and the profile do not go together; each is named by its file.
  case mismatch(monitor: String, profile: String, PlanError)
  /// Windows count events, which have an order in one stream only.
  case manyStreams(Int, Session.Kind)
  /// What is asked for is not one of a fleet's, in words.
  case notShared(String)
  /// An agent file of which topics are to be read names none.
  case noTopics(path: String)
  /// The streams cannot be profiled.
  case profiling(ProfilingError)
  /// An output is a file that is read, by this or another name.
  case outputIsInput(option: String, path: String, input: String, inputPath: String)
  /// Two outputs are one file, by this or another name.
  case oneFile(option: String, path: String, otherOption: String, otherPath: String)
  /// There is a file already, and nobody said that it is to go.
  case wouldOverwrite(option: String, path: String)
  /// There is a file of another kind than what `--force` replaces.
  case notReplaced(option: String, path: String, kind: String)
  /// The state folder cannot be used.
  case state(StateError)
  /// Metrics are selected by a name that none has.
  case unknownMetric(option: String, name: String, near: String?, known: [String])
  /// Streams broke on the way, which was said with what else was found.
  case brokenStreams
  /// No line of the streams was a prediction.
  case nothingCounted(StreamTally)
  /// More of the streams' lines were refused than is allowed.
  case muchRefused(StreamTally, allowed: Double)
  /// Signals of which not one value could be used, and that are no findings among others.
  case nothingUsable([UntoldSignal])
  /// An alert fired, and was asked to end the session so.
  case alertFired
}

extension SessionError {
  /// Does what a file or stream may refuse, whose reason is then one of the session's.
  static func wrapping<Value: ~Copyable>(
    _ work: () throws(StreamError) -> Value
  ) throws(SessionError) -> Value {
    do {
      return try work()
    } catch {
      throw .stream(error)
    }
  }

  /// Whether something else was to be asked for, and not something else to be found.
  package var isUsage: Bool {
    switch self {
    case .noProfile, .manyStreams, .notShared, .noTopics, .outputIsInput, .oneFile,
      .wouldOverwrite, .notReplaced, .unknownMetric:
      true
    case .refusedMonitor, .stream, .unreadableProfile, .mismatch, .profiling, .state,
      .brokenStreams, .nothingCounted, .muchRefused, .nothingUsable, .alertFired:
      false
    }
  }

  /// How the process is to end: 1, or 64 (`EX_USAGE` of sysexits).
  package var exitCode: Int32 { isUsage ? 64 : 1 }

  /// What is still to be said, a line or more each; nothing where all was said.
  package var words: [String] {
    // Findings have lines of their own, and are visible.
    if case .refusedMonitor(let diagnostics) = self { return diagnostics.map(\.description) }
    return lines.map(visible)
  }

  /// The most signals that are named.
  private static let signalLines = 10

  private var lines: [String] {
    switch self {
    case .refusedMonitor: []
    case .stream(let error): [error.description]
    case .noProfile(let monitor, let error): error.problems.map { "\(monitor): \($0)" }
    case .unreadableProfile(let path, let error): ["\(path): \(error)"]
    case .mismatch(let monitor, let profile, let error):
      error.problems.map { "\(monitor), \(profile): \($0)" }
    case .manyStreams(let count, let kind):
      ["windows of events need one stream, got \(count)" + kind.adviceOnStreams]
    case .notShared(let sentence): ["fleet: \(sentence)"]
    case .noTopics(let path):
      ["\(path): no topics are read: add a source {type: kafka, topics: […]} to sources"]
    case .profiling(.broken(let failures)):
      failures.map(\.description) + [ProfilingError.adviceOnParts]
    case .profiling(let error): [error.description]
    case .state(let error): [error.description]
    case .outputIsInput(let option, let path, let input, let inputPath):
      [
        "\(option) \(path) is \(input)" + (path == inputPath ? "" : ", \(inputPath)")
          + ": writing there would destroy it; give \(option) another file."
      ]
    case .oneFile(let option, let path, let otherOption, let otherPath):
      ["\(option) \(path) and \(otherOption) \(otherPath) are one file: give each its own."]
    case .wouldOverwrite(let option, let path):
      [
        "\(option) \(path): there is such a file already: "
          + "give --force to replace it, or another name."
      ]
    case .notReplaced(let option, let path, let kind):
      [
        "\(option) \(path): there is a file that is not \(kind), which --force does not replace: "
          + "give another name, or remove it."
      ]
    case .nothingCounted(let tally):
      ["nothing was counted: \(tally.nothingCountedWords)"] + tally.placeLines
    case .muchRefused(let tally, let allowed):
      [
        "\(percent(tally.refusedShare)) of the lines were refused, more than "
          + "\(percentText(allowed)): mend what is named below, or give --allow-refused a larger "
          + "share"
      ] + tally.refusalLines
    case .unknownMetric(let option, let name, let near, let known):
      [
        "\(option): no metric has \"\(name)\": "
          + (near.map { "did you mean \"\($0)\"?" }
            ?? "use one of \(known.prefix(8).joined(separator: ", "))"
            + (known.count > 8 ? ", …" : "."))
      ]
    case .nothingUsable(let signals):
      signals.prefix(Self.signalLines).map {
        "\($0.signal): not one value could be used: \($0.reason): see whether the monitor names the "
          + "right field, and its type"
      }
        + (signals.count > Self.signalLines
          ? ["and \(counted(signals.count - Self.signalLines, "signal")) more"] : [])
    case .brokenStreams: []
    case .alertFired: ["an alert fired: with --fail-on-alert that is an exit code of 1"]
    }
  }
}

extension Session.Kind {
  /// What to do about more streams than one.
  fileprivate var adviceOnStreams: String {
    switch self {
    case .run: ": run one, or use windows of time."
    case .replay: ": replay one, or use windows of time."
    case .top: "."
    }
  }
}
