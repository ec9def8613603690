internal import Events
internal import Records

/// A field that plays a part, and why it was chosen, in a few words.
struct Choice: Sendable {
  var record: FieldRecord
  var reason: String

  var path: FieldPath { record.path }
}

/// The parts that fields play in a log's predictions.
///
/// Its 10 properties are the parts that a field can play, one each.
struct Roles: Sendable {
  var id: Choice?
  var time: Choice?
  var version: Choice?
  var model: Choice?
  var score: Choice?
  var decision: Choice?
  /// The probabilities of several classes; of two the score is one of them.
  var classes: [Choice] = []
  var latency: (choice: Choice, unit: LatencyUnit, isGuessed: Bool)?
  var failure: Failure?
  /// What became known later: it is no feature.
  var outcomes: [Choice] = []

  /// A condition under which a prediction failed, with its opposite.
  struct Failure: Sendable {
    var choice: Choice
    /// An expression over the event, true for a failure.
    var failed: String
    /// The same for what went well.
    var good: String
    /// The share of the events that failed in the sample.
    var share: Double
  }

  /// The paths that have a part.
  var taken: Set<FieldPath> {
    let single = [id, time, version, model, score, decision, latency?.choice, failure?.choice]
    return Set(single.compactMap { $0?.path } + (outcomes + classes).map(\.path))
  }
}

/// A unit of durations, with its name in a monitor file.
enum LatencyUnit: String, Sendable, CaseIterable {
  case nanoseconds = "ns"
  case microseconds = "us"
  case milliseconds = "ms"
  case seconds = "s"

  /// Seconds in one.
  var seconds: Double {
    switch self {
    case .nanoseconds: 1e-9
    case .microseconds: 1e-6
    case .milliseconds: 1e-3
    case .seconds: 1
    }
  }
}

/// Finds the parts by names, types and values; each field plays one at most.
struct RoleFinder {
  let table: FieldTable
  private(set) var roles = Roles()

  init(_ table: FieldTable) {
    self.table = table
    roles.time = time()
    roles.id = id()
    roles.model = model()
    roles.version = version()
    roles.latency = latency(Traffic((roles.time?.record.moments ?? []).map(\.time)))
    roles.failure = failure()
    (roles.score, roles.classes) = scores()
    roles.decision = decision()
    roles.outcomes = outcomes()
  }

  /// The fields without a part so far for which a score is positive, the best first; of equals the
  /// one nearer the top, then the first in order of names.
  func best(_ score: (FieldRecord) -> Int) -> FieldRecord? {
    let taken = roles.taken
    let rated = table.records.filter { !taken.contains($0.path) }.map { ($0, score($0)) }
    return rated.filter { $0.1 > 0 }.min { left, right in
      if left.1 != right.1 { return left.1 > right.1 }
      let depths = (left.0.path.components.count, right.0.path.components.count)
      return depths.0 != depths.1 ? depths.0 < depths.1 : left.0.path < right.0.path
    }?.0
  }

  // MARK: When and which

  private func time() -> Choice? {
    let record = best { record in
      guard table.presence(record) >= 0.99, record.name.has(RoleNames.time) || record.isText,
        FeatureContainer.rank(record.name) == 0
      else { return 0 }
      let isEpoch = record.isNumeric && Self.isEpoch(record)
      let isEpochText = record.isEpochText && record.name.has(RoleNames.time)
      guard record.isTimeText || isEpoch || isEpochText else { return 0 }
      let arrival = record.name.has(RoleNames.laterTimes)
      let isNamed = record.name.has(RoleNames.time) || record.name.isOne(of: RoleNames.exactTime)
      return (record.name.isOne(of: RoleNames.exactTime) ? 4 : isNamed ? 3 : 1) - (arrival ? 2 : 0)
    }
    return record.map {
      Choice(
        record: $0,
        reason: Self.timeReason($0)
      )
    }
  }

  private static func timeReason(_ record: FieldRecord) -> String {
    guard record.isTimeText else {
      return "seconds or parts since 1970" + (record.isText ? ", as text" : "")
    }
    if record.texts.zonelessTimes > 0 { return "a time without a zone: see `zone` below" }
    return record.texts.standardTimes == record.texts.times
      ? "RFC 3339, in every line" : "a time with its zone, in every line"
  }

  /// Whether numbers are times between 2000 and 2100 in one of the units.
  private static func isEpoch(_ record: FieldRecord) -> Bool {
    let count = record.moments.count { FieldRecord.epochTimes.contains($0.time) }
    return count > 0 && count * 100 >= record.usable * 99
  }

  private func id() -> Choice? {
    let record = best { record in
      guard table.presence(record) >= 0.95, record.numbers.fractions == 0,
        record.texts.spaced == 0, FeatureContainer.rank(record.name) == 0
      else { return 0 }
      guard record.isUnique else {
        return record.isRepeated && record.name.isOne(of: RoleNames.eventID) ? 1 : 0
      }
      if record.name.isOne(of: RoleNames.exactID) { return 3 }
      return record.name.has(RoleNames.id) ? 2 : 0
    }
    return record.map {
      Choice(
        record: $0,
        reason: $0.isUnique
          ? "another value in each line"
          : "\(counted($0.distinct, "value")) in \(counted($0.usable, "line")): events came again"
      )
    }
  }

  private func model() -> Choice? {
    let record = best { record in
      guard record.isText, record.distinct <= 20, table.presence(record) >= 0.95,
        FeatureContainer.rank(record.name) == 0
      else { return 0 }
      if record.name.isOne(of: RoleNames.model) { return 3 }
      return record.name.isOne(of: ["name"]) && record.name.context.last == "model" ? 2 : 0
    }
    return record.map { Choice(record: $0, reason: "the model's name") }
  }

  private func version() -> Choice? {
    let record = best { record in
      guard record.distinct <= 16, record.usable > 0, !record.isBoolean, record.texts.spaced == 0,
        record.numbers.fractions * 2 <= record.usable || record.distinct <= 4,
        record.name.has(RoleNames.version), !record.name.has(RoleNames.otherVersions),
        FeatureContainer.rank(record.name) == 0
      else { return 0 }
      let isModels = record.name.has(["model"]) || record.name.context.contains("model")
      return isModels ? 2 : 1
    }
    return record.map {
      Choice(record: $0, reason: "\(counted($0.distinct, "version")) in the sample")
    }
  }

  // MARK: How it went

  private func failure() -> Roles.Failure? {
    let record = best { record in
      guard FeatureContainer.rank(record.name) == 0, failure(of: record) != nil else { return 0 }
      return record.name.isOne(of: RoleNames.status) ? 3 : 2
    }
    return record.flatMap(failure)
  }

  /// The condition that a field gives; `nil` when it says nothing of success.
  private func failure(of record: FieldRecord) -> Roles.Failure? {
    let field = expression(record.path)
    let all = Double(max(table.events, 1))
    let made = { (failed: String, good: String, count: Int, reason: String) in
      Roles.Failure(
        choice: Choice(record: record, reason: reason),
        failed: failed,
        good: good,
        share: Double(count) / all
      )
    }
    if record.name.has(RoleNames.status) || record.name.isOne(of: ["code"]) {
      if record.isWhole, record.name.has(RoleNames.grpcStatus), record.numbers.maximum <= 16 {
        let count = record.numbers.values.count { $0 != 0 }
        return made("\(field) != 0", "\(field) == 0", count, "a status of gRPC: 0 is success")
      }
      if record.isWhole, record.numbers.minimum >= 100, record.numbers.maximum < 600 {
        let count = record.numbers.values.count { $0 >= 500 }
        return made("\(field) >= 500", "\(field) < 500", count, "an HTTP status")
      }
      if record.isText, record.distinct <= 20,
        let good = record.frequentValues.first(where: { RoleNames.good.contains($0.lowercased()) })
      {
        let count = record.usable - (record.counts["\"" + good] ?? 0)
        let value = quoted(good)
        return made("\(field) != \(value)", "\(field) == \(value)", count, "\(value) is success")
      }
    }
    if record.isBoolean, record.name.has(RoleNames.success) {
      let count = record.counts["false"] ?? 0
      return made("\(field) == false", "\(field) == true", count, "false is a failure")
    }
    guard record.name.isOne(of: RoleNames.error) else { return nil }
    if record.isBoolean {
      let count = record.counts["true"] ?? 0
      return made("\(field) == true", "\(field) == false", count, "true is a failure")
    }
    if record.isWhole, record.numbers.minimum >= 0, record.numbers.maximum <= 1 {
      let count = record.numbers.values.count { $0 == 1 }
      return made("\(field) == 1", "\(field) == 0", count, "1 is a failure")
    }
    if record.isText, table.presence(record) >= 0.5, let usual = record.frequentValues.first,
      RoleNames.noError.contains(usual.lowercased())
    {
      let count = record.usable - (record.counts["\"" + usual] ?? 0)
      let value = quoted(usual)
      return made("\(field) != \(value)", "\(field) == \(value)", count, "\(value) is no error")
    }
    guard record.isText || record.usable == 0, table.presence(record) < 0.5 else { return nil }
    return made(
      "\(field) is not missing",
      "\(field) is missing",
      record.usable,
      "only there when something failed"
    )
  }

  // MARK: What was predicted

  /// The score, and the probabilities that it is one of.
  private func scores() -> (score: Choice?, classes: [Choice]) {
    guard let found = score() ?? probability() else { return (nil, []) }
    guard let group = Probabilities(of: found.record, in: table) else { return (found, []) }
    let reason = "the probability of a class"
    let classes = group.fields.map { Choice(record: $0, reason: reason) }
    guard group.fields.count == 2 else { return (nil, classes) }
    let score = Choice(
      record: group.positive,
      reason: "the second of two probabilities: that of the positive class"
    )
    return (score, classes)
  }

  /// A field that is one of a prediction's probabilities, as the name above it says.
  private func probability() -> Choice? {
    let record = best { record in
      guard record.isNumeric, record.numbers.fractions > 0, FeatureContainer.rank(record.name) == 0,
        record.name.context.contains(where: Probabilities.names.contains)
          || record.name.has(Probabilities.names),
        Probabilities(of: record, in: table) != nil
      else { return 0 }
      return 1
    }
    return record.map { Choice(record: $0, reason: "a probability") }
  }

  private func score() -> Choice? {
    let record = best { record in
      guard record.isNumeric, record.distinct > 1, record.numbers.minimum > -.infinity,
        table.presence(record) >= 0.1, FeatureContainer.rank(record.name) == 0
      else { return 0 }
      let isShare = record.numbers.minimum >= 0 && record.numbers.maximum <= 1
      let isOutput =
        record.name.context.contains(where: RoleNames.outputs.contains)
        || record.name.isOne(of: RoleNames.outputs)
      if record.name.has(RoleNames.score) { return isShare ? 9 : 6 }
      // `p_fraud`, `pChurn`: a probability of something.
      if isShare, record.numbers.fractions > 0, record.name.words.first == "p",
        record.name.words.count > 1
      {
        return 8
      }
      if record.numbers.fractions > 0, isShare, isOutput { return 5 }
      let isPredicted = record.name.has(RoleNames.predictedValue)
      if record.numbers.fractions > 0, isPredicted || isOutput {
        return record.distinct > 20 ? 3 : 0
      }
      // Whole numbers of which there are too many for a decision: minutes, counts, prices.
      return isPredicted && record.distinct > Self.mostDecisions ? 2 : 0
    }
    return record.map { record in
      let isShare = record.numbers.minimum >= 0 && record.numbers.maximum <= 1
      let kind = isShare ? "numbers from 0 to 1" : "numbers"
      let isNamed = record.name.has(RoleNames.score)
      return Choice(record: record, reason: kind + (isNamed ? ", named so" : " in the answer"))
    }
  }

  private func decision() -> Choice? {
    let record = best { record in
      guard record.usable > 0, (1...Self.mostDecisions).contains(record.distinct),
        !record.hasMoreValues,
        record.numbers.fractions == 0, FeatureContainer.rank(record.name) == 0,
        record.distinct * 2 <= record.usable || record.usable < 10
      else { return 0 }
      if record.name.isOne(of: RoleNames.decision) { return 4 }
      if record.name.has(RoleNames.decision) { return 3 }
      return record.name.context.contains(where: RoleNames.outputs.contains)
        && !record.name.has(RoleNames.metadata) && record.distinct > 1 ? 1 : 0
    }
    return record.map {
      Choice(record: $0, reason: "\(counted($0.distinct, "value")): \(listed($0))")
    }
  }

  /// The most values of a decision.
  private static let mostDecisions = 50

  private func outcomes() -> [Choice] {
    let taken = roles.taken
    return table.records.filter { record in
      !taken.contains(record.path) && record.name.has(RoleNames.outcome)
        && !record.name.has(RoleNames.answer) && record.distinct <= 50
        && FeatureContainer.rank(record.name) == 0
    }.map { Choice(record: $0, reason: "what turned out to be true") }
  }
}
