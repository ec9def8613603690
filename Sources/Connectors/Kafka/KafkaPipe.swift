internal import Glibc

/// A pipe by which the library's threads wake ours.
final class KafkaPipe {
  /// Readable once something was written.
  let reader: Int32
  /// What the library writes to.
  let writer: Int32

  /// - Throws: `StreamError.cannotOpen` where the system has none left.
  init() throws(StreamError) {
    var ends: [Int32] = [-1, -1]
    guard unsafe pipe(&ends) == 0 else { throw .cannotOpen(path: "a pipe", errno: errno) }
    for end in ends {
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
    }
    reader = ends[0]
    writer = ends[1]
  }

  deinit {
    _ = close(reader)
    _ = close(writer)
  }

  /// Waits until something was written, and takes it out.
  ///
  /// - Parameter milliseconds: How long at most.
  func wait(milliseconds: Int32) {
    var request = pollfd(fd: reader, events: Int16(POLLIN), revents: 0)
    _ = unsafe poll(&request, 1, milliseconds)
    drain()
  }

  /// Takes out what was written.
  func drain() {
    var bytes = [UInt8](repeating: 0, count: 512)
    while unsafe Glibc.read(reader, &bytes, bytes.count) == bytes.count {}
  }
}
