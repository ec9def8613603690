internal import Connectors

/// A folder of monitors, which are watched together, and the agent file beside them.
package struct MonitorFolder: Sendable, Equatable {
  /// The agent file; `nil` where there is none.
  package let agent: String?
  /// The monitor files, in order of their names.
  package let monitors: [String]

  /// How many monitors one agent watches.
  package static let monitorLimit = 256

  private static let endings = [".yaml", ".yml"]

  /// Looks into a folder; `nil` where it is none.
  ///
  /// - Parameter path: The folder.
  package init?(_ path: String) {
    guard names(in: path) != nil else { return nil }
    var agent: String?
    var monitors: [String] = []
    for file in files(at: path, endings: Self.endings) {
      switch Self.kind(of: file) {
      case .agent: agent = agent ?? file
      case .monitor: monitors.append(file)
      case .other: break
      }
    }
    self.agent = agent
    self.monitors = monitors
  }

  /// The name of a monitor among others: that of its file, without the ending.
  package static func name(of file: String) -> String {
    let name = file.split(separator: "/").last.map(String.init) ?? file
    let ending = endings.first { name.hasSuffix($0) } ?? ""
    return String(name.dropLast(ending.count))
  }

  private enum Kind {
    case agent, monitor, other
  }

  /// What a file is, as its name says: rule tests and made-up streams are no monitors.
  private static func kind(of file: String) -> Kind {
    let name = name(of: file)
    if name.hasPrefix(".") { return .other }
    if name == "agent" { return .agent }
    return name.hasSuffix(".test") || name.hasSuffix(".stream") ? .other : .monitor
  }
}
