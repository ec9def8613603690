public import Connectors
internal import Monitoring
internal import Records

/// Where records go: a path each, `-` for standard output, `nil` for nowhere.
public struct OutputPaths: Sendable {
  /// Metric records.
  public var metrics: String?
  /// Alert transitions and incidents.
  public var alerts: String?
  /// Lines that could not be used.
  public var deadLetters: String?
  /// Which metric records are written.
  public var selection = MetricSelection()
  /// What becomes of what the files hold: a live monitor adds to it, a replay writes it anew.
  public var opening = OutputStream.Opening.emptied

  /// Nowhere.
  public init(metrics: String? = nil, alerts: String? = nil, deadLetters: String? = nil) {
    self.metrics = metrics
    self.alerts = alerts
    self.deadLetters = deadLetters
  }

  /// Whether nothing is written.
  public var isEmpty: Bool { metrics == nil && alerts == nil && deadLetters == nil }
}

/// The open outputs of a run.
public struct OutputSet: ~Copyable {
  private var metrics: OutputStream?
  private var alerts: OutputStream?
  private var deadLetters: OutputStream?
  private var selection: MetricSelection
  private var json = JSONWriter()
  /// What was mended of files when they were opened to be added to, a sentence each.
  public private(set) var mended: [String] = []

  /// Opens the files, or creates them.
  ///
  /// - Throws: `StreamError`, as `OutputStream` does.
  public init(_ paths: OutputPaths) throws(StreamError) {
    selection = paths.selection
    metrics = try Self.open(paths.metrics, paths.opening, &mended)
    alerts = try Self.open(paths.alerts, paths.opening, &mended)
    deadLetters = try Self.open(paths.deadLetters, paths.opening, &mended)
  }

  private static func open(
    _ path: String?,
    _ opening: OutputStream.Opening,
    _ mended: inout [String]
  ) throws(StreamError) -> OutputStream? {
    guard let path else { return nil }
    var stream = try OutputStream(path: path, opening: opening)
    if stream.cutBytes > 0 {
      let length = counted(stream.cutBytes, "byte")
      mended.append("\(path): the last line had no end and was cut off, \(length)")
    }
    try stream.flush()
    return stream
  }

  /// Writes what a round gave.
  ///
  /// - Throws: `StreamError.cannotWrite`.
  public mutating func write(_ round: RoundOutput) throws(StreamError) {
    try writeMetrics(round.engine)
    json.removeAll()
    for notice in round.engine.notices { notice.write(to: &json) }
    try alerts?.write(json.bytes)
    json.removeAll()
    for letter in round.letters { letter.write(to: &json) }
    try deadLetters?.write(json.bytes)
  }

  private mutating func writeMetrics(_ output: EngineOutput) throws(StreamError) {
    guard !selection.isEverything else { return try metrics?.write(output.metricRecords) ?? () }
    json.removeAll()
    for view in output.measured { selection.selected(view)?.write(to: &json) }
    try metrics?.write(json.bytes)
  }

  /// Hands everything to the system.
  ///
  /// - Throws: `StreamError.cannotWrite`.
  public mutating func flush() throws(StreamError) {
    try metrics?.flush()
    try alerts?.flush()
    try deadLetters?.flush()
  }

  /// Hands everything to the system and ends packed files.
  ///
  /// - Throws: `StreamError.cannotWrite`.
  public mutating func finish() throws(StreamError) {
    try metrics?.finish()
    try alerts?.finish()
    try deadLetters?.finish()
  }

  /// Goes on in the files that have the names now, after another program renamed those that are open.
  ///
  /// - Returns: Why a file could not be opened: what belongs there still goes to the old one.
  public mutating func reopen() -> [StreamError] {
    var failures: [StreamError] = []
    do { try metrics?.reopen() } catch { failures.append(error) }
    do { try alerts?.reopen() } catch { failures.append(error) }
    do { try deadLetters?.reopen() } catch { failures.append(error) }
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
