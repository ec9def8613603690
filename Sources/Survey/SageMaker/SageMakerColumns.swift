internal import Events
internal import Records

/// Where a baseline's columns stand in a data-capture line.
///
/// The first columns of a baseline are what the model answers, then come its inputs, as the
/// developer guide says ("Create a Baseline"). A line has the answer in `endpointOutput` and the
/// inputs in `endpointInput`, each as comma-separated values.
struct SageMakerColumns: Sendable {
  var outputs: [(column: SageMakerBaseline.Column, path: FieldPath)] = []
  var inputs: [(column: SageMakerBaseline.Column, path: FieldPath)] = []
  /// What is not as it should be, in words.
  var warnings: [String] = []

  /// The inputs that are features: those that are not named as personal data is.
  var watchedInputs: [(column: SageMakerBaseline.Column, path: FieldPath)] {
    inputs.filter { PersonalNames.reason(of: $0.column.name) == nil }
  }

  static let input = FieldPath(["captureData", "endpointInput", "data"])
  static let output = FieldPath(["captureData", "endpointOutput", "data"])

  /// - Parameters:
  ///   - baseline: The columns.
  ///   - inputCount: The values of an input in the log; `nil` without a log.
  ///   - outputCount: The same of an answer.
  init(_ baseline: SageMakerBaseline, inputCount: Int?, outputCount: Int?) {
    let count = baseline.columns.count
    let answers: Int
    if let inputCount {
      let difference = count - inputCount
      answers = min(max(difference, 0), count)
      if difference != 0, difference != outputCount ?? difference || difference < 0 {
        warnings.append(
          "the baseline has \(counted(count, "column")), a captured line \(inputCount) in and "
            + "\(outputCount ?? 0) out: check which column is which"
        )
      }
    } else {
      answers = count > 1 ? 1 : 0
    }
    for column in baseline.columns {
      if let reason = PersonalNames.reason(of: column.name) {
        warnings.append(
          "column \"\(shown(column.name, 60))\": personal data? It is named like \(reason): left out"
        )
      }
    }
    for (index, column) in baseline.columns.enumerated() {
      if index < answers {
        outputs.append((column, Self.output.appending(String(index))))
      } else {
        inputs.append((column, Self.input.appending(String(index - answers))))
      }
    }
  }
}
