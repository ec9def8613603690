internal import Events
internal import Records

/// The outcomes of a starter monitor.
extension MonitorWriter {
  /// The key `outcome` of `events`.
  var outcome: [CommentedLine] {
    guard let outcome = findings.outcome else { return [] }
    var condition = "exists(\(expression(outcome.label.path)))"
    if let kind = findings.kind, let value = outcome.value {
      condition = "\(expression(kind.path)) == \(quoted(value))"
    }
    func field(_ key: String, _ choice: Choice) -> CommentedLine {
      CommentedLine("    \(key): \(yamlScalar(choice.path.description))", choice.reason)
    }
    return [
      CommentedLine("  outcome:"),
      CommentedLine("    when: \(yamlExpression(condition))", "what turned out of predictions"),
      field("id", outcome.id), field("time", outcome.time), field("label", outcome.label),
    ]
  }

  /// The key `quality`.
  var quality: [String] {
    guard let outcome = findings.outcome else { return [] }
    var lines = [
      "# How good predictions are is told in windows of a day, by their time. The horizon is how",
      "# long an outcome may take, and is a guess: docs/outcomes.md.",
    ]
    if let words = mismatch(outcome) { lines += words }
    var keys = [CommentedLine("quality:"), CommentedLine("  horizon: 30d")]
    switch outcome.task {
    case .binary(let positive):
      if findings.roles.decision == nil {
        keys += [
          CommentedLine("  task: binary", "labels are of two kinds"),
          CommentedLine("  threshold: 0.5", "a guess: positive from this score on"),
        ]
      }
      if let positive {
        let isOne = outcome.label.record.distinct == 1
        let reason = isOne ? "the only label" : "the rarer of two labels"
        keys.append(CommentedLine("  positive: \(yamlScalar(positive))", reason))
      }
    case .multiclass(let classes):
      keys.append(CommentedLine("  task: multiclass"))
      if findings.roles.classes.isEmpty || findings.roles.score != nil {
        let names = classes.map { yamlScalar($0) }.joined(separator: ", ")
        keys.append(CommentedLine("  classes: [\(names)]", "the labels of the sample"))
      }
    case .regression: keys.append(CommentedLine("  task: regression"))
    }
    if outcome.areAllPositive {
      keys.append(
        CommentedLine(
          "  # silence: negative",
          "all labels of the sample are positive: does none mean that all was well?"
        )
      )
    }
    if !findings.leakage.isEmpty {
      let paths = findings.leakage.map { yamlScalar($0.description) }.joined(separator: ", ")
      keys.append(
        CommentedLine("  leakage: [\(paths)]", "does one know the outcome too well by itself?")
      )
    }
    return lines + CommentedLine.joined(keys)
  }

  /// What to mend where decisions are called otherwise than labels.
  private func mismatch(_ outcome: OutcomeKind) -> [String]? {
    guard let decision = findings.roles.decision?.record, outcome.task != .regression else {
      return nil
    }
    let flags = ["0", "1", "true", "false"]
    let known = Set(outcome.label.record.frequentValues)
    let isFlag = known.isSubset(of: flags)
    let strange = decision.frequentValues.filter {
      !known.contains($0) && !(isFlag && flags.contains($0))
    }
    guard !strange.isEmpty, known.isDisjoint(with: decision.frequentValues) else { return nil }
    return [
      "# Decisions are called otherwise than labels (\(listed(decision)); "
        + "\(listed(outcome.label.record))):",
      "# until both are, nothing that is said of decisions is right; what is said of scores is.",
    ]
  }
}
