internal import Connectors

/// Finds the logs that patterns name: those that are there at the start, and those that come later.
///
/// A log is a name, and one stream through its rotations (`FollowedFile`). So what rotation makes of
/// the name of another log is none of its own, nor is another name of a file that is read already.
/// A file that has got a name which no rotation gives goes on there where it was left.
///
/// Its 14 properties are what is looked for, how it is read, and what was found so far.
package final class LogFinder {
  private let patterns: [LogPatterns]
  private let lineLimit: Int
  private let goesOn: Bool
  private let claims: LogClaims
  private let clock: () -> Int64
  /// Logs that are followed by their names, with what rotation makes of those.
  private let named: [Followed]

  /// The logs that were found, by their names.
  private var found: [String: Found] = [:]
  /// Names that are no logs of their own, with the file that each had when it was looked at.
  private var passed: [String: FileIdentity] = [:]
  /// Logs that an earlier process has followed and that patterns take, whatever they look like.
  private var known: Set<String>
  /// When it was looked last, in nanoseconds since 1970.
  private var since: Int64?
  /// When it is looked again, on the clock.
  private var nextLook = Int64.min
  private var said = Said()
  /// Whether logs are followed that come after the start; others are told of.
  package var mayGrow = true
  /// What logs are read through.
  package var wrap: (any EventSource) -> any EventSource = { $0 }

  private struct Followed {
    let name: String
    let generations: FileGenerations

    init(_ name: String) {
      self.name = name
      generations = FileGenerations(of: name)
    }
  }

  private struct Found {
    let followed: Followed
    let log: FollowedFile
    /// Since when its file is gone, on the clock.
    var goneAt: Int64?
    /// Whether it was seen since that nobody can go on with it.
    var isForgotten = false
  }

  private struct Said {
    var notes: [String] = []
    var isFirst = true
    /// Whether it was said that there are too many.
    var isFull = false
    /// The names that were told of.
    var names: Set<String> = []
  }

  /// How often it is looked for what is new, in nanoseconds.
  package static let lookInterval: Int64 = 5_000_000_000
  /// How many logs patterns may name at a time: of no more the places are kept.
  package static let fileLimit = 512
  /// After how long without its file a log is forgotten, in nanoseconds: all windows have passed it.
  package static let absenceLimit: Int64 = 86_400_000_000_000
  /// How long a deleted file is held that does not grow any more, in nanoseconds.
  package static let deletedLimit: Int64 = 60_000_000_000

  /// Nothing is looked for yet.
  ///
  /// - Parameters:
  ///   - patterns: What is looked for.
  ///   - named: The logs that are followed by their names.
  ///   - lineLimit: The longest line in bytes.
  ///   - goesOn: Whether another process goes on with them.
  ///   - claims: Which log each file belongs to.
  ///   - earlier: What another process has followed; `nil` where none did.
  ///   - clock: Nanoseconds of a clock that never goes back.
  package init(
    _ patterns: [LogPatterns],
    named: [String],
    lineLimit: Int,
    goesOn: Bool,
    claims: LogClaims,
    earlier: EarlierLogs? = nil,
    clock: @escaping () -> Int64 = monotonicNanoseconds
  ) {
    self.patterns = patterns
    self.named = named.map(Followed.init)
    self.lineLimit = lineLimit
    self.goesOn = goesOn
    self.claims = claims
    since = earlier?.time
    known = Set(earlier?.names.filter { name in patterns.contains { $0.takes(name) } } ?? [])
      .subtracting(named)
    self.clock = clock
    claims.patience = 2 * Self.lookInterval
  }

  /// The logs that are there at the start, and those that another process has followed; they can be
  /// read at once.
  package func first() -> [any EventSource] {
    let logs = look()
    for log in logs { log.isHeld = false }
    return logs
  }

  /// Lets those be read that were handed out before, and looks for more where it is time.
  ///
  /// - Returns: The logs that have come; whoever knows where one goes on says so before the next time.
  func serve() -> [any EventSource] {
    for found in found.values where found.log.isHeld { found.log.isHeld = false }
    return clock() >= nextLook ? look().map(wrap) : []
  }

  /// Whether logs wait for the next `serve` to be read.
  var holdsAny: Bool { found.values.contains { $0.log.isHeld } }

  /// Hands over what is to be said, a sentence each.
  func takeNotes() -> [String] {
    defer { said.notes = [] }
    return said.notes
  }

  // MARK: Looking

  private func look() -> [FollowedFile] {
    let now = AgentTime.now.wall
    nextLook = clock() + Self.lookInterval
    forgetGone()
    var fresh: [FollowedFile] = []
    var omitted = 0
    for name in known.sorted() where found[name] == nil && found.count < Self.fileLimit {
      let log = follow(name, FileStatus(name)?.identity, .free)
      log.wasFollowed = true
      fresh.append(log)
    }
    known = []
    // That process looked for others last a little before it said so.
    if said.isFirst, let time = since { since = time - 3 * Self.lookInterval }
    for (path, identity) in candidates() {
      let standing = claims.standing(of: path, identity, for: path)
      guard standing != .taken else { continue }
      guard mayGrow || said.isFirst else {
        tellOnce(
          path,
          "it came after the start and is not read: a window of a number of events needs one stream"
        )
        continue
      }
      guard found.count < Self.fileLimit else {
        omitted += 1
        continue
      }
      fresh.append(follow(path, identity, standing))
    }
    tell(omitted: omitted)
    said.isFirst = false
    // Times of files are told in steps of some milliseconds.
    since = now - 1_000_000_000
    return fresh
  }

  /// Begins with a log.
  private func follow(
    _ path: String,
    _ identity: FileIdentity?,
    _ standing: LogClaims.Standing
  ) -> FollowedFile {
    let log = FollowedFile(
      path: path,
      lineLimit: lineLimit,
      goesOn: goesOn,
      claims: claims,
      since: since,
      clock: clock
    )
    log.isHeld = true
    if let identity { claims.hand(identity, to: path) }
    if case .left(let mark) = standing { _ = try? log.resume(mark) }
    found[path] = Found(followed: Followed(path), log: log)
    return log
  }

  /// The names that may be logs of their own, and that are not followed yet, with their files.
  private func candidates() -> [(path: String, identity: FileIdentity)] {
    var files: [(path: String, identity: FileIdentity)] = []
    var seen: Set<String> = []
    for one in patterns {
      for pattern in one.include {
        let paths = PathPattern(pattern).paths.filter { !one.excludes($0) }
        if said.isFirst, !paths.contains(where: { FileStatus($0) != nil }) {
          said.notes.append("\(pattern): there is no such file yet: what comes is read")
        }
        for path in paths where found[path] == nil && seen.insert(path).inserted {
          guard let status = FileStatus(path) else { continue }
          if passed[path] != status.identity { files.append((path, status.identity)) }
        }
      }
    }
    passed = passed.filter { seen.contains($0.key) }
    return withoutOthers(files)
  }

  /// Leaves out what is another log's, and other names of one file.
  private func withoutOthers(
    _ files: [(path: String, identity: FileIdentity)]
  ) -> [(path: String, identity: FileIdentity)] {
    guard !files.isEmpty else { return [] }
    let names = Set(named.map(\.name))
    let files = files.filter { !names.contains($0.path) }
    let logs = named + found.values.map(\.followed) + files.map { Followed($0.path) }
    var byFolder: [String: [Followed]] = [:]
    for log in logs { byFolder[log.generations.folder, default: []].append(log) }
    var own: [(path: String, identity: FileIdentity)] = []
    for file in files {
      var (folder, name) = FileGenerations.parts(of: file.path)
      folder = FileIdentity.realPath(folder) ?? folder
      let older = byFolder[folder]?.first { $0.name != file.path && $0.generations.isOlder(name) }
      if let older {
        passed[file.path] = file.identity
        if older.generations.isDoubtful(name) {
          tellOnce(
            file.path,
            "it is taken for an older file of \(older.name) and not read as a log of its own: name "
              + "it in include where it is one"
          )
        }
        continue
      }
      own.append(file)
    }
    // The name that is no link first.
    let links = Set(own.map(\.path).filter(FileIdentity.isLink))
    own.sort { one, other in
      let areLinks = (links.contains(one.path), links.contains(other.path))
      return areLinks.0 == areLinks.1 ? one.path < other.path : areLinks.1
    }
    var taken: Set<FileIdentity> = []
    return own.filter { taken.insert($0.identity).inserted }.sorted { $0.path < $1.path }
  }

  /// Forgets logs whose files were deleted, or moved to where no pattern takes them.
  private func forgetGone() {
    let now = clock()
    for (name, one) in found {
      guard one.log.isGone else {
        if one.goneAt != nil { found[name] = Found(followed: one.followed, log: one.log) }
        continue
      }
      let goneAt = one.goneAt ?? now
      found[name]?.goneAt = goneAt
      let isElsewhere = !one.log.isIdle && !one.log.isDeleted
      let limit = isElsewhere ? Self.absenceLimit : Self.deletedLimit
      if now - goneAt >= limit { one.log.letGo() }
      if now - goneAt >= limit, one.log.isIdle, !one.isForgotten {
        found[name]?.isForgotten = true
        one.log.forget()
      }
      if now - goneAt >= Self.absenceLimit, one.log.isIdle {
        one.log.retire()
        found[name] = nil
      }
    }
  }

  private func tell(omitted: Int) {
    if omitted == 0 { said.isFull = false }
    guard omitted > 0, !said.isFull else { return }
    said.isFull = true
    said.notes.append(
      "include: \(found.count) logs are followed, and \(omitted) more are not read: no more than "
        + "\(Self.fileLimit) at a time are: exclude some, or run several agents"
    )
  }

  private func tellOnce(_ path: String, _ what: String) {
    guard said.names.insert(path).inserted else { return }
    said.notes.append("\(path): \(what)")
  }
}
