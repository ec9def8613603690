internal import Events
internal import Records

/// Another kind of events of a log that says what turned out of the predictions.
struct OutcomeKind: Sendable {
  /// What labels are, and so what is predicted.
  enum Task: Sendable, Equatable {
    /// One of two classes; the positive one as it is written, where it is neither 1 nor true.
    case binary(positive: String?)
    /// One of several classes, as they are written.
    case multiclass([String])
    /// A number.
    case regression
  }

  /// The value of the kind; `nil` where its events are those without a score.
  let value: String?
  let id: Choice
  let time: Choice
  let label: Choice
  let task: Task
  /// Whether all labels of the sample are positive: no outcome may mean that all was well.
  let areAllPositive: Bool

  /// The fewest events of a kind from which its labels are known.
  static let fewestEvents = 5
  /// The fewest labels that are all positive before silence is asked about.
  private static let fewestPositives = 20
  /// The most classes.
  private static let mostClasses = 50

  /// Looks for outcomes among events of one kind; `nil` where they have no time, no label, or no id of
  /// a prediction.
  ///
  /// - Parameters:
  ///   - value: The kind; `nil` for what lacks a prediction's score.
  ///   - path: The field that tells kinds apart.
  ///   - events: Its events.
  ///   - roles: What plays a part in predictions.
  ///   - limits: How much is looked at.
  init?(
    _ value: String?,
    of path: FieldPath?,
    _ events: [(line: Int, value: JSONValue)],
    _ roles: Roles,
    _ limits: SurveyLimits
  ) {
    guard events.count >= Self.fewestEvents, let prediction = roles.id else { return nil }
    var shapes = ValueShapes(limits)
    for event in events { shapes.add(event.value) }
    let table = FieldTable(events, shapes, limits)
    guard let time = RoleFinder(table).roles.time,
      let id = Self.id(table, prediction.record, besides: [time.path] + (path.map { [$0] } ?? []))
    else { return nil }
    let label = Self.label(table, besides: [time.path, id.path] + (path.map { [$0] } ?? []))
    guard let label, let task = Self.task(label.record, roles) else { return nil }
    self.value = value
    self.id = id
    self.time = time
    self.label = label
    self.task = task
    areAllPositive =
      label.record.distinct == 1 && events.count >= Self.fewestPositives
      && (task == .binary(positive: nil) ? Self.isPositive(label.record) : true)
  }

  /// The field with the ids of predictions: half of its values are some, or it has their name.
  private static func id(
    _ table: FieldTable,
    _ prediction: FieldRecord,
    besides taken: [FieldPath]
  ) -> Choice? {
    let known = Set(prediction.frequentValues)
    let found = table.records.filter { record in
      !taken.contains(record.path) && table.presence(record) >= 0.95
        && record.numbers.fractions == 0
    }.compactMap { record -> (record: FieldRecord, shared: Int)? in
      let shared = record.frequentValues.count { known.contains($0) }
      let isNamed = record.name.joined == prediction.name.joined
      guard shared * 2 >= record.distinct || isNamed, record.distinct > 1 else { return nil }
      return (record, shared)
    }
    return found.max { ($0.shared, $1.record.path) < ($1.shared, $0.record.path) }.map {
      Choice(
        record: $0.record,
        reason: $0.shared > 0
          ? "\(counted($0.shared, "value")) of it are ids of predictions"
          : "called as the predictions’ id"
      )
    }
  }

  /// The field that says what turned out: the one that is called so, else the only one that is left.
  private static func label(_ table: FieldTable, besides taken: [FieldPath]) -> Choice? {
    let left = table.records.filter { record in
      !taken.contains(record.path) && table.presence(record) >= 0.95
        && !record.name.has(RoleNames.logging) && !record.name.has(RoleNames.id)
        && !record.isTimeText
    }
    let named = left.filter { $0.name.has(RoleNames.outcome) }
    let all = named.isEmpty ? left : named
    guard let record = all.first, all.count == 1 || !named.isEmpty else { return nil }
    let reason = named.isEmpty ? "the only field that is left" : "what turned out to be true"
    return Choice(record: record, reason: "\(reason): \(listed(record))")
  }

  private static func isPositive(_ record: FieldRecord) -> Bool {
    record.frequentValues.first.map { ["1", "true"].contains($0) } ?? false
  }

  /// What labels are; `nil` where nothing can be held against them.
  private static func task(_ label: FieldRecord, _ roles: Roles) -> Task? {
    let values = label.frequentValues
    let isFlag = values.allSatisfy { ["0", "1", "true", "false"].contains($0) }
    if isFlag { return roles.score == nil && roles.decision == nil ? nil : .binary(positive: nil) }
    if label.isNumeric, label.distinct > Self.mostClasses || label.numbers.fractions > 0 {
      let isShare = roles.score.map { (0...1).contains($0.record.numbers.maximum) } ?? true
      return isShare ? nil : .regression
    }
    guard !label.hasMoreValues, values.count <= Self.mostClasses else { return nil }
    // Classes are told apart where the decision has them.
    if values.count > 2, roles.decision != nil || !roles.classes.isEmpty {
      return .multiclass(values.sorted())
    }
    return values.count <= 2 ? .binary(positive: values.last) : nil
  }
}
