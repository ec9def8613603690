package import Connectors

/// The lines of a log that grows: through renames, cuts, and the time that nobody read it.
///
/// One stream, whatever its file is called by then. A file that has another name now is read to its
/// end, then those that came after it, then the one that has the name. So no line is left out, and
/// none is read twice, as long as the files are there. What is gone is told, and `takeCut` says so.
///
/// Its 17 properties are how it reads, which files are at hand and which are others', and what is to be
/// told.
package final class FollowedFile: EventSource {
  package let name: String
  private let lineLimit: Int
  private let goesOn: Bool
  private let patience: Int64
  private let clock: () -> Int64

  /// The file at hand; `nil` while there is none.
  private(set) var file: OpenLog?
  /// The file that was read before it, and how long it was when it was left.
  private var previous: (log: OpenLog, size: Int)?
  /// The file that was read last: the name may still be its own.
  private var last: FileIdentity?
  /// The mark of the file that was read before; what is known while there is none at hand.
  var closed: FileMark?
  private var rotation: Rotation?
  private let watch: FileWatch
  private var isStopped = false
  private var said = Said()
  /// Which log each file belongs to: those of others are not read.
  private let claims: LogClaims
  /// Of a log that is read for the first time: when files that had its name before must have been
  /// written to at least, in nanoseconds since 1970, to be read before it; `nil` for none of them.
  private var since: Int64?
  /// Whether another process has followed it: where its file has another name now, and is read under
  /// that, nobody knows how far those in between were read.
  var wasFollowed = false
  /// Whether nothing is read yet: who knows where it begins says so first.
  package var isHeld = false

  /// The name is another file's.
  private struct Rotation {
    /// Since when, on the clock.
    var began: Int64
    /// When the old file was last seen to grow, and how long it was.
    var grew: Int64
    var size: Int
  }

  /// What is to be told, and what was.
  private struct Said {
    var notes: [String] = []
    var isCut = false
    /// Whether it was said that there is no file.
    var isAbsent = false
    /// Since when a file is written to that was left, on the clock.
    var lateAt: Int64?
    /// When opening is tried again, after it failed.
    var nextTry = Int64.min
  }

  /// How long a file that has another name now must not have grown before its successor is read, in
  /// nanoseconds: writers open the new one each in their time.
  package static let rotationPatience: Int64 = 5_000_000_000
  /// How long a file that has another name now is read at most while its successor grows, too.
  package static let rotationLimit: Int64 = 60_000_000_000
  /// When a file is tried again that could not be opened, in nanoseconds.
  package static let retryInterval: Int64 = 60_000_000_000

  /// Nothing is opened yet: a file that is not there is waited for.
  ///
  /// - Parameters:
  ///   - path: The name that the log has while it is written.
  ///   - lineLimit: The longest line in bytes.
  ///   - goesOn: Whether another process goes on with it: a last line without an end waits.
  ///   - claims: Which log each file belongs to.
  ///   - since: When files that had its name before must have been written to at least to be read
  ///     before it, where nothing of it was read; `nil`: none of them is.
  ///   - patience: See `rotationPatience`.
  ///   - clock: Nanoseconds of a clock that never goes back.
  package init(
    path: String,
    lineLimit: Int,
    goesOn: Bool,
    claims: LogClaims = LogClaims(),
    since: Int64? = nil,
    patience: Int64 = rotationPatience,
    clock: @escaping () -> Int64 = monotonicNanoseconds
  ) {
    name = path
    self.lineLimit = lineLimit
    self.goesOn = goesOn
    self.claims = claims
    self.since = since
    self.patience = patience
    self.clock = clock
    watch = FileWatch(folder: FileGenerations(of: path).folder)
  }

  /// Whether a path is that of a file, or of nothing yet: pipes and standard input do not grow.
  package static func canFollow(_ path: String) -> Bool {
    path != "-" && (FileStatus(path) != nil || !FileStatus.isThere(path))
  }

  package func next(
    into chunk: inout LineChunk,
    target: Int,
    waits: Bool
  ) throws(StreamError) -> Bool {
    watch.drain()
    guard !isHeld || isStopped else { return false }
    while true {
      guard let file else {
        guard !isStopped, try openNext() else { return false }
        continue
      }
      if file.isEnding {
        do throws(StreamError) {
          if try file.next(into: &chunk, target: target) { return true }
        } catch {
          // One damaged file, such as a packed one, is no reason to read the next ones no more.
          lose("\(error)")
        }
        end(file)
        continue
      }
      if file.wasCut {
        beginAnew(file)
        continue
      }
      if file.hasMore {
        if try file.next(into: &chunk, target: target) { return true }
        continue
      }
      guard isRotated(file) else { return false }
      leave(file)
    }
  }

  package func endInput() {
    isStopped = true
    file?.stop(keepsTornLine: goesOn)
  }

  package var isAtEnd: Bool { isStopped && file == nil }

  package var wake: SourceWake {
    if isStopped { return .now }
    if isHeld { return .signal(-1) }
    guard let file else {
      return isDue && mayOpen ? .now : .descriptor(watch.descriptor)
    }
    if file.isEnding || file.wasCut || file.hasMore { return .now }
    return isRotated(file) ? .now : .descriptor(watch.descriptor)
  }

  package var mark: SourceMark {
    // By a file that holds nothing yet nobody is known again.
    if let mark = file?.mark, mark.headBytes > 0 { return .followed(mark) }
    return .followed(closed)
  }
  package var tornBytes: Int { file?.tornBytes ?? 0 }

  package func takeCut() -> Bool {
    defer { said.isCut = false }
    return said.isCut
  }

  package func takeNotes() -> [String] {
    noteAbsence()
    noteLateWrites()
    defer { said.notes = [] }
    return said.notes
  }

  // MARK: Going on

  /// Goes on where another process stood, in whichever file that is now.
  package func resume(_ mark: FileMark) throws(StreamError) -> Bool {
    guard mark.headBytes > 0 else { return true }
    since = nil
    closed = mark
    if let log = try known(mark, at: name) {
      adopt(log)
      return true
    }
    if try !goOn(behind: mark, in: FileGenerations(of: name).older) {
      lose("the file that was read before is gone: what it held after byte \(mark.offset) is lost")
      // It is lost once, and not again at the next start.
      if claims.patience > 0 { closed = nil }
    }
    return true
  }

  /// Opens a file where it is the one of a mark and reaches so far.
  private func known(_ mark: FileMark, at path: String) throws(StreamError) -> OpenLog? {
    guard let status = FileStatus(path), isOurs(path, status.identity),
      mark.matches(try FileMark.head(of: path))
    else { return nil }
    let log = try OpenLog(path: path, lineLimit: lineLimit)
    guard try log.resume(at: mark.offset) else { return nil }
    return claims.take(path, log.identity, for: name) ? log : nil
  }

  /// Reads the rest of the file that a mark is of, and those after it.
  ///
  /// - Returns: Whether it is among those that had the name.
  private func goOn(
    behind mark: FileMark,
    in older: [(path: String, status: FileStatus)]
  ) throws(StreamError) -> Bool {
    for place in older.indices.reversed() {
      guard let log = try? known(mark, at: older[place].path) else { continue }
      log.end()
      file = log
      return true
    }
    return false
  }

  // MARK: From one file to the next

  /// Whether the name leads to a file that was not read.
  private var mayOpen: Bool {
    guard let status = FileStatus(name) else { return false }
    return status.identity != last && isOurs(name, status.identity)
  }

  /// Whether no other log reads a file, nor has read it.
  private func isOurs(_ path: String, _ identity: FileIdentity) -> Bool {
    claims.standing(of: path, identity, for: name) == .free
  }

  private var isDue: Bool { clock() >= said.nextTry }

  /// Opens the next file that is to be read.
  ///
  /// - Returns: Whether there is one.
  private func openNext() throws(StreamError) -> Bool {
    guard isDue, mayOpen else { return false }
    let behind = previous.map { newer(than: $0.log) } ?? unread
    if let next = behind.first(where: { isOurs($0.path, $0.status.identity) }) {
      do throws(StreamError) {
        let log = try OpenLog(path: next.path, lineLimit: lineLimit)
        log.end()
        // One that another log has taken in between is passed over the next time.
        if claims.take(next.path, log.identity, for: name) { (file, since) = (log, nil) }
      } catch {
        lose("\(error): what it holds, and what came after it before the log at hand, is not read")
        (previous, since) = (nil, nil)
      }
      return true
    }
    since = nil
    do throws(StreamError) {
      let log = try OpenLog(path: name, lineLimit: lineLimit)
      guard claims.take(name, log.identity, for: name) else { return false }
      adopt(log)
      return true
    } catch {
      said.notes.append("\(error): it is tried again in a minute")
      said.nextTry = clock() + Self.retryInterval
      return false
    }
  }

  /// Reads a file that has the name.
  private func adopt(_ log: OpenLog) {
    said.isAbsent = true
    file = log
    last = log.identity
    if log.isPacked { log.end() } else { watch.follow(log.descriptor) }
  }

  /// A file was read to its end, and is not written to any more.
  private func end(_ log: OpenLog) {
    let mark = log.mark
    if mark.headBytes > 0 { closed = mark }
    claims.leave(log.identity, at: mark, by: name)
    file = nil
    previous = (log, log.size)
  }

  /// Whether the name is another file's, and this one has not grown for long enough.
  private func isRotated(_ file: OpenLog) -> Bool {
    guard let now = FileStatus(name), now.identity != file.identity, now.size > 0,
      isOurs(name, now.identity)
    else {
      rotation = nil
      return false
    }
    let (time, size) = (clock(), file.size)
    guard var seen = rotation else {
      rotation = Rotation(began: time, grew: time, size: size)
      return patience == 0
    }
    if size != seen.size { (seen.grew, seen.size) = (time, size) }
    rotation = seen
    return time - seen.grew >= patience || time - seen.began >= Self.rotationLimit
  }

  /// Ends a file that has another name now.
  func leave(_ log: OpenLog) {
    rotation = nil
    log.end()
  }

  /// The files that had the name after one which has lost it.
  ///
  /// That one may be packed by now, so that it is another file, or gone.
  private func newer(
    than log: OpenLog
  ) -> ArraySlice<(path: String, status: FileStatus)> {
    let older = FileGenerations(of: name).older
    let mark = log.mark
    let place =
      older.lastIndex { $0.status.identity == log.identity }
      ?? older.lastIndex { file in (try? FileMark.head(of: file.path)).map(mark.matches) ?? false }
    if let place { return older[(place + 1)...] }
    let modified = log.status?.modified ?? .max
    return older[...].drop { $0.status.modified <= modified }
  }

  /// The files that had the name of a log of which nothing was read, and that came as it did.
  private var unread: ArraySlice<(path: String, status: FileStatus)> {
    guard let since, closed == nil, last == nil else { return [] }
    let older = FileGenerations(of: name).older
    let unread = older[...].drop { $0.status.modified < since }
    if wasFollowed, let doubtful = older.dropLast(unread.count).last,
      isOurs(doubtful.path, doubtful.status.identity)
    {
      lose(
        "the file that was read before has another name now, and whether \(doubtful.path) was read "
          + "is not known: it is not read"
      )
    }
    return unread
  }

  /// Says once that there is no file of the name.
  private func noteAbsence() {
    guard file == nil, !said.isAbsent, !isStopped, FileStatus(name) == nil else { return }
    said.isAbsent = true
    said.notes.append("\(name): there is no such file yet: it is read as soon as it is there")
  }

  /// Says when a file is written to that was left.
  ///
  /// One that was deleted is let go, so that the disk gets its room back.
  private func noteLateWrites() {
    guard let file, !file.isEnding, let before = previous, let status = before.log.status else {
      return
    }
    if !status.isLinked || claims.isAnothers(before.log.identity, than: name) { previous = nil }
    guard previous != nil, !before.log.isPacked, status.size > before.size else {
      said.lateAt = nil
      return
    }
    // Another log may take it up.
    let lateAt = said.lateAt ?? clock()
    said.lateAt = lateAt
    guard clock() - lateAt >= claims.patience else { return }
    previous?.size = .max
    lose(
      "the file that had the name before is still written to, and not read any more: let its "
        + "writer open the new one when the log is rotated"
    )
  }

  /// Begins at the start of a file that was cut to nothing, or written anew.
  ///
  /// What was not read of it before may be in a copy that rotation made.
  private func beginAnew(_ log: OpenLog) {
    let mark = log.mark
    (last, previous, file) = (nil, nil, nil)
    if (try? goOn(behind: mark, in: FileGenerations(of: name).older)) ?? false { return }
    lose("the file was cut after byte \(mark.offset) was read: what came since is not read")
  }

  private func lose(_ what: String) {
    said.isCut = true
    said.notes.append("\(name): \(what); windows that it reaches into are cut")
  }
}
