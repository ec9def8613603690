import Agent
import Arguments
import Connectors

/// The monitor file and how it is read.
struct MonitorOptions {
  static let monitor = Parameter(
    "monitor",
    "m",
    kind: .file,
    isRequired: true,
    help: "The monitor file (YAML)."
  )

  let path: String

  init(_ values: Values) {
    path = values.required(Self.monitor)
  }

  init(path: String) {
    self.path = path
  }

  /// Reads and checks the monitor; prints what is probably not meant in it.
  ///
  /// - Parameter isQuiet: Whether that is left out.
  /// - Returns: The monitor.
  /// - Throws: `SessionError` when the file cannot be read or is refused.
  func load(isQuiet: Bool) throws(SessionError) -> LoadedMonitor {
    let loaded = try LoadedMonitor(path: path, environment: ProcessEnvironment.variables)
    if !isQuiet { for warning in loaded.warnings { note(warning) } }
    return loaded
  }
}
