import Expressions
import Statistics
import YAML

/// Reads `slos`: the objectives, each with its windows in whole slides.
struct ObjectiveLoader {
  let findings: Findings
  let windows: [WindowSpecification]
  let slide: TimeSpan
  let roles: EventRoles
  let files: MonitorFiles
  var scalars: ScalarReader { ScalarReader(findings: findings) }

  /// The longest period: beyond a year nobody remembers what was promised.
  private static let periodMax = TimeSpan.days(366)
  /// The shortest slide beside objectives, which bounds the panes of a window.
  private static let slideMin = TimeSpan.seconds(1)

  func load(_ node: YAMLNode) -> [SLOSpecification] {
    let advice = "start each objective with \"- name: NAME\""
    guard let items = findings.items(node, "slos", "a list", advice) else { return [] }
    guard checkPanes(node.position) else { return [] }
    if items.count > MonitorBounds.objectives {
      findings.error(
        node.position,
        "slos: \(items.count) objectives, each is judged for every event: "
          + "write at most \(MonitorBounds.objectives)"
      )
    }
    var lines: [String: Int] = [:]
    return items.prefix(MonitorBounds.objectives).compactMap { item in
      guard let objective = objective(item) else { return nil }
      if let line = lines[objective.name] {
        findings.error(
          item.position,
          "slo \"\(objective.name)\": another objective has this name in line \(line): "
            + "choose another name"
        )
      }
      lines[objective.name] = lines[objective.name] ?? objective.line
      return objective
    }
  }

  private func checkPanes(_ position: SourcePosition) -> Bool {
    if windows.contains(where: { if case .events = $0.kind { true } else { false } }) {
      findings.error(
        position,
        "slos: error budgets are spans of time, got windows of events: write two monitors"
      )
      return false
    }
    guard slide >= Self.slideMin else {
      findings.error(
        position,
        "slos: error budgets move by seconds, got a slide of \(slide): write slide: 1s or longer"
      )
      return false
    }
    return true
  }

  // MARK: One objective

  private func objective(_ node: YAMLNode) -> SLOSpecification? {
    let what = "slo\(node.title(by: ["name", "openslo"]))"
    guard let reader = MappingReader(node, what, keys: MonitorKeys.slo, findings) else {
      return nil
    }
    if reader.has("openslo") { return imported(reader, what) }
    if reader.has("value") {
      findings.error(
        reader.keyPosition("value"),
        "\(what): value is compared as an OpenSLO file says, got no openslo: write good: CONDITION"
      )
    }
    let name = reader.required("name", "availability").flatMap { readName($0, "\(what): name") }
    let good = reader.required("good", "status == \"ok\"").flatMap {
      condition($0, "\(what): good")
    }
    let share = reader.required("objective", "99.9%").flatMap {
      readShare($0, "\(what): objective")
    }
    let period = reader.optional("period").flatMap { readPeriod($0, "\(what): period") }
    let options = options(reader, what)
    guard let name, let good, let share else { return nil }
    let rolling = whole(period ?? SLOSpecification.defaultPeriod)
    let alarms = alarms(
      period ?? SLOSpecification.defaultPeriod,
      tiers: options.tiers,
      options.severities,
      at: reader.keyPosition("period"),
      what
    )
    guard let alarms else { return nil }
    let slo = SLOSpecification(
      name: name,
      good: good,
      valid: options.valid,
      objective: share.share,
      budget: share.budget,
      period: rolling,
      alarms: alarms,
      minimumEvents: options.minimumEvents ?? SLOSpecification.defaultMinimumEvents,
      noData: options.noData ?? .keep,
      line: reader.position.line
    )
    lint(slo, at: reader.keyPosition("objective"), what)
    return slo
  }

  /// The keys that objectives of both kinds have.
  struct Options {
    var valid: EventPredicate?
    var tiers = 3
    var minimumEvents: Int?
    var noData: NoDataPolicy?
    var severities: [StandardBurnTier.Urgency: Severity] = [:]
  }

  func options(_ reader: MappingReader, _ what: String) -> Options {
    var options = Options()
    options.valid = reader.optional("valid").flatMap { condition($0, "\(what): valid") }
    if let node = reader.optional("tiers"),
      let tiers = scalars.integer(node, "\(what): tiers", 3...4)
    {
      options.tiers = tiers
    }
    options.minimumEvents = reader.optional("min_events").flatMap {
      scalars.integer($0, "\(what): min_events", MonitorBounds.minimumEvents)
    }
    options.noData = reader.optional("no_data").flatMap {
      scalars.choice($0, "\(what): no_data", NoDataPolicy.self)
    }
    options.severities = reader.optional("severity").map { severities($0, what) } ?? [:]
    return options
  }

  private func severities(_ node: YAMLNode, _ what: String) -> [StandardBurnTier.Urgency: Severity]
  {
    let place = "\(what): severity"
    guard let reader = MappingReader(node, place, keys: MonitorKeys.sloSeverity, findings) else {
      return [:]
    }
    var severities: [StandardBurnTier.Urgency: Severity] = [:]
    for urgency in StandardBurnTier.Urgency.allCases {
      severities[urgency] = reader.optional(urgency.rawValue).flatMap {
        scalars.choice($0, "\(place).\(urgency.rawValue)", Severity.self)
      }
    }
    let page = severities[.page] ?? .page
    if page == severities[.ticket] ?? .ticket {
      findings.error(
        reader.position,
        "\(place): page and ticket are two alerts, which their severity tells apart, got "
          + "\(page.rawValue) for both: write two"
      )
    }
    return severities
  }

  /// The name of an objective, as `payments-availability`.
  func readName(_ node: YAMLNode, _ what: String) -> String? {
    guard let text = scalars.text(node, what, bytesMax: 128) else { return nil }
    guard isIdentifier(text.replacing("-", with: "_")) else {
      findings.error(
        node.position,
        "\(what): not a name, got \"\(text.prefix(60))\": use letters, digits, underscores and "
          + "dashes, no digit first"
      )
      return nil
    }
    return text
  }

  func condition(_ node: YAMLNode, _ what: String) -> EventPredicate? {
    guard let scalar = scalars.scalar(node, what, "a condition on an event") else { return nil }
    do throws(ExpressionErrors) {
      return try EventPredicate.parse(scalar.text, roles: roles)
    } catch {
      findings.errors(in: scalar, what, error)
      return nil
    }
  }

  private func readShare(_ node: YAMLNode, _ what: String) -> ObjectiveShare? {
    guard let scalar = scalars.scalar(node, what, "a share") else { return nil }
    if let share = ObjectiveShare(scalar.text) { return share }
    findings.error(
      scalar.start,
      "\(what): expected a share between 0 and 1 of at most \(ObjectiveShare.digitsMax) digits, "
        + "got \"\(scalar.text.prefix(60))\": write one such as 99.9% or 0.999"
    )
    return nil
  }

  private func readPeriod(_ node: YAMLNode, _ what: String) -> TimeSpan? {
    scalars.duration(node, what).flatMap {
      checkPeriod($0, node.position, what, findings) ? $0 : nil
    }
  }

  /// Whether a period is one that can be kept.
  func checkPeriod(
    _ period: TimeSpan,
    _ position: SourcePosition,
    _ what: String,
    _ findings: Findings
  ) -> Bool {
    guard period > Self.periodMax else { return true }
    findings.error(
      position,
      "\(what): at most \(Self.periodMax), got \(period): write a shorter period, such as 30d"
    )
    return false
  }
}
