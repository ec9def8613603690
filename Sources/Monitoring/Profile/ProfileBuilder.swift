public import Events
internal import Expressions
internal import Records
public import Specification

/// Builds a profile from a stream of events.
///
/// Members of wildcards are found as they come: a batch that shows a new one is decoded again with
/// it; the events before it count as missing. One thread, one pass.
///
/// Its 10 properties are the steps of a batch: what it is decoded by, what it is counted in.
public struct ProfileBuilder: EventCounter, ~Copyable {
  private let monitor: Monitor
  private var batch: DecodedBatch
  private var slots: SchemaBuilder
  private var fields: [Field] = []
  private var derived = DerivedTallies()
  private var counted: CountedEvents
  private var rows = BatchRows()
  private var members = WildcardMembers()
  private var labelled = LabelledPredictions()
  /// Events that are not counted yet, where repeats are dropped.
  private var held = HeldEvents()

  /// A field that may become a signal.
  private struct Field {
    /// Its column.
    let slot: Int
    var tally: FieldTally
  }

  /// What becomes of the rows of a batch.
  private struct BatchRows {
    /// Lines that could not be used.
    var refused: [RefusedLine] = []
    /// How many events the monitor does not take.
    var ignored = 0
    /// How many outcomes were taken in.
    var outcomes = 0
    /// The rows that are counted.
    var placed: [Int] = []
    /// When each of them is due, where repeats are dropped.
    var dues: [Int64] = []
    /// Whether they were held, and are no repeats.
    var areReleased = false
  }

  /// The members of wildcards that are no signals.
  private struct WildcardMembers {
    /// Those that no longer fit under the limit of signals.
    var leftOut: [FieldPath] = []
    /// Those that are called as a signal of the model's own.
    var reserved: [FieldPath] = []
    /// How many are left out because their keys are too long.
    var overlong = 0
  }

  /// Predictions counted so far.
  public var events: Int { counted.events }
  /// Predictions whose combination of segment values came when there were too many already: they
  /// are counted in the whole and in no segment.
  public var unsegmentedEvents: Int { counted.unsegmented }
  /// Lines of the last batch that could not be used.
  public var refused: [RefusedLine] { rows.refused }
  /// Events of the last batch that the monitor does not take.
  public var ignored: Int { rows.ignored }
  /// Outcomes of the last batch that are taken in.
  public var outcomes: Int { rows.outcomes }
  /// Rows of batches that the last batch passed over.
  public var passedRows: PassedRows { batch.columns.passedRows }
  /// Lines that the last batch saw.
  public var linesSeen: Int { batch.columns.linesSeen }
  /// Wanted values of the last batch that JSON does not have.
  public var unusable: [UnusableValues] { batch.unusable }
  /// Fields that a wildcard names and that no longer fit under the limit of signals.
  public var leftOut: [FieldPath] { members.leftOut }

  /// Values of segments that were too long for a name, as ``Shard/shortenedValues``.
  public var shortenedValues: Int { counted.shortenedValues }
  /// The members of wildcards that are left out because their keys are too long.
  public var overlongMembers: Int { members.overlong }

  /// Fields that a wildcard names and that are called as a signal of the model's own: they are
  /// left out.
  public var reservedFields: [FieldPath] { members.reserved }

  /// How many combinations of segment values are told apart; the rest is `__other__`.
  static let groupLimit = 4096

  /// A builder for the signals that a monitor names.
  public init(_ monitor: Monitor) {
    self.monitor = monitor
    slots = SchemaBuilder(monitor: monitor)
    batch = DecodedBatch(slots.schema, rowCapacity: 1)
    let mapping = monitor.prediction
    counted = CountedEvents(of: mapping.segments, &slots)
    for feature in mapping.features where !feature.path.isWildcard {
      add(FieldTally(name: feature.path.description, feature, path: feature.path, missing: 0))
    }
    derived.read(RequestNumbers(monitor, &slots))
    for signal in DerivedSignals(monitor).all { derived.add(signal, &slots) }
    addWildcardMembersInUse()
    if let score = mapping.score {
      add(FieldTally(name: scoreName, path: score, type: .number, missing: 0))
    }
    if let decision = mapping.decision {
      add(FieldTally(name: decisionName, path: decision, type: .category, missing: 0))
    }
    // What baselines decide is of no use to a reference.
    var unused = DerivedColumns()
    labelled.plan = OutcomePlan(monitor, &slots, &unused)
    labelled.identity = IdentityPlan(monitor, &slots)
    restart()
  }

  /// Decodes the next rows of a chunk, again with each new member of a wildcard.
  public mutating func decode(
    _ chunk: UnsafeRawBufferPointer,
    from offset: Int,
    atStreamStart: Bool,
    decoded: [DecodedRows]
  ) -> Int {
    var next = 0
    var overlong = 0
    repeat {
      overlong = batch.overlongMembers
      next = unsafe batch.decode(
        chunk,
        from: offset,
        atStreamStart: atStreamStart,
        decoded: decoded
      )
      overlong = batch.overlongMembers - overlong
    } while addDiscovered()
    members.overlong += overlong
    rows.refused = batch.columns.refused
    return next
  }

  /// Takes every event that has a time, in any order.
  public mutating func place(
    after position: inout StreamPosition,
    in chunk: UnsafeRawBufferPointer,
    at origin: ChunkOrigin
  ) {
    rows.placed.removeAll(keepingCapacity: true)
    rows.dues.removeAll(keepingCapacity: true)
    let dropsRepeats = monitor.prediction.duplicates?.drops == true
    let rules = ClockRules(ofReference: monitor)
    rows.ignored = 0
    rows.outcomes = 0
    let decoded = rows.refused.count
    let chunk = unsafe batch.text(of: chunk)
    for row in 0..<batch.columns.rowCount {
      if unsafe batch.kinds[row] != EventKind.prediction.rawValue {
        unsafe placeOther(row, chunk)
      } else if let reason = batch.refusal(ofTimeAt: row) {
        rows.refused.append(batch.columns.refusing(reason, row: row))
      } else {
        rows.placed.append(row)
        let time = unsafe batch.times[row]
        if dropsRepeats { rows.dues.append(position.takeUnordered(time, rules)) }
      }
    }
    if rows.refused.count > decoded { rows.refused.sort { $0.line < $1.line } }
    position.lines = origin.nextLine ?? position.lines + linesSeen
    position.events += rows.placed.count
  }

  /// Takes in an outcome; anything else is ignored.
  private mutating func placeOther(_ row: Int, _ chunk: UnsafeRawBufferPointer) {
    guard let plan = labelled.plan, unsafe batch.kinds[row] == EventKind.outcome.rawValue else {
      rows.ignored += 1
      return
    }
    if let reason = batch.refusal(ofTimeAt: row) {
      rows.refused.append(batch.columns.refusing(reason, row: row))
      return
    }
    let chunk = unsafe batch.text(of: chunk)
    switch unsafe plan.read(at: row, batch.times[row], batch.columns, chunk) {
    case .joinable(let outcome):
      rows.outcomes += 1
      labelled.insert(outcome)
    case .refused(let reason): rows.refused.append(batch.columns.refusing(reason, row: row))
    }
  }

  /// Counts the rows that `place` kept.
  public mutating func count(_ chunk: UnsafeRawBufferPointer) {
    guard !rows.placed.isEmpty else { return }
    let chunk = unsafe batch.text(of: chunk)
    if monitor.prediction.duplicates?.drops == true, !rows.areReleased { unsafe hold(chunk) }
    unsafe derived.evaluate(batch, chunk)
    for row in rows.placed { unsafe count(row: row, at: batch.times[row], chunk) }
  }

  // MARK: Repeats

  /// Holds those of the placed rows that have an id; the others are left to be counted.
  private mutating func hold(_ text: UnsafeRawBufferPointer) {
    guard let identity = labelled.identity else { return }
    var rest: [Int] = []
    for (row, due) in zip(rows.placed, rows.dues) {
      let event = unsafe batch.held(row, identity, (due: due, pane: 0), text, nil)
      if let event { held.append(event) } else { rest.append(row) }
    }
    rows.placed = rest
  }

  /// Hands over the events that are held and due.
  public mutating func takeHeld(before time: Int64?) -> [HeldEvent] { held.take(before: time) }

  /// Counts events that were held and are no repeats.
  public mutating func count(_ events: [HeldEvent]) {
    guard !events.isEmpty else { return }
    rows.areReleased = true
    defer { rows.areReleased = false }
    unsafe withChunk(of: events.map(\.bytes)) { chunk in
      var offset = 0
      while offset < chunk.count {
        offset = unsafe decode(chunk, from: offset, atStreamStart: true)
        rows.placed = Array(0..<batch.columns.rowCount)
        unsafe count(chunk)
      }
    }
  }

  /// The bytes of the lines that are held.
  public var heldBytes: Int { held.bytes }

  /// The time of the first event that the last `place` accepted, in nanoseconds since 1970.
  public var firstAcceptedTime: Int64? { rows.placed.first.map { unsafe batch.times[$0] } }

  private mutating func count(row: Int, at time: Int64, _ chunk: UnsafeRawBufferPointer) {
    let group = unsafe counted.insert(row, at: time, batch.columns, chunk)
    if let plan = labelled.plan, let identity = labelled.identity,
      var prediction = unsafe identity.prediction(at: row, time, Int32(group), batch.columns, chunk)
    {
      unsafe plan.complete(&prediction, at: row, batch.columns, chunk)
      let payload = plan.kinds?.scores?.kept(at: row, batch.columns)
      labelled.insert(prediction, payload: payload)
    }
    for index in fields.indices {
      let cell = batch.columns.cell(slot: fields[index].slot, row: row)
      unsafe fields[index].tally.insert(cell, group: group, chunk: chunk)
    }
    unsafe derived.insert(row: row, group: group, batch.columns, chunk)
  }

  // MARK: Fields

  private mutating func add(_ tally: FieldTally) {
    let form: Schema.Form =
      tally.type == .category || tally.type == .boolean ? .token : .value
    fields.append(Field(slot: slots.shown(tally.path, form), tally: tally))
  }

  /// Takes in the members of wildcards that the monitor also uses as segments or in expressions:
  /// the decoder reports only members that nobody asked for.
  private mutating func addWildcardMembersInUse() {
    let mapping = monitor.prediction
    let expressions = (mapping.when?.fields ?? []) + derived.columns.fields
    let used = mapping.segments + expressions.map(\.path)
    for path in used
    where !fields.contains(where: { $0.tally.path == path }) && !isReserved(path.description) {
      let selector = mapping.features.first { $0.path.isWildcard && $0.path.contains(path) }
      if let selector {
        add(FieldTally(name: path.description, selector, path: path, missing: 0))
      }
    }
  }

  /// Takes in the members of wildcards that the last batch showed; whether there were any.
  private mutating func addDiscovered() -> Bool {
    var isExtended = false
    let known = Set(fields.map(\.tally.path))
    for path in batch.discovered where !known.contains(path) && !leftOut.contains(path) {
      guard !isReserved(path.description) else {
        if !members.reserved.contains(path) { members.reserved.append(path) }
        continue
      }
      guard fields.count < monitor.limits.signals else {
        members.leftOut.append(path)
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
    let (segments, membership) = counted.segments(limit: monitor.limits.segmentValues)
    let signals = fields.map(\.tally).sorted(by: FieldTally.standsBefore).compactMap {
      $0.profile(membership: membership, categoryLimit: monitor.limits.categories)
    }
    let derived = derived.tallies.compactMap {
      $0.profile(membership: membership, categoryLimit: 1)
    }
    guard !signals.isEmpty || !derived.isEmpty else { throw .noSignals }
    let quality = monitor.quality.flatMap {
      ReferenceQuality(labelled, $0, membership: membership)
    }
    return Profile(
      model: monitor.model,
      start: counted.times.first,
      end: counted.times.last,
      events: events,
      segments: segments,
      signals: signals + derived,
      table: nil,
      quality: quality,
      keyCheck: monitor.pii?.key.check ?? []
    )
  }

  /// The signals without a value of their type: they are not in the profile.
  public var emptySignals: [String] {
    (fields.map(\.tally) + derived.tallies).filter {
      $0.profile(membership: [], categoryLimit: 1) == nil
    }.map(
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
