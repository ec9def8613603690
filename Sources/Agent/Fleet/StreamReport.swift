internal import Events
internal import Ingest
internal import Monitoring
internal import Sketches
internal import Specification

/// What the member of a fleet that reads a stream says of it, for whoever judges and whoever reads it
/// next.
///
/// What it says of complete panes follows from the stream alone, so a member that goes on from an
/// earlier place says the same again. What follows from a member's clock is said together with
/// `kept`, so that nobody goes on from before it.
///
/// Its 11 properties are what a member knows of a stream that others need to know.
struct StreamReport {
  /// The stream's name.
  let stream: String
  /// When the member was given the stream: of an earlier one than another's nothing is taken.
  let term: FleetTerm
  /// A number by which the member finds the report again that takes the stream over; 0 in others.
  var mark: UInt64 = 0
  /// The panes that the member counts in.
  let panes: PaneScheme
  /// The last pane that is complete; `nil` while none is.
  var through: Int?
  /// Whether the member's clock says so, because nothing comes.
  var isByClock = false
  /// The latest event time that no later event contradicts, in nanoseconds since 1970.
  var latest: Int64?
  /// How many predictions were heard.
  var heard = 0
  /// Whether events were lost before they were counted.
  var isCut = false
  /// What was counted of panes that are complete now; `nil` where there is nothing.
  var counts: CarriedCounts?
  /// What whoever reads the stream next goes on from; `nil` where it goes on from an earlier report's.
  var kept: KeptStream?
}

/// When a member was given a stream, in the order of its group.
///
/// A group numbers its sharings-out. Where it was forgotten or deleted it begins anew: then the era is
/// another one.
struct FleetTerm: Comparable {
  /// The era, from 0.
  var era: Int64 = 0
  /// The number of the sharing-out.
  var generation: Int32

  static func < (one: FleetTerm, other: FleetTerm) -> Bool {
    (one.era, one.generation) < (other.era, other.generation)
  }
}

extension FleetTerm: ByteCodable {
  func encode(into writer: inout ByteWriter) {
    writer.write(era)
    writer.write(Int64(generation))
  }

  init(from reader: inout ByteReader) throws(CodingError) {
    era = try reader.read()
    let start = reader.offset
    let number: Int64 = try reader.read()
    guard let generation = Int32(exactly: number) else { throw .invalid(offset: start) }
    self.generation = generation
  }
}

/// What was told of a stream, for whoever takes it over.
struct ToldStream {
  /// The greatest term.
  var term: FleetTerm
  /// What was kept last, by whoever had the stream then.
  private(set) var kept: KeptStream?

  /// Nothing kept yet.
  init(term: FleetTerm) { self.term = term }

  /// Takes the next report of the stream.
  mutating func take(_ report: StreamReport) {
    guard report.term >= term else { return }
    term = report.term
    kept = report.kept ?? kept
  }
}

/// Where a stream is read on, and what was counted of panes that are not complete.
struct KeptStream {
  /// The place, the clock, what waits, and the dead letters behind that.
  let source: SourceRecord
  /// How many chunks were read: what orders dead letters.
  let chunks: Int
  /// What was counted.
  let counts: CarriedCounts

  /// Where the stream is read on.
  var line: Int64 { Int64(source.position.lines) }
}

extension StreamReport: ByteCodable {
  func encode(into writer: inout ByteWriter) {
    writer.write(stream)
    writer.write(term)
    writer.write(fixed64: mark)
    writer.write(panes)
    writer.write(through)
    writer.write(isByClock)
    writer.write(latest)
    writer.write(heard)
    writer.write(isCut)
    writer.write(counts)
    writer.write(kept)
  }

  init(from reader: inout ByteReader) throws(CodingError) {
    stream = try reader.read()
    term = try reader.read()
    mark = try reader.readFixed64()
    panes = try reader.read()
    through = try reader.read()
    isByClock = try reader.read()
    latest = try reader.read()
    heard = try reader.read()
    isCut = try reader.read()
    counts = try reader.read()
    kept = try reader.read()
  }
}

extension KeptStream: ByteCodable {
  func encode(into writer: inout ByteWriter) {
    writer.write(source)
    writer.write(chunks)
    writer.write(counts)
  }

  init(from reader: inout ByteReader) throws(CodingError) {
    source = try reader.read()
    chunks = try reader.read()
    counts = try reader.read()
  }
}
