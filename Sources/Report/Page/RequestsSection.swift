internal import Expressions
internal import Monitoring
internal import Records
internal import Specification

extension PageWriter {
  /// What was asked for and what came back; nothing where no labels are asked for.
  func requestsPart() -> HTML {
    guard report.monitor.feedback.relabel != nil else { return "" }
    let requests = report.outcomes.requests
    let reasons = requests.reasons.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    let all = requests.reasons.values.reduce(0, +)
    let words = reasons.map { "\(grouped($0.value)) \($0.key)" }.joined(separator: ", ")
    return """
      <h3>Labels that were asked for</h3>
      <p>\(counted(all, "label")) asked for\(all > 0 ? " by reason: \(words)" : "").\
      \(skipped)</p>
      \(requestTable())
      """
  }

  private var skipped: HTML {
    guard let tally = ending.outcomes?.tally, tally.skipped > 0 else { return "" }
    return " \(counted(tally.skipped, "answer")) said that there is none, which is no negative."
  }

  private func requestTable() -> HTML {
    let quality = report.outcomes.quality
    let asked = quality.windows.filter { $0.value(sampleName, "response") != nil }
    guard !asked.isEmpty else { return "" }
    let shown = asked.suffix(Self.arrivalRows)
    let older = asked.count - shown.count
    return """
      <div class="scroll" tabindex="0" role="region" aria-label="Labels that were asked for"><table>
      <caption>By the time of the predictions\(older > 0
        ? ", the newest \(shown.count) windows of \(grouped(asked.count))" : ""). Accuracy by the \
      sample is that of all predictions that could be asked for, and holds only where answering does \
      not depend on the outcome; below 80 % of answers be wary.</caption>
      <thead><tr><th scope="col">Predictions from</th><th scope="col" class="r">Asked for</th>\
      <th scope="col" class="r">Answered</th><th scope="col" class="r">Skipped</th>\
      <th scope="col" class="r">Accuracy by the sample</th>\
      <th scope="col" class="r">95 % interval</th>\
      <th scope="col" class="r">Accuracy of all outcomes</th></tr></thead>
      <tbody>
      \(shown.map(requestRow))</tbody></table></div>

      """
  }

  private func requestRow(_ window: QualityHistory.Window) -> HTML {
    func share(_ statistic: String) -> HTML {
      guard let value = window.value(sampleName, statistic) else { return "–" }
      let address = MetricAddress(
        window: window.measured.window,
        signal: sampleName,
        statistic: statistic,
        end: window.measured.end
      )
      return address.figure(Unit.share.text(value.value), value.value, "value")
    }
    let count = report.outcomes.requests.counts[window.measured.start] ?? 0
    let sample = window.value(sampleName, "accuracy")
    let all = window.isWellKnown ? window.value(qualityName, "accuracy") : nil
    return """
      <tr><th scope="row">\(timeElement(window.measured.start))\
      \(window.stage.isFinal ? "" : ", not final")</th>\
      <td class="r">\(count > 0 ? grouped(count) : "–")</td><td class="r">\(share("response"))</td>\
      <td class="r">\(share("skipped"))</td>\
      <td class="r">\(sample.map { figure(window, sampleName, "accuracy", $0.value, "value") } ?? "–")\
      </td><td class="r">\(sample.map { interval(window, sampleName, "accuracy", $0) } ?? "–")</td>\
      <td class="r">\(all.map { figure(window, qualityName, "accuracy", $0.value, "value") } ?? "–")\
      </td></tr>

      """
  }
}
