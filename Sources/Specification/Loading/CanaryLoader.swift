import YAML

/// Reads `canary`: a new version and the one that it is held against.
struct CanaryLoader {
  let findings: Findings
  /// How outcomes are held against predictions; `nil` where none are read.
  let quality: QualitySpecification?
  /// Whether predictions have a version.
  let hasVersion: Bool
  private var scalars: ScalarReader { ScalarReader(findings: findings) }

  func load(_ node: YAMLNode) -> CanarySpecification? {
    guard let quality else {
      findings.error(
        node.position,
        "canary: only outcomes can tell which version is better, got none: add outcome to events"
      )
      return nil
    }
    if quality.task == .ranking {
      findings.error(
        node.position,
        "canary: versions are held against each other by decisions or numbers, got task: ranking: "
          + "leave it out"
      )
      return nil
    }
    if !hasVersion {
      findings.error(
        node.position,
        "canary: events have no version here: add version to events.prediction"
      )
    }
    guard let reader = MappingReader(node, "canary", keys: MonitorKeys.canary, findings) else {
      return nil
    }
    let stable = reader.required("stable", "\"7\"").flatMap { scalars.text($0, "canary.stable") }
    let canary = reader.required("canary", "\"8\"").flatMap { scalars.text($0, "canary.canary") }
    if let stable, stable == canary {
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
    guard let stable, let canary, let bound else { return nil }
    return CanarySpecification(
      stable: stable,
      canary: canary,
      margin: share("margin", CanarySpecification.defaultMargin),
      bound: bound,
      risk: share("risk", CanarySpecification.defaultRisk),
      pairs: pairs ?? .split
    )
  }

  /// The greatest loss: what is not bounded cannot be bet on.
  private func bound(_ reader: MappingReader, _ quality: QualitySpecification) -> Double? {
    guard quality.task == .regression else {
      if reader.has("bound") {
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
