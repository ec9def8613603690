internal import Events
internal import Sketches

/// Why there is no profile.
public enum ProfileError: Error, Equatable {
  /// No event could be used.
  case noEvents
  /// No signal has a value.
  case noSignals
  /// The file does not begin as a profile does.
  case notAProfile
  /// The file was written by a later version.
  case unsupportedVersion(Int)
  /// The file is shorter or longer than it says.
  case wrongLength(expected: Int, got: Int)
  /// The bytes are not those that were written.
  case wrongChecksum
  /// The content contradicts itself, at the given byte.
  case invalid(offset: Int)
  /// The content contradicts itself: where, and what is wrong there.
  case contradiction(String, String)
}

extension ProfileError: CustomStringConvertible {
  /// What is wrong and what to do.
  public var description: String {
    switch self {
    case .noEvents:
      "no event could be used: see the dead letters for the reasons"
    case .noSignals:
      "no signal has a value: check `features`, `score` and `decision` of the monitor"
    case .notAProfile:
      "not a profile: `leeway profile` writes them"
    case .unsupportedVersion(let version):
      "a profile of format \(version): this leeway reads formats up to \(Profile.formatVersion); "
        + "use the leeway that wrote it, or profile again"
    case .wrongLength(let expected, let got):
      "a damaged profile: \(expected) bytes expected, got \(got): copy it again, or profile again"
    case .wrongChecksum:
      "a damaged profile: its checksum does not match: copy it again, or profile again"
    case .contradiction(let place, let problem):
      "a damaged profile: \(place): \(problem): profile again"
    case .invalid(let offset):
      "a damaged profile: byte \(offset) contradicts the rest: profile again"
    }
  }
}
