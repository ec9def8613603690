internal import Expressions
internal import Monitoring
internal import Records

extension PageWriter {
  /// The most windows whose outcomes' arrival is told.
  static let arrivalRows = 14

  /// When the outcomes of each window came.
  func arrivalTable() -> HTML {
    let windows = report.outcomes.quality.windows.suffix(Self.arrivalRows)
    let well = percent(report.outcomes.quality.maturity)
    let corrected: HTML =
      !hasCorrected
      ? ""
      : """
      <th scope="col" class="r">Positive so far</th><th scope="col" class="r">Corrected</th>\
      <th scope="col" class="r">95 % interval</th><th scope="col" class="r">In flight</th>
      """
    return """
      <details id="arrivals"><summary>How the outcomes came</summary>
      <div class="scroll" tabindex="0" role="region" aria-label="How the outcomes came"><table>
      <caption>The newest windows: how long after a window’s end half, and \(well), of its outcomes \
      were known, and after how long nothing could change any more; as it was judged, after its \
      end.</caption>
      <thead><tr><th scope="col">Predictions from</th><th scope="col">to</th>\
      <th scope="col" class="r">Predictions</th><th scope="col" class="r">Outcome known</th>\
      <th scope="col" class="r">Maturity</th><th scope="col" class="r">Half after</th>\
      <th scope="col" class="r">\(well) after</th><th scope="col" class="r">Final after</th>\
      \(corrected)</tr></thead>
      <tbody>
      \(windows.map(arrivalRow))</tbody></table></div></details>
      """
  }

  private func arrivalRow(_ window: QualityHistory.Window) -> HTML {
    let (count, share) = (
      window.value(qualityName, "count"), window.value(qualityName, "maturity")
    )
    func after(_ time: Int64?) -> HTML {
      time.map { time in
        let seconds = Double(time - window.measured.end) / 1e9
        return "\(durationWords(seconds, leastDays: 86_400, hours: "hours"))"
      } ?? "–"
    }
    return """
      <tr><th scope="row">\(timeElement(window.measured.start))</th>\
      <td>\(timeElement(window.measured.end))</td>\
      <td class="r">\(share.map { grouped($0.n) } ?? "–")</td>\
      <td class="r">\(count.map { grouped($0.n) } ?? "–")</td>\
      <td class="r">\(percent(window.stage.maturity))</td>\
      <td class="r">\(after(window.halfKnown))</td><td class="r">\(after(window.wellKnown))</td>\
      <td class="r">\(after(window.final))</td>\(prevalence(window))</tr>

      """
  }

  /// The share of positives of a window, as known so far and as it will be.
  private func prevalence(_ window: QualityHistory.Window) -> HTML {
    guard hasCorrected else { return "" }
    let name = DrawnMeasure.prevalence.name
    func number(_ signal: String) -> HTML {
      window.value(signal, name).map { figure(window, signal, name, $0.value, "value") } ?? "–"
    }
    let ends = window.value(correctedName, name).map { interval(window, correctedName, name, $0) }
    return """
      <td class="r">\(number(labelsName))</td><td class="r">\(number(correctedName))</td>\
      <td class="r">\(ends ?? "–")</td><td class="r">\(number(inFlightName))</td>
      """
  }
}
