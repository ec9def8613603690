import Agent
import Connectors

/// The agent file of a process, as it was read at the start, with what was taken up of it since.
struct AgentConfig {
  /// The folder of monitors that it is looked for in; `nil` where the file was named itself.
  private let folder: String?
  /// The file; `nil` where there was none so far.
  private var path: String?
  private let isQuiet: Bool
  private let keepsState: Bool
  /// What the file said when it was read last.
  private var last: AgentFile
  /// What the process goes by: that says nothing where there was no file.
  private(set) var agent: AgentFile

  /// Reads the file, where there is one; prints what was found.
  ///
  /// - Parameters:
  ///   - path: The file; `nil` for none.
  ///   - folder: The folder of monitors that it is looked for in later on; `nil` for none.
  ///   - options: The records of the run.
  /// - Throws: `SessionError` where it cannot be read, or is refused.
  init(_ path: String?, in folder: String?, _ options: StreamOptions) throws(SessionError) {
    self.path = path
    self.folder = folder
    isQuiet = options.quiet
    keepsState = options.state != nil
    last = AgentFile()
    agent = AgentFile()
    guard let path else { return }
    agent = try read(path)
    last = agent
    tellUnanswered()
  }

  /// Reads the file anew; prints what was found.
  ///
  /// What cannot be read or is refused leaves all as it was. A file that is gone from its folder says
  /// nothing.
  ///
  /// - Returns: What judges the agent from now on; `nil` where the same does.
  mutating func reload() -> AgentWatch? {
    if let folder {
      guard let found = MonitorFolder(folder) else { return nil }
      guard let file = found.agent else { return take(AgentFile()) }
      path = file
    }
    guard let path else { return nil }
    do throws(SessionError) {
      return take(try read(path))
    } catch {
      for line in error.words { note(lines: line, .error) }
      note("\(path): the agent goes on as it was")
      return nil
    }
  }

  /// Takes up what can be taken up of another file; prints what, and what cannot.
  private mutating func take(_ other: AgentFile) -> AgentWatch? {
    last = other
    guard let path else { return nil }
    let keys = agent.keysOfRestart(beside: other)
    if !keys.isEmpty {
      note(
        "\(path): what changed of \(keys.joined(separator: ", ")) is taken up when the process is "
          + "started anew",
        .warning
      )
    }
    let changes = agent.changes(to: other)
    guard !changes.isEmpty else { return nil }
    agent = agent.takingUp(other)
    if !isQuiet { note("\(path): taken up: \(changes.joined(separator: ", "))") }
    tellUnanswered()
    return agent.watch
  }

  /// Reads a file; prints what is probably not meant in it, where it says something new.
  private func read(_ path: String) throws(SessionError) -> AgentFile {
    let (agent, found) = try AgentFile.read(path, environment: ProcessEnvironment.variables)
    if !isQuiet, agent != last { for finding in found { note(finding) } }
    return agent
  }

  /// Says what rules ask for that this process never knows.
  private func tellUnanswered() {
    guard !isQuiet else { return }
    note(warnings: agent.unanswered(keepsState: keepsState && agent.fleet == nil))
  }
}
