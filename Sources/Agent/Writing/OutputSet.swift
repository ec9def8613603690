public import Connectors
internal import Monitoring
internal import Records

/// Where records go: a path for each kind, `-` for standard output; the other kinds go nowhere.
public struct OutputPaths: Sendable {
  /// The path of each kind.
  public var paths: [RecordKind: String]
  /// Which metric records are written.
  public var selection = MetricSelection()
  /// What becomes of what the files hold: a live monitor adds to it, a replay writes it anew.
  public var opening = OutputStream.Opening.emptied

  /// Where kinds of records go; by default nowhere.
  public init(_ paths: [RecordKind: String] = [:]) { self.paths = paths }

  /// Whether nothing is written.
  public var isEmpty: Bool { paths.isEmpty }
}

/// The open outputs of a run.
public struct OutputSet: ~Copyable {
  private var sinks: [(kind: RecordKind, sink: any RecordSink)] = []
  private var selection: MetricSelection
  private var json = JSONWriter()

  /// Opens the files, or creates them, one kind after the other.
  ///
  /// - Throws: `StreamError`, as `OutputStream` does.
  public init(_ outputs: OutputPaths) throws(StreamError) {
    var opened: [(kind: RecordKind, sink: any RecordSink)] = []
    for kind in RecordKind.allCases {
      guard let path = outputs.paths[kind] else { continue }
      opened.append((kind, try FileSink.open(path, outputs.opening)))
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
      json.removeAll()
      switch kind {
      case .metrics:
        for view in round.engine.measured { selection.selected(view)?.write(to: &json) }
      case .alerts: for notice in round.engine.notices { notice.write(to: &json) }
      case .feedback: for record in round.engine.feedback { record.write(to: &json) }
      case .deadLetters: for letter in round.letters { letter.write(to: &json) }
      }
      try sink.write(json.bytes)
    }
  }

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
