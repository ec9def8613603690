import Glibc

/// A file as it stands: which one it is, how long, and when it was written to last.
package struct FileStatus: Sendable, Equatable {
  /// Which file it is, whatever its name.
  package let identity: FileIdentity
  /// Its length in bytes.
  package let size: Int
  /// When it was written to last, in nanoseconds since 1970.
  package let modified: Int64

  /// Whether it has a name still.
  package let isLinked: Bool

  /// A regular file under a path, links followed; `nil` where there is none.
  package init?(_ path: String) {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return nil }
    self.init(status)
  }

  /// Whether anything is under a path.
  package static func isThere(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

  /// An open file; `nil` where it is no regular one.
  package init?(descriptor: Int32) {
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { return nil }
    self.init(status)
  }

  private init?(_ status: stat) {
    guard (status.st_mode & S_IFMT) == S_IFREG else { return nil }
    identity = .file(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
    size = Int(status.st_size)
    isLinked = status.st_nlink > 0
    modified = Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec)
  }
}

/// The files that had a log's name before: what rotating it made of them.
///
/// Of `app.log` they are `app.log.1`, `app.log.2.gz`, `app.log-20261129`, `app-2026-11-29.log.zst`
/// and their like: the name, or its stem, and behind it digits with `.`, `-`, `_`, `:` and `T`, or
/// `old`; all of it packed or not.
package struct FileGenerations: Sendable {
  /// The folder that the log and those before it are in.
  package let folder: String
  private let name: String
  private let stem: String
  private let ending: String

  /// A log, by the name that it has while it is written; a link is followed.
  package init(of link: String) {
    let (folder, name) = Self.parts(
      of: FileIdentity.realPath(link) ?? FileIdentity.place(of: link) ?? link
    )
    self.folder = folder
    let dot = name.dropFirst().lastIndex(of: ".") ?? name.endIndex
    self.name = name
    stem = String(name[..<dot])
    ending = String(name[dot...])
  }

  /// The folder of a path, and the name in it.
  package static func parts(of path: String) -> (folder: String, name: String) {
    guard let slash = path.lastIndex(of: "/") else { return (".", path) }
    let folder = slash == path.startIndex ? "/" : String(path[..<slash])
    return (folder, String(path[path.index(after: slash)...]))
  }

  /// Whether an older name may be that of a log of its own: `worker-1.log` beside `worker.log`.
  ///
  /// - Parameter other: A name that `isOlder` takes.
  /// - Returns: Whether a short number stands between the stem and the ending.
  package func isDoubtful(_ other: String) -> Bool {
    guard !other.hasPrefix(name), !ending.isEmpty, other.hasSuffix(ending) else { return false }
    let digits = other.dropFirst(stem.count).dropLast(ending.count).utf8.count {
      (0x30...0x39).contains($0)
    }
    return (1..<6).contains(digits)
  }

  /// Whether a file of the folder had the log's name, as far as its own says.
  ///
  /// - Parameter other: A name without its folder.
  /// - Returns: Whether rotation makes such names of the log's.
  package func isOlder(_ other: String) -> Bool {
    var other = other[...]
    for packed in [".gz", ".zst"] where other.hasSuffix(packed) {
      other = other.dropLast(packed.count)
    }
    guard other != name else { return other.endIndex != other.base.endIndex }
    if other.hasPrefix(name) { return Self.isNumber(other.dropFirst(name.count)) }
    guard !ending.isEmpty, other.hasPrefix(stem), other.hasSuffix(ending),
      other.count > stem.count + ending.count
    else { return false }
    return Self.isNumber(other.dropFirst(stem.count).dropLast(ending.count))
  }

  /// Whether letters are what rotation puts behind a name: a separator, then a number or a time.
  private static func isNumber(_ letters: Substring) -> Bool {
    guard let first = letters.utf8.first, ".-_".utf8.contains(first) else { return false }
    let rest = letters.dropFirst()
    if rest == "old" { return true }
    return rest.utf8.contains { (0x30...0x39).contains($0) }
      && rest.utf8.allSatisfy { (0x30...0x39).contains($0) || ".-_:TZ".utf8.contains($0) }
  }

  /// Those that are there, the one that was written to longest ago first.
  package var older: [(path: String, status: FileStatus)] {
    var found: [(path: String, status: FileStatus)] = []
    for other in names(in: folder) ?? [] where isOlder(other) {
      let place = "\(folder)/\(other)"
      if let status = FileStatus(place) { found.append((place, status)) }
    }
    return found.sorted { one, other in
      if one.status.modified != other.status.modified {
        return one.status.modified < other.status.modified
      }
      // Times are told in steps of some milliseconds: then a later date is the newer one, and a
      // higher number the older one.
      guard let first = Self.number(of: one.path), let second = Self.number(of: other.path) else {
        return one.path < other.path
      }
      return first > second
    }
  }

  /// The number that rotation has given to a file, such as 2 in `app.log.2.gz`; `nil` for a date.
  private static func number(of path: String) -> Int? {
    let parts = path.split(separator: ".").suffix(2)
    guard let digits = parts.last(where: { Int($0) != nil }), digits.count <= 4 else { return nil }
    return Int(digits)
  }
}
