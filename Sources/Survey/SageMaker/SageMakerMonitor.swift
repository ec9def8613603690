internal import Events
internal import Records
internal import Specification

/// A monitor file written from a baseline of SageMaker Model Monitor.
public struct SageMakerMonitor: Sendable {
  /// The file.
  public let text: String
  /// What somebody should know at once.
  public let warnings: [String]
  /// What was found, in one line.
  public let summary: String
  let columns: SageMakerColumns
  let baseline: SageMakerBaseline
  let model: String
  let start: Int64

  /// Writes a monitor.
  ///
  /// - Parameters:
  ///   - baseline: The constraints and statistics.
  ///   - survey: The first lines of captured data, which say how often events come and how many
  ///     columns they have; an empty one leaves both to guesses that the comments name.
  ///   - context: The model's name and the profile's.
  public init(_ baseline: SageMakerBaseline, survey: LogSurvey, context: LogSurvey.Context) {
    let findings = try? survey.findings(context)
    let parts = findings.map { findings in
      [SageMakerColumns.input, SageMakerColumns.output].map { place in
        (findings.features.map(\.path) + findings.roles.taken).count { path in
          place.contains(path)
        }
      }
    }
    let hasCapture = (parts?[0] ?? 0) > 0
    columns = SageMakerColumns(
      baseline,
      inputCount: hasCapture ? parts?[0] : nil,
      outputCount: hasCapture ? parts?[1] : nil
    )
    self.baseline = baseline
    model = context.model ?? "my-endpoint"
    start = findings?.roles.time?.record.moments.first?.time ?? 0
    let traffic = findings?.traffic ?? Traffic([])
    let overridden = baseline.columns.count(where: \.hasOverrides)
    var warnings = columns.warnings
    if overridden > 0 {
      warnings.append("\(counted(overridden, "column")) with overrides: they are not imported")
    }
    if !hasCapture {
      warnings.append(
        "no captured data was given: the windows are guesses, and the first column is taken for "
          + "the model's answer"
      )
    }
    let writer = SageMakerWriter(
      baseline: baseline,
      columns: columns,
      traffic: traffic,
      model: model,
      profile: context.profile
    )
    text = writer.text
    self.warnings = warnings + writer.warnings
    summary =
      "\(counted(columns.watchedInputs.count, "feature")), \(counted(columns.outputs.count, "answer")), "
      + counted(writer.ruleCount, "rule") + " from \(counted(baseline.columns.count, "column"))"
  }
}
