import Glibc

/// Wakes who waits for a file to grow, or for another one of its name (inotify).
///
/// It is a hint alone: on file systems that tell nothing, whoever looks from time to time sees the
/// same. Where the system has no more watches to give, `descriptor` never becomes readable.
package final class FileWatch {
  /// Readable once something may have changed; −1 where nothing can be told.
  package let descriptor: Int32
  private var file: Int32 = -1

  /// What happens to a folder that matters: a file of the name is there.
  private static let ofFolder = UInt32(IN_CREATE | IN_MOVED_TO)
  /// What happens to a file that matters.
  private static let ofFile = UInt32(IN_MODIFY | IN_MOVE_SELF | IN_ATTRIB)

  /// Watches a folder for files that come.
  package init(folder: String) {
    descriptor = inotify_init1(Int32(IN_NONBLOCK | IN_CLOEXEC))
    if descriptor >= 0 { _ = unsafe inotify_add_watch(descriptor, folder, Self.ofFolder) }
  }

  deinit { if descriptor >= 0 { _ = close(descriptor) } }

  /// Watches a file, and no longer the one before.
  ///
  /// - Parameter number: An open descriptor of it: its name may be another one's by now.
  package func follow(_ number: Int32) {
    guard descriptor >= 0 else { return }
    if file >= 0 { _ = inotify_rm_watch(descriptor, file) }
    file = unsafe inotify_add_watch(descriptor, "/proc/self/fd/\(number)", Self.ofFile)
  }

  /// Forgets what happened, so that `descriptor` waits for what comes next.
  package func drain() {
    guard descriptor >= 0 else { return }
    var bytes = [UInt8](repeating: 0, count: 4096)
    while unsafe read(descriptor, &bytes, bytes.count) > 0 {}
  }
}
