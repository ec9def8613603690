public import Events
internal import Expressions
internal import Sketches
public import Specification

/// Counts a reference by combination of segment values and by hour of the week, on the grids that
/// a first pass over the same events has made.
///
/// - **Memory**: the counts of at most 16 hours as arrays, the others encoded.
public struct ReferenceTableBuilder: EventCounter, ~Copyable {
  private let profile: Profile
  private let isSeasonal: Bool
  /// The zone of the hours of the week; `nil` for UTC.
  private let zone: CivilZone?
  private var shard: Shard
  private var rows: [[GroupKey: [UInt8]]]

  /// A builder for the reference that a monitor asks for.
  ///
  /// - Parameters:
  ///   - monitor: The monitor with which the profile was made.
  ///   - profile: What the first pass found.
  /// - Throws: `PlanError` when the two do not go together.
  public init(_ monitor: Monitor, _ profile: Profile) throws(PlanError) {
    self.profile = profile
    zone = monitor.zone
    isSeasonal = monitor.reference.isSeasonal
    var counting = monitor
    counting.rules = []
    counting.reference = ReferenceSpecification()
    counting.prediction.duplicates?.version = monitor.prediction.version
    counting.prediction.version = nil
    let hour = TimeSpan.hours(1)
    // Outcomes are told from predictions, and left.
    counting.quality = nil
    counting.windows = [
      WindowSpecification(name: "hour", kind: .sliding(size: hour, slide: hour))
    ]
    shard = Shard(try Plan(monitor: counting, profile: profile, wantsMetrics: false))
    rows = Array(repeating: [:], count: isSeasonal ? HourOfWeek.count : 1)
  }

  /// Decodes the next rows of a chunk.
  public mutating func decode(
    _ chunk: UnsafeRawBufferPointer,
    from offset: Int,
    atStreamStart: Bool,
    decoded: [DecodedRows]
  ) -> Int {
    unsafe shard.decode(chunk, from: offset, atStreamStart: atStreamStart, decoded: decoded)
  }

  /// Takes every event that has a time, in any order, each for its hour of the week.
  public mutating func place(
    after position: inout StreamPosition,
    in chunk: UnsafeRawBufferPointer,
    at origin: ChunkOrigin
  ) {
    shard.placeByHour(isSeasonal: isSeasonal, in: zone, after: &position)
    position.lines = origin.nextLine ?? position.lines + shard.linesSeen
    position.events += shard.placed.count
  }

  /// Counts the rows that `place` kept.
  public mutating func count(_ chunk: UnsafeRawBufferPointer) {
    unsafe shard.count(chunk)
    if shard.hasManyPanes { collect() }
  }

  /// Hands over the events that are held and due.
  public mutating func takeHeld(before time: Int64?) -> [HeldEvent] { shard.takeHeld(before: time) }

  /// Counts events that were held and are no repeats.
  public mutating func count(_ events: [HeldEvent]) {
    shard.count(events)
    if shard.hasManyPanes { collect() }
  }

  /// The bytes of the lines that are held.
  public var heldBytes: Int { shard.heldBytes }
  /// Rows of batches that the last `decode` passed over.
  public var passedRows: PassedRows { shard.passedRows }
  /// The lines that the last `decode` saw.
  public var linesSeen: Int { shard.linesSeen }
  /// Lines of the batch that cannot be used, in order of their lines.
  public var refused: [RefusedLine] { shard.refused }
  /// Wanted values of the batch that JSON does not have, in order of their lines.
  public var unusable: [UnusableValues] { shard.unusable }
  /// Events of the batch that the monitor does not take.
  public var ignored: Int { shard.ignored }
  /// The time of the first event that the last `place` accepted, in nanoseconds since 1970.
  public var firstAcceptedTime: Int64? { shard.firstAcceptedTime }
  /// Values of segments that were too long for a name, so far.
  public var shortenedValues: Int { shard.shortenedValues }
  /// Members of wildcards that are not watched because their keys are too long, so far.
  public var overlongMembers: Int { shard.overlongMembers }

  /// The profile with its table.
  ///
  /// - Returns: `nil` when other events were counted than by the first pass.
  public mutating func finish() -> Profile? {
    collect()
    var hours: [CountedHour] = []
    for (hour, groups) in rows.enumerated() where !groups.isEmpty {
      let sorted = groups.sorted { $0.key < $1.key }
      hours.append(CountedHour(hour: hour, keys: sorted.map(\.key), sums: sorted.map(\.value)))
    }
    let table = ReferenceTable(
      isSeasonal: isSeasonal,
      zone: isSeasonal ? zone?.name : nil,
      hours: hours,
      width: profile.tableWidth
    )
    guard table.events == profile.events else { return nil }
    var profile = profile
    profile.table = table
    return profile
  }

  /// Adds what the shard has counted to the rows.
  private mutating func collect() {
    for pane in shard.takePanes(through: nil) {
      for (key, group) in zip(pane.keys, pane.groups) {
        var row = [group.sums.counts[0]]
        for signal in profile.signals {
          guard let index = shard.plan.signalIndices[signal.name],
            shard.plan.signals[index].bins.count == signal.counts.count
          else {
            row += [UInt64](repeating: 0, count: signal.counts.count)
            continue
          }
          row += group.sums.counts[shard.plan.signals[index].bins]
        }
        if let bytes = rows[pane.index][key] {
          var reader = ByteReader(bytes)
          let before = (try? reader.readCounts(row.count)) ?? []
          for (index, count) in before.enumerated() { row[index] += count }
        }
        var writer = ByteWriter()
        writer.write(counts: row)
        rows[pane.index][key] = writer.bytes
      }
    }
  }
}

extension Shard {
  /// Takes every event of the batch that has a time, each for its hour of the week.
  ///
  /// A reference is counted in any order: nothing is late and nothing far ahead.
  mutating func placeByHour(
    isSeasonal: Bool,
    in zone: CivilZone?,
    after position: inout StreamPosition
  ) {
    placed.count = 0
    placed.ignored = 0
    placed.dues.removeAll(keepingCapacity: true)
    let rules = ClockRules(ofReference: plan.monitor)
    for row in 0..<batch.columns.rowCount {
      guard unsafe batch.kinds[row] == EventKind.prediction.rawValue else {
        placed.ignored += 1
        continue
      }
      guard batch.refusal(ofTimeAt: row) == nil else { continue }
      let time = unsafe batch.times[row]
      unsafe scratch.rows[placed.count] = UInt32(truncatingIfNeeded: row)
      unsafe scratch.panes[placed.count] =
        isSeasonal ? HourOfWeek.slot(of: HourOfWeek.hour(of: time), in: zone) : 0
      placed.count += 1
      if plan.dropsRepeats { placed.dues.append(position.takeUnordered(time, rules)) }
    }
    placed.isContiguous = placed.count == batch.columns.rowCount
    placed.isOnePane = true
    for index in 0..<placed.count where unsafe scratch.panes[index] != scratch.panes[0] {
      placed.isOnePane = false
    }
  }
}
