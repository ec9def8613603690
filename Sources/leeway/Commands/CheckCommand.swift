import ArgumentParser
import Glibc
import Monitoring

/// The command `leeway check`.
struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Check monitor files without running them.",
    discussion: """
      Prints every mistake as file:line:column with the line and a caret under the place. \
      A folder stands for the .yaml and .yml files in it. Nothing but the files is looked at.
      """
  )

  @Argument(help: "Monitor files or folders.")
  var paths: [String]

  @Flag(help: "Refuse files with warnings, too.")
  var strict = false

  func run() throws {
    var refused = 0
    let files = try paths.flatMap(monitorFiles)
    guard !files.isEmpty else {
      note("no monitor file (.yaml, .yml) in \(paths.joined(separator: ", "))")
      throw ExitCode(1)
    }
    for file in files {
      let (monitor, diagnostics) = Monitor.load(
        bytes: try readFile(file),
        file: file,
        environment: environment(),
        files: namedFiles
      )
      for diagnostic in diagnostics { note(diagnostic.description) }
      guard let monitor, !(strict && !diagnostics.isEmpty) else {
        refused += 1
        continue
      }
      print(
        "\(file): ok: model \(monitor.model), \(counted(monitor.windows.count, "window")), "
          + counted(monitor.rules.count + monitor.burnRules.count, "rule")
      )
    }
    if refused > 0 { throw ExitCode(1) }
  }

  /// The monitor files that a path stands for, in order of their names.
  private func monitorFiles(_ path: String) throws -> [String] {
    guard let folder = unsafe opendir(path) else { return [path] }
    defer { unsafe closedir(folder) }
    var names: [String] = []
    while let entry = unsafe readdir(folder) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) {
          unsafe String(cString: $0)
        }
      }
      if name.hasSuffix(".yaml") || name.hasSuffix(".yml") { names.append(name) }
    }
    return names.sorted().map { path.hasSuffix("/") ? path + $0 : path + "/" + $0 }
  }

  /// A number of things: 1 window, 2 windows.
  private func counted(_ number: Int, _ thing: String) -> String {
    "\(number) \(thing)\(number == 1 ? "" : "s")"
  }
}
