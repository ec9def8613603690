internal import Events
internal import Expressions
internal import Monitoring
internal import Records
internal import Specification

extension PageWriter {
  /// The most windows whose outcomes' arrival is told.
  static let arrivalRows = 14
  /// The measures that are drawn, of what has them.
  private static let drawn = ["roc_auc", "accuracy", "macro_f1", "mae", "rmse"]

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
    for measure in Self.drawn where newest.value(qualityName, measure) != nil {
      rows += row(measure, newest)
    }
    let forgotten = report.outcomes.quality.forgotten
    return """
      <section id="predictions" aria-labelledby="predictions-title">
      <h2 id="predictions-title">Quality of the predictions</h2>
      <p>Windows of \(quality.window.description) by the predictions’ time, each as it was judged last. \
      A dot is what the outcomes say, from when on \(percent(quality.maturity)) of them are known, with \
      its 95 % interval; it is filled once nothing can change any more. The second line is the \
      estimate, which goes by the scores alone. Shaded: when alerts on quality fired, with the number \
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

  private mutating func row(_ measure: String, _ newest: QualityHistory.Window) -> HTML {
    let windows = report.outcomes.quality.windows
    var columns = Columns(limit: QualityHistory.windowLimit)
    for window in windows { _ = columns.append(end: window.measured.end) }
    let realised = windows.map { $0.isWellKnown ? $0.value(qualityName, measure) : nil }
    let estimated = windows.map { $0.value(estimateName, measure) }
    var lines = [
      PageData.IntervalLine(label: "outcomes", values: realised, stages: windows.map(\.stage))
    ]
    if estimated.contains(where: { $0 != nil }) {
      lines.append(PageData.IntervalLine(label: "estimate", values: estimated, stages: []))
    }
    let usual = reference(measure)
    let shown = (realised + estimated).compactMap { $0 }
    let bounds =
      shown.flatMap { [$0.low ?? $0.value, $0.high ?? $0.value] }
      + [usual?.value]
      .compactMap { $0 }
    let (low, high) = (bounds.min() ?? 0, bounds.max() ?? 1)
    data.appendIntervals(
      lines,
      on: columns,
      length: report.monitor.quality?.window.nanoseconds ?? 0,
      unit: "",
      range: low < high ? low...high : low...(low + 1),
      levels: usual.map { [($0.value, "reference \(shortNumber($0.value))")] } ?? [],
      bands: bands(of: [qualityName, estimateName])
    )
    let slider = track("lane tall", measure, columns: columns, describedBy: "measure-\(measure)")
    let estimate: HTML =
      newest.value(estimateName, measure).map { value in
        "<div>estimate <b>\(figure(newest, estimateName, measure, value.value, "value"))</b></div>"
      } ?? ""
    let now = newest.value(qualityName, measure).map {
      figure(newest, qualityName, measure, $0.value, "value")
    }
    return """
      <div class="row"><div class="name">\(measure)<small>outcomes, estimate</small>\
      <small>\(shortNumber(low)) to \(shortNumber(high))</small></div>\(slider)\
      <div class="now"><div>outcomes <b>\(now ?? "–")</b></div>\(estimate)</div></div>

      """
  }

  /// How much earlier drift was told of than worse predictions; nothing without rules on these.
  private var leadWords: HTML { report.leadTime.words.map { "<p id=\"lead\">\($0)</p>\n" } ?? "" }

  private func reference(_ measure: String) -> ReferenceQuality.Measure? {
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

  /// When the outcomes of each window came.
  private func arrivalTable() -> HTML {
    let windows = report.outcomes.quality.windows.suffix(Self.arrivalRows)
    let well = percent(report.outcomes.quality.maturity)
    return """
      <details><summary>How the outcomes came</summary>
      <div class="scroll" tabindex="0" role="region" aria-label="How the outcomes came"><table>
      <caption>The newest windows: how long after a window’s end half, and \(well), of its outcomes \
      were known, and after how long nothing could change any more; as it was judged, after its \
      end.</caption>
      <thead><tr><th scope="col">Predictions from</th><th scope="col">to</th>\
      <th scope="col" class="r">Predictions</th><th scope="col" class="r">Outcome known</th>\
      <th scope="col" class="r">Maturity</th><th scope="col" class="r">Half after</th>\
      <th scope="col" class="r">\(well) after</th><th scope="col" class="r">Final after</th></tr>\
      </thead>
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
      <td class="r">\(after(window.final))</td></tr>

      """
  }
}
