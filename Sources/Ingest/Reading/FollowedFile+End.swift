internal import Connectors

/// Logs whose files are gone.
extension FollowedFile {
  /// Whether it has no file at hand.
  package var isIdle: Bool { file == nil }

  /// Whether there is no file of the name, and all is read of the one that had it.
  package var isGone: Bool {
    FileStatus(name) == nil && file.map { !$0.isEnding && !$0.hasMore } ?? true
  }

  /// Whether the file at hand was deleted.
  package var isDeleted: Bool { file?.status?.isLinked == false }

  /// Lets a file go whose name is gone, with what is held of its last line: the disk gets its room
  /// back where it was deleted.
  package func letGo() {
    guard isGone, let file else { return }
    leave(file)
  }

  /// Forgets what was read last where it is nowhere: no process can go on with it, or miss it.
  package func forget() {
    guard isIdle, let mark = closed else { return }
    let isThere = FileGenerations(of: name).older.contains { one in
      (try? FileMark.head(of: one.path)).map(mark.matches) ?? false
    }
    if !isThere { closed = nil }
  }

  /// Reads no further for good: no process goes on with it.
  package func retire() {
    endInput()
    closed = nil
  }
}
