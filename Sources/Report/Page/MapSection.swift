internal import Events
internal import Expressions
internal import Monitoring
internal import Records
internal import Specification

extension PageWriter {
  /// Signals × time: the lower bound of drift in every window, then the same in numbers.
  mutating func mapSection() -> HTML {
    let title: HTML = "<h2 id=\"map-title\">Drift map: signals by time</h2>"
    guard let window = report.window, map.columns.count > 0, !map.signals.isEmpty else {
      return """
        <section id="map" aria-labelledby="map-title">
        \(title)
        <p>No window has been judged.</p>
        </section>

        """
    }
    var rows: HTML = ""
    let ordered = map.signals.indices.sorted { a, b in
      let (x, y) = (rank(map.signals[a]), rank(map.signals[b]))
      return x == y ? a < b : x > y
    }
    for index in ordered { rows += row(index, window) }
    return """
      <section id="map" aria-labelledby="map-title">
      \(title)
      <p>How much of each signal's move is sure, in \(counted(windowCount, "window")) \
      “\(window.name)” (\(words(window))). A cell's colour is the lower bound of its PSI as a \
      multiple of the signal's limit; grey is noise or within the limit. An underline marks when an \
      alert of the signal fired.\(thinned)</p>
      \(cutWindows)\
      <p class="quiet keys">Point at a row for its numbers, or reach it with Tab: ← and → walk through \
      the windows, ↑ and ↓ change the row, Home and End jump.</p>
      \(key)
      <div class="tracks">
      \(axisRow("signal", "at least, at worst"))\(rows)</div>
      \(untold)\
      <details><summary>The map in numbers</summary>
      \(table(of: window.name))
      </details>
      \(otherWindows(window.name))</section>

      """
  }

  /// The signals of which nothing can be told, whether or not they have a row.
  private var untold: HTML {
    guard !verdict.untold.isEmpty else { return "" }
    let items: [HTML] = verdict.untold.map { signal in
      "<li><strong>\(signal.signal)</strong> \(signal.words)</li>"
    }
    return "<ul id=\"untold\">\(items)</ul>\n"
  }

  private var windowCount: Int {
    movements.filter { $0.window == report.window?.name }.map(\.judged).max() ?? 0
  }

  private var cutWindows: HTML {
    WindowTally.words(ending.windows).map { "<p id=\"cut\">\($0)</p>\n" } ?? ""
  }

  private var thinned: HTML {
    guard map.columns.stretch > 1 else { return "" }
    return """
       To keep this page small, a cell stands for \(map.columns.stretch) windows, one after the \
      other, and shows the worst of them: the largest lower bound, of equal ones the larger PSI.
      """
  }

  private func words(_ window: WindowSpecification) -> String {
    switch window.kind {
    case .sliding(let size, let slide):
      size == slide ? "of \(size)" : "the last \(size), judged every \(slide)"
    case .calendar(let unit): "one \(unit.rawValue) after the other"
    case .events(let count): "\(grouped(count)) events, one after the other"
    }
  }

  private var key: HTML {
    let steps = [
      "nothing sure", "up to half the limit", "up to the limit", "beyond it",
      "more than twice", "more than four times",
    ]
    let items: [HTML] = steps.enumerated().map { step, words in
      """
      <li><svg viewBox="0 0 24 12" aria-hidden="true"><rect class="k\(step)" width="24" \
      height="12"/></svg>\(words)</li>
      """
    }
    return "<ul class=\"key\" aria-label=\"Colours\">\(items)</ul>"
  }

  private func movement(_ signal: String) -> Movement? {
    movements.first { $0.signal == signal && $0.window == report.window?.name }
  }

  private func rank(_ signal: String) -> (Double, Double) {
    guard let row = movement(signal), let drift = row.surest?.drift else { return (0, 0) }
    return (drift.driftBound / row.tolerance, drift.psi ?? 0)
  }

  private mutating func row(_ index: Int, _ window: WindowSpecification) -> HTML {
    let signal = map.signals[index]
    let movement = movement(signal)
    let spans = report.alerts.episodes.filter {
      $0.alert.labels["signal"] == signal && $0.alert.labels["segment"] == nil
        && $0.alert.labels["version"] == nil
    }.map(span)
    data.appendMap(
      map.cells[index],
      map,
      slide: report.slide ?? 0,
      limit: movement?.tolerance ?? 0.1,
      spans: spans
    )
    var now: HTML = ""
    if let movement, let surest = movement.surest {
      let isHot = movement.drifted > 0
      now = """
        <b\(isHot ? HTML(" class=\"hot\"") : "")>\(address(movement).low(surest.drift))</b> \
        in \(movement.drifted)/\(movement.judged)
        """
      now = isHot ? now : "<b>\(address(movement).low(surest.drift))</b>"
    }
    return """
      <div class="row"><div class="name">\(signal)</div>\
      \(track("map", "Drift of \(signal)", columns: map.columns, describedBy: nil))\
      <div class="now">\(now)</div></div>

      """
  }

  /// When an alert fired, as the page draws it.
  func span(_ episode: Episode) -> PageData.Span {
    let start = episode.alert.startsAt
    let subject = episode.line.subject
    let incident = episode.alert.incident.flatMap { numbers[$0] }.map { ", incident \($0)" } ?? ""
    return PageData.Span(
      time: start..<max(start, episode.resolved ?? axis.upperBound),
      isCritical: episode.line.isCritical,
      label: (subject.isEmpty ? episode.alert.name : "\(episode.alert.name) on \(subject)")
        + incident
    )
  }

  // MARK: In numbers

  private func otherWindows(_ main: String) -> HTML {
    var html: HTML = ""
    for window in report.monitor.windows where window.name != main {
      guard movements.contains(where: { $0.window == window.name }) else { continue }
      html += """
        <details><summary>Window “\(window.name)” (\(words(window))) in numbers</summary>
        \(table(of: window.name))
        </details>

        """
    }
    return html
  }

  private func table(of window: String) -> HTML {
    let rows = Verdict.worst(movements.filter { $0.window == window })
    return """
      <div class="scroll" tabindex="0" role="region" aria-label="Signals in window \(window)"><table>
      <caption>Signals in window “\(window)”, the furthest beyond its limit first; each in the \
      window in which most is sure.</caption>
      <thead><tr><th scope="col">Signal</th><th scope="col" class="r">At least</th>\
      <th scope="col" class="r">PSI</th><th scope="col" class="r">Limit</th>\
      <th scope="col" class="r">n</th><th scope="col" class="r">Reference n</th>\
      <th scope="col">Window to</th><th scope="col" class="r">Windows beyond</th>\
      <th scope="col">First from</th><th scope="col">At the end</th></tr></thead>
      <tbody>
      \(rows.map(tableRow))</tbody></table></div>
      """
  }

  private func tableRow(_ row: Movement) -> HTML {
    guard let surest = row.surest else { return "" }
    let address = address(row)
    return """
      <tr><th scope="row">\(row.signal)</th><td class="r">\(address.low(surest.drift))</td>\
      <td class="r">\(address.index(surest.drift))</td>\
      <td class="r">\(shortNumber(row.tolerance))</td>\
      <td class="r">\(address.count(surest.drift))</td>\
      <td class="r">\(address.referenceCount(surest.drift))</td>\
      <td>\(timeElement(surest.end))</td><td class="r">\(row.drifted) of \(row.judged)</td>\
      <td>\(row.firstDrift.map(timeElement) ?? "–")</td>\
      <td>\(row.isDriftedNow ? "beyond" : "within")</td></tr>

      """
  }
}
