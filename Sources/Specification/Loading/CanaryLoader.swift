import YAML

/// Reads `canary`: new versions and the one that they are held against.
struct CanaryLoader {
  let findings: Findings
  /// How outcomes are held against predictions; `nil` where none are read.
  let quality: QualitySpecification?
  /// Whether predictions have a version.
  let hasVersion: Bool
  /// Whether decisions have costs.
  let hasCosts: Bool
  private var scalars: ScalarReader { ScalarReader(findings: findings) }

  func load(_ node: YAMLNode) -> CanarySpecification? {
    if !hasVersion {
      findings.error(
        node.position,
        "canary: events have no version here: add version to events.prediction"
      )
    }
    guard let reader = MappingReader(node, "canary", keys: MonitorKeys.canary, findings) else {
      return nil
    }
    let least = leastShare(reader)
    let isFound = least != nil
    let stable =
      isFound
      ? "" : reader.required("stable", "\"7\"").flatMap { scalars.text($0, "canary.stable") }
    let canaries =
      isFound ? [] : reader.required("canary", "\"8\"").map { self.canaries($0) } ?? []
    guard checkQuality(reader) else { return nil }
    if let stable, canaries.contains(stable) {
      findings.error(
        reader.keyPosition("canary"),
        "canary.canary: it is held against another version, got \(stable) twice: name both"
      )
    }
    func share(_ key: String, _ standard: Double) -> Double {
      reader.optional(key).flatMap {
        scalars.share($0, "canary.\(key)", from: 0, to: 1, example: "0.02 or 2%")
      } ?? standard
    }
    let pairs = reader.optional("pairs").flatMap {
      scalars.choice($0, "canary.pairs", CanarySpecification.Pairs.self)
    }
    let bound = bound(reader, quality)
    let measures = reader.optional("measures").map { self.measures($0, quality) } ?? [.error]
    guard let stable, isFound || !canaries.isEmpty, !measures.isEmpty, let bound else { return nil }
    return CanarySpecification(
      stable: stable,
      canaries: canaries,
      share: least,
      measures: measures,
      margin: share("margin", CanarySpecification.defaultMargin),
      bound: bound,
      risk: share("risk", CanarySpecification.defaultRisk),
      pairs: pairs ?? .split
    )
  }

  /// The least share of versions that are found; `nil` where they are named.
  private func leastShare(_ reader: MappingReader) -> Double? {
    guard let node = reader.optional("share") else { return nil }
    for key in ["stable", "canary"] where reader.has(key) {
      findings.error(
        reader.keyPosition(key),
        "canary.\(key): versions are named, or found by share, got both: leave one out"
      )
    }
    return scalars.share(node, "canary.share", from: 0, to: 1, example: "0.05 or 5%")
  }

  /// Refuses what a verdict alone needs where there is none: without outcomes, and of rankings.
  private func checkQuality(_ reader: MappingReader) -> Bool {
    let ofVerdict = MonitorKeys.canary.filter { !["stable", "canary"].contains($0) }
    for key in ofVerdict where quality == nil && reader.has(key) {
      findings.error(
        reader.keyPosition(key),
        "canary.\(key): only outcomes can tell which version is better, got none: add outcome to "
          + "events, or leave \(key) out"
      )
    }
    guard quality?.task == .ranking else { return true }
    findings.error(
      reader.position,
      "canary: versions are held against each other by decisions or numbers, got task: ranking: "
        + "leave it out"
    )
    return false
  }

  /// The new versions: one, or a list.
  private func canaries(_ node: YAMLNode) -> [String] {
    let what = "canary.canary"
    guard case .sequence(let items, _) = node else {
      return scalars.text(node, what).map { [$0] } ?? []
    }
    if items.isEmpty || items.count > CanarySpecification.canariesLimit {
      findings.error(
        node.position,
        "\(what): the list has \(items.count) versions: write 1 to "
          + "\(CanarySpecification.canariesLimit)"
      )
    }
    var names: [String] = []
    for item in items {
      guard let name = scalars.text(item, what) else { continue }
      if names.contains(name) {
        findings.error(item.position, "\(what): \(name) stands twice: remove one")
      } else {
        names.append(name)
      }
    }
    return names
  }

  /// What versions are held against each other by.
  private func measures(
    _ node: YAMLNode,
    _ quality: QualitySpecification?
  ) -> [CanarySpecification.Measure] {
    let what = "canary.measures"
    guard let items = findings.items(node, what, "a list", "write [error, brier]") else {
      return []
    }
    var measures: [CanarySpecification.Measure] = []
    for item in items {
      guard let measure = scalars.choice(item, what, CanarySpecification.Measure.self) else {
        continue
      }
      var problem: String?
      if measures.contains(measure) {
        problem = "\(measure.rawValue) stands twice: remove one"
      } else if measure != .error, let task = quality?.task, task != .binary {
        problem =
          "\(measure.rawValue) is of predictions of two classes, got task: \(task.rawValue): write "
          + "error"
      } else if measure == .cost, !hasCosts {
        problem = "decisions have no costs here: add cost to framing"
      }
      if let problem { findings.error(item.position, "\(what): \(problem)") }
      measures.append(measure)
    }
    return measures
  }

  /// The greatest loss: what is not bounded cannot be bet on.
  private func bound(_ reader: MappingReader, _ quality: QualitySpecification?) -> Double? {
    guard quality?.task == .regression else {
      if reader.has("bound"), quality != nil {
        findings.error(
          reader.keyPosition("bound"),
          "canary.bound: a decision is right or wrong, got a bound: leave it out"
        )
      }
      return 1
    }
    return reader.required("bound", "100").flatMap {
      scalars.number($0, "canary.bound", .leastNormalMagnitude...1e300)
    }
  }
}
