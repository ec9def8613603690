internal import Events
internal import Records

/// A field as a feature, or why it is none.
struct FeatureChoice: Sendable {
  var path: FieldPath
  /// What was seen, in a few words; of one that is left out, why.
  var comment: String
  var isKept: Bool
  /// Whether it is left out because it may belong to a person.
  var isPersonal = false
  var record: FieldRecord?
}

/// The object that holds a model's inputs, by its name.
enum FeatureContainer {
  private static let names: [String: Int] = [
    "features": 9, "feature": 9, "instances": 8, "instance": 8, "endpointinput": 8, "inputs": 7,
    "input": 7, "x": 5, "attributes": 4, "variables": 4, "payload": 2,
  ]

  /// Names of wrappers, which hold a model's inputs, or all of an event.
  private static let wrappers: Set<String> = ["attributes", "payload"]

  /// How surely a field stands among a model's inputs: 0 when nothing says so.
  static func rank(_ name: FieldName) -> Int {
    name.context.compactMap { wrappers.contains($0) ? nil : names[$0] }.max() ?? 0
  }

  /// The path of the container that holds most fields of the highest rank; `nil` without one.
  static func find(_ records: [FieldRecord]) -> FieldPath? {
    var held: [FieldPath: (rank: Int, count: Int)] = [:]
    for record in records {
      let keys = record.path.components
      for length in 1..<max(keys.count, 1) {
        let words = FieldName.words(of: keys[length - 1])
        let rank = ([words.joined()] + words).compactMap { names[$0] }.max() ?? 0
        guard rank > 0 else { continue }
        let path = FieldPath(Array(keys.prefix(length)))
        held[path] = (rank, (held[path]?.count ?? 0) + 1)
      }
    }
    return held.sorted { left, right in
      if left.value.rank != right.value.rank { return left.value.rank > right.value.rank }
      if left.value.count != right.value.count { return left.value.count > right.value.count }
      return left.key < right.key
    }.first?.key
  }
}

/// Chooses the features among the fields that have no other part.
struct FeatureChooser {
  let table: FieldTable
  let roles: Roles
  /// The field that tells kinds apart, which has one value in what is watched.
  let kindPath: FieldPath?
  let limits: SurveyLimits
  /// The object that holds the inputs, when there is one.
  private(set) var container: FieldPath?
  /// All fields that are or might be features, in the order of the log.
  private(set) var choices: [FeatureChoice] = []

  init(_ table: FieldTable, _ roles: Roles, kindPath: FieldPath?, _ limits: SurveyLimits) {
    self.table = table
    self.roles = roles
    self.kindPath = kindPath
    self.limits = limits
    var excluded = roles.taken
    if let kindPath { excluded.insert(kindPath) }
    let open = table.records.filter { !excluded.contains($0.path) }
    container = FeatureContainer.find(
      open.filter { reason($0, isInside: true) == nil && personalReason($0) == nil }
    )
    for record in open { choices.append(choice(record)) }
    for (path, reason) in table.leftOut {
      choices.append(FeatureChoice(path: path, comment: reason, isKept: false))
    }
    let kept = choices.indices.filter { choices[$0].isKept }
    for index in kept.dropFirst(limits.features) {
      choices[index].isKept = false
      choices[index].comment = "more than \(limits.features) features: add it if it matters"
    }
  }

  /// Names that no feature can have, because rules mean something else by them.
  private static let signalNames = Set(
    workedOutNames + [scoreName, decisionName, eventsName, refusedName]
  )

  var kept: [FeatureChoice] { choices.filter(\.isKept) }

  private func choice(_ record: FieldRecord) -> FeatureChoice {
    var choice = FeatureChoice(path: record.path, comment: "", isKept: false, record: record)
    if let personal = personalReason(record) {
      choice.comment = personal
      choice.isPersonal = true
      return choice
    }
    let isInside = container?.contains(record.path) ?? false
    if let reason = reason(record, isInside: isInside) {
      choice.comment = reason
      return choice
    }
    if let container, !isInside {
      choice.comment = "outside \(shown(container.description)): add it if the model reads it"
      return choice
    }
    choice.comment = described(record)
    choice.isKept = true
    return choice
  }

  /// How often each event came, by its id; 1 where none came again.
  private var repeats: Double {
    guard let id = roles.id?.record, !id.isUnique, id.distinct > 0 else { return 1 }
    return Double(id.usable) / Double(id.distinct)
  }

  /// Why a field may belong to a person, or `nil`.
  private func personalReason(_ record: FieldRecord) -> String? {
    if let shape = record.shapes.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }).first,
      shape.value * 5 >= record.usable, shape.value > 0,
      record.isText || shape.value * 2 >= record.usable && record.distinct > 1
    {
      return "personal data? Its values look like \(shape.key.rawValue)"
    }
    guard !record.isBoolean, !isConstant(record), record.distinct > 1 || record.isText,
      let named = PersonalNames.reason(record.name)
    else { return nil }
    return "personal data? It is named like \(named)"
  }

  /// Whether a field has one value in enough lines to say so.
  private func isConstant(_ record: FieldRecord) -> Bool {
    record.distinct == 1 && record.usable >= 10
  }

  /// Why a field is no feature although it is nobody's business, or `nil`.
  private func reason(_ record: FieldRecord, isInside: Bool) -> String? {
    if !FieldPathText.isWritable(record.path) {
      return "a key with control characters cannot be written in a monitor"
    }
    if Self.signalNames.contains(record.path.description) || record.path.components[0] == "kpis" {
      return "its name is that of another signal"
    }
    if record.usable == 0 { return "never has a value in the sample" }
    if record.texts.nonfinite == record.usable { return "never a finite number in the sample" }
    if record.isText, isConstant(record), let named = PersonalNames.reason(record.name) {
      return "always the same in the sample, and named like \(named)"
    }
    if !isInside, record.name.isOne(of: RoleNames.logging) { return "says how it was logged" }
    if !isInside, roles.score != nil || roles.decision != nil, record.name.has(RoleNames.answer) {
      return "named like another answer of the model: add it if the model reads it"
    }
    if record.isTimeText { return "a time" }
    let nearlyAll = Double(record.usable) / (2 * repeats)
    if record.isText, record.distinct > 50, Double(record.distinct) > nearlyAll {
      let isFreeText =
        record.texts.spaced * 2 > record.usable || record.texts.bytes > 60 * record.texts.count
      return isFreeText
        ? "free text: nearly every value differs" : "a code: nearly every value differs"
    }
    if record.isWhole, record.isUnique || repeats > 1 && record.isRepeated,
      record.name.has(RoleNames.id)
    {
      return "an id: every value differs"
    }
    if !isInside, record.isNumeric, record.name.has(RoleNames.time), record.numbers.minimum > 9e8 {
      return "a time"
    }
    if record.distinct == 1, !isInside {
      return "always \(shown(record.frequentValues.first ?? "")) in the sample"
    }
    if record.distinct == 1, record.isText, record.name.has(RoleNames.metadata) {
      return "always \(shown(record.frequentValues.first ?? "")) in the sample"
    }
    return nil
  }

  /// What was seen of a feature.
  private func described(_ record: FieldRecord) -> String {
    var words: String
    if record.isNumeric {
      let range =
        record.numbers.minimum == record.numbers.maximum
        ? "always \(plain(record.numbers.minimum))"
        : "\(plain(record.numbers.minimum)) to \(plain(record.numbers.maximum))"
      words = record.hasDecimalComma ? "number with a decimal comma, " : "number, "
      words += range
      if record.texts.nonfinite > 0 {
        words += ", \(percent(record.nonfiniteShare)) NaN or infinite"
      }
    } else if record.isBoolean {
      words = "true or false"
    } else if record.isText {
      words = "category, \(counted(record.distinct, "value")): \(listed(record))"
    } else {
      words = "values of several types: the profile takes the most frequent one"
    }
    let missing = 1 - table.presence(record)
    if missing > 0 { words += ", \(percent(missing)) missing" }
    return words
  }

  /// The fields that say when features were known; with all that look so left out as features.
  ///
  /// A time of another name may well be after the prediction, such as that of a departure.
  var knownTimes: [Choice] {
    choices.filter { !$0.isKept && !$0.isPersonal }.compactMap(\.record).filter { record in
      record.isTimeText && record.name.has(RoleNames.knownTimes)
        && FieldPathText.isWritable(record.path)
        && container?.contains(record.path) ?? true
    }.map { Choice(record: $0, reason: "when a feature was known") }
  }

  /// The fields that split the traffic, each with the reason.
  var segments: [Choice] {
    let candidates = kept.compactMap(\.record).filter { record in
      (record.isText || record.isBoolean) && (2...12).contains(record.distinct)
        && table.presence(record) >= 0.95
        && (record.counts.values.min() ?? 0) * 200 >= record.usable
    }
    let named = candidates.filter { $0.name.has(RoleNames.segments) }
    if !named.isEmpty {
      return named.sorted { ($0.distinct, $0.path) < ($1.distinct, $1.path) }.prefix(2).map {
        Choice(
          record: $0,
          reason: "\(counted($0.distinct, "value")), named like a part of the traffic"
        )
      }
    }
    return candidates.filter(\.isText).min { ($0.distinct, $0.path) < ($1.distinct, $1.path) }.map {
      [Choice(record: $0, reason: "only \(counted($0.distinct, "value"))")]
    } ?? []
  }
}
