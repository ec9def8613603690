internal import Events
internal import Records

/// Fields that are the probabilities of one prediction's classes: `[p0, p1]`, or an object by class.
struct Probabilities {
  /// The fields, in the order of the log.
  let fields: [FieldRecord]
  /// The one that is the score: of two classes the positive one, which is the last by custom.
  let positive: FieldRecord

  /// What the object or the array of probabilities is called.
  static let names: Set<String> = [
    "probabilities", "probability", "probs", "proba", "scores", "confidences", "softmax",
  ]

  /// How many classes are told apart.
  static let mostClasses = 64

  /// The probabilities that a field is one of; `nil` where it stands alone.
  init?(of record: FieldRecord, in table: FieldTable) {
    let keys = record.path.components.dropLast()
    guard !keys.isEmpty else { return nil }
    let group = table.records.filter { other in
      other.path.components.count == keys.count + 1 && other.path.components.starts(with: keys)
        && other.isNumeric && !other.hasDecimalComma && other.numbers.minimum >= 0
        && other.numbers.maximum <= 1
    }
    guard (2...Self.mostClasses).contains(group.count), Self.addUp(group) else { return nil }
    fields = group
    let last = group[group.count - 1]
    let key = last.path.components.last?.lowercased() ?? ""
    positive = group.count == 2 && Self.negatives.contains(key) ? group[0] : last
  }

  /// Whether the probabilities of an event add up to one.
  private static func addUp(_ group: [FieldRecord]) -> Bool {
    let count = group[0].numbers.count
    guard count > 0, group.allSatisfy({ $0.numbers.count == count }) else { return false }
    return (0..<count).allSatisfy { row in
      abs(group.reduce(0) { $0 + $1.numbers.values[row] } - 1) < 0.02
    }
  }

  /// What the class is called that is not looked for.
  private static let negatives: Set<String> = [
    "no", "false", "0", "negative", "neg", "normal", "legit", "genuine", "ham", "good",
  ]
}
