internal import Events
internal import Records

/// A monitor file with a comment for each choice, written from a sample of a log.
public struct StarterMonitor: Sendable, Equatable {
  /// The file.
  public let text: String
  /// The model's name.
  public let model: String
  /// What somebody should know at once, such as fields that look like personal data.
  public let warnings: [String]
  /// What was found, in one line.
  public let summary: String

  init(_ findings: SurveyFindings, _ context: LogSurvey.Context) {
    model =
      context.model ?? findings.model ?? findings.roles.model?.record.frequentValues.first
      ?? Self.name(of: context.source)
    warnings = Self.warnings(findings)
    let writer = MonitorWriter(findings: findings, context: context, model: model)
    text = writer.text
    summary =
      "\(counted(findings.kept.count, "feature"))"
      + (findings.roles.score == nil ? "" : ", a score")
      + (findings.roles.decision == nil ? "" : ", a decision")
      + ", \(counted(findings.events, "prediction")) in \(counted(findings.lines, "line"))"
  }

  /// A model's name from a file's: its first part.
  private static func name(of source: String) -> String {
    let file = source.split(separator: "/").last.map(String.init) ?? ""
    let stem = file.split(separator: ".").first.map(String.init) ?? ""
    return stem.isEmpty || stem == "-" ? "my-model" : stem
  }

  private static func warnings(_ findings: SurveyFindings) -> [String] {
    var warnings = findings.features.filter(\.isPersonal).map {
      "\($0.path): \($0.comment): left out"
    }
    if findings.refused > 0 {
      warnings.append("\(counted(findings.refused, "line")) of the sample: not a JSON object")
    }
    let roles = findings.roles
    if roles.score == nil, roles.decision == nil, roles.classes.isEmpty {
      warnings.append(
        "no field looks like the model's answer, a score or a decision: name it as "
          + "`score:` or `decision:` under events.prediction, else the answer is watched as an input"
          + " or not at all"
      )
    }
    if let id = roles.id, !id.record.isUnique {
      warnings.append("\(id.path): \(id.reason); the monitor counts them as duplicates")
    }
    if let path = findings.zoneless {
      warnings.append(
        "\(path): times without a zone: the monitor has zone: UTC, a guess; write the producer's, "
          + "as in Europe/Berlin"
      )
    }
    warnings += numbers(findings)
    for path in findings.batches {
      warnings.append("\(path): some lines hold several requests: only the first one is watched")
    }
    if let model = findings.model {
      warnings.append(
        "several models write this log: the monitor watches \"\(model)\"; write one for each other"
      )
    }
    if let outcome = findings.outcome {
      warnings.append(
        (outcome.value.map { "events of the kind \"\($0)\"" } ?? "lines with \(outcome.label.path)")
          + " are read as outcomes, by \(outcome.id.path): the horizon of 30d is a guess"
      )
    }
    let unwatched = findings.kind?.others.filter { $0 != findings.outcome?.value } ?? []
    if let kind = findings.kind, !unwatched.isEmpty {
      let others = unwatched.map { "\"\($0)\"" }.joined(separator: ", ")
      warnings.append(
        "several kinds of events: the monitor watches \"\(kind.value)\", not \(others); "
          + "--kind chooses another"
      )
    }
    return warnings
  }
}

extension StarterMonitor {
  /// What is to be known of fields whose numbers are not all written as JSON writes them.
  private static func numbers(_ findings: SurveyFindings) -> [String] {
    let roles = [findings.roles.score, findings.roles.latency?.choice].compactMap { $0?.record }
    var warnings: [String] = []
    for record in roles + findings.kept.compactMap(\.record) where record.isNumeric {
      if record.hasDecimalComma {
        warnings.append(
          "\(record.path): numbers in texts, with a decimal comma: the monitor reads them so"
        )
      }
      if record.texts.nonfinite > 0 {
        warnings.append(
          "\(record.path): \(percent(record.nonfiniteShare)) of its values are NaN or infinite, "
            + "which the monitor counts as invalid"
        )
      }
    }
    return warnings
      + findings.features.filter { $0.comment.hasPrefix(ValueShapes.thousands) }.map {
        "\($0.path): \($0.comment): left out"
      }
  }
}

/// A line of a YAML file with its comment.
struct CommentedLine: Sendable {
  var code: String
  var comment: String?

  init(_ code: String, _ comment: String? = nil) {
    self.code = code
    self.comment = comment
  }

  /// Lines with their comments below each other, where they are short enough.
  static func joined(_ lines: [CommentedLine]) -> [String] {
    let width = min(lines.filter { $0.comment != nil }.map(\.code.count).max() ?? 0, 44)
    return lines.map { line in
      guard let comment = line.comment else { return line.code }
      let gap = max(width - line.code.count, 0) + 2
      return line.code + String(repeating: " ", count: gap) + "# " + comment
    }
  }
}
