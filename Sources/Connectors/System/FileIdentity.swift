import Glibc

/// Which file a path leads to, whatever its spelling: `a`, `./a`, a link to it.
///
/// Devices, pipes, sockets and folders have none: what is written to them destroys nothing.
package enum FileIdentity: Sendable, Hashable {
  /// A regular file.
  case file(device: UInt64, inode: UInt64)
  /// A file that is not there yet: the real path that it would get.
  case place(String)

  /// What a path leads to, links followed; `nil` for what is no regular file and cannot become one.
  ///
  /// - Parameters:
  ///   - path: The path as it was given.
  ///   - stream: The open file that `-` stands for: 0 or 1.
  package init?(_ path: String, hyphen stream: Int32) {
    var status = stat()
    let failure =
      if path == "-" { unsafe fstat(stream, &status) } else { unsafe stat(path, &status) }
    guard failure != 0 else {
      guard (status.st_mode & S_IFMT) == S_IFREG else { return nil }
      self = .file(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
      return
    }
    guard path != "-", let place = Self.place(of: path) else { return nil }
    self = .place(place)
  }

  /// Whether a path is a regular file that holds something.
  package static func holdsBytes(_ path: String) -> Bool {
    var status = stat()
    guard path != "-", unsafe stat(path, &status) == 0 else { return false }
    return (status.st_mode & S_IFMT) == S_IFREG && status.st_size > 0
  }

  /// The most links from one to the next that are followed, as the system has it.
  private static let linkLimit = 40

  /// Where a file would be created: links to what is not there lead to their targets.
  package static func place(of path: String) -> String? {
    var path = path
    for _ in 0..<linkLimit {
      let (folder, name) = split(path)
      guard let target = target(ofLink: path) else {
        return realPath(folder).map { $0 == "/" ? "/" + name : $0 + "/" + name }
      }
      path = target.hasPrefix("/") ? target : folder + "/" + target
    }
    return nil
  }

  private static func split(_ path: String) -> (folder: String, name: String) {
    guard let slash = path.lastIndex(of: "/") else { return (".", path) }
    let folder = path[..<slash]
    return (folder.isEmpty ? "/" : String(folder), String(path[path.index(after: slash)...]))
  }

  package static func realPath(_ path: String) -> String? {
    guard let resolved = unsafe realpath(path, nil) else { return nil }
    defer { unsafe free(resolved) }
    return unsafe String(cString: resolved)
  }

  /// Whether a path is a link.
  package static func isLink(_ path: String) -> Bool { target(ofLink: path) != nil }

  private static func target(ofLink path: String) -> String? {
    var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
    let count = unsafe buffer.withUnsafeMutableBytes { bytes in
      guard let start = bytes.baseAddress else { return 0 }
      return unsafe readlink(path, start.assumingMemoryBound(to: CChar.self), bytes.count)
    }
    return count > 0 ? String(decoding: buffer[..<count], as: UTF8.self) : nil
  }
}
