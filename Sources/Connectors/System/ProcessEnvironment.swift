import Glibc

/// The environment that this process was started with.
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
}
