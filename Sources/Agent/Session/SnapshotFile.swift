internal import Connectors
internal import Glibc
package import Standing

/// A snapshot file that another process renews.
package struct SnapshotFile: Sendable {
  /// What it held when it could last be read.
  package private(set) var snapshot: Snapshot?
  /// Why it cannot be read now.
  package private(set) var error: SnapshotError?

  /// Whether there was a file when it was last looked at.
  package private(set) var isThere = false
  /// For how many seconds it had not been renewed then.
  package private(set) var age = 0
  /// Where it is.
  package let path: String

  private var seen: Mark?

  /// What changes when the file is renewed.
  private struct Mark: Equatable {
    var device: UInt
    var inode: UInt
    var size: Int
    var seconds: Int
    var nanoseconds: Int
  }

  /// The largest file that is read, in bytes.
  private static let limit = 1 << 26
  /// From how many seconds on a file that is not renewed is stale.
  private static let staleAge = 5

  /// A file that was not looked at yet.
  package init(path: String) {
    self.path = path
  }

  /// Reads the file where it changed.
  package mutating func look() {
    var status = stat()
    isThere = unsafe stat(path, &status) == 0
    guard isThere else { return }
    age = max(0, Int(time(nil)) - status.st_mtim.tv_sec)
    let mark = Mark(
      device: UInt(status.st_dev),
      inode: UInt(status.st_ino),
      size: Int(status.st_size),
      seconds: status.st_mtim.tv_sec,
      nanoseconds: status.st_mtim.tv_nsec
    )
    guard mark != seen else { return }
    seen = mark
    do throws(SnapshotError) {
      guard (status.st_mode & S_IFMT) == S_IFREG, mark.size <= Self.limit else {
        throw .notASnapshot
      }
      snapshot = try Snapshot(decoding: (try? ByteSource.contents(of: path)) ?? [])
      error = nil
    } catch {
      self.error = error
    }
  }

  /// Whether who renews it seems not to run any more.
  package var isStale: Bool { age >= Self.staleAge }
}
