internal import Monitoring
internal import Records
internal import Sketches

/// All of an agent that outlives its process.
struct AgentState {
  /// A state for each monitor.
  var monitors: [MonitorState]
  /// The alerts of the rules on the agent itself that fire.
  var alerts: [Alert] = []
  /// The records that are written in transactions; `nil` where none are.
  var outbox: OutboxState?

  /// The formats that are read, from the oldest to the one that is written.
  ///
  /// 11 had no alerts of the agent itself, 12 no records that are written in transactions.
  static let formats = 11...13
}

extension AgentState {
  /// The content of a state's file.
  func encoded() -> [UInt8] {
    var writer = ByteWriter()
    writer.write(monitors)
    writer.write(alerts)
    writer.write(outbox)
    return writer.bytes
  }

  /// Reads the content of a state's file.
  ///
  /// - Parameters:
  ///   - content: The bytes.
  ///   - format: Their format, one of `formats`.
  /// - Throws: `CodingError` where the bytes are none.
  init(decoding content: [UInt8], format: Int) throws(CodingError) {
    var reader = ByteReader(content)
    monitors = try reader.read()
    if format >= 12 { alerts = try reader.read() }
    if format >= 13 { outbox = try reader.read() }
    try reader.finish()
  }
}
