import Agent
import Arguments
import Connectors
import Events

/// Topics that are read as recorded streams: which, from when, until when.
struct TopicOptions {
  static let parameters = [config, from, until]

  private static let config = Parameter(
    "config",
    "c",
    kind: .file,
    help: """
      An agent file (YAML): the topics of its source are read, beside the streams, in no group. \
      Nothing is written to topics.
      """
  )
  private static let from = Parameter(
    "from",
    valueName: "time",
    help: """
      Of topics the records from this time on, as the topic has it: 2026-11-30T06:00:00Z, or a day, \
      2026-11-30. Default: from the first one.
      """
  )
  private static let until = Parameter(
    "until",
    valueName: "time",
    help: "Of topics the records before this time. Default: up to the last one that is there."
  )

  /// The agent file; `nil` where no topics are read.
  let path: String?
  private let from: Int64?
  private let until: Int64?

  init(_ values: Values, of command: Command) throws(UsageError) {
    path = values.text(Self.config)
    from = try Self.time(values, Self.from, of: command)
    until = try Self.time(values, Self.until, of: command)
    guard path != nil || from == nil && until == nil else {
      throw command.error("--from and --until are of topics: name them with --config.")
    }
    if let from, let until, from >= until {
      throw command.error("--from is not before --until: nothing is between them.")
    }
  }

  private static func time(
    _ values: Values,
    _ parameter: Parameter,
    of command: Command
  ) throws(UsageError) -> Int64? {
    guard let text = values.text(parameter) else { return nil }
    guard let time = Timestamp.parseMoment(text) else {
      throw command.error(
        "--\(parameter.name): got \"\(text)\": give a time, such as 2026-11-30T06:00:00Z, or a day."
      )
    }
    return floorDivide(time, 1_000_000)
  }

  /// Reads the agent file.
  ///
  /// - Parameter isQuiet: Whether what is probably not meant in it is left out.
  /// - Returns: What is read of topics, of each source.
  /// - Throws: `SessionError` where the file is refused, or names no topics.
  func ranges(isQuiet: Bool) throws(SessionError) -> [KafkaRange] {
    guard let path else { return [] }
    let (agent, found) = try AgentFile.read(path, environment: ProcessEnvironment.variables)
    if !isQuiet { for finding in found { note(finding) } }
    guard !agent.topics.isEmpty else { throw .noTopics(path: path) }
    return agent.topics.map { KafkaRange($0, from: from, until: until) }
  }
}
