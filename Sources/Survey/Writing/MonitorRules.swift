internal import Events

/// The rules of a starter monitor.
struct MonitorRules {
  let findings: SurveyFindings

  /// The lines of the key `rules`.
  var lines: [String] {
    var lines = ["rules:"]
    for (index, rule) in all.enumerated() {
      if index > 0 { lines.append("") }
      lines += rule
    }
    return lines
  }

  private var windows: Traffic.Windows { findings.traffic.windows }

  private var all: [[String]] {
    var rules: [[String]] = []
    let signals = selector
    if let signals {
      let name = signals == "*" ? "Drift" : "InputDrift"
      rules.append(
        rule(
          name,
          "drift(\(signals)) > 0.1",
          because: [
            "Has a field moved? One alert a field. 0.1 is the usual limit of the population stability",
            "index for \"look at it\"; the rule asks that the index is beyond it with 99 % confidence.",
          ],
          severity: "warning",
          hold: true,
          summary: "{{ signal }} has drifted: PSI {{ psi }}, at least {{ value }}"
        )
      )
    }
    if let prediction, signals != "*" {
      rules.append(
        rule(
          "PredictionDrift",
          prediction,
          because: ["Does the model answer otherwise than before? That reaches its users."],
          severity: "critical",
          hold: true,
          summary: "what the model predicts has drifted: PSI {{ psi }}, at least {{ value }}"
        )
      )
    }
    rules += usable(signals)
    if let signals {
      if findings.kept.contains(where: { $0.record?.isText == true }) {
        rules.append(
          rule(
            "NewValues",
            "unseen(\(signals)) / count(\(signals)) > "
              + "reference(unseen(\(signals)) / count(\(signals))) + 1%",
            because: [
              "Does a category have more values that the reference never had than it lets expect?"
            ],
            severity: "warning",
            hold: false,
            summary: "{{ signal }} has values that the reference lacks"
          )
        )
      }
    }
    return rules + soundness(signals) + outcomes + service
  }

  /// Rules about outcomes: whether they were known before, and whether scores still mean the same.
  private var outcomes: [[String]] {
    guard let outcome = findings.outcome else { return [] }
    var rules = [
      rule(
        "OutcomeBeforePrediction",
        "early(quality) > 1%",
        because: ["Were outcomes known before their predictions? A clock is wrong, or they leak."],
        window: nil,
        severity: "warning",
        hold: false,
        summary: "{{ value | percent }} of the outcomes are earlier than their prediction"
      )
    ]
    if !findings.leakage.isEmpty {
      rules.append(
        rule(
          "FeatureKnowsTheOutcome",
          "roc_auc(leakage.*) > 0.95",
          because: ["Is a feature so good by itself that it may be written after the outcome?"],
          window: nil,
          severity: "warning",
          hold: false,
          summary: "{{ signal }} alone tells the outcomes apart: ROC AUC {{ value }}"
        )
      )
    }
    let hasProbability = findings.roles.score.map {
      $0.record.numbers.minimum >= 0 && $0.record.numbers.maximum <= 1
    }
    if case .binary = outcome.task, hasProbability == true {
      rules.append(
        rule(
          "ScoresMeanSomethingElse",
          "distrust(estimate) >= 1",
          because: [
            "Does the outcome follow from the score as it did in the reference? If not, the model has",
            "aged. At least 100,000 outcomes lie between false alarms on average.",
          ],
          window: nil,
          severity: "critical",
          hold: false,
          summary: "outcomes are not as the scores let expect: the estimate is not to be trusted"
        )
      )
    }
    return rules
  }

  /// Rules about values that are missing or of another type, of the features and of the prediction.
  private func usable(_ signals: String?) -> [[String]] {
    var rules: [[String]] = []
    if let signals {
      rules.append(
        rule(
          "UnusableValues",
          "unusable(\(signals)) > reference(unusable(\(signals))) + 5%",
          because: [
            "Is a field missing, or of another type, in five of a hundred events more than in the",
            "reference?",
          ],
          severity: "warning",
          hold: false,
          summary: "{{ signal }} cannot be used in {{ value | percent }} of the events"
        )
      )
    }
    guard signals != "*" else { return rules }
    for (role, name) in [
      ("score", findings.roles.score == nil ? nil : "UnusableScore"),
      ("decision", findings.roles.decision == nil ? nil : "UnusableDecision"),
    ] {
      guard let name else { continue }
      rules.append(
        rule(
          name,
          "unusable(\(role)) > reference(unusable(\(role))) + 5%",
          because: ["Does the model answer at all? Its \(role) is missing, or of another type."],
          severity: "critical",
          hold: false,
          summary: "the \(role) cannot be used in {{ value | percent }} of the events"
        )
      )
    }
    return rules
  }

  /// Rules about the data: whether they are in the range, come once and are of the past.
  private func soundness(_ signals: String?) -> [[String]] {
    var rules: [[String]] = []
    if let signals, findings.kept.contains(where: { $0.record?.isNumeric == true }) {
      rules.append(
        rule(
          "OutOfRange",
          "out_of_range(\(signals)) / count(\(signals)) > 1%",
          because: ["Are numbers less or greater than all of the reference?"],
          severity: "warning",
          hold: false,
          summary:
            "{{ signal }} is beyond all of the reference in {{ value | percent }} of the events"
        )
      )
    }
    rules.append(
      rule(
        "Refused",
        "mean(refused) > 1%",
        because: ["Are lines refused? They are no JSON, have no time or come too late."],
        severity: "warning",
        hold: false,
        summary: "{{ value | percent }} of the lines are refused"
      )
    )
    if findings.canHaveDuplicates {
      rules.append(
        rule(
          "Duplicates",
          "mean(duplicate) > 1%",
          because: ["Do events come twice? Then every count is too high."],
          severity: "warning",
          hold: false,
          summary: "{{ value | percent }} of the events came before"
        )
      )
    }
    if !findings.knownTimes.isEmpty {
      rules.append(
        rule(
          "Lookahead",
          "mean(lookahead) > 1%",
          because: [
            "Were features known later than their prediction? The model cannot have had them."
          ],
          severity: "critical",
          hold: false,
          summary: "{{ value | percent }} of the events have a feature of a later time"
        )
      )
    }
    return rules
  }

  /// Rules about the service: whether it is fast, answers, and speaks at all.
  private var service: [[String]] {
    var rules: [[String]] = []
    if let latency = findings.roles.latency {
      let record = latency.choice.record
      let limit = Self.roundedUp(3 * record.quantile(0.99) * latency.unit.seconds)
      rules.append(
        rule(
          "SlowAnswers",
          "p99(latency) > \(limit)",
          because: ["Are the slowest of a hundred answers three times as slow as in the sample?"],
          severity: "warning",
          hold: true,
          summary: "one of a hundred answers takes {{ value | duration }} or more"
        )
      )
    }
    if let failure = findings.roles.failure {
      let limit = max(5, (300 * failure.share).rounded(.up))
      rules.append(
        rule(
          "Failures",
          "mean(failure) > \(Int(min(limit, 99)))%",
          because: ["Do more predictions fail than now and then?"],
          severity: "critical",
          hold: false,
          summary: "{{ value | percent }} of the predictions fail"
        )
      )
    }
    for objective in MonitorObjectives(findings.roles).all {
      let name = objective.name.prefix(1).uppercased() + objective.name.dropFirst()
      rules.append([
        "  # Is the budget of \(objective.name) used up too fast? Pages, or writes a ticket.",
        "  - {alert: \(name)Burn, burn: \(objective.name)}",
      ])
    }
    rules.append([
      "  # No event for four times the longest gap of the sample: has the log stopped?",
      "  - {alert: Silence, silence: \(findings.traffic.silence), severity: warning}",
    ])
    return rules
  }

  /// A duration as the next 1, 2, 3 or 5 of a power of ten.
  static func roundedUp(_ seconds: Double) -> String {
    var power = 1
    while power < 1_000_000_000_000 {
      for step in [1, 2, 3, 5] where Double(step * power) >= seconds * 1e6 {
        let microseconds = step * power
        if microseconds % 1_000_000 == 0 { return "\(microseconds / 1_000_000)s" }
        return microseconds % 1_000 == 0 ? "\(microseconds / 1_000)ms" : "\(microseconds)us"
      }
      power *= 10
    }
    return "1d"
  }

  /// What stands for all features in a rule: the object that holds them, else every signal; `nil`
  /// without features.
  private var selector: String? {
    let paths = findings.kept.map(\.path)
    guard let first = paths.first else { return nil }
    var length = first.components.count - 1
    for path in paths {
      while length > 0,
        !(path.components.count > length
          && path.components.prefix(length) == first.components.prefix(length))
      {
        length -= 1
      }
    }
    guard length > 0 else { return "*" }
    return expression(FieldPath(Array(first.components.prefix(length)), isWildcard: true))
  }

  private var prediction: String? {
    let signals = [
      findings.roles.score == nil ? nil : "score",
      findings.roles.decision == nil ? nil : "decision",
    ].compactMap { $0 }
    return signals.isEmpty
      ? nil : signals.map { "drift(\($0)) > 0.1" }.joined(separator: " or ")
  }

  private func rule(
    _ name: String,
    _ expression: String,
    because: [String],
    window: String? = "main",
    severity: String,
    hold: Bool,
    summary: String
  ) -> [String] {
    var lines =
      because.map { "  # \($0)" } + [
        "  - alert: \(name)", "    expr: \(yamlExpression(expression))",
      ]
    if let window { lines.append("    window: \(window)") }
    if hold { lines += ["    for: \(windows.hold)", "    keep_firing_for: \(windows.keep)"] }
    return lines + [
      "    severity: \(severity)", "    annotations: {summary: '\(summary)'}",
    ]
  }
}
