internal import Events
internal import Records

/// A field that tells kinds of events apart, and the kind that holds predictions.
struct EventKind: Sendable, Equatable {
  var path: FieldPath
  /// The value of the kind that is watched.
  var value: String
  /// The other kinds, the most frequent first.
  var others: [String]
  /// The lines of the kind that is watched.
  var count: Int

  /// Looks for kinds of events with different fields; `nil` when all events are alike.
  ///
  /// - Parameters:
  ///   - events: All lines.
  ///   - table: Their fields.
  ///   - wanted: The kind that the caller has chosen.
  init?(
    _ events: [(line: Int, value: JSONValue)],
    _ table: FieldTable,
    wanted: String?
  ) {
    let candidates = table.records.filter { record in
      record.isText && (2...12).contains(record.distinct) && table.presence(record) >= 0.95
        && record.name.isOne(of: Self.names)
    }
    for candidate in candidates.sorted(by: Self.standsBefore) {
      let kinds = Self.kinds(candidate.path, events)
      guard Self.differ(kinds) else { continue }
      let chosen = wanted.flatMap { name in kinds.first { $0.value == name } } ?? Self.best(kinds)
      guard let chosen else { continue }
      path = candidate.path
      value = chosen.value
      count = chosen.count
      others = kinds.filter { $0.value != chosen.value }.map(\.value)
      return
    }
    return nil
  }

  /// One kind: its value, its lines, and the fields that most of its events have.
  private struct Kind {
    var value: String
    var count = 0
    var fields: [String: Int] = [:]

    var common: Set<String> { Set(fields.filter { $0.value * 2 > count }.keys) }
  }

  private static let names: Set<String> = [
    "kind", "type", "eventtype", "event", "eventname", "recordtype", "messagetype", "topic",
    "action", "msg", "message", "entry", "logtype", "stage",
  ]
  private static let predictionWords: Set<String> = [
    "prediction", "predict", "predicted", "inference", "score", "scored", "scoring", "decision",
    "request",
  ]
  private static let otherWords: Set<String> = [
    "response", "label", "outcome", "feedback", "truth", "error", "result", "actual",
  ]

  /// Nearer the top first, then in order of names.
  private static func standsBefore(_ left: FieldRecord, _ right: FieldRecord) -> Bool {
    let depths = (left.path.components.count, right.path.components.count)
    return depths.0 != depths.1 ? depths.0 < depths.1 : left.path < right.path
  }

  private static func kinds(
    _ path: FieldPath,
    _ events: [(line: Int, value: JSONValue)]
  ) -> [Kind] {
    var kinds: [String: Kind] = [:]
    for event in events {
      var value: JSONValue? = event.value
      for key in path.components { value = value?[key] }
      guard let text = value?.text else { continue }
      var kind = kinds.removeValue(forKey: text) ?? Kind(value: text)
      kind.count += 1
      leaves(event.value, "", 0) { kind.fields[$0, default: 0] += 1 }
      kinds[text] = kind
    }
    return kinds.values.sorted { ($1.count, $0.value) < ($0.count, $1.value) }
  }

  private static func leaves(
    _ value: JSONValue,
    _ path: String,
    _ depth: Int,
    _ visit: (String) -> Void
  ) {
    guard case .object(let members) = value, depth < 8 else { return visit(path) }
    for member in members { leaves(member.value, path + "\u{0}" + member.key, depth + 1, visit) }
  }

  /// Whether a kind has fields that another one never has: a quarter of all, or any where the
  /// kinds are named as those of predictions are.
  private static func differ(_ kinds: [Kind]) -> Bool {
    let isNamed = kinds.contains { kind in
      FieldName.words(of: kind.value).contains { predictionWords.contains($0) }
    }
    return kinds.indices.dropFirst().contains { index in
      let own = kinds[index].common.symmetricDifference(kinds[0].common).filter { field in
        let shares = [kinds[index], kinds[0]].map {
          Double($0.fields[field] ?? 0) / Double($0.count)
        }
        return (shares.min() ?? 0) <= 0.05
      }
      let all = kinds[index].common.union(kinds[0].common).count
      return own.count * 4 >= all || isNamed && !own.isEmpty
    }
  }

  /// The kind that is named as predictions are; else the one with the most fields.
  private static func best(_ kinds: [Kind]) -> Kind? {
    let rank = { (kind: Kind) -> (Int, Int, Int) in
      let words = FieldName.words(of: kind.value)
      let isNamed = words.contains(where: predictionWords.contains)
      let isOther = words.contains(where: otherWords.contains)
      return (isOther ? 0 : isNamed ? 2 : 1, kind.common.count, kind.count)
    }
    return kinds.max { rank($0) < rank($1) }
  }
}
