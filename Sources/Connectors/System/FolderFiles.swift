import Glibc

/// The files that a path stands for: itself, or those of the folder that it names.
///
/// - Parameters:
///   - path: A file, or a folder.
///   - endings: How the names of a folder's files must end, such as `.yaml`.
/// - Returns: The paths, those of a folder in order of their names.
package func files(at path: String, endings: [String]) -> [String] {
  guard let all = names(in: path) else { return [path] }
  let names = all.filter { name in endings.contains { name.hasSuffix($0) } }
  return names.map { path.hasSuffix("/") ? path + $0 : path + "/" + $0 }
}

/// The names of what is in a folder, in their order.
///
/// - Parameter path: The folder.
/// - Returns: `nil` where it is none.
package func names(in path: String) -> [String]? {
  guard let folder = unsafe opendir(path) else { return nil }
  defer { unsafe closedir(folder) }
  var names: [String] = []
  while let entry = unsafe readdir(folder) {
    let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
      unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) {
        unsafe String(cString: $0)
      }
    }
    names.append(name)
  }
  return names.sorted()
}

/// Makes a folder where there is none.
///
/// - Parameter path: Its path; the folder that it is in is there.
/// - Throws: `StreamError.cannotOpen`.
package func makeFolder(at path: String) throws(StreamError) {
  guard unsafe mkdir(path, 0o755) != 0, errno != EEXIST else { return }
  throw .cannotOpen(path: path, errno: errno)
}
