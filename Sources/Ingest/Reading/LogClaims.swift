internal import Connectors

/// Which log each file belongs to, so that none is read twice, whatever its names are.
///
/// A file is known by its device and its number, and once it was left by its first bytes, too: the
/// number may then be another one's.
package final class LogClaims {
  private enum Claim {
    /// A log reads it, or will.
    case open(by: String)
    /// A log has read it up to a mark.
    case left(by: String, FileMark)
  }

  /// How a file stands for a log that does not have it.
  package enum Standing: Equatable {
    /// Nobody has read it.
    case free
    /// Another log reads it.
    case taken
    /// Another log has read it up to here, and left it.
    case left(FileMark)
  }

  private var claims: [FileIdentity: Claim] = [:]
  /// How long a file that was left may go on growing until another log takes it up, in nanoseconds.
  var patience: Int64 = 0
  /// Those that were left, the first one first.
  private var left: [FileIdentity] = []

  /// How many files are remembered that were left; of more the first ones are forgotten.
  package static let rememberedLimit = 4096

  /// Nothing belongs to anybody.
  package init() {}

  /// How a file stands for a log.
  ///
  /// - Parameters:
  ///   - path: A name that it has.
  ///   - identity: The file.
  ///   - log: The log.
  /// - Returns: `free` also where it is the log's own.
  func standing(of path: String, _ identity: FileIdentity, for log: String) -> Standing {
    switch claims[identity] {
    case nil: return .free
    case .open(let owner): return owner == log ? .free : .taken
    case .left(let owner, let mark):
      if owner == log { return .free }
      guard let head = try? FileMark.head(of: path), mark.matches(head) else { return .free }
      return .left(mark)
    }
  }

  /// Takes a file for a log.
  ///
  /// - Parameters:
  ///   - path: A name that it has.
  ///   - identity: The file.
  ///   - log: The log.
  /// - Returns: Whether it may read it from its beginning: no other log has read of it.
  func take(_ path: String, _ identity: FileIdentity, for log: String) -> Bool {
    guard standing(of: path, identity, for: log) == .free else { return false }
    claims[identity] = .open(by: log)
    return true
  }

  /// Takes the file that has a log's name now, if there is one, for that log.
  package func reserve(_ log: String) {
    if let status = FileStatus(log) { _ = take(log, status.identity, for: log) }
  }

  /// Gives a file that was left to another log, which goes on with it.
  func hand(_ identity: FileIdentity, to log: String) { claims[identity] = .open(by: log) }

  /// Whether a file is not a log's any more.
  func isAnothers(_ identity: FileIdentity, than log: String) -> Bool {
    switch claims[identity] {
    case .open(let owner), .left(let owner, _): owner != log
    case nil: false
    }
  }

  /// Takes note that a log has read a file, and left it.
  ///
  /// - Parameters:
  ///   - identity: The file.
  ///   - mark: How far it was read.
  ///   - log: The log.
  func leave(_ identity: FileIdentity, at mark: FileMark, by log: String) {
    guard !isAnothers(identity, than: log) else { return }
    guard mark.headBytes > 0 else {
      claims[identity] = nil
      return
    }
    claims[identity] = .left(by: log, mark)
    left.append(identity)
    while left.count > Self.rememberedLimit {
      let first = left.removeFirst()
      if case .left = claims[first], !left.contains(first) { claims[first] = nil }
    }
  }
}
