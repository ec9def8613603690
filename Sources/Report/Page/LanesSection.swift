internal import Events
internal import Expressions
internal import Monitoring
internal import Records
internal import Specification

extension PageWriter {
  /// Score and decision, latency, error budgets and KPIs on the map's time axis.
  mutating func lanesSection() -> HTML {
    let lanes = report.lanes(movements)
    guard !lanes.isEmpty else { return "" }
    var rows: HTML = ""
    var tableRows: HTML = ""
    for (index, lane) in lanes.enumerated() {
      rows += row(lane, index)
      tableRows += HTML.joined(lane.lines.map { tableRow(lane, $0, index) }, "")
    }
    let stretch = lanes.flatMap(\.lines).map(\.series.columns.stretch).max() ?? 1
    return """
      <section id="lanes" aria-labelledby="lanes-title">
      <h2 id="lanes-title">On one clock</h2>
      <p>What the model did, how it served and what that was worth, on the map's time axis. Shaded: \
      when alerts of a row's own signal fired, with the number of their \
      <a href="#alerts">incident</a>.\(stretch > 1
        ? " Of long lines a point stands for up to \(stretch) windows: their least and their "
          + "greatest value are drawn." : "")</p>
      <div class="tracks">
      \(axisRow("", "last window"))\(rows)</div>
      <details><summary>These lines in numbers</summary>
      <div class="scroll" tabindex="0" role="region" aria-label="Lines in numbers"><table>
      <caption>Each line's first and last, least and greatest value, and the end of the window that \
      had it; the incidents of its alerts.</caption>
      <thead><tr><th scope="col">Line</th><th scope="col">First</th><th scope="col">Least</th>\
      <th scope="col">Greatest</th><th scope="col">Last</th><th scope="col">Incidents</th></tr>\
      </thead>
      <tbody>
      \(tableRows)</tbody></table></div>
      </details>
      </section>

      """
  }

  private mutating func row(_ lane: Lane, _ index: Int) -> HTML {
    guard let first = lane.lines.first else { return "" }
    data.appendLane(
      lane.lines.map {
        PageData.Line(
          label: $0.label,
          series: $0.series,
          slide: slide(of: $0.key.window),
          hasCounts: lane.unit != .events
        )
      },
      unit: lane.unit == .events ? "" : lane.unit.rawValue,
      range: lane.range,
      levels: lane.levels,
      bands: bands(of: lane.signals)
    )
    let now: [HTML] = lane.lines.map { line in
      let label: HTML = lane.lines.count > 1 ? "\(line.label) " : ""
      return "<div>\(label)<b>\(figure(line.key, line.series.last))</b></div>"
    }
    let (low, high) = (lane.range.lowerBound, lane.range.upperBound)
    let slider = track(
      "lane",
      "\(lane.title), \(lane.subtitle)",
      columns: first.series.columns,
      describedBy: "lane-\(index)"
    )
    let scale = "\(lane.unit.text(low)) to \(lane.unit.text(high))"
    return """
      <div class="row"><div class="name">\(lane.title)<small>\(lane.subtitle)</small>\
      <small>\(scale)</small></div>\
      \(slider)\
      <div class="now">\(now)\(change(first.key))</div></div>

      """
  }

  /// A KPI's change against a day and a week ago, in the last window.
  private func change(_ key: SeriesKey) -> HTML {
    guard key.signal.hasPrefix("kpis.") else { return "" }
    var html: HTML = ""
    for (statistic, words) in [("change_1d", "in a day"), ("change_1w", "in a week")] {
      let key = SeriesKey(window: key.window, signal: key.signal, statistic: statistic)
      if let series = report.series[key] {
        html += "<div>\(figure(key, series.last)) \(words)</div>"
      }
    }
    return html
  }

  private func slide(of window: String) -> Int64 {
    guard let known = report.monitor.window(named: window) else {
      return report.monitor.slide.nanoseconds
    }
    guard case .sliding(_, let slide) = known.kind else { return 0 }
    return slide.nanoseconds
  }

  private func tableRow(
    _ lane: Lane,
    _ line: (label: String, key: SeriesKey, series: Series),
    _ index: Int
  ) -> HTML {
    let series = line.series
    let name = lane.lines.count > 1 ? "\(lane.title): \(line.label)" : lane.title
    let identity: HTML = line.key == lane.lines.first?.key ? " id=\"lane-\(index)\"" : ""
    let cells = [series.first, series.lowest, series.highest, series.last].map { sample in
      """
      <td>\(figure(line.key, sample)) <span class="quiet">\(timeElement(sample.end))\
      \(lane.unit == .events ? "" : ", n \(grouped(sample.value.n))")</span></td>
      """ as HTML
    }
    return """
      <tr\(identity)><th scope="row">\(name)<br><span class="quiet">\(lane.subtitle)</span></th>\
      \(cells)<td>\(incidentWords(bands(of: lane.signals)))</td></tr>

      """
  }

  /// A sample's number in its unit.
  func figure(_ key: SeriesKey, _ sample: Series.Sample) -> HTML {
    let address = MetricAddress(
      window: key.window,
      signal: key.signal,
      statistic: key.statistic,
      end: sample.end
    )
    let unit = Unit.of(signal: key.signal, statistic: key.statistic)
    return address.figure(unit.text(sample.value.value), sample.value.value, key.member)
  }
}
