import Glibc

/// What this process runs in, and what it takes.
package enum ProcessEnvironment {
  /// Its variables by their names; what is no `NAME=value` with a value is left out.
  package static var variables: [String: String] {
    var variables: [String: String] = [:]
    var entry = unsafe environ
    while let line = unsafe entry.pointee {
      let parts = unsafe String(cString: line).split(separator: "=", maxSplits: 1)
      if parts.count == 2 { variables[String(parts[0])] = String(parts[1]) }
      unsafe entry += 1
    }
    return variables
  }

  /// The name of the machine or the container; `nil` where it has none.
  package static var hostName: String? {
    var name = utsname()
    guard unsafe uname(&name) == 0 else { return nil }
    let text = unsafe withUnsafeBytes(of: name.nodename) { bytes in
      unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
    return text.isEmpty ? nil : text
  }

  /// The memory that this process has in use, in bytes; `nil` where the system does not say.
  package static var memory: Int64? {
    guard let bytes = try? ByteSource.contents(of: "/proc/self/statm") else { return nil }
    let pages = String(decoding: bytes, as: UTF8.self).split(separator: " ")
    return pages.count > 1 ? Int64(pages[1]).map { $0 * Int64(sysconf(Int32(_SC_PAGESIZE))) } : nil
  }
}
