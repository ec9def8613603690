/// A labelling tool whose files are written and read.
public enum LabellingTool: String, Sendable, CaseIterable {
  /// Label Studio: tasks in, webhook bodies or exports out.
  case labelStudio = "label-studio"
  /// Argilla: records in, records with responses out.
  case argilla
  /// Amazon SageMaker Ground Truth: a manifest in, an output manifest out.
  case groundTruth = "ground-truth"
}

/// What the project of a labelling tool calls the parts that hold the answer.
public struct LabelNames: Sendable, Equatable {
  /// The control that asks for the label; in Argilla the question, in Ground Truth the attribute.
  public var control: String
  /// What Label Studio's control is about: the tag that shows the features.
  public var object: String

  /// The names.
  public init(control: String = "label", object: String = "row") {
    self.control = control
    self.object = object
  }
}
