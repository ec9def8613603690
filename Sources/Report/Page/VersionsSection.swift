internal import Expressions
internal import Monitoring
internal import Records

extension PageWriter {
  /// The measures of versions, of what has them.
  private static let compared = [
    "accuracy", "roc_auc", "precision", "recall", "mae", "rmse", "bias", "money",
  ]

  /// How good the predictions of each version were, and what is said of a new one.
  ///
  /// Nothing where there is one version only and none is held against another.
  func versionsPart() -> HTML {
    let versions = report.outcomes.versions
    let known = versions.newest.sorted { a, b in
      let (x, y) = (labelled(a.value), labelled(b.value))
      return x == y ? a.key < b.key : x > y
    }
    let canary: HTML = "\(ending.outcomes?.canaries.map { words($0) } ?? [])"
    guard known.count > 1 || canary != "" else { return "" }
    return """
      <h3>Versions side by side</h3>
      \(canary)\(known.isEmpty ? HTML("<p>Of no version enough is known yet.</p>\n") : table(known))
      """
  }

  private func labelled(_ window: QualityHistory.Window) -> Int {
    window.value(qualityName, "count")?.n ?? 0
  }

  private func table(_ versions: [(key: String, value: QualityHistory.Window)]) -> HTML {
    let measures = Self.compared.filter { measure in
      versions.contains { $0.value.value(qualityName, measure) != nil }
    }
    let shown = versions.prefix(Self.shownParts)
    let more = versions.count - shown.count + report.outcomes.versions.forgotten
    return """
      <div class="scroll" tabindex="0" role="region" aria-label="Versions side by side"><table>
      <caption>Each version in its newest window of which \
      \(percent(report.outcomes.versions.maturity)) of the outcomes are known, with 95 % intervals: \
      those with the most outcomes first.\(more > 0 ? " \(grouped(more)) more are not shown." : "")\
      </caption>
      <thead><tr><th scope="col">Version</th><th scope="col">Predictions from</th>\
      <th scope="col" class="r">Outcomes</th>\
      \(measures.map { "<th scope=\"col\" class=\"r\">\($0)</th>" as HTML })</tr></thead>
      <tbody>
      \(shown.map { row($0.key, $0.value, measures) })</tbody></table></div>

      """
  }

  private func row(
    _ version: String,
    _ window: QualityHistory.Window,
    _ measures: [String]
  ) -> HTML {
    let cells: [HTML] = measures.map { measure in
      guard let value = window.value(qualityName, measure) else { return "<td class=\"r\">–</td>" }
      let number = figure(window, qualityName, measure, value.value, "value")
      guard value.low != nil, value.high != nil else { return "<td class=\"r\">\(number)</td>" }
      return """
        <td class="r">\(number) <span class="quiet">\
        \(interval(window, qualityName, measure, value))</span></td>
        """
    }
    return """
      <tr><th scope="row">\(version)</th><td>\(timeElement(window.measured.start))\
      \(window.stage.isFinal ? "" : ", not final")</td>\
      <td class="r">\(grouped(labelled(window)))</td>\(cells)</tr>

      """
  }

  /// What is said of a new version beside the one in use.
  private func words(_ canary: CanaryStanding) -> HTML {
    let evidence = canary.evidence
    let sides = "version \(evidence.canary) beside version \(evidence.stable)"
    guard evidence.pairs > 0 else {
      return """
        <p>The verdict on \(sides): <b>\(canary.verdict)</b>. No pair of outcomes is mature.</p>

        """
    }
    return """
      <p>The verdict on \(sides): <b>\(canary.verdict)</b>. The mean loss of \(evidence.canary) \
      by \(evidence.measure) is \
      \(shortNumber(evidence.difference.magnitude)) \
      \(evidence.difference < 0 ? "less" : "greater"); the difference is between \
      \(shortNumber(evidence.low)) and \(shortNumber(evidence.high)), however often one looks, by \
      \(counted(evidence.pairs, "pair")) of mature outcomes. It may be worse by \
      \(shortNumber(evidence.margin)).</p>

      """
  }
}
