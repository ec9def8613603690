public import Connectors
public import Monitoring

/// Why streams cannot be profiled.
public enum ProfilingError: Error, Equatable {
  /// A stream cannot be opened, or broke in the second pass.
  case stream(StreamError)
  /// The reference asks for a second pass, and a stream can be read once.
  case readOnce(streams: [String])
  /// The second pass found other events than the first.
  case changed(streams: [String])
  /// The monitor and what the first pass found do not go together.
  case table(PlanError)
  /// No line of the streams is a prediction.
  case nothingCounted(streams: [String], StreamTally)
  /// Streams broke, and nobody said that a profile of a part will do.
  case broken([StreamError])
  /// There is nothing to profile.
  case profile(streams: [String], ProfileError)
}

extension ProfilingError: CustomStringConvertible {
  /// What to do about streams that broke.
  package static let adviceOnParts =
    "no profile was written: --allow-partial writes one of what could be read"

  /// Where, what, why.
  public var description: String {
    switch self {
    case .stream(let error): error.description
    case .readOnce(let streams):
      "\(streams.joined(separator: ", ")): same_hour and strata count the reference "
        + "in a second pass, got a stream that can be read once: give files"
    case .changed(let streams):
      "\(streams.joined(separator: ", ")): the streams changed between the two passes: "
        + "profile files that are not written to"
    case .table(let error): error.description
    case .nothingCounted(let streams, let tally):
      "\(streams.joined(separator: ", ")): \(tally.nothingCountedWords)"
    case .broken(let failures):
      failures.map { "\($0); " }.joined() + Self.adviceOnParts
    case .profile(let streams, let error): "\(streams.joined(separator: ", ")): \(error)"
    }
  }
}
