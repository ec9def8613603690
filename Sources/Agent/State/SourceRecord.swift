internal import Events
internal import Ingest
internal import Monitoring
internal import Records
internal import Sketches
internal import Specification

/// Where a stream stood when a state was written.
struct SourceRecord {
  /// The stream's name, as it was given.
  let name: String
  /// By what its file is known again; `nil` of a pipe, which cannot be read again, and of what is
  /// known by its name, where the lines of the position are the place.
  var file: FileMark?
  /// What placing its next rows depends on.
  var position: StreamPosition
  /// Dead letters behind a line that still waits.
  var letters: [OrderedLetter] = []
  /// What is held of lines whose other parts have not come, sealed; `nil` where none are joined.
  var openLines: OpenLines?
}

extension SourceRecord {
  /// The same with its position in the panes of another monitor.
  func inPanes(of plan: Plan, from former: PaneScheme) -> SourceRecord {
    var record = self
    record.position = position.inPanes(of: plan, from: former)
    return record
  }
}

extension SourceRecord: ByteCodable {
  func encode(into writer: inout ByteWriter) {
    writer.write(name)
    writer.write(file)
    position.encode(into: &writer)
    writer.write(letters)
    writer.write(openLines)
  }

  init(from reader: inout ByteReader) throws(CodingError) {
    name = try reader.read()
    file = try reader.read()
    position = try reader.read()
    letters = try reader.read()
    openLines = try reader.read()
  }
}
