import Events
import Expressions
import YAML

/// Reads the root of a monitor file.
struct MonitorLoader {
  let findings: Findings
  let files: MonitorFiles
  let environment: [String: String]
  private var scalars: ScalarReader { ScalarReader(findings: findings) }

  /// Reads all parts, so that every mistake is found; `nil` when a needed part is missing.
  func load(_ root: YAMLNode) -> Monitor? {
    guard let reader = MappingReader(root, "monitor", keys: MonitorKeys.monitor, findings) else {
      return nil
    }
    var monitor = monitor(reader)
    if let isStrict = reader.optional("strict").flatMap({ scalars.boolean($0, "strict") }) {
      monitor?.isStrict = isStrict
    }
    let loader = PersonalDataLoader(findings: findings, files: files, environment: environment)
    let hidden = reader.optional("pii")
    let data = hidden.flatMap { loader.load($0) }
    if let node = reader.optional("public") {
      monitor?.publicFields = loader.publicFields(node, besides: data)
    }
    guard hidden != nil else { return monitor }
    guard let data, var monitor else { return nil }
    monitor.pii = loader.checked(data, monitor, reader.keyPosition("pii"))
    // A line that cannot be read may hold anything.
    monitor.deadLetters.raw = false
    return monitor
  }

  private func monitor(_ reader: MappingReader) -> Monitor? {
    let (model, events) = (model(reader), events(reader))
    let times = times(reader)
    let mapping = prediction(events, times)
    let kpiLoader = KPILoader(findings: findings, roles: mapping?.roles ?? .none)
    let own = reader.optional("kpis").map { kpiLoader.load($0) } ?? []
    let kpis = priced(own, mapping, at: reader.keyPosition("kpis"))
    let (windows, slide) = WindowLoader(findings: findings).load(reader)
    checkDuplicates(reader, mapping, windows)
    checkZone(reader, times.zone, windows, slide)
    let (outcome, quality) = outcomes(reader, events, mapping, times, windows, slide)
    let framings = FramingLoader(findings, quality, kpis: kpis, roles: mapping?.roles)
    let (framing, baselines) = framings.load(reader)
    let feedback = feedback(reader, quality, mapping)
    let canary = canary(reader, quality, mapping, hasCosts: framing.cost != nil)
    let references = ReferenceLoader(findings: findings, mapping: mapping, windows: windows)
    let (profile, reference) =
      reader.optional("reference").map { references.load($0) } ?? (nil, ReferenceSpecification())
    let (labels, objectives) = (labels(reader), objectives(windows, slide, mapping))
    let slos = reader.optional("slos").map { objectives.load($0) } ?? []
    let rules = RuleLoader(
      findings: findings,
      windows: windows,
      slide: slide,
      zone: times.zone == .utc ? nil : times.zone,
      mapping: mapping,
      qualities: Monitor.qualities(of: quality, framing, baselines, canary),
      canary: canary,
      task: quality?.task,
      kpis: kpis,
      labels: Array(labels.keys),
      hasProfile: profile != nil,
      hasStrata: reference.strata != nil,
      slos: findings.hasErrors && slos.isEmpty ? nil : slos.map(\.name)
    )
    let loaded = reader.optional("rules").map { rules.load($0) } ?? RuleLoader.Rules()
    let incidents = incidents(reader, windows)
    let (lateness, future, idle) = patience(reader)
    let (limits, deadLetters) = held(reader)
    let shape = shape(events, mapping)
    guard let model, let mapping else { return nil }
    return Monitor(
      model: model,
      shape: shape,
      prediction: mapping,
      outcome: outcome,
      quality: quality,
      framing: framing,
      baselines: baselines,
      canary: canary,
      feedback: feedback,
      profile: profile,
      reference: reference,
      zone: times.zone == .utc ? nil : times.zone,
      kpis: kpis,
      windows: windows,
      slide: slide,
      lateness: lateness,
      future: future,
      idle: idle,
      slos: slos,
      rules: loaded.conditions,
      burnRules: loaded.burns,
      silenceRules: loaded.silences,
      incidents: incidents,
      limits: limits,
      deadLetters: deadLetters,
      labels: labels
    )
  }

  /// How long windows wait for late events, for those that are ahead, and for a quiet stream.
  private func patience(
    _ reader: MappingReader
  ) -> (lateness: TimeSpan, future: TimeSpan, idle: TimeSpan) {
    (
      duration(reader, "lateness", Monitor.defaultLateness),
      duration(reader, "future", Monitor.defaultFuture),
      duration(reader, "idle", Monitor.defaultIdle)
    )
  }

  private func model(_ reader: MappingReader) -> String? {
    reader.required("model", "NAME").flatMap { scalars.text($0, "model", bytesMax: 256) }
  }

  /// KPIs, with what a prediction costs behind them.
  private func priced(
    _ kpis: [KPISpecification],
    _ mapping: PredictionMapping?,
    at position: SourcePosition
  ) -> [KPISpecification] {
    guard let price = mapping?.price else { return kpis }
    if kpis.contains(where: { $0.name == price.name }) {
      findings.error(
        position,
        "kpis: \(price.name) is what events.prediction.price makes: call this one otherwise"
      )
    }
    return kpis + [price]
  }

  /// Events that come twice are found by their times.
  private func checkDuplicates(
    _ reader: MappingReader,
    _ mapping: PredictionMapping?,
    _ windows: [WindowSpecification]
  ) {
    guard mapping?.duplicates != nil, windows.contains(where: \.countsEvents) else { return }
    findings.error(
      reader.keyPosition("windows"),
      "windows: events that come twice are found by time, got windows of so many events: "
        + "write a duration, or remove events.prediction.duplicates"
    )
  }

  private func objectives(
    _ windows: [WindowSpecification],
    _ slide: TimeSpan,
    _ mapping: PredictionMapping?
  ) -> ObjectiveLoader {
    ObjectiveLoader(
      findings: findings,
      windows: windows,
      slide: slide,
      roles: mapping?.roles ?? EventRoles(),
      files: files
    )
  }

  private func canary(
    _ reader: MappingReader,
    _ quality: QualitySpecification?,
    _ mapping: PredictionMapping?,
    hasCosts: Bool
  ) -> CanarySpecification? {
    let loader = CanaryLoader(
      findings: findings,
      quality: quality,
      hasVersion: mapping?.version != nil,
      hasCosts: hasCosts
    )
    return reader.optional("canary").flatMap { loader.load($0) }
  }

  private func feedback(
    _ reader: MappingReader,
    _ quality: QualitySpecification?,
    _ mapping: PredictionMapping?
  ) -> FeedbackSpecification {
    let loader = FeedbackLoader(
      findings: findings,
      quality: quality,
      roles: mapping?.roles ?? .none
    )
    return reader.optional("feedback").map { loader.load($0) } ?? FeedbackSpecification()
  }

  private func labels(_ reader: MappingReader) -> [String: String] {
    reader.optional("labels").map { LabelLoader(findings: findings).monitorLabels($0) } ?? [:]
  }

  private func events(_ reader: MappingReader) -> MappingReader? {
    reader.required("events", Self.eventsExample)
      .flatMap { MappingReader($0, "events", keys: MonitorKeys.events, findings) }
  }

  private func prediction(_ events: MappingReader?, _ times: TimeLoader) -> PredictionMapping? {
    events?.required("prediction", "{time: ts, features: features.*}")
      .flatMap { PredictionLoader(findings: findings, times: times).load($0) }
  }

  /// What reads times, in the monitor's zone.
  private func times(_ reader: MappingReader) -> TimeLoader {
    let zones = ZoneLoader(findings: findings, files: files)
    let zone = reader.optional("zone").flatMap { zones.zone($0, "zone") }
    return TimeLoader(findings: findings, zones: zones, zone: zone)
  }

  /// Windows of a calendar begin where a pane does.
  private func checkZone(
    _ reader: MappingReader,
    _ zone: CivilZone?,
    _ windows: [WindowSpecification],
    _ slide: TimeSpan
  ) {
    guard let zone, !zone.isAligned(to: slide.nanoseconds),
      windows.contains(where: { if case .calendar = $0.kind { true } else { false } })
    else { return }
    findings.error(
      reader.keyPosition("zone"),
      "zone: days in \(zone.name) begin where no slide of \(slide) does: write a shorter slide, "
        + "such as 15m"
    )
  }

  /// How events stand in lines.
  private func shape(_ events: MappingReader?, _ mapping: PredictionMapping?) -> EventShape {
    guard let events else { return EventShape() }
    let loader = ShapeLoader(findings: findings)
    let shape = loader.load(events)
    if let mapping { loader.check(mapping, shape, at: events.keyPosition("prediction")) }
    return shape
  }

  private static let eventsExample = "{prediction: {time: ts, features: features.*}}"

  /// Where outcomes stand, and how they are held against predictions.
  private func outcomes(
    _ reader: MappingReader,
    _ events: MappingReader?,
    _ mapping: PredictionMapping?,
    _ times: TimeLoader,
    _ windows: [WindowSpecification],
    _ slide: TimeSpan
  ) -> (OutcomeMapping?, QualitySpecification?) {
    let node = reader.optional("quality")
    guard let outcome = events?.optional("outcome") else {
      if node != nil {
        findings.error(
          reader.keyPosition("quality"),
          "quality: it is of outcomes, got none: add outcome to events"
        )
      }
      return (nil, nil)
    }
    let loader = OutcomeLoader(
      findings: findings,
      times: times,
      mapping: mapping,
      windows: windows,
      slide: slide,
      position: reader.position
    )
    return (loader.outcome(outcome), loader.quality(node))
  }

  private func duration(
    _ reader: MappingReader,
    _ key: String,
    _ standard: TimeSpan
  ) -> TimeSpan {
    reader.optional(key).flatMap { scalars.duration($0, key, zeroAllowed: key == "lateness") }
      ?? standard
  }

  private func incidents(
    _ root: MappingReader,
    _ windows: [WindowSpecification]
  ) -> IncidentOptions {
    var options = IncidentOptions(windows: windows)
    guard let node = root.optional("incidents"),
      let reader = MappingReader(node, "incidents", keys: MonitorKeys.incidents, findings)
    else { return options }
    if let node = reader.optional("quiet"),
      let quiet = scalars.duration(node, "incidents.quiet", zeroAllowed: true)
    {
      options.quiet = quiet
    }
    if let node = reader.optional("flapping") {
      if case .scalar(let scalar) = node, scalar.text == "none" {
        options.flapping = nil
      } else if let count = scalars.integer(node, "incidents.flapping", 2...1_000) {
        options.flapping = count
      }
    }
    if let within = reader.optional("within").flatMap({ scalars.duration($0, "incidents.within") })
    {
      options.within = within
    }
    return options
  }

  /// What the agent may hold, and what it writes of events that cannot be used.
  private func held(_ root: MappingReader) -> (MonitorLimits, DeadLetterOptions) {
    let limits = root.optional("limits").map { readLimits($0) }
    let letters = root.optional("dead_letters").map { readDeadLetters($0) }
    return (limits ?? MonitorLimits(), letters ?? DeadLetterOptions())
  }

  private func readLimits(_ node: YAMLNode) -> MonitorLimits {
    var limits = MonitorLimits()
    guard let reader = MappingReader(node, "limits", keys: MonitorKeys.limits, findings) else {
      return limits
    }
    let fields: [(String, WritableKeyPath<MonitorLimits, Int>, ClosedRange<Int>)] = [
      ("line_bytes", \.lineBytes, 1_024...(1 << 27)),
      ("nesting", \.nesting, 1...1_024),
      ("signals", \.signals, 1...65_536),
      ("categories", \.categories, 2...65_536),
      ("segment_values", \.segmentValues, 1...65_536),
      ("versions", \.versions, 1...1_024),
      ("pending", \.pending, 1_000...(1 << 26)),
      ("spilled", \.spilled, 0...(1 << 26)),
    ]
    for (key, field, range) in fields {
      guard let node = reader.optional(key) else { continue }
      if let value = scalars.integer(node, "limits.\(key)", range) {
        limits[keyPath: field] = value
      }
    }
    return limits
  }

  private func readDeadLetters(_ node: YAMLNode) -> DeadLetterOptions {
    var options = DeadLetterOptions()
    guard
      let reader = MappingReader(node, "dead_letters", keys: MonitorKeys.deadLetters, findings)
    else { return options }
    if let raw = reader.optional("raw").flatMap({ scalars.boolean($0, "dead_letters.raw") }) {
      options.raw = raw
    }
    if let node = reader.optional("raw_bytes"),
      let bytes = scalars.integer(node, "dead_letters.raw_bytes", 1...(1 << 20))
    {
      options.rawBytes = bytes
    }
    return options
  }
}
