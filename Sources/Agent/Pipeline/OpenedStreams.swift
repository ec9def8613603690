public import Connectors
public import Ingest
internal import Monitoring
internal import Specification

/// Streams that were opened: files and pipes, then logs that grow, then the partitions of topics.
struct OpenedStreams {
  /// Where events come from.
  let sources: [any EventSource]
  /// The groups whose partitions are among them.
  let groups: TopicGroups
  /// What finds logs that come later; `nil` where none are looked for.
  let finder: LogFinder?

  /// Streams that others read, too.
  init(shared sources: [any EventSource]) {
    self.sources = sources
    groups = .none
    finder = nil
  }

  /// Opens streams; nothing is read yet.
  ///
  /// - Parameters:
  ///   - names: The streams.
  ///   - lineLimit: The longest line in bytes.
  ///   - goesOn: Whether another process goes on with them.
  ///   - earlier: The logs that another process has followed; `nil` where none did.
  ///   - sorting: By which monitor's times the lines of each file are sorted; `nil`: not at all.
  /// - Throws: `StreamError.cannotOpen` or `kafka`.
  init(
    _ names: StreamNames,
    lineLimit: Int,
    goesOn: Bool,
    earlier: EarlierLogs? = nil,
    sorting: Monitor? = nil
  ) throws(StreamError) {
    var sources = try FileSource.open(names.paths, lineLimit: lineLimit, goesOn: goesOn)
    if let sorting {
      sources = SortedSource.sorting(JoinedSource.joining(sources, sorting), sorting)
    }
    let claims = LogClaims()
    for log in names.logs {
      claims.reserve(log)
      sources.append(
        FollowedFile(path: log, lineLimit: lineLimit, goesOn: goesOn, claims: claims)
      )
    }
    finder =
      names.patterns.isEmpty
      ? nil
      : LogFinder(
        names.patterns,
        named: names.logs,
        lineLimit: lineLimit,
        goesOn: goesOn,
        claims: claims,
        earlier: earlier
      )
    sources += finder?.first() ?? []
    groups = try TopicGroups(names.topics)
    self.sources = try sources + TopicRangeSource.open(names.ranges) + groups.sources
  }

  private init(_ sources: [any EventSource], _ groups: TopicGroups, _ finder: LogFinder?) {
    self.sources = sources
    self.groups = groups
    self.finder = finder
  }

  /// The same with the parts of lines joined, where a monitor reads such lines.
  ///
  /// - Parameters:
  ///   - monitor: Says how lines are written.
  ///   - goesOn: Whether another process goes on with the streams.
  /// - Returns: The streams in their order.
  func joined(for monitor: Monitor, goesOn: Bool) -> OpenedStreams {
    finder?.wrap = { JoinedSource.joining($0, monitor, goesOn: goesOn) }
    return OpenedStreams(JoinedSource.joining(sources, monitor, goesOn: goesOn), groups, finder)
  }
}

/// What streams are read, by their names.
public struct StreamNames: Sendable {
  /// Files, pipes or `-`.
  public var paths: [String]
  /// Files that are read as they grow, behind the others.
  public var logs: [String] = []
  /// Files that are read as they grow, by patterns of their names.
  public var patterns: [LogPatterns] = []
  /// The Kafka topics that are read, of each source; a stream for each of their partitions.
  public var topics: [KafkaSubscription] = []
  /// Stretches of topics that are read to their ends.
  public var ranges: [KafkaRange] = []

  /// Files, pipes or `-`.
  public init(_ paths: [String]) { self.paths = paths }
}
