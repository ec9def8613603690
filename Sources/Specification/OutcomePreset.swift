/// A form of outcomes that a tool writes, by name.
public enum OutcomePreset: String, Sendable, CaseIterable {
  /// What `leeway feedback --answers` writes.
  case leeway
  /// Label Studio's webhooks, a body a line.
  case labelStudio = "label-studio"
  /// Label Studio's export JSON_MIN, an element a line.
  case labelStudioMin = "label-studio-min"
  /// OpenTelemetry's event `gen_ai.evaluation.result`, with its attributes as flat keys.
  case genAIEvaluation = "gen-ai-evaluation"

  /// Where the part of a key of `events.outcome` stands, or its condition; `nil` where it has none.
  package func text(_ key: String) -> String? { texts[key] }

  /// Who says it where the outcome does not.
  package var source: OutcomeSource { self == .genAIEvaluation ? .judge : .human }

  private var texts: [String: String] {
    switch self {
    case .leeway:
      [
        "when": "kind == \"outcome\"", "id": "id", "version": "version", "time": "ts",
        "label": "label", "annotator": "annotator", "skipped": "skipped", "source": "source",
      ]
    case .labelStudio:
      [
        "when": "action in [\"ANNOTATION_CREATED\", \"ANNOTATION_UPDATED\"]",
        "id": "task.data.leeway.prediction_id", "version": "task.data.leeway.version",
        "time": "annotation.updated_at", "label": "annotation.result.0.value.choices.0",
        "annotator": "annotation.completed_by", "skipped": "annotation.was_cancelled",
      ]
    case .labelStudioMin:
      [
        "when": "exists(annotation_id)", "id": "leeway.prediction_id",
        "version": "leeway.version", "time": "updated_at", "label": "label",
        "annotator": "annotator",
      ]
    case .genAIEvaluation:
      [
        "when": "`event.name` == \"gen_ai.evaluation.result\"", "id": "\"gen_ai.response.id\"",
        "time": "timestamp", "label": "\"gen_ai.evaluation.score.value\"",
      ]
    }
  }
}
