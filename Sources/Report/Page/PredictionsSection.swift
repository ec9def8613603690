internal import Events
internal import Expressions
internal import Monitoring
internal import Records
internal import Specification

extension PageWriter {
  /// How good the predictions were: as it came out, beside what was to be expected.
  mutating func predictionsSection() -> HTML {
    guard let quality = report.monitor.quality else { return "" }
    guard let newest = report.outcomes.quality.newest else {
      return """
        <section id="predictions" aria-labelledby="predictions-title">
        <h2 id="predictions-title">Quality of the predictions</h2>
        <p>Nothing is known yet: no quality window is over with \(percent(quality.maturity)) of its \
        outcomes known.</p>
        \(leadWords)\(claimTable)\(requestsPart())</section>

        """
    }
    var rows: HTML = ""
    for measure in drawnMeasures(newest) { rows += row(measure, newest) }
    let forgotten = report.outcomes.quality.forgotten
    return """
      <section id="predictions" aria-labelledby="predictions-title">
      <h2 id="predictions-title">Quality of the predictions</h2>
      <p>Windows of \(quality.window.description) by the predictions’ time, each as it was judged last. \
      A dot is what the outcomes say, from when on \(percent(quality.maturity)) of them are known, with \
      its 95 % interval; it is filled once nothing can change any more. The second line is the \
      estimate, which goes by the scores alone.\(arrivingWords) Shaded: when alerts on quality fired, with the number \
      of their <a href="#alerts">incident</a>.\(forgotten > 0
        ? " \(counted(forgotten, "older window")) not drawn." : "")</p>
      \(leadWords)\
      <div class="tracks">
      \(axisRow("", "newest window"))\(rows)</div>
      \(measureTable(newest))
      \(arrivalTable())
      \(claimTable)\(worthPart(newest))\(scoresPart())\
      \(versionsPart())\(requestsPart())\
      <p class="quiet">Of all of the traffic, unless a version is named. Those of segments are in the \
      metrics file.</p>
      </section>

      """
  }

  /// How much earlier drift was told of than worse predictions; nothing without rules on these.
  private var leadWords: HTML { report.leadTime.words.map { "<p id=\"lead\">\($0)</p>\n" } ?? "" }

  func reference(_ measure: String) -> ReferenceQuality.Measure? {
    report.profile.quality?.measures.first { $0.name == measure }
  }

  /// A number of a quality window that says which record has it.
  func figure(
    _ window: QualityHistory.Window,
    _ signal: String,
    _ statistic: String,
    _ number: Double,
    _ member: String
  ) -> HTML {
    let address = MetricAddress(
      window: window.measured.window,
      signal: signal,
      statistic: statistic,
      end: window.measured.end,
      part: window.measured.version.map { "version=\($0)" }
    )
    return address.figure(Unit.none.text(number), number, member)
  }

  // MARK: Tables

  private func measureTable(_ newest: QualityHistory.Window) -> HTML {
    let rows = newest.measured.measurements.filter {
      $0.signal == qualityName && !["count", "maturity"].contains($0.statistic)
    }
    let stage = newest.stage
    return """
      <div class="scroll" tabindex="0" role="region" aria-label="All measures"><table>
      <caption>The predictions from \(timeElement(newest.measured.start)) to \
      \(timeElement(newest.measured.end)), \(percent(stage.maturity)) of the outcomes \
      known\(stage.isFinal ? ", final" : ""): with 95 % intervals, beside the reference’s.</caption>
      <thead><tr><th scope="col">Measure</th><th scope="col" class="r">Outcomes</th>\
      <th scope="col" class="r">95 % interval</th><th scope="col" class="r">n</th>\
      <th scope="col" class="r">Reference</th><th scope="col" class="r">95 % interval</th>\
      <th scope="col" class="r">Estimate</th><th scope="col" class="r">95 % interval</th></tr></thead>
      <tbody>
      \(rows.map { tableRow($0.statistic, $0.value, newest) })</tbody></table></div>
      """
  }

  private func tableRow(
    _ measure: String,
    _ value: StatisticValue,
    _ newest: QualityHistory.Window
  ) -> HTML {
    let estimate = newest.value(estimateName, measure)
    let usual = reference(measure)
    let usualInterval = usual.flatMap { usual in
      usual.low.flatMap { low in
        usual.high.map { "\(shortNumber(low)) to \(shortNumber($0))" }
      }
    }
    return """
      <tr id="measure-\(measure)"><th scope="row">\(measure)</th>\
      <td class="r">\(figure(newest, qualityName, measure, value.value, "value"))</td>\
      <td class="r">\(interval(newest, qualityName, measure, value))</td>\
      <td class="r">\(grouped(value.n))</td>\
      <td class="r">\(usual.map { shortNumber($0.value) } ?? "–")</td>\
      <td class="r">\(usualInterval ?? "–")</td>\
      <td class="r">\(estimate.map { figure(newest, estimateName, measure, $0.value, "value") } ?? "–")\
      </td><td class="r">\(estimate.map { interval(newest, estimateName, measure, $0) } ?? "–")</td></tr>

      """
  }

  /// The ends of an interval of a quality window, each with its record.
  func interval(
    _ window: QualityHistory.Window,
    _ signal: String,
    _ measure: String,
    _ value: StatisticValue
  ) -> HTML {
    guard let low = value.low, let high = value.high else { return "–" }
    return """
      \(figure(window, signal, measure, low, "low")) to \
      \(figure(window, signal, measure, high, "high"))
      """
  }
}
