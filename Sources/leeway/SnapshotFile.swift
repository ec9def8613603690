import Connectors
import Glibc
import Standing
import Terminal

/// A snapshot file that another process renews.
struct SnapshotFile {
  /// What it held when it could last be read.
  private(set) var snapshot: Snapshot?
  /// Why it cannot be read now.
  private(set) var error: SnapshotError?

  private let path: String
  private var seen: Mark?
  private var isThere = false
  private var age = 0

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

  init(path: String) {
    self.path = path
  }

  /// Reads the file where it changed.
  mutating func look() {
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

  /// How the file stands, in words for the screen.
  var feed: Feed {
    guard isThere else { return .unreadable("waiting for \(path)") }
    if let error { return .unreadable("\(error)") }
    if snapshot?.hasEnded ?? false { return .ended }
    return age >= Self.staleAge ? .stale(seconds: age) : .following
  }
}
