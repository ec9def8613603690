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
  private var json = JSONWriter()

  /// Creates or empties the files.
  ///
  /// - Throws: `StreamError.cannotOpen`.
  public init(_ paths: OutputPaths) throws(StreamError) {
    if let path = paths.metrics { metrics = try OutputStream(path: path) }
    if let path = paths.alerts { alerts = try OutputStream(path: path) }
    if let path = paths.deadLetters { deadLetters = try OutputStream(path: path) }
  }

  /// Writes what a round gave.
  ///
  /// - Throws: `StreamError.cannotWrite`.
  public mutating func write(_ round: RoundOutput) throws(StreamError) {
    try metrics?.write(round.engine.metricRecords)
    json.removeAll()
    for notice in round.engine.notices { notice.write(to: &json) }
    try alerts?.write(json.bytes)
    json.removeAll()
    for letter in round.letters { letter.write(to: &json) }
    try deadLetters?.write(json.bytes)
  }

  /// Hands everything to the system.
  ///
  /// - Throws: `StreamError.cannotWrite`.
  public mutating func flush() throws(StreamError) {
    try metrics?.flush()
    try alerts?.flush()
    try deadLetters?.flush()
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
