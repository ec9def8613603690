internal import Expressions
internal import Specification

/// Who decides on the same predictions: the model, a baseline, or always the same decision.
struct Decider: Equatable {
  /// The baseline's name; `nil`: the model.
  var name: String?

  /// The measures that are shown of it.
  static let measures: Set<String> = ["money", "accuracy"]

  /// The signal that has its measures.
  var signal: String { name.map { baselinePrefix + $0 } ?? qualityName }
  /// The signal that says by how much the model is better; `nil` of the model itself.
  var lift: String? { name.map { liftPrefix + $0 } }
  /// What people call it.
  var label: String { name ?? "the model" }
  /// Whether it is a rule of the monitor.
  var isRule: Bool { name.map { !constantBaselines.contains($0) } ?? false }

  /// The model, the monitor's baselines, and the constant decisions.
  static func all(of monitor: Monitor) -> [Decider] {
    [Decider()] + (monitor.baselines.map(\.name) + constantBaselines).map { Decider(name: $0) }
  }
}
