import Events
import Expressions
import YAML

extension Findings {
  /// Refuses a list of classes of which there are too few or too many.
  func checkClasses(_ names: [String], at position: SourcePosition, _ what: String) {
    if names.contains(otherClassName) {
      error(
        position,
        "\(what): \"\(otherClassName)\" is what all classes are called that are not listed: leave it "
          + "out"
      )
    }
    guard !(2...MonitorBounds.classes).contains(names.count) else { return }
    error(
      position,
      "\(what): \(names.count) classes: write 2 to \(MonitorBounds.classes), all others are one"
    )
  }
}

/// What is predicted, and the keys that it has.
extension OutcomeLoader {
  /// Reads of how many predictions with the greatest scores records tell: one, or a list.
  func tops(_ node: YAMLNode) -> [TopPredictions] {
    let what = "quality.top"
    let advice = "write 100 or 1%, or a list of up to \(MonitorBounds.tops) such as [100, 1%]"
    let items = if case .sequence(let list, _) = node { list } else { [node] }
    if items.isEmpty || items.count > MonitorBounds.tops {
      findings.error(node.position, "\(what): the list has \(items.count) items: \(advice)")
    }
    var tops: [TopPredictions] = []
    for item in items.prefix(MonitorBounds.tops) {
      guard let scalar = scalars.scalar(item, what, "how many predictions") else { continue }
      guard let top = TopPredictions(scalar.text) else {
        findings.error(
          scalar.start,
          "\(what): expected how many predictions, got \"\(scalar.text.prefix(60))\": \(advice)"
        )
        continue
      }
      if !tops.contains(top) { tops.append(top) }
    }
    return tops
  }

  /// Reads of which features it is asked how well each predicts the outcome by itself.
  func leakage(_ node: YAMLNode) -> [FieldPath] {
    let what = "quality.leakage"
    let limit = QualitySpecification.leakageLimit
    guard let items = findings.items(node, what, "a list", "write [features.amount]") else {
      return []
    }
    if items.isEmpty || items.count > limit {
      findings.error(
        node.position,
        "\(what): the list has \(items.count) features, whose values are kept beside each prediction: "
          + "write 1 to \(limit)"
      )
    }
    return scalars.distinctPaths(items.prefix(limit), what)
  }

  /// Reads the classes where there are several: those of the list, or those that have scores.
  func classes(_ reader: MappingReader) -> [String] {
    let what = "quality.classes"
    let scored = mapping?.scores.map(\.name) ?? []
    guard let node = reader.optional("classes") else { return scored }
    if !scored.isEmpty {
      findings.error(
        reader.keyPosition("classes"),
        "\(what): the classes are those of events.prediction.scores, got a list, too: leave it out"
      )
      return scored
    }
    guard let items = findings.items(node, what, "a list", "write [cat, dog, bird]") else {
      return []
    }
    var names: [String] = []
    for item in items {
      guard let name = scalars.text(item, what, bytesMax: 256) else { continue }
      if names.contains(name) {
        findings.error(item.position, "\(what): \"\(name)\" stands twice: remove one")
      }
      names.append(name)
    }
    findings.checkClasses(names, at: node.position, what)
    return names
  }

  /// Refuses keys that the task does not have, and misses what it needs.
  func checkTask(_ reader: MappingReader, _ quality: QualitySpecification) {
    let own: [String] =
      switch quality.task {
      case .binary: ["silence", "positive", "threshold", "top", "leakage"]
      case .multiclass: ["classes"]
      case .ranking: ["silence", "top"]
      case .regression: []
      }
    let others = ["silence", "positive", "threshold", "top", "classes", "leakage"].filter {
      !own.contains($0) && reader.has($0)
    }
    if let key = others.first {
      findings.error(
        reader.keyPosition(key),
        "quality.\(key): \(Self.owners(of: key)) it, got task: \(quality.task.rawValue): leave it out"
      )
    }
    if reader.has("silence"), !reader.has("horizon") {
      findings.error(
        reader.keyPosition("silence"),
        "quality.silence: after how long silence means negative is not said: add horizon: 30d"
      )
    }
    if let mapping { checkParts(mapping, reader, quality) }
  }

  /// Misses what predictions must have of the task.
  private func checkParts(
    _ mapping: PredictionMapping,
    _ reader: MappingReader,
    _ quality: QualitySpecification
  ) {
    switch quality.task {
    case .ranking where mapping.group == nil:
      findings.error(
        reader.position,
        "quality: what is ranked together is not known, got no group in events.prediction: add it"
      )
    case .ranking where mapping.score == nil:
      findings.error(
        reader.position,
        "quality: rankings are by the score, got none: add score to events.prediction"
      )
    case .ranking where quality.top.contains { $0.count == nil }:
      findings.error(
        reader.keyPosition("top"),
        "quality.top: places of a ranking are counted, got a percentage: write 10"
      )
    case .regression where mapping.score == nil:
      findings.error(
        reader.position,
        "quality: the predicted number is the score, got none: add score to events.prediction"
      )
    case .binary where mapping.decision == nil && quality.threshold == nil:
      findings.error(
        reader.position,
        "quality: what was decided is not known, got no decision in events.prediction: add it, or "
          + "threshold: 0.5"
      )
    case .binary where mapping.decision != nil && quality.threshold != nil:
      findings.error(
        reader.keyPosition("threshold"),
        "quality.threshold: events have a decision, got a threshold, too: leave one out"
      )
    case .multiclass where quality.classes.isEmpty && !reader.has("classes"):
      findings.error(
        reader.position,
        "quality: which classes there are is not said: add classes: [cat, dog, bird], or scores to "
          + "events.prediction"
      )
    case .multiclass where mapping.decision == nil && mapping.scores.isEmpty:
      findings.error(
        reader.position,
        "quality: what was decided is not known, got no decision in events.prediction: add it, or "
          + "scores"
      )
    default: break
    }
  }

  /// Who has a key, in words.
  private static func owners(of key: String) -> String {
    switch key {
    case "classes": "only several classes have"
    case "silence", "top": "only two classes and rankings have"
    default: "only two classes have"
    }
  }
}
