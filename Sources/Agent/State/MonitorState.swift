internal import Events
internal import Sketches
internal import Specification

/// The content of a state: whose it is, and the pipeline.
struct MonitorState {
  let owner: StateOwner
  let pipeline: PipelineState
  /// The number of the folder with the predictions that wait on the disk; `nil` where none do.
  let pending: Int?
}

/// Whose a state is: another monitor's cannot be gone on with.
struct StateOwner: Equatable {
  let model: String
  /// The check of the key that hides people's data; empty where nothing is hidden.
  ///
  /// With another one the lines that wait cannot be opened, and nothing that comes is what was
  /// counted; without one, what was counted would leave.
  let key: [UInt8]

  init(_ monitor: Monitor) {
    model = monitor.model
    key = monitor.pii?.key.check ?? []
  }
}

extension MonitorState: ByteCodable {
  func encode(into writer: inout ByteWriter) {
    writer.write(owner)
    writer.write(pipeline)
    writer.write(pending)
  }

  init(from reader: inout ByteReader) throws(CodingError) {
    owner = try reader.read()
    pipeline = try reader.read()
    pending = try reader.read()
  }
}

extension StateOwner: ByteCodable {
  func encode(into writer: inout ByteWriter) {
    writer.write(model)
    writer.write(bytes: key)
  }

  init(from reader: inout ByteReader) throws(CodingError) {
    model = try reader.read()
    key = try reader.readBytes()
  }
}
