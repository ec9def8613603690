import Events
import Expressions
import YAML

/// Reads `feedback`: what goes to those who label and train.
struct FeedbackLoader {
  let findings: Findings
  /// How outcomes are held against predictions; `nil` where none are read.
  let quality: QualitySpecification?
  let roles: EventRoles
  private var scalars: ScalarReader { ScalarReader(findings: findings) }

  func load(_ node: YAMLNode) -> FeedbackSpecification {
    var feedback = FeedbackSpecification()
    guard quality != nil else {
      findings.error(
        node.position,
        "feedback: what is asked comes back as outcomes, got none: add outcome to events"
      )
      return feedback
    }
    if let task = quality?.task, task == .multiclass || task == .ranking {
      findings.error(
        node.position,
        "feedback: requests and rows are of two classes or of numbers, got task: \(task.rawValue): "
          + "leave it out"
      )
      return feedback
    }
    guard let reader = MappingReader(node, "feedback", keys: MonitorKeys.feedback, findings) else {
      return feedback
    }
    feedback.features = reader.optional("features").map { features($0) } ?? []
    feedback.consent = reader.optional("consent").flatMap { consent($0) }
    feedback.relabel = reader.optional("relabel").flatMap { relabel($0) }
    if let node = reader.optional("rows") { rows(node, &feedback) }
    feedback.retention = reader.optional("retention").flatMap {
      scalars.duration($0, "feedback.retention")
    }
    if feedback.isEmpty {
      findings.error(
        reader.position,
        "feedback: nothing is to go out: add relabel: {budget: 200/d}, or rows: true"
      )
    }
    if feedback.consent == nil {
      findings.error(
        reader.position,
        "feedback: whose data may leave is not said: add consent, a condition on an event, such as "
          + "consent: features.agreed, or consent: true"
      )
    }
    return feedback
  }

  /// Reads whether rows to train on leave, and when.
  private func rows(_ node: YAMLNode, _ feedback: inout FeedbackSpecification) {
    let what = "feedback.rows"
    guard case .mapping = node else {
      feedback.hasRows = scalars.boolean(node, what) ?? false
      return
    }
    guard let reader = MappingReader(node, what, keys: MonitorKeys.rows, findings) else { return }
    feedback.hasRows = true
    feedback.isEarly =
      reader.optional("early").flatMap { scalars.boolean($0, "\(what).early") } ?? false
  }

  private func features(_ node: YAMLNode) -> [FieldPath] {
    let what = "feedback.features"
    guard let items = findings.items(node, what, "a list", "write [features.amount]") else {
      return []
    }
    if items.count > MonitorBounds.feedbackFields {
      findings.error(
        node.position,
        "\(what): \(items.count) fields, each is kept until the outcome comes: write at most "
          + "\(MonitorBounds.feedbackFields)"
      )
    }
    var paths: [FieldPath] = []
    for item in items.prefix(MonitorBounds.feedbackFields) {
      if let path = scalars.path(item, what), !paths.contains(path) { paths.append(path) }
    }
    return paths
  }

  private func consent(_ node: YAMLNode) -> EventNumber? {
    guard let scalar = scalars.scalar(node, "feedback.consent", "a condition on an event") else {
      return nil
    }
    do throws(ExpressionErrors) {
      _ = try EventPredicate.parse(scalar.text, roles: roles)
      return try EventNumber.parse(scalar.text, roles: roles)
    } catch {
      findings.errors(in: scalar, "feedback.consent", error)
      return nil
    }
  }

  private func relabel(_ node: YAMLNode) -> FeedbackSpecification.Relabel? {
    let what = "feedback.relabel"
    guard let reader = MappingReader(node, what, keys: MonitorKeys.relabel, findings) else {
      return nil
    }
    let budgets = reader.required("budget", "200/d").map { readBudgets($0, "\(what).budget") }
    var relabel = FeedbackSpecification.Relabel(budgets: budgets ?? [])
    if let node = reader.optional("uniform"),
      let share = scalars.share(node, "\(what).uniform", from: 0, to: 1.000_001)
    {
      relabel.uniform = share
    }
    relabel.deadline = reader.optional("deadline").flatMap {
      scalars.duration($0, "\(what).deadline")
    }
    if let node = reader.optional("policy"),
      let name = scalars.text(node, "\(what).policy", bytesMax: 64)
    {
      relabel.policy = name
    }
    relabel.tellsAnswer =
      reader.optional("model_answer").flatMap { scalars.boolean($0, "\(what).model_answer") }
      ?? false
    return relabel
  }

  private func readBudgets(_ node: YAMLNode, _ what: String) -> [FeedbackSpecification.Budget] {
    let items: [YAMLNode]
    if case .sequence(let list, _) = node { items = list } else { items = [node] }
    return items.compactMap { item in
      guard let scalar = scalars.scalar(item, what, "a budget such as 200/d") else { return nil }
      let parts = scalar.text.split(separator: "/", omittingEmptySubsequences: false)
      let lengths = ["h": TimeSpan.hours(1), "d": TimeSpan.days(1)]
      guard parts.count == 2, let count = Int(parts[0]), (1...1_000_000).contains(count),
        let length = lengths[String(parts[1])]
      else {
        findings.error(
          scalar.start,
          "\(what): expected requests an hour or a day, got \"\(scalar.text.prefix(60))\": write "
            + "it like 200/d or 20/h, at most 1000000"
        )
        return nil
      }
      return FeedbackSpecification.Budget(count: count, length: length)
    }
  }
}
