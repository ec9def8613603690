internal import Events
internal import Expressions
internal import Specification

/// Collects the columns that a monitor needs, each path and form once.
struct SchemaBuilder {
  private(set) var slots: [Schema.Slot] = []
  private let monitor: Monitor
  private var classifier = EventClassifier(mapped: [])
  private var outcomeTime: PlannedSchema.TimeColumn?
  /// The version, where it is put together.
  private var joined: PlannedSchema.JoinedColumn?

  /// Takes the time and what the kinds' conditions read.
  init(monitor: Monitor) {
    self.monitor = monitor
    slots = [Schema.Slot(path: monitor.prediction.time, form: .token)]
    var conditions: [(EventKind, EventPredicate?)] = [(.prediction, monitor.prediction.when)]
    if let outcome = monitor.outcome {
      conditions.append((.outcome, outcome.when))
      let slot = slot(outcome.time, .token)
      if slot != 0 || outcome.timeForm != monitor.prediction.timeForm {
        outcomeTime = .init(slot: slot, form: outcome.timeForm)
      }
    }
    // A kind without a condition takes what the others leave.
    conditions.sort { $0.1 != nil && $1.1 == nil }
    let mapped = conditions.map { kind, when in
      let read = (when?.fields ?? []).map { slot($0.path, $0.form) }
      return EventClassifier.Mapped(kind: kind, when: when, slots: read)
    }
    classifier = EventClassifier(mapped: mapped)
    joinVersion()
  }

  /// Takes the column of a version that is put together, and those of its parts.
  private mutating func joinVersion() {
    guard let path = monitor.prediction.version, let text = monitor.prediction.versionText else {
      return
    }
    var parts: [PlannedSchema.JoinedColumn.Part] = []
    for part in text.parts {
      switch part {
      case .field(let field): parts.append(.column(shown(field, .token)))
      case .text(let text): parts.append(.text(Array(text.utf8)))
      }
    }
    slots.append(Schema.Slot(path: path, form: .own))
    joined = PlannedSchema.JoinedColumn(slot: slots.count - 1, path: path, parts: parts)
  }

  /// The column of a path in a form.
  mutating func slot(_ path: FieldPath, _ form: Schema.Form) -> Int {
    if let joined, joined.path == path { return joined.slot }
    let wanted = Schema.Slot(path: path, form: form)
    if let index = slots.firstIndex(of: wanted) { return index }
    slots.append(wanted)
    return slots.count - 1
  }

  /// The column of a path for whatever may leave: of people's data it holds keyed hashes.
  mutating func shown(_ path: FieldPath, _ form: Schema.Form) -> Int {
    guard let pii = monitor.pii, pii.hides(path) else { return slot(path, form) }
    _ = slot(path, .token)
    return slot(path, .own)
  }

  /// The columns of texts that are read as numbers.
  private var textNumbers: [PlannedSchema.TextColumn] {
    let latency = monitor.prediction.latency
    return slots.enumerated().compactMap { index, slot in
      guard slot.form == .value, let mark = monitor.prediction.textNumbers.mark(of: slot.path)
      else { return nil }
      let scale = latency?.path == slot.path ? latency?.unit.perSecond : nil
      return PlannedSchema.TextColumn(slot: index, mark: mark, perSecond: scale)
    }
  }

  /// The columns so far, and the members of the monitor's wildcards.
  var schema: PlannedSchema {
    let wildcards = monitor.prediction.features.map(\.path).filter(\.isWildcard)
    return PlannedSchema(
      columns: Schema(slots: slots, wildcards: wildcards),
      limits: DecodingLimits(
        lineBytes: monitor.limits.lineBytes,
        nesting: monitor.limits.nesting
      ),
      timeSlot: 0,
      timeForm: monitor.prediction.timeForm,
      outcomeTime: outcomeTime,
      classifier: classifier,
      key: monitor.pii?.key,
      reading: monitor.isStrict ? .strict : .lenient,
      textNumbers: textNumbers,
      joined: joined
    )
  }
}

/// What a batch is decoded to.
///
/// Its 10 properties are what the monitor says of how its events are read.
struct PlannedSchema: Sendable {
  /// A column of times.
  struct TimeColumn: Sendable {
    let slot: Int
    let form: TimeForm
  }

  /// A column of texts that are read as numbers.
  struct TextColumn: Sendable {
    let slot: Int
    let mark: DecimalMark
    /// How many of its unit make a second, where the texts are durations that may say their own.
    let perSecond: Double?
  }

  /// A column of texts that are put together.
  struct JoinedColumn: Sendable {
    /// A piece of the text.
    enum Part: Sendable {
      /// The value in a column.
      case column(Int)
      /// A text as it is.
      case text([UInt8])
    }

    let slot: Int
    /// What the monitor calls it.
    let path: FieldPath
    let parts: [Part]
  }

  let columns: Schema
  /// The longest lines and deepest nesting, as the monitor sets them.
  let limits: DecodingLimits
  /// The column of the event time.
  let timeSlot: Int
  /// How event times are written.
  let timeForm: TimeForm
  /// The time of outcomes, where it stands elsewhere.
  let outcomeTime: TimeColumn?
  /// What tells the kinds of events.
  let classifier: EventClassifier
  /// What the values of own columns are hashed with; `nil` where there are none.
  let key: KeyedHash?
  /// How lines are read.
  let reading: JSONReading
  /// The columns of texts that are read as numbers.
  let textNumbers: [TextColumn]
  /// The column of the version, where it is put together.
  let joined: JoinedColumn?
}
