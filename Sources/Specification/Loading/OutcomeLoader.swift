import Events
import Expressions
import YAML

/// Reads `events.outcome` and `quality`: what turned out, and how it is held against predictions.
struct OutcomeLoader {
  let findings: Findings
  let times: TimeLoader
  /// Where predictions' parts stand; `nil` where that could not be read.
  let mapping: PredictionMapping?
  let windows: [WindowSpecification]
  let slide: TimeSpan
  /// Where a finding stands that is of no key.
  let position: SourcePosition
  var scalars: ScalarReader { ScalarReader(findings: findings) }

  /// Reads where an outcome's parts stand.
  func outcome(_ node: YAMLNode) -> OutcomeMapping? {
    let what = "events.outcome"
    guard let reader = MappingReader(node, what, keys: MonitorKeys.outcome, findings) else {
      return nil
    }
    let preset = reader.optional("preset").flatMap {
      scalars.choice($0, "\(what).preset", OutcomePreset.self)
    }
    let fields = EventFields(reader: reader, what: what, findings: findings, preset: preset)
    let id = fields.required("id", "id")
    let label = fields.required("label", "label")
    let time = fields.time(times)
    let when = fields.condition("when")
    let version = fields.path("version")
    let votes = votes(fields)
    check(reader, hasCondition: when != nil || reader.has("when"))
    guard let id, let label, let time else { return nil }
    return OutcomeMapping(
      when: when,
      id: id,
      version: version,
      time: time.field,
      timeForm: time.form,
      label: label,
      votes: votes
    )
  }

  /// Where it stands who says what turned out; `nil` where nothing of it is named.
  private func votes(_ fields: EventFields) -> OutcomeMapping.Votes? {
    let votes = OutcomeMapping.Votes(
      annotator: fields.path("annotator"),
      skipped: fields.path("skipped"),
      source: fields.path("source"),
      standard: fields.preset?.source ?? .human
    )
    let isNamed = votes.annotator != nil || votes.skipped != nil || votes.source != nil
    return isNamed || votes.standard == .judge ? votes : nil
  }

  private func check(_ reader: MappingReader, hasCondition: Bool) {
    guard let mapping else { return }
    if mapping.id == nil {
      findings.error(
        reader.position,
        "events.outcome: outcomes meet predictions by their id, got predictions without one: add "
          + "id to events.prediction"
      )
    }
    if mapping.when == nil, !hasCondition {
      findings.error(
        reader.position,
        "events.outcome: nothing tells outcomes from predictions, got no `when` on either: add "
          + "when: label is not missing to events.outcome"
      )
    }
    if windows.contains(where: { if case .events = $0.kind { true } else { false } }) {
      findings.error(
        reader.position,
        "events.outcome: outcomes come in time, got windows of events: write windows by time"
      )
    }
    let names = (qualitySignals + arrivalSignals).filter { name in
      mapping.features.contains { $0.path == FieldPath([name]) }
    }
    if let name = names.first {
      findings.error(
        reader.position,
        "events.outcome: the signal \"\(name)\" is that of outcomes, got a feature of that name: "
          + "leave it out of events.prediction.features"
      )
    }
    if windows.contains(where: { $0.name == qualityName }) {
      findings.error(
        reader.position,
        "events.outcome: the windows of outcomes are called \(qualityName), got another window of "
          + "that name: choose another name for it"
      )
    }
  }

  /// Reads `quality`.
  ///
  /// - Parameter node: The mapping; `nil` where the file has none.
  /// - Returns: How outcomes are held against predictions.
  func quality(_ node: YAMLNode?) -> QualitySpecification {
    var quality = QualitySpecification(
      task: mapping?.decision == nil ? .regression : .binary,
      window: QualitySpecification.defaultWindow,
      slide: slide,
      horizon: QualitySpecification.defaultHorizon,
      silenceIsNegative: false,
      maturity: QualitySpecification.defaultMaturity
    )
    let reader = node.flatMap { MappingReader($0, "quality", keys: MonitorKeys.quality, findings) }
    func duration(_ key: String) -> TimeSpan? {
      reader?.optional(key).flatMap { scalars.duration($0, "quality.\(key)") }
    }
    if let window = duration("window") { quality.window = window }
    if let horizon = duration("horizon") { quality.horizon = horizon }
    if mapping?.scores.isEmpty == false { quality.task = .multiclass }
    if mapping?.group != nil { quality.task = .ranking }
    quality.slide =
      duration("slide")
      ?? QualitySpecification.defaultSlide(window: quality.window, slide: slide)
    if let node = reader?.optional("maturity"),
      let share = scalars.share(node, "quality.maturity", from: 0, to: 1.000_001)
    {
      quality.maturity = share
    }
    if let reader {
      readClasses(reader, &quality)
    } else if quality.task == .multiclass {
      quality.classes = mapping?.scores.map(\.name) ?? []
    }
    if quality.task == .ranking, quality.top.isEmpty {
      quality.top = [QualitySpecification.defaultTop]
    }
    checkLengths(quality, reader)
    return quality
  }

  private func readClasses(_ reader: MappingReader, _ quality: inout QualitySpecification) {
    if reader.has("classes") { quality.task = .multiclass }
    if let node = reader.optional("task"),
      let task = scalars.choice(node, "quality.task", QualitySpecification.Task.self)
    {
      quality.task = task
    }
    if let node = reader.optional("silence"),
      scalars.choice(node, "quality.silence", SilentOutcome.self) != nil
    {
      quality.silenceIsNegative = true
    }
    quality.positive = reader.optional("positive").flatMap { scalars.text($0, "quality.positive") }
    quality.threshold = reader.optional("threshold").flatMap {
      scalars.number($0, "quality.threshold")
    }
    quality.leakage = reader.optional("leakage").map { leakage($0) } ?? []
    quality.top = reader.optional("top").map { tops($0) } ?? []
    quality.classes = quality.task == .multiclass ? classes(reader) : []
    checkTask(reader, quality)
  }

  private func checkLengths(_ quality: QualitySpecification, _ reader: MappingReader?) {
    let windows = quality.horizon.nanoseconds / max(1, quality.window.nanoseconds)
    if windows > QualitySpecification.windowsPerHorizon {
      findings.error(
        reader?.position ?? position,
        "quality: \(windows) windows wait for outcomes within the horizon of \(quality.horizon): "
          + "write a longer window, so that there are at most "
          + "\(QualitySpecification.windowsPerHorizon)"
      )
    }
    guard let reader else { return }
    for (key, length) in [("slide", quality.slide), ("window", quality.window)]
    where length < slide {
      findings.error(
        reader.has(key) ? reader.keyPosition(key) : reader.position,
        "quality.\(key): shorter than the monitor's slide, got \(length): write at least \(slide)"
      )
    }
  }
}

/// What silence may mean.
private enum SilentOutcome: String, CaseIterable {
  /// The prediction's outcome is negative.
  case negative
}
