public import Connectors
internal import Monitoring
internal import Records

/// Where records go: a path for each kind, `-` for standard output; the other kinds go nowhere.
public struct OutputPaths: Sendable {
  /// The path of each kind.
  public var paths: [RecordKind: String]
  /// The topics that they go to besides; `nil` where they go to none.
  public var topics: TopicOutputs?
  /// Which metric records are written.
  public var selection = MetricSelection()
  /// What becomes of what the files hold: a live monitor adds to it, a replay writes it anew.
  public var opening = OutputStream.Opening.emptied

  /// Where kinds of records go; by default nowhere.
  public init(_ paths: [RecordKind: String] = [:]) { self.paths = paths }

  /// Whether nothing is written.
  public var isEmpty: Bool { paths.isEmpty && topics == nil }

  /// Whether records of a kind go anywhere.
  public func has(_ kind: RecordKind) -> Bool {
    paths[kind] != nil || topics?.topics[kind] != nil
  }
}

/// The open outputs of a run.
public struct OutputSet: ~Copyable {
  private var sinks: [(kind: RecordKind, sink: any RecordSink)] = []
  /// The records of a round on their way to each sink.
  private var batches: [RecordBatch] = []
  private var selection: MetricSelection

  /// Opens the files, or creates them, one kind after the other; then logs in to the topics' cluster.
  ///
  /// - Throws: `StreamError`, as `OutputStream` does.
  public init(_ outputs: OutputPaths) throws(StreamError) {
    var opened: [(kind: RecordKind, sink: any RecordSink)] = []
    for kind in RecordKind.allCases {
      guard let path = outputs.paths[kind] else { continue }
      opened.append((kind, try FileSink.open(path, outputs.opening)))
    }
    if let topics = outputs.topics {
      let kinds = RecordKind.allCases.compactMap { kind in topics.topics[kind].map { (kind, $0) } }
      let producer = try KafkaProducer(topics.settings, topics: kinds.map(\.1))
      for (kind, topic) in kinds { opened.append((kind, TopicSink(producer, topic: topic))) }
    }
    sinks = opened
    batches = sinks.map { RecordBatch(wantsKeys: $0.sink.wantsKeys) }
    selection = outputs.selection
  }

  /// What was mended of files when they were opened to be added to, a sentence each.
  public var mended: [String] { sinks.compactMap(\.sink.mended) }

  /// Writes what a round gave.
  ///
  /// - Throws: `StreamError.cannotWrite`.
  public mutating func write(_ round: RoundOutput) throws(StreamError) {
    for (index, (kind, sink)) in sinks.enumerated() {
      batches[index].removeAll()
      switch kind {
      case .metrics:
        for view in round.engine.measured {
          guard let view = selection.selected(view) else { continue }
          batches[index].add(key: view.key) { view.write(to: &$0) }
        }
      case .alerts:
        for notice in round.engine.notices { batches[index].add(key: notice.key, notice.write) }
      case .feedback:
        for record in round.engine.feedback { batches[index].add(key: record.key, record.write) }
      case .deadLetters:
        for letter in round.letters { batches[index].add(key: letter.key, letter.write) }
      }
      try sink.write(batches[index])
    }
  }

  /// Waits for a while until all that was written is where it can be read.
  ///
  /// - Returns: How many records are not.
  /// - Throws: `StreamError.cannotWrite` or `kafka`.
  mutating func settle() throws(StreamError) -> Int {
    var left = 0
    for (_, sink) in sinks { left = max(left, try sink.settle()) }
    return left
  }

  /// How many records were written and are not acknowledged yet.
  var unacknowledged: Int { sinks.map(\.sink.unacknowledged).max() ?? 0 }

  /// Hands over what is to be said of the outputs since the last time, a sentence each.
  func takeNotes() -> [String] { sinks.flatMap { $0.sink.takeNotes() } }

  /// Hands everything to the system.
  ///
  /// - Throws: `StreamError.cannotWrite`.
  public mutating func flush() throws(StreamError) {
    for (_, sink) in sinks { try sink.flush() }
  }

  /// Hands everything to the system and ends packed files.
  ///
  /// - Throws: `StreamError.cannotWrite`.
  public mutating func finish() throws(StreamError) {
    for (_, sink) in sinks { try sink.finish() }
  }

  /// Goes on in the files that have the names now, after another program renamed those that are open.
  ///
  /// - Returns: Why a file could not be opened: what belongs there still goes to the old one.
  public mutating func reopen() -> [StreamError] {
    var failures: [StreamError] = []
    for (_, sink) in sinks {
      do { try sink.reopen() } catch { failures.append(error) }
    }
    return failures
  }

  /// Writes a whole file.
  ///
  /// - Parameters:
  ///   - bytes: The content.
  ///   - path: The file, `-` for standard output.
  /// - Throws: `StreamError` when it cannot be written.
  public static func write(_ bytes: [UInt8], to path: String) throws(StreamError) {
    var stream = try OutputStream(path: path)
    try stream.write(bytes)
    try stream.flush()
  }
}
