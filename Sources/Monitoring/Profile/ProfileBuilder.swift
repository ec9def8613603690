public import Events
internal import Expressions
internal import Records
public import Specification

/// Builds a profile from a stream of events.
///
/// Members of wildcards are found as they come: a batch that shows a new one is decoded again with
/// it; the events before it count as missing. One thread, one pass.
public struct ProfileBuilder: EventCounter, ~Copyable {
  private let monitor: Monitor
  private var batch: DecodedBatch
  private var slots: SchemaBuilder
  private var segmentSlots: [Int]
  private var tallies: [FieldTally] = []
  private var tallySlots: [Int] = []
  private var derived = DerivedColumns()
  private var derivedTallies: [FieldTally] = []
  /// For each derived tally the number that it counts.
  private var derivedNumbers: [Int] = []
  /// The cells of the derived numbers of a batch, one column after the other.
  private var derivedCells: [UInt64] = []
  private var groups: [GroupKey: Int] = [:]
  private var groupKeys: [GroupKey] = []
  private var groupEvents: [Int] = []
  private var times = EventTimes()
  /// Where outcomes stand; `nil` where the monitor reads none.
  private var outcomePlan: OutcomePlan?
  private var labelled = LabelledPredictions()
  /// Outcomes of the last batch that are taken in.
  public private(set) var outcomes = 0

  /// Predictions counted so far.
  public private(set) var events = 0
  /// Predictions whose combination of segment values came when there were too many already: they
  /// are counted in the whole and in no segment.
  public private(set) var unsegmentedEvents = 0
  /// Lines of the last batch that could not be used.
  public private(set) var refused: [RefusedLine] = []
  /// Events of the last batch that the monitor does not take.
  public private(set) var ignored = 0
  /// The rows of the batch that are counted.
  private var placed: [Int] = []
  /// Lines that the last batch saw.
  public var linesSeen: Int { batch.columns.linesSeen }
  /// Fields that a wildcard names and that no longer fit under the limit of signals.
  public private(set) var leftOut: [FieldPath] = []

  /// Values of segments that were too long for a name, as ``Shard/shortenedValues``.
  public private(set) var shortenedValues = 0
  /// The members of wildcards that are left out because their keys are too long.
  public private(set) var overlongMembers = 0

  /// Fields that a wildcard names and that are called as a signal of the model's own: they are
  /// left out.
  public private(set) var reservedFields: [FieldPath] = []

  /// How many combinations of segment values are told apart; the rest is `__other__`.
  static let groupLimit = 4096

  /// A builder for the signals that a monitor names.
  public init(_ monitor: Monitor) {
    self.monitor = monitor
    slots = SchemaBuilder(monitor: monitor)
    segmentSlots = []
    batch = DecodedBatch(slots.schema, rowCapacity: 1)
    let mapping = monitor.prediction
    for path in mapping.segments { segmentSlots.append(slots.slot(path, .token)) }
    for feature in mapping.features where !feature.path.isWildcard {
      add(FieldTally(name: feature.path.description, feature, path: feature.path, missing: 0))
    }
    for signal in DerivedSignals(monitor).all {
      derivedNumbers.append(derived.index(of: signal.number, &slots))
      derivedTallies.append(
        FieldTally(
          name: signal.name,
          path: FieldPath([signal.name]),
          type: .number,
          missing: 0
        )
      )
    }
    addWildcardMembersInUse()
    if let score = mapping.score {
      add(FieldTally(name: scoreName, path: score, type: .number, missing: 0))
    }
    if let decision = mapping.decision {
      add(FieldTally(name: decisionName, path: decision, type: .category, missing: 0))
    }
    outcomePlan = OutcomePlan(monitor, &slots)
    restart()
  }

  /// Decodes the next rows of a chunk, again with each new member of a wildcard.
  public mutating func decode(
    _ chunk: UnsafeRawBufferPointer,
    from offset: Int,
    atStreamStart: Bool
  ) -> Int {
    var next = 0
    var overlong = 0
    repeat {
      overlong = batch.decoder.overlongMembers
      next = unsafe batch.decode(chunk, from: offset, atStreamStart: atStreamStart)
      overlong = batch.decoder.overlongMembers - overlong
    } while addDiscovered()
    overlongMembers += overlong
    refused = batch.columns.refused
    return next
  }

  /// Takes every event that has a time, in any order.
  public mutating func place(
    after position: inout StreamPosition,
    in chunk: UnsafeRawBufferPointer,
    at origin: ChunkOrigin
  ) {
    placed.removeAll(keepingCapacity: true)
    ignored = 0
    outcomes = 0
    let decoded = refused.count
    for row in 0..<batch.columns.rowCount {
      if unsafe batch.kinds[row] != EventKind.prediction.rawValue {
        unsafe placeOther(row, chunk)
      } else if let reason = batch.refusal(ofTimeAt: row) {
        refused.append(batch.columns.refusing(reason, row: row))
      } else {
        placed.append(row)
      }
    }
    if refused.count > decoded { refused.sort { $0.line < $1.line } }
    position.lines += linesSeen
    position.events += placed.count
  }

  /// Takes in an outcome; anything else is ignored.
  private mutating func placeOther(_ row: Int, _ chunk: UnsafeRawBufferPointer) {
    guard let plan = outcomePlan, unsafe batch.kinds[row] == EventKind.outcome.rawValue else {
      ignored += 1
      return
    }
    let reason =
      unsafe batch.refusal(ofTimeAt: row)
      ?? plan.refusal(ofOutcomeAt: row, batch.columns, chunk)
    if let reason {
      refused.append(batch.columns.refusing(reason, row: row))
    } else if let outcome = unsafe plan.outcome(at: row, batch.times[row], batch.columns, chunk) {
      outcomes += 1
      labelled.insert(outcome)
    }
  }

  /// Counts the rows that `place` kept.
  public mutating func count(_ chunk: UnsafeRawBufferPointer) {
    guard !placed.isEmpty else { return }
    unsafe derive(chunk)
    for row in placed { unsafe count(row: row, at: batch.times[row], chunk) }
  }

  /// The time of the first event that the last `place` accepted, in nanoseconds since 1970.
  public var firstAcceptedTime: Int64? { placed.first.map { unsafe batch.times[$0] } }

  private mutating func count(row: Int, at time: Int64, _ chunk: UnsafeRawBufferPointer) {
    times.insert(time)
    events += 1
    let group = unsafe group(of: row, chunk)
    groupEvents[group] += 1
    if let prediction = unsafe outcomePlan?.prediction(
      at: row,
      time,
      Int32(group),
      batch.columns,
      chunk
    ) {
      labelled.insert(prediction)
    }
    for index in tallies.indices {
      let cell = batch.columns.cell(slot: tallySlots[index], row: row)
      unsafe tallies[index].insert(cell, group: group, chunk: chunk)
    }
    for index in derivedTallies.indices {
      let cell = Cell(bits: derivedCells[derivedNumbers[index] * batch.columns.rowCount + row])
      unsafe derivedTallies[index].insert(cell, group: group, chunk: chunk)
    }
  }

  /// Works the derived numbers out for the batch.
  private mutating func derive(_ chunk: UnsafeRawBufferPointer) {
    let rows = batch.columns.rowCount
    derivedCells = [UInt64](repeating: Cell.missing.bits, count: rows * derived.count)
    unsafe derivedCells.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      for index in 0..<derived.count {
        unsafe derived.evaluate(index, batch.columns, chunk, into: base + index * rows)
      }
    }
  }

  private mutating func group(of row: Int, _ chunk: UnsafeRawBufferPointer) -> Int {
    let values = segmentSlots.map { slot in
      let cell = batch.columns.cell(slot: slot, row: row)
      guard let bytes = unsafe canonicalBytes(of: cell, in: chunk) else {
        return DimensionValue.absent
      }
      let short = DimensionValue.shortened(bytes)
      if short != nil { shortenedValues += 1 }
      return .value(short ?? bytes)
    }
    var key = GroupKey(values: values)
    if groups[key] == nil, groups.count >= Self.groupLimit {
      key = GroupKey(values: values.map { _ in .other })
      unsegmentedEvents += 1
    }
    if let group = groups[key] { return group }
    groups[key] = groupKeys.count
    groupKeys.append(key)
    groupEvents.append(0)
    return groupKeys.count - 1
  }

  // MARK: Fields

  private mutating func add(_ tally: FieldTally) {
    let form: Schema.Form =
      tally.type == .category || tally.type == .boolean ? .token : .value
    tallies.append(tally)
    tallySlots.append(slots.slot(tally.path, form))
  }

  /// Takes in the members of wildcards that the monitor also uses as segments or in expressions:
  /// the decoder reports only members that nobody asked for.
  private mutating func addWildcardMembersInUse() {
    let mapping = monitor.prediction
    let expressions = (mapping.when?.fields ?? []) + derived.numbers.flatMap(\.fields)
    let used = mapping.segments + expressions.map(\.path)
    for path in used
    where !tallies.contains(where: { $0.path == path }) && !isReserved(path.description) {
      let selector = mapping.features.first { $0.path.isWildcard && $0.path.contains(path) }
      if let selector {
        add(FieldTally(name: path.description, selector, path: path, missing: 0))
      }
    }
  }

  /// Takes in the members of wildcards that the last batch showed; whether there were any.
  private mutating func addDiscovered() -> Bool {
    var isExtended = false
    let known = Set(tallies.map(\.path))
    for path in batch.decoder.discovered where !known.contains(path) && !leftOut.contains(path) {
      guard !isReserved(path.description) else {
        if !reservedFields.contains(path) { reservedFields.append(path) }
        continue
      }
      guard tallies.count < monitor.limits.signals else {
        leftOut.append(path)
        continue
      }
      let selector = monitor.prediction.features.first {
        $0.path.isWildcard && $0.path.contains(path)
      }
      guard let selector else { continue }
      add(FieldTally(name: path.description, selector, path: path, missing: events))
      isExtended = true
    }
    if isExtended { restart() }
    return isExtended
  }

  private mutating func restart() {
    batch = DecodedBatch(slots.schema, rowCapacity: EventColumns.defaultRowCapacity)
  }

  // MARK: The end

  /// The profile of what was counted.
  ///
  /// - Throws: `ProfileError.noEvents` or `.noSignals`.
  public func finish() throws(ProfileError) -> Profile {
    guard events > 0 else { throw .noEvents }
    var segments: [SegmentProfile] = []
    var membership: [[[Int]]] = []
    for (index, path) in monitor.prediction.segments.enumerated() {
      var byValue: [[UInt8]: [Int]] = [:]
      for (group, key) in groupKeys.enumerated() {
        if case .value(let bytes) = key.values[index] { byValue[bytes, default: []].append(group) }
      }
      let counts = byValue.mapValues { $0.reduce(0) { $0 + groupEvents[$1] } }
      let largest = counts.sorted { left, right in
        if left.value != right.value { return left.value > right.value }
        return left.key.lexicographicallyPrecedes(right.key)
      }
      let kept = largest.prefix(monitor.limits.segmentValues).map(\.key)
        .sorted { $0.lexicographicallyPrecedes($1) }
      segments.append(
        SegmentProfile(
          path: path,
          values: kept,
          events: kept.map { counts[$0] ?? 0 },
          isTruncated: largest.count > kept.count
        )
      )
      membership.append(kept.map { byValue[$0] ?? [] })
    }
    let signals = tallies.sorted(by: FieldTally.standsBefore).compactMap {
      $0.profile(membership: membership, categoryLimit: monitor.limits.categories)
    }
    let derived = derivedTallies.compactMap { $0.profile(membership: membership, categoryLimit: 1) }
    guard !signals.isEmpty || !derived.isEmpty else { throw .noSignals }
    let quality = monitor.quality.flatMap {
      ReferenceQuality(labelled, $0, membership: membership)
    }
    return Profile(
      model: monitor.model,
      start: times.first,
      end: times.last,
      events: events,
      segments: segments,
      signals: signals + derived,
      table: nil,
      quality: quality
    )
  }

  /// The signals without a value of their type: they are not in the profile.
  public var emptySignals: [String] {
    (tallies + derivedTallies).filter { $0.profile(membership: [], categoryLimit: 1) == nil }.map(
      \.name
    )
  }
}

extension FieldTally {
  init(name: String, _ selector: FeatureSelector, path: FieldPath, missing: Int) {
    self.init(name: name, path: path, type: selector.type, missing: missing)
  }

  /// Features by path, then the score, then the decision.
  static func standsBefore(_ left: FieldTally, _ right: FieldTally) -> Bool {
    let order = { (name: String) in name == decisionName ? 2 : name == scoreName ? 1 : 0 }
    if order(left.name) != order(right.name) { return order(left.name) < order(right.name) }
    return left.path < right.path
  }
}
