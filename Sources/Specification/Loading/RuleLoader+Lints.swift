import Expressions
import YAML

extension RuleLoader {
  /// Warns of what has no effect, or is probably not meant.
  func lint(_ rule: RuleSpecification, _ reader: MappingReader, _ what: String) {
    if rule.expression.needsReference, !hasProfile {
      findings.note(
        reader.keyPosition("expr"),
        "\(what): expr compares with a reference, got none in this file: "
          + "add reference: {profile: FILE}, or give --profile"
      )
    }
    let stratified = rule.expression.uses.first { $0.statistic == .within || $0.statistic == .mix }
    if let stratified, !hasStrata {
      findings.error(
        reader.keyPosition("expr"),
        "\(what): \(stratified.statistic.rawValue) needs strata, got none: add strata: FIELD to "
          + "reference, one of events.prediction.segments"
      )
    }
    checkPast(rule, reader, what)
    checkQuality(rule, reader, what)
    lintTask(rule, reader, what)
    lintDurations(rule, reader, what)
    for comparison in rule.expression.doubtful {
      findings.warning(reader.keyPosition("expr"), "\(what): expr: \(comparison.advice)")
    }
    let usesDrift = rule.expression.uses.contains { $0.statistic == .drift }
    lintBounds(rule, reader, usesDrift: usesDrift, what)
    let foregone = rule.expression.foregone
    for comparison in foregone {
      findings.warning(
        reader.keyPosition("expr"),
        "\(what): a comparison with \(comparison.use.statistic.rawValue) "
          + "\(comparison.isAlways ? "always" : "never") holds, whatever the window: "
          + "compare with a value that it can have"
      )
    }
    if usesDrift, rule.expression.driftTolerance == nil, foregone.isEmpty {
      findings.warning(
        reader.keyPosition("expr"),
        "\(what): drift is not compared as drift(x) > constant, so it has no p-value: "
          + "write it in that form"
      )
    }
    for (name, template) in rule.annotations.sorted(by: { $0.key < $1.key }) {
      let variables = template.variables
      if variables.contains(.value(.version)), !rule.by.contains(.version) {
        findings.warning(
          reader.keyPosition("annotations"),
          "\(what): annotations.\(name): {{ version }} is empty here: add by: version"
        )
      }
      let bySegment = rule.by.contains { if case .segment = $0 { true } else { false } }
      if variables.contains(.value(.segment)), !bySegment {
        findings.warning(
          reader.keyPosition("annotations"),
          "\(what): annotations.\(name): {{ segment }} is empty here: add by: segments"
        )
      }
    }
  }

  /// Warns of a confidence or a `bound: none` that nothing goes by.
  private func lintBounds(
    _ rule: RuleSpecification,
    _ reader: MappingReader,
    usesDrift: Bool,
    _ what: String
  ) {
    if reader.has("confidence"), !usesDrift, !rule.hasBounds {
      findings.warning(
        reader.keyPosition("confidence"),
        "\(what): confidence has no effect, got an expr without a bound: "
          + "use drift(...), or leave confidence out"
      )
    }
    var bounded = rule
    bounded.isBoundless = false
    if rule.isBoundless, !bounded.hasBounds {
      findings.warning(
        reader.keyPosition("bound"),
        "\(what): bound has no effect, got an expr that is compared as it is: leave it out"
      )
    }
  }

  /// Whether the rule says `bound: none`.
  func isBoundless(_ reader: MappingReader, _ what: String) -> Bool {
    guard let node = reader.optional("bound") else { return false }
    return scalars.choice(node, "\(what): bound", BoundChoice.self) != nil
  }

  /// Refuses values of the past of which more would have to be kept than may be.
  private func checkPast(_ rule: RuleSpecification, _ reader: MappingReader, _ what: String) {
    guard let window = windows.first(where: { $0.name == rule.window }),
      case .scalar(let scalar)? = reader.optional("expr")
    else { return }
    for use in rule.expression.uses {
      guard let ago = use.ago, !PastBounds.canKeep(ago, of: window) else { continue }
      findings.error(
        in: scalar,
        at: use.selectorSpan.offset,
        "\(what): expr: a value of \(ago) ago is one of \(PastBounds.values) or more of this window, "
          + "which is kept for each of its slides: ask for a shorter time, or slide more slowly"
      )
    }
  }

  /// Refuses what the windows of outcomes do not have.
  private func checkQuality(_ rule: RuleSpecification, _ reader: MappingReader, _ what: String) {
    guard rule.expression.isOfQuality else { return }
    if reader.has("window") {
      findings.error(
        reader.keyPosition("window"),
        "\(what): window: a rule on quality is judged in the windows of quality, got another one: "
          + "leave window out"
      )
    }
    guard case .scalar(let scalar)? = reader.optional("expr") else { return }
    for use in rule.expression.uses {
      let problem: String
      if !use.selector.isQuality, !use.selector.isClass {
        problem =
          "a rule is about the predictions' quality or about what is in events, got "
          + "\(use.statistic.rawValue)(\(use.selector)) beside quality: write two rules"
      } else if !use.statistic.isOfQuality, use.statistic != .count {
        problem =
          "quality has no \(use.statistic.rawValue): ask for count(quality), or for a measure such "
          + "as accuracy(quality)"
      } else if use.ago != nil || use.ofReference {
        problem =
          "quality is compared with a constant, got its past or the reference's: write the number"
      } else {
        continue
      }
      findings.error(in: scalar, at: use.selectorSpan.offset, "\(what): expr: \(problem)")
    }
  }

  /// Warns of a measure that the predictions cannot have: what it is compared with never matters.
  private func lintTask(_ rule: RuleSpecification, _ reader: MappingReader, _ what: String) {
    guard let task else { return }
    let own = rule.expression.uses.filter { $0.selector == .named(qualityName) }
    guard let use = own.first(where: { !task.has($0.statistic) }) else { return }
    findings.warning(
      reader.keyPosition("expr"),
      "\(what): expr: \(use.statistic.rawValue)(quality) is never known with task: "
        + "\(task.rawValue): ask for a measure such as \(task.example)"
    )
  }

  private func lintDurations(_ rule: RuleSpecification, _ reader: MappingReader, _ what: String) {
    guard let window = windows.first(where: { $0.name == rule.window }) else { return }
    let step: TimeSpan
    switch window.kind {
    case .sliding(_, slide: let own): step = own
    case .calendar: step = slide
    case .events: return
    }
    for (key, length) in [("for", rule.holdDuration), ("keep_firing_for", rule.keepFiringFor)]
    where length > .zero && length < step {
      findings.warning(
        reader.keyPosition(key),
        "\(what): \(key) is shorter than the window's slide, got \(length) and \(step), so it has "
          + "no effect: write at least \(step)"
      )
    }
  }
}

/// What `bound` of a rule may say.
enum BoundChoice: String, CaseIterable {
  /// No bound: numbers are compared as they are.
  case none
}
