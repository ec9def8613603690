import Expressions
import YAML

extension RuleLoader {
  /// Reads a rule about silence.
  func silence(_ reader: MappingReader, _ common: RuleHead, _ what: String) -> SilenceRule? {
    for key in ["window", "for", "confidence", "bound", "fdr", "by"] where reader.has(key) {
      findings.error(
        reader.keyPosition(key),
        "\(what): a rule about silence has no \(key), it is about all events and fires once the "
          + "silence is as long as it says: leave it out"
      )
    }
    let place = reader.keyPosition("silence")
    guard let alert = common.alert,
      let length = reader.optional("silence").flatMap({
        scalars.duration($0, "\(what): silence")
      })
    else { return nil }
    if windows.contains(where: { if case .events = $0.kind { true } else { false } }) {
      findings.error(
        place,
        "\(what): silence needs windows of time, got windows of events: write a monitor of its own"
      )
    }
    return SilenceRule(
      alert: alert,
      silence: length,
      keepFiringFor: common.keepFiringFor,
      severity: common.severity,
      labels: common.labels,
      annotations: common.annotations,
      line: reader.position.line
    )
  }

  /// Silences that are shorter than a pane make panes shorter; they must not become too many.
  func checkPanes(_ silences: [TimeSpan], _ place: SourcePosition) {
    let panes = PaneScheme(
      windows: windows,
      silences: silences,
      days: PaneScheme.days(in: zone, slide: slide)
    )
    guard !silences.isEmpty, case .time(let width) = panes, width > 0 else { return }
    let longest = (windows.map(\.longestNanoseconds).max() ?? 0) / width
    guard longest > MonitorBounds.panesPerWindow else { return }
    findings.error(
      place,
      "rules: silences that are shorter than the windows' slides cut the longest window into "
        + "\(longest) panes: at most \(MonitorBounds.panesPerWindow) are kept, write silences that "
        + "divide the slides"
    )
  }

  /// The false discovery rate: as the file says, else the usual one where many are judged at once.
  func falseDiscoveryRate(
    _ reader: MappingReader,
    _ condition: WindowExpression,
    _ by: [RuleDimension],
    _ what: String
  ) -> Double? {
    let isMany = condition.bindingSelector != nil || by != [.whole]
    let applies = isMany && condition.driftTolerance != nil
    guard let node = reader.optional("fdr") else {
      return applies ? RuleSpecification.defaultFalseDiscoveryRate : nil
    }
    let isNone = if case .scalar(let scalar) = node { scalar.text == "none" } else { false }
    let rate =
      isNone
      ? nil : scalars.share(node, "\(what): fdr", from: 0, to: 1, example: "0.05, 5% or none")
    if !applies {
      findings.warning(
        reader.keyPosition("fdr"),
        "\(what): fdr has no effect, got a rule that judges one drift or none: use it with "
          + "drift(x) > constant over a wildcard, segments or versions, or leave it out"
      )
    }
    return applies ? rate : nil
  }
}
