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
  private var selection: MetricSelection
  /// What is written in transactions; `nil` where nothing is.
  let outbox: Outbox?

  /// Opens the files, or creates them, one kind after the other; then logs in to the topics' cluster.
  ///
  /// - Throws: `StreamError`, as `OutputStream` does.
  public init(_ outputs: OutputPaths) throws(StreamError) { try self.init(outputs, after: nil) }

  /// The same where another process has left records that are written in transactions.
  ///
  /// - Parameters:
  ///   - outputs: Where records go.
  ///   - earlier: What it has left; `nil` for nothing.
  /// - Throws: As above.
  init(_ outputs: OutputPaths, after earlier: OutboxState?) throws(StreamError) {
    var opened: [(kind: RecordKind, sink: any RecordSink)] = []
    for kind in RecordKind.allCases {
      guard let path = outputs.paths[kind] else { continue }
      let sink: any RecordSink =
        kind == .deadLetters
        ? try LetterSink.open(path, outputs.opening) : try FileSink.open(path, outputs.opening)
      opened.append((kind, sink))
    }
    let topics = outputs.topics
    let kinds = RecordKind.allCases.compactMap { kind in topics?.topics[kind].map { (kind, $0) } }
    if let topics, let name = topics.transactionalID {
      let outbox = try Outbox(topics, name: name, after: earlier)
      for (kind, topic) in kinds { opened.append((kind, OutboxSink(outbox, topic: topic))) }
      self.outbox = outbox
    } else {
      if let topics {
        let producer = try KafkaProducer(topics.settings, topics: kinds.map(\.1))
        for (kind, topic) in kinds { opened.append((kind, TopicSink(producer, topic: topic))) }
      }
      outbox = nil
    }
    sinks = opened
    selection = outputs.selection
  }

  /// What was mended of files when they were opened to be added to, a sentence each.
  public var mended: [String] { sinks.compactMap(\.sink.mended) }

  /// Writes what a round gave.
  ///
  /// - Throws: `StreamError.cannotWrite`.
  public mutating func write(_ round: RoundOutput) throws(StreamError) {
    for (kind, sink) in sinks {
      switch kind {
      case .metrics:
        let views = round.engine.measured.compactMap { selection.selected($0) }
        try sink.write(views.count) { records in
          for view in views { records.add(key: view.key) { view.write(to: &$0) } }
        }
      case .alerts:
        let notices = round.engine.notices
        try sink.write(notices.count) { records in
          for notice in notices { records.add(key: notice.key, notice.write) }
        }
      case .feedback:
        let feedback = round.engine.feedback
        try sink.write(feedback.count) { records in
          for record in feedback { records.add(key: record.key, record.write) }
        }
      case .deadLetters:
        let letters = round.letters
        try sink.write(letters.count) { records in
          for letter in letters { records.add(key: letter.key, letter.write) }
        }
      }
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
  func takeNotes() -> [String] {
    sinks.flatMap { $0.sink.takeNotes() } + (outbox?.takeNotes() ?? [])
  }

  /// Hands everything to the system.
  ///
  /// - Parameter waits: Whether to wait for what another thread writes.
  /// - Throws: `StreamError.cannotWrite`.
  public mutating func flush(waits: Bool = false) throws(StreamError) {
    for (_, sink) in sinks { try sink.flush(waits: waits) }
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
