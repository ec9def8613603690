internal import Events
internal import Records
internal import Standing

extension PageWriter {
  /// The most parts of one dimension, the largest; the others are counted.
  static let shownParts = 12

  /// Versions side by side, then the values of each segment.
  func partsSection() -> HTML {
    guard let parts = ending.parts, !parts.dimensions.isEmpty else { return "" }
    let newest: HTML = parts.newestEnd.map { ", at the end in the one to \(timeElement($0))" } ?? ""
    return """
      <section id="parts" aria-labelledby="parts-title">
      <h2 id="parts-title">Versions and segments</h2>
      <p>Each part of the traffic with its share of the events, and the signal of which most is sure: the \
      lower bound of its PSI against the same part of the reference (versions: against all of it), as a \
      multiple of its limit the largest. Of windows “\(parts.window)” that follow each other\(newest).</p>
      \(parts.dimensions.map { table($0, parts) })</section>

      """
  }

  private func table(_ dimension: TrafficParts.Dimension, _ parts: TrafficParts) -> HTML {
    let name = dimension.segment.map { "Segments by \($0)" } ?? "Versions"
    let shown = dimension.parts.prefix(Self.shownParts)
    let rest = dimension.parts.dropFirst(Self.shownParts)
    let more: HTML =
      rest.isEmpty
      ? ""
      : """
      <p class="quiet">The \(shown.count) largest; \(grouped(rest.count)) more have \
      \(counted(rest.reduce(0) { $0 + $1.events }, "event")) together.</p>
      """
    return """
      <div class="scroll" tabindex="0" role="region" aria-label="\(name)"><table>
      <caption>\(name), the largest first.</caption>
      <thead><tr><th scope="col">\(dimension.segment == nil ? "Version" : "Value")</th>\
      <th scope="col" class="r">Events</th><th scope="col" class="r">Share</th>\
      <th scope="col" class="r">At the end</th><th scope="col">Surest drift</th>\
      <th scope="col">At the end</th><th scope="col">Fires now</th></tr></thead>
      <tbody>
      \(shown.map { row($0, parts) })</tbody></table></div>
      \(more)\(numbersTable(shown))
      """
  }

  /// Latency, failures and KPIs of versions, where there are several; nothing of segments.
  private func numbersTable(_ parts: ArraySlice<TrafficPart>) -> HTML {
    let known = parts.filter { !$0.numbers.isEmpty }
    guard known.count > 1 else { return "" }
    var names: [String] = []
    for number in known.flatMap(\.numbers) {
      let name = "\(number.statistic)(\(number.signal))"
      if !names.contains(name) { names.append(name) }
    }
    func cell(_ part: TrafficPart, _ name: String) -> HTML {
      let number = part.numbers.first { "\($0.statistic)(\($0.signal))" == name }
      guard let number else { return "<td class=\"r\">–</td>" }
      let address = MetricAddress(
        window: ending.parts?.window ?? "",
        signal: number.signal,
        statistic: number.statistic,
        end: part.numbersEnd,
        part: part.version.map { "version=\($0)" }
      )
      let value = number.value.value
      return "<td class=\"r\">\(address.figure(shortNumber(value), value, "value"))</td>"
    }
    func row(_ part: TrafficPart) -> HTML {
      "<tr><th scope=\"row\">\(part.version ?? "")</th>\(names.map { cell(part, $0) })</tr>\n"
    }
    return """
      <div class="scroll" tabindex="0" role="region" aria-label="Versions’ numbers"><table>
      <caption>Latency, failures and KPIs of each version in its newest window.</caption>
      <thead><tr><th scope="col">Version</th>\
      \(names.map { "<th scope=\"col\" class=\"r\">\($0)</th>" as HTML })</tr></thead>
      <tbody>
      \(known.map { row($0) })</tbody></table></div>

      """
  }

  private func row(_ part: TrafficPart, _ parts: TrafficParts) -> HTML {
    let firing = verdict.firing.filter(part.has)
    let name = part.version ?? part.segment.map { String($0.drop { $0 != "=" }.dropFirst()) } ?? ""
    return """
      <tr><th scope="row">\(name)</th><td class="r">\(grouped(part.events))</td>\
      <td class="r">\(share(part.events, of: parts.events))</td>\
      <td class="r">\(share(part.newestEvents, of: parts.newestEvents))</td>\
      <td>\(drift(part.surest, of: part, hasTime: true))</td>\
      <td>\(drift(part.newest, of: part, hasTime: false))</td>\
      <td>\(listed(firing))</td></tr>

      """
  }

  private func share(_ events: Int, of all: Int) -> String {
    all > 0 ? percent(Double(events) / Double(all)) : "–"
  }

  private func drift(
    _ drift: TrafficPart.Drift?,
    of part: TrafficPart,
    hasTime: Bool
  ) -> HTML {
    guard let drift else { return "nothing sure" }
    let address = MetricAddress(
      window: ending.parts?.window ?? "",
      signal: drift.signal,
      statistic: "drift",
      end: drift.end,
      part: part.segment ?? part.version.map { "version=\($0)" }
    )
    let tone: HTML = drift.isBeyond ? " class=\"hot\"" : ""
    let time: HTML = hasTime ? ", window to \(timeElement(drift.end))" : ""
    return """
      \(drift.signal): <b\(tone)>\(address.low(drift.drift))</b> <span class="quiet">limit \
      \(shortNumber(drift.tolerance))\(time)</span>
      """
  }

  private func listed(_ alerts: [Snapshot.StandingAlertLine]) -> HTML {
    guard !alerts.isEmpty else { return "–" }
    let names = alerts.map { alert in
      alert.signal.map { "\(alert.alert) on \($0)" } ?? alert.alert
    }
    return "<span class=\"state firing\">\(Report.listed(names))</span>"
  }
}
