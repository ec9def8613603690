internal import Events
internal import Records
internal import Specification

/// Puts a baseline into the words of a monitor file.
struct SageMakerWriter {
  let baseline: SageMakerBaseline
  let columns: SageMakerColumns
  let traffic: Traffic
  let model: String
  let profile: String

  /// The whole file.
  var text: String {
    let parts = [head, CommentedLine.joined(events), reference, windows, ruleLines]
    return parts.map { $0.joined(separator: "\n") }.joined(separator: "\n\n") + "\n"
  }

  /// The number of rules.
  var ruleCount: Int { min(rules.count, Self.rulesMax) }

  var warnings: [String] {
    rules.count > Self.rulesMax
      ? [
        "\(rules.count - Self.rulesMax) rules do not fit into a monitor: the last ones are left out"
      ]
      : []
  }

  /// The most rules of a monitor file.
  private static let rulesMax = 256

  private var head: [String] {
    [
      "# Written by `leeway init --constraints` from a baseline of SageMaker Model Monitor, for the",
      "# lines of its data capture. docs/init.md says what each constraint became and what is lost.",
      "model: \(yamlScalar(model))",
    ]
  }

  // MARK: Events

  private var events: [CommentedLine] {
    var lines = [
      CommentedLine("events:"), CommentedLine("  prediction:"),
      CommentedLine("    id: eventMetadata.eventId"),
      CommentedLine("    time: eventMetadata.inferenceTime"),
    ]
    for (key, output) in outputRoles {
      lines.append(CommentedLine("    \(key): \(output.path)", described(output.column)))
    }
    if !columns.watchedInputs.isEmpty { lines.append(CommentedLine("    features:")) }
    for input in columns.inputs {
      if let reason = PersonalNames.reason(of: input.column.name) {
        lines.append(
          CommentedLine(
            "      # - \(input.path)",
            described(input.column) + ", left out: personal data? It is named like \(reason)"
          )
        )
        continue
      }
      let type = input.column.isNumber ? "number" : input.column.type == "String" ? "category" : nil
      let code = type.map { "{field: \(input.path), type: \($0)}" } ?? "\(input.path)"
      lines.append(CommentedLine("      - \(code)", described(input.column)))
    }
    return lines
  }

  private func described(_ column: SageMakerBaseline.Column) -> String {
    "\"\(shown(column.name, 60))\", \(shown(column.type))"
  }

  /// The answer as a score or a decision: the first of each kind.
  private var outputRoles:
    [(key: String, output: (column: SageMakerBaseline.Column, path: FieldPath))]
  {
    var roles: [(key: String, output: (column: SageMakerBaseline.Column, path: FieldPath))] = []
    if let score = columns.outputs.first(where: { $0.column.type == "Fractional" }) {
      roles.append(("score", score))
    }
    if let decision = columns.outputs.first(where: { $0.column.type != "Fractional" }) {
      roles.append(("decision", decision))
    }
    return roles
  }

  private var reference: [String] {
    ["reference: {profile: \(yamlScalar(profile))}"]
  }

  private var windows: [String] {
    let windows = traffic.windows
    let reason =
      traffic.rate == 0
      ? "a guess: let it hold a thousand events or more"
      : "about \(grouped(Int(windows.events.rounded()))) events"
    return CommentedLine.joined([
      CommentedLine("windows: {main: \(windows.main)}", reason),
      CommentedLine("slide: \(windows.slide)"),
      CommentedLine("lateness: \(traffic.lateness)"),
    ])
  }

  // MARK: Rules

  private struct Rule {
    var alert: String
    var expression: String
    var comment: String
  }

  /// Each column with the signal that it is.
  private var signals: [(name: String, signal: String, column: SageMakerBaseline.Column)] {
    let answers = outputRoles.map { key, output in
      (
        key == "score" ? "Score" : "Decision", key == "score" ? "score" : "decision",
        output.column
      )
    }
    return answers
      + columns.watchedInputs.map { input in
        ("Input\(input.path.components.last ?? "")", expression(input.path), input.column)
      }
  }

  private var rules: [Rule] {
    guard baseline.configuration.isEnabled else { return [] }
    return signals.flatMap(rules)
  }

  private func rules(
    _ name: String,
    _ signal: String,
    _ column: SageMakerBaseline.Column
  ) -> [Rule] {
    let configuration = baseline.configuration
    let title = "\"\(shown(column.name, 60))\""
    var rules: [Rule] = []
    if let completeness = column.completeness {
      rules.append(
        Rule(
          alert: "Missing\(name)",
          expression: "missing(\(signal)) / count(\(signal)) > \(share(1 - completeness))",
          comment: "\(title): completeness \(completeness)"
        )
      )
    }
    if column.type != "Unknown" {
      rules.append(
        Rule(
          alert: "Type\(name)",
          expression:
            "invalid(\(signal)) / count(\(signal)) > \(share(1 - configuration.typeShare))",
          comment:
            "\(title): \(shown(column.type)), datatype_check_threshold \(configuration.typeShare)"
        )
      )
    }
    if column.isNonNegative, column.isNumber {
      rules.append(
        Rule(
          alert: "Negative\(name)",
          expression: "min(\(signal)) < 0",
          comment: "\(title): is_non_negative"
        )
      )
    }
    if !column.domain.isEmpty {
      rules.append(
        Rule(
          alert: "Domain\(name)",
          expression:
            "unseen(\(signal)) / count(\(signal)) > \(share(1 - configuration.domainShare))",
          comment: "\(title): \(counted(column.domain.count, "value")) in domains"
        )
      )
    }
    if configuration.comparesDistributions { rules += distribution(name, signal, column, title) }
    return rules
  }

  private func distribution(
    _ name: String,
    _ signal: String,
    _ column: SageMakerBaseline.Column,
    _ title: String
  ) -> [Rule] {
    let configuration = baseline.configuration
    // A decision is counted by its values, whatever the type.
    guard column.isNumber, signal != "decision" else {
      guard column.type == "String" || column.type == "Integral" else { return [] }
      let threshold = configuration.categoricalThreshold ?? configuration.threshold
      let isDistance = configuration.categoricalMethod == "LInfinity"
      return [
        Rule(
          alert: "Drift\(name)",
          expression: isDistance
            ? "l_infinity(\(signal)) > \(threshold)" : "drift(\(signal)) > 0.1",
          comment: isDistance
            ? "\(title): LInfinity \(threshold)"
            : "\(title): \(shown(configuration.categoricalMethod)) became a test of the PSI"
        )
      ]
    }
    let enough = configuration.isRobust ? " and count(\(signal)) >= 1000" : ""
    return [
      Rule(
        alert: "Drift\(name)",
        expression: "ks(\(signal)) > \(configuration.threshold)" + enough,
        comment:
          "\(title): \(configuration.isRobust ? "Robust" : "Simple") \(configuration.threshold)"
      )
    ]
  }

  /// A share as a percentage of the expression language.
  private func share(_ share: Double) -> String {
    share <= 0 ? "0" : "\((min(share, 1) * 1e8).rounded() / 1e6)%"
  }

  private var ruleLines: [String] {
    guard !rules.isEmpty else { return ["# The baseline's constraints are disabled: no rules."] }
    return ["rules:"]
      + rules.prefix(Self.rulesMax).flatMap { rule in
        [
          "  # \(rule.comment)",
          "  - {alert: \(rule.alert), window: main, expr: '\(rule.expression)'}",
        ]
      }
  }
}
