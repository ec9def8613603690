internal import Events
internal import Specification

/// The rows of a batch, with the kind and the time of each; no event costs an allocation.
///
/// Its 9 properties are the readers of an event's parts, and what they have read.
@safe
struct DecodedBatch: ~Copyable {
  private var decoder: EventDecoder
  private(set) var columns: EventColumns
  /// The members of wildcards in rows that others have decoded.
  private var othersMembers = WildcardMembers()
  private var timestamps: TimestampDecoder
  /// Reads the times of outcomes, where they stand elsewhere.
  private var outcomeTimestamps: TimestampDecoder?
  private let schema: PlannedSchema
  /// What stands in own columns: hashes in the place of people's data, versions put together.
  private var written: WrittenText
  /// The kind of each row, as `EventKind` codes.
  let kinds: UnsafeMutablePointer<UInt8>
  /// The time of each row, in nanoseconds since 1970.
  let times: UnsafeMutablePointer<Int64>

  /// Nothing decoded yet.
  ///
  /// - Parameters:
  ///   - schema: What is decoded.
  ///   - rowCapacity: The most rows of a batch.
  init(_ schema: PlannedSchema, rowCapacity: Int) {
    self.schema = schema
    decoder = EventDecoder(
      schema: schema.columns,
      limits: schema.limits,
      reading: schema.reading
    )
    columns = EventColumns(slotCount: schema.columns.slots.count, rowCapacity: rowCapacity)
    written = WrittenText(schema)
    timestamps = TimestampDecoder(schema.timeForm)
    outcomeTimestamps = schema.outcomeTime.map { TimestampDecoder($0.form) }
    unsafe kinds = .allocate(capacity: rowCapacity)
    unsafe times = .allocate(capacity: rowCapacity)
  }

  deinit {
    unsafe kinds.deallocate()
    unsafe times.deallocate()
  }

  /// The members of wildcards that the schema does not have, some of them twice.
  var discovered: [FieldPath] { decoder.discovered + othersMembers.discovered }

  /// How often a member of a wildcard came whose key is too long to be reported.
  var overlongMembers: Int { decoder.overlongMembers + othersMembers.overlong }

  /// Decodes the next rows of a chunk, as `EventCounter` has it.
  mutating func decode(
    _ chunk: UnsafeRawBufferPointer,
    from offset: Int,
    atStreamStart: Bool,
    decoded: [DecodedRows] = []
  ) -> Int {
    let next: Int
    if let rows = decoded.first(where: { $0.range.lowerBound == offset }) {
      columns.take(rows)
      othersMembers.add(rows.members)
      next = rows.range.upperBound
    } else {
      next = unsafe decoder.decode(
        chunk,
        from: offset,
        atStreamStart: atStreamStart,
        into: &columns
      )
    }
    for text in schema.textNumbers {
      unsafe columns.readNumbers(
        slot: text.slot,
        chunk,
        decimal: text.mark,
        perSecond: text.perSecond
      )
    }
    unsafe schema.classifier.classify(columns, chunk, into: kinds)
    unsafe timestamps.decode(
      columns.cells(schema.timeSlot),
      count: columns.rowCount,
      chunk: chunk,
      into: times
    )
    if schema.outcomeTime != nil { unsafe decodeOutcomeTimes(chunk) }
    unsafe written.fill(&columns, chunk)
    return next
  }

  /// Wanted values of events that the monitor takes and that JSON does not have, in order of their
  /// lines.
  var unusable: [UnusableValues] {
    var row = 0
    return columns.unusable.filter { values in
      // The row that the value is of: the last one that does not begin behind it.
      while row + 1 < columns.rowCount, unsafe columns.lineOffsets[row + 1] <= values.offset {
        row += 1
      }
      while row > 0, unsafe columns.lineOffsets[row] > values.offset { row -= 1 }
      return unsafe kinds[row] != EventKind.noneCode
    }
  }

  /// The bytes that the columns' cells refer to.
  ///
  /// - Parameter chunk: What was decoded.
  /// - Returns: The chunk; with own columns a copy of it with their values behind it.
  func text(of chunk: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    unsafe written.isEmpty ? chunk : written.bytes
  }

  /// Puts the times of outcomes in the place of what stands where predictions have theirs.
  private mutating func decodeOutcomeTimes(_ chunk: UnsafeRawBufferPointer) {
    guard let column = schema.outcomeTime, var decoder = outcomeTimestamps else { return }
    let rows = columns.rowCount
    let cells = unsafe columns.cells(column.slot)
    let (own, kinds) = unsafe (times, kinds)
    unsafe withUnsafeTemporaryAllocation(of: Int64.self, capacity: max(rows, 1)) { buffer in
      guard let decoded = buffer.baseAddress else { return }
      unsafe decoder.decode(cells, count: rows, chunk: chunk, into: decoded)
      for row in 0..<rows where unsafe kinds[row] == EventKind.outcome.rawValue {
        unsafe own[row] = decoded[row]
      }
    }
    outcomeTimestamps = decoder
  }

  /// Why a row's time cannot be counted; `nil` where it can.
  func refusal(ofTimeAt row: Int) -> Refusal? {
    let time = unsafe times[row]
    if StreamPosition.usableTimes.contains(time) { return nil }
    switch time {
    case Timestamp.missing: return .timeMissing
    case Timestamp.zoneless: return .timeWithoutZone
    case Timestamp.implausible: return .timeImplausible
    default: return .timeInvalid
    }
  }
}
