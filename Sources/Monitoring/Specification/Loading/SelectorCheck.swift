import Events
import Expressions

/// Checks that the signals of an expression are signals of the monitor.
struct SelectorCheck {
  let findings: Findings
  let mapping: PredictionMapping

  func check(_ expression: WindowExpression, in scalar: YAMLScalar, _ what: String) {
    for use in expression.uses {
      guard let message = problem(with: use.selector) else { continue }
      findings.error(in: scalar, at: use.selectorSpan.offset, "\(what): \(message)")
    }
  }

  private var known: [String] {
    (mapping.score == nil ? [] : ["score"]) + (mapping.decision == nil ? [] : ["prediction"])
      + mapping.features.map(\.path.description)
  }

  private func problem(with selector: SignalSelector) -> String? {
    switch selector {
    case .all: return nil
    case .named("score"):
      return mapping.score == nil
        ? "events have no score here: add score to events.prediction" : nil
    case .named("prediction"):
      return mapping.decision == nil
        ? "events have no decision here: add decision to events.prediction" : nil
    case .named(let name):
      let path = try? FieldPath(parsing: name)
      let isFeature = mapping.features.contains { feature in
        guard let path else { return false }
        return feature.path.isWildcard ? feature.path.contains(path) : feature.path == path
      }
      return isFeature ? nil : unknown(name)
    case .members(let members):
      let isKnown = mapping.features.contains { feature in
        feature.path == members || members.contains(feature.path)
      }
      return isKnown ? nil : unknown(members.description)
    }
  }

  private func unknown(_ name: String) -> String {
    "unknown signal \"\(name)\": \(Findings.advice(on: name, among: known))"
  }
}
