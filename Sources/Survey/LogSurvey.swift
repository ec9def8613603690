internal import Events
internal import Records

/// Looks at the first lines of a log and writes a starter monitor from them.
///
/// It keeps the lines that it is given, up to its limits, and answers from nothing else: the same
/// lines give the same monitor.
public struct LogSurvey: Sendable {
  /// How much is looked at.
  public let limits: SurveyLimits
  /// The lines so far, blank ones left out.
  public private(set) var lines = 0
  private var bytes = 0
  private var kept: [[UInt8]] = []

  /// A survey that has seen nothing.
  public init(limits: SurveyLimits = SurveyLimits()) { self.limits = limits }

  /// Whether a limit is reached and further lines are not looked at.
  public var isFull: Bool { lines >= limits.lines || bytes >= limits.bytes }

  /// Looks at a line, without its newline.
  public mutating func add(_ line: some Collection<UInt8>) {
    guard !isFull, !line.allSatisfy({ [0x20, 0x09, 0x0D].contains($0) }) else { return }
    let content =
      lines == 0 && line.starts(with: [0xEF, 0xBB, 0xBF]) ? line.dropFirst(3) : line[...]
    lines += 1
    bytes += line.count
    kept.append(Array(content))
  }

  /// What the caller knows of the log.
  public struct Context: Sendable {
    /// The model's name; `nil` leaves it to the log, then to the source's name.
    public var model: String?
    /// The kind of events to watch; `nil` leaves it to the log.
    public var kind: String?
    /// The log's name, for words.
    public var source: String
    /// The profile that the monitor names.
    public var profile: String

    /// A context.
    public init(model: String? = nil, kind: String? = nil, source: String, profile: String) {
      self.model = model
      self.kind = kind
      self.source = source
      self.profile = profile
    }
  }

  /// Writes a monitor from what was seen.
  ///
  /// - Parameter context: What the caller knows.
  /// - Returns: The file's text and what to warn of.
  /// - Throws: ``SurveyError`` when there is nothing to watch.
  public func starter(_ context: Context) throws(SurveyError) -> StarterMonitor {
    let findings = try findings(context)
    return StarterMonitor(findings, context)
  }

  /// The lines that hold no event.
  var refused: Int { taken().refused }

  /// The events of the lines, and how they stand in them.
  private func taken() -> (
    events: [(line: Int, value: JSONValue)], refused: Int, shape: EventShape
  ) {
    var events: [(line: Int, value: JSONValue)] = []
    let found = LogShape(kept, limits)
    if let taken = found.events {
      events = taken.enumerated().map { ($0.offset + 1, $0.element) }
      let single = found.shape.batches.isEmpty ? lines - events.count : 0
      return (events, single, found.shape)
    }
    for (index, line) in kept.enumerated() {
      if let value = JSONValue(line[...], reading: .lenient), value.isObject {
        events.append((index + 1, value))
      }
    }
    return (events, lines - events.count, found.shape)
  }

  func findings(_ context: Context) throws(SurveyError) -> SurveyFindings {
    let (events, refused, shape) = taken()
    guard !events.isEmpty else { throw .noEvents(lines: lines) }
    var shapes = ValueShapes(limits)
    for event in events { shapes.add(event.value) }
    let all = FieldTable(events, shapes, limits)
    var watched = events
    var table = all
    let kind = EventKind(events, all, wanted: context.kind)
    if let kind {
      watched = events.filter { text($0.value, kind.path) == kind.value }
      // Arrays of the other kinds do not blur what these look like.
      shapes = ValueShapes(limits)
      for event in watched { shapes.add(event.value) }
      table = FieldTable(watched, shapes, limits)
    } else if let wanted = context.kind {
      throw .noSuchKind(wanted)
    }
    var finder = RoleFinder(table)
    var marker: FieldPath?
    if kind == nil, let found = Self.marker(finder.roles, table) {
      marker = found
      watched = events.filter { table.record(found)?.lines.contains($0.line) ?? false }
      table = FieldTable(watched, shapes, limits)
      finder = RoleFinder(table)
    }
    guard let time = finder.roles.time else {
      throw .noTime(fields: table.records.prefix(40).map { $0.path.description })
    }
    var roles = finder.roles
    var chooser = FeatureChooser(table, roles, kindPath: kind?.path, limits)
    if chooser.kept.isEmpty, roles.score == nil, roles.decision == nil, roles.classes.isEmpty {
      // A log of outcomes alone: they are what there is to watch.
      roles.outcomes = []
      chooser = FeatureChooser(table, roles, kindPath: kind?.path, limits)
      guard !chooser.kept.isEmpty else { throw .nothingToWatch }
    }
    let model = roles.model.flatMap {
      $0.record.distinct > 1 ? $0.record.frequentValues.first : nil
    }
    if let model, let path = roles.model?.path {
      watched = watched.filter { text($0.value, path) == model }
    }
    let watchedLines = Set(watched.map(\.line))
    var outcome = kind.flatMap { outcomes(beside: $0, events, roles) }
    if let marker, let lines = table.record(marker)?.lines {
      let others = events.filter { !lines.contains($0.line) }
      outcome = OutcomeKind(nil, of: nil, others, roles, limits)
      if let path = outcome?.label.path, table.record(path) != nil { outcome = nil }
    }
    return SurveyFindings(
      lines: lines,
      refused: refused,
      shape: shape,
      events: watched.count,
      kind: kind,
      outcome: outcome,
      marker: marker,
      model: model,
      roles: roles,
      features: chooser.choices,
      container: chooser.container,
      segments: chooser.segments,
      knownTimes: Array(chooser.knownTimes.prefix(limits.knownTimes)),
      batches: table.batches,
      traffic: Traffic(time.record.moments.filter { watchedLines.contains($0.line) }.map(\.time))
    )
  }

  /// The first of the other kinds that says what turned out of the predictions.
  private func outcomes(
    beside kind: EventKind,
    _ events: [(line: Int, value: JSONValue)],
    _ roles: Roles
  ) -> OutcomeKind? {
    for value in kind.others {
      let own = events.filter { text($0.value, kind.path) == value }
      if let outcome = OutcomeKind(value, of: kind.path, own, roles, limits) { return outcome }
    }
    return nil
  }

  /// The field that only predictions have, where a part of the lines lacks it.
  private static func marker(_ roles: Roles, _ table: FieldTable) -> FieldPath? {
    let field = roles.score ?? roles.decision
    return field.flatMap { table.presence($0.record) < 0.95 ? $0.path : nil }
  }

  private func text(_ value: JSONValue, _ path: FieldPath) -> String? {
    var value: JSONValue? = value
    for key in path.components { value = value?[key] }
    return value?.text
  }
}

/// What a survey concluded, before it is put into words.
///
/// Its 15 properties are the answers that a starter monitor is written from, one a question.
struct SurveyFindings: Sendable {
  var lines: Int
  var refused: Int
  /// How events stand in the lines.
  var shape: EventShape
  /// The events that are watched.
  var events: Int
  var kind: EventKind?
  /// The kind of events that says what turned out.
  var outcome: OutcomeKind?
  /// A field that only the watched lines have.
  var marker: FieldPath?
  /// The model whose lines are watched, where there are several.
  var model: String?
  var roles: Roles
  var features: [FeatureChoice]
  var container: FieldPath?
  var segments: [Choice]
  /// The fields that say when features were known.
  var knownTimes: [Choice]
  var batches: [FieldPath]
  var traffic: Traffic

  var kept: [FeatureChoice] { features.filter(\.isKept) }

  /// The field of the event time, where times are written without their zone.
  var zoneless: FieldPath? {
    roles.time.flatMap { $0.record.texts.zonelessTimes > 0 ? $0.path : nil }
  }

  /// The features of which it is asked how well each predicts the outcome by itself.
  var leakage: [FieldPath] {
    guard case .binary = outcome?.task else { return [] }
    let numbers = kept.filter { $0.record?.isNumeric == true || $0.record?.isBoolean == true }
    return Array(numbers.map(\.path).prefix(Self.mostLeakage))
  }

  /// The most features of which that is asked.
  private static let mostLeakage = 32

  /// Whether events have an id of which two may be the same.
  var canHaveDuplicates: Bool { roles.id != nil }
}

/// Why no monitor can be written from a log.
public enum SurveyError: Error, Equatable, CustomStringConvertible {
  /// No line is a JSON object.
  case noEvents(lines: Int)
  /// No field is an event time; the fields that there are.
  case noTime(fields: [String])
  /// No field is a feature, a score or a decision.
  case nothingToWatch
  /// The log has no kind of events of that name.
  case noSuchKind(String)

  /// What is wrong and what to do, in one sentence.
  public var description: String {
    switch self {
    case .noEvents(let lines):
      "none of \(counted(lines, "line")) is a JSON object: give a log with one event a line"
    case .noTime(let fields):
      "no field is an event time (RFC 3339 or another common form, or a number since 1970 named "
        + "like one) among " + fields.joined(separator: ", ")
    case .nothingToWatch: "no field is a feature, a score or a decision"
    case .noSuchKind(let kind): "no field tells events of the kind \"\(kind)\" from others"
    }
  }
}
