import Glibc

/// A pattern of paths, as shells have it (glob(7)).
///
/// `*` stands for any letters of a name, `?` for one, and `[a-z]` for one of these. None stands for a
/// slash, nor for the dot that a hidden name begins with.
package struct PathPattern: Sendable, Equatable {
  /// The pattern as it was given.
  package let text: String

  /// A pattern, or a path, which takes itself alone.
  package init(_ text: String) { self.text = text }

  /// Whether a path is a pattern of several.
  package static func isOne(_ path: String) -> Bool {
    path.utf8.contains { "*?[".utf8.contains($0) }
  }

  /// Whether it takes a path, by its letters alone.
  package func takes(_ path: String) -> Bool {
    unsafe fnmatch(text, path, FNM_PATHNAME | FNM_PERIOD) == 0
  }

  /// Whether it takes a file that is there or would be made, however both are spelled.
  package func takes(fileAt path: String) -> Bool {
    if takes(path) { return true }
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    let plain = parts.prefix { !Self.isOne(String($0)) }
    let start = plain.joined(separator: "/")
    guard let folder = FileIdentity.realPath(start.isEmpty && plain.isEmpty ? "." : start + "/"),
      let place = FileIdentity.place(of: path)
    else { return false }
    let rest = parts.dropFirst(plain.count).joined(separator: "/")
    return PathPattern((folder == "/" ? "" : folder) + "/" + rest).takes(place)
  }

  /// The paths that are there, in the order of their letters.
  package var paths: [String] {
    var found = unsafe glob_t()
    defer { unsafe globfree(&found) }
    guard unsafe glob(text, GLOB_NOSORT, nil, &found) == 0, let list = unsafe found.gl_pathv else {
      return []
    }
    return (0..<Int(unsafe found.gl_pathc)).compactMap { index in
      unsafe list[index].map { unsafe String(cString: $0) }
    }.sorted()
  }
}
