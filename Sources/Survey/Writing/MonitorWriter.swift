internal import Events
internal import Records

/// Puts findings into the words of a monitor file.
struct MonitorWriter {
  let findings: SurveyFindings
  let context: LogSurvey.Context
  let model: String

  /// The whole file.
  var text: String {
    let parts = [
      head, CommentedLine.joined(events + outcome), zone, personalData, reference, windows,
      objectives, quality, rules,
    ]
    return parts.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") }.joined(separator: "\n\n")
      + "\n"
  }

  private var roles: Roles { findings.roles }

  private var head: [String] {
    [
      "# A starter monitor, written by `leeway init` from the first \(counted(findings.lines, "line"))",
      "# of \(shown(context.source.split(separator: "/").last.map(String.init) ?? "a log", 60)). "
        + "Each choice is a guess from those lines, and its comment says why:",
      "# read them once and correct what is wrong. docs/language.md explains every key.",
      "model: \(yamlScalar(model))",
    ]
  }

  // MARK: Events

  private var events: [CommentedLine] {
    var lines = [CommentedLine("events:")] + shape + [CommentedLine("  prediction:")]
    if let condition = condition {
      lines.append(CommentedLine("    when: \(yamlExpression(condition.code))", condition.comment))
    }
    lines += [
      role("id", roles.id), duplicates, role("time", roles.time), role("version", roles.version),
      score, role("decision", roles.decision),
    ].compactMap { $0 }
    lines += classes
    if let latency = roles.latency {
      let field = yamlScalar(latency.choice.path.description)
      let record = latency.choice.record
      var form = record.isDuration ? "from: text" : "unit: \(latency.unit.rawValue)"
      if record.hasDecimalComma { form += ", " + Self.decimalComma }
      lines.append(
        CommentedLine(
          "    latency: {field: \(field), \(form)}",
          latency.choice.reason
        )
      )
    }
    if let failure = roles.failure {
      lines.append(
        CommentedLine(
          "    failure: \(yamlExpression(failure.failed))",
          "\(failure.choice.reason); \(percent(failure.share)) failed in the sample"
        )
      )
    }
    for outcome in roles.outcomes {
      lines.append(
        CommentedLine(
          "    # \(yamlScalar(outcome.path.description))",
          "left out: \(outcome.reason), which no prediction can know"
        )
      )
    }
    lines += features
    if !findings.knownTimes.isEmpty {
      let paths = findings.knownTimes.map { yamlScalar($0.path.description) }
      lines.append(
        CommentedLine(
          "    feature_times: [\(paths.joined(separator: ", "))]",
          "when features were known: no later than the prediction"
        )
      )
    }
    if !findings.segments.isEmpty {
      let paths = findings.segments.map { yamlScalar($0.path.description) }.joined(separator: ", ")
      let reason = findings.segments.map(\.reason).joined(separator: "; ")
      lines.append(
        CommentedLine("    segments: [\(paths)]", "each value is watched on its own: \(reason)")
      )
    }
    return lines
  }

  /// The probabilities of a prediction's classes.
  private var classes: [CommentedLine] {
    if roles.score != nil {
      return roles.classes.filter { $0.path != roles.score?.path }.map { other in
        CommentedLine(
          "    # \(yamlScalar(other.path.description))",
          "left out: the probability of the other class, 1 less the score"
        )
      }
    }
    let entries = roles.classes.map { entry in
      let name = entry.path.components.last ?? ""
      return "\(yamlScalar(name)): \(yamlScalar(entry.path.description))"
    }
    guard !entries.isEmpty else { return [] }
    return [
      CommentedLine(
        "    scores: {\(entries.joined(separator: ", "))}",
        "they add up to 1: the decision is the greatest"
      )
    ]
  }

  /// How events stand in the lines.
  private var shape: [CommentedLine] {
    var lines: [CommentedLine] = []
    if let prefix = findings.shape.prefix {
      lines.append(CommentedLine("  prefix: \(prefix.rawValue)", "text stands before the JSON"))
    }
    let fields = findings.shape.wrapped.map { field in
      let path = yamlScalar(field.path.description)
      return field.encoding == .text ? path : "{field: \(path), encoding: base64}"
    }
    if !fields.isEmpty {
      lines.append(CommentedLine("  unwrap: \(Self.list(fields))", "a text that is JSON"))
    }
    let batches = findings.shape.batches.map { yamlScalar($0.description) }
    if !batches.isEmpty {
      lines.append(CommentedLine("  each: \(Self.list(batches))", "each row is a prediction"))
    }
    return lines
  }

  /// One item, or a list of them.
  private static func list(_ items: [String]) -> String {
    items.count == 1 ? items[0] : "[\(items.joined(separator: ", "))]"
  }

  private var duplicates: CommentedLine? {
    guard findings.canHaveDuplicates else { return nil }
    return CommentedLine("    duplicates: count", "the same id again within an hour came twice")
  }

  private func role(_ key: String, _ choice: Choice?) -> CommentedLine? {
    choice.map { CommentedLine("    \(key): \(yamlScalar($0.path.description))", $0.reason) }
  }

  /// How a field says that its numbers are texts with a decimal comma.
  private static let decimalComma = "from: text, decimal: comma"

  private var score: CommentedLine? {
    guard let score = roles.score, score.record.hasDecimalComma else {
      return role("score", roles.score)
    }
    let field = yamlScalar(score.path.description)
    return CommentedLine("    score: {field: \(field), \(Self.decimalComma)}", score.reason)
  }

  /// A feature's field, with its type where the values alone may not say it.
  private func entry(_ feature: FeatureChoice) -> String {
    let path = yamlScalar(shownPath(feature))
    guard let record = feature.record, record.isNumeric || record.hasDecimalComma else {
      return path
    }
    if record.hasDecimalComma { return "{field: \(path), type: number, \(Self.decimalComma)}" }
    return record.texts.nonfinite > 0 ? "{field: \(path), type: number}" : path
  }

  /// The condition of `when`, with the reason.
  private var condition: (code: String, comment: String)? {
    var code: [String] = []
    var comments: [String] = []
    if let kind = findings.kind {
      code.append("\(expression(kind.path)) == \(quoted(kind.value))")
      let others = kind.others.filter { $0 != findings.outcome?.value }.prefix(4)
      if others.isEmpty {
        comments.append("the other kind has the outcomes")
      } else {
        let names = others.map { shown($0, 60) }.joined(separator: ", ")
        comments.append("the other kinds are not watched: \(names)")
      }
    }
    if let marker = findings.marker {
      code.append("exists(\(expression(marker)))")
      comments.append("the other lines have none")
    }
    if let model = findings.model, let path = roles.model?.path {
      code.append("\(expression(path)) == \(quoted(model))")
      comments.append("other models write this log, too")
    }
    return code.isEmpty
      ? nil : (code.joined(separator: " and "), comments.joined(separator: "; "))
  }

  private var features: [CommentedLine] {
    let answers = roles.score == nil ? roles.classes : []
    guard !findings.features.isEmpty || !answers.isEmpty else { return [] }
    let kept = !findings.kept.isEmpty || !answers.isEmpty
    var lines = kept ? [CommentedLine("    features:")] : []
    for feature in findings.features {
      let path = yamlScalar(shownPath(feature))
      lines.append(
        feature.isKept
          ? CommentedLine("      - \(entry(feature))", feature.comment)
          : CommentedLine("      # - \(path)", "left out: \(feature.comment)")
      )
    }
    for answer in answers {
      lines.append(
        CommentedLine("      - \(yamlScalar(answer.path.description))", answer.reason)
      )
    }
    return lines
  }

  /// The zone of times that are written without one.
  private var zone: [String] {
    guard let path = findings.zoneless else { return [] }
    return [
      "# The times of \(shown(path.description, 60)) are written without a zone: UTC is a guess. "
        + "Write the producer's,",
      "# as in Europe/Berlin.",
      "zone: UTC",
    ]
  }

  /// How fields that look like personal data can be watched without their values.
  private var personalData: [String] {
    let personal = findings.features.filter { $0.isPersonal && FieldPathText.isWritable($0.path) }
    guard !personal.isEmpty else { return [] }
    let paths = personal.map { yamlScalar($0.path.description) }.joined(separator: ", ")
    return [
      "# What looks like personal data can be watched as keyed hashes (docs/privacy.md): list it",
      "# above, too, put a key into LEEWAY_PII_KEY (`openssl rand -hex 32` makes one), and write",
      "# pii: [\(paths)]",
    ]
  }

  private func shownPath(_ feature: FeatureChoice) -> String {
    guard !feature.isKept else { return feature.path.description }
    var text = ""
    text.unicodeScalars.append(
      contentsOf: feature.path.description.unicodeScalars.prefix(200).map {
        isPrintable($0) ? $0 : "?"
      }
    )
    return text
  }

  // MARK: Windows

  private var reference: [String] {
    [
      "# What is normal: counts that `leeway profile` makes of a period that was good.",
      "reference: {profile: \(yamlScalar(context.profile))}",
    ]
  }

  private var windows: [String] {
    let windows = findings.traffic.windows
    var lines: [String] = []
    if findings.traffic.rate == 0 {
      lines.append("# All events of the sample have one time: an hour is a guess.")
    } else {
      lines.append(
        "# The sample has about \(pace): \(windows.main) of it is about "
          + "\(grouped(Int(windows.events.rounded()))) events."
      )
    }
    if windows.isThin {
      lines.append(
        "# That is few: small changes will not be seen. It is the longest window that makes sense."
      )
    }
    lines += CommentedLine.joined([
      hasObjectives
        ? CommentedLine("windows: {main: {size: \(windows.main), slide: \(windows.slide)}}")
        : CommentedLine("windows: {main: \(windows.main)}"),
      hasObjectives
        ? CommentedLine("slide: 5m", "the error budgets below are watched over 5 minutes, too")
        : CommentedLine(
          "slide: \(windows.slide)",
          "how often the window moves and rules are judged"
        ),
      CommentedLine(
        "lateness: \(findings.traffic.lateness)",
        findings.traffic.disorder > 0
          ? "events of the sample are up to \(plain(findings.traffic.disorder)) s late"
          : "the sample is in order of time; this is how long a window waits"
      ),
    ])
    return lines
  }

  /// The rate in a unit that gives a number above one.
  private var pace: String {
    let rate = findings.traffic.rate
    let units = [("a second", 1.0), ("a minute", 60), ("an hour", 3_600), ("a day", 86_400)]
    let unit = units.first { rate * $0.1 >= 1 } ?? units[3]
    return "\(plain((rate * unit.1 * 10).rounded() / 10)) events \(unit.0)"
  }

  // MARK: Objectives

  private var hasObjectives: Bool { !MonitorObjectives(roles).all.isEmpty }

  private var objectives: [String] {
    let all = MonitorObjectives(roles).all
    guard !all.isEmpty else { return [] }
    return [
      "# What users may expect, over 30 days; what is missing to 100 % is the budget for errors. The",
      "# shares are guesses from the sample: agree on them with those who depend on the model.",
      "slos:",
    ]
      + CommentedLine.joined(
        all.map { objective in
          CommentedLine(
            "  - {name: \(objective.name), good: \(yamlExpression(objective.good)), "
              + "objective: \(objective.share)}",
            objective.comment
          )
        }
      )
  }

  // MARK: Rules

  private var rules: [String] {
    MonitorRules(findings: findings).lines
  }
}
