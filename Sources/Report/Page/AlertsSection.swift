internal import Events
internal import Monitoring

extension PageWriter {
  /// Alerts on the time axis, a row a rule, and each with its evidence.
  mutating func alertsSection() -> HTML {
    let title: HTML = "<h2 id=\"alerts-title\">Alerts</h2>"
    let episodes = report.alerts.episodes
    guard !episodes.isEmpty else {
      let words = report.monitor.rules.isEmpty ? "No rules, so no alerts." : "No alert fired."
      return """
        <section id="alerts" aria-labelledby="alerts-title">
        \(title)
        <p>\(words)</p>
        </section>

        """
    }
    var names: [String] = []
    for episode in episodes where !names.contains(episode.alert.name) {
      names.append(episode.alert.name)
    }
    var rows: HTML = ""
    for name in names { rows += row(name, episodes.filter { $0.alert.name == name }) }
    let more = report.alerts.fired - episodes.count
    return """
      <section id="alerts" aria-labelledby="alerts-title">
      \(title)
      <p>\(counted(report.alerts.fired, "alert")) fired, \(verdict.firing.count) at the end. Thick: \
      critical.\(more > 0 ? " The first \(episodes.count) are here; \(more) more are counted." : "")\
      </p>
      <div class="tracks">
      \(axisRow("rule", "fired"))\(rows)</div>
      <h3 class="spoken">Each alert with its evidence</h3>
      \(episodes.map(episode))</section>

      """
  }

  private mutating func row(_ name: String, _ episodes: [Episode]) -> HTML {
    data.appendSpans(episodes.map(span), on: map.columns, slide: report.slide ?? 0)
    let open = episodes.count { $0.resolved == nil }
    return """
      <div class="row"><div class="name">\(name)</div>\
      \(track("spans", "Alerts of \(name)", columns: map.columns, describedBy: nil))\
      <div class="now"><b>\(episodes.count)</b> \(open > 0 ? "\(open) firing" : "all resolved")\
      </div></div>

      """
  }

  private func episode(_ episode: Episode) -> HTML {
    let alert = episode.alert
    let state: HTML
    if let resolved = episode.resolved {
      state = "<span class=\"state\">resolved</span> \(timeElement(resolved))"
    } else {
      state = "<span class=\"state firing\">firing</span> at the end"
    }
    let severity = alert.labels["severity"] ?? ""
    var words: HTML = ""
    for (name, text) in alert.annotations.sorted(by: { $0.key < $1.key }) {
      words += name == "summary" ? "<p>\(text)</p>" : "<p>\(name): \(text)</p>"
    }
    return """
      <div class="episode"><div><strong>\(alert.name)</strong> \
      <span class="quiet">\(severity)</span><br>\(timeElement(alert.startsAt)), \(state)</div>
      <div><p><strong>\(episode.subject)</strong></p>\(words)\(evidence(alert.evidence))</div></div>

      """
  }

  /// The numbers behind an alert, in a sentence or two.
  private func evidence(_ evidence: Evidence) -> HTML {
    var parts: [String] = []
    if let value = evidence.value {
      parts.append("\(evidence.statistic ?? "value") \(shortNumber(value))")
    }
    if let low = evidence.low { parts.append("at least \(shortNumber(low))") }
    if let threshold = evidence.threshold { parts.append("threshold \(shortNumber(threshold))") }
    if let pValue = evidence.pValue { parts.append("p \(shortNumber(pValue))") }
    parts.append("n \(grouped(evidence.n))")
    if let count = evidence.referenceN { parts.append("reference n \(grouped(count))") }
    parts.append("window “\(evidence.window)” to \(day(evidence.end))")
    parts.append("holds since \(day(evidence.since))")
    var sentences: HTML = "<p class=\"quiet\">\(parts.joined(separator: ", ")).</p>"
    if !evidence.moved.isEmpty {
      let bins = evidence.moved.map {
        "\($0.bin): \(percent($0.reference)) → \(percent($0.window))"
      }
      sentences += "<p class=\"quiet\">Moved most: \(bins.joined(separator: "; ")).</p>"
    }
    if !evidence.unseen.isEmpty {
      let values = evidence.unseen.map { "\($0.value) (\(grouped($0.count)))" }
      sentences += "<p class=\"quiet\">Not in the reference: \(values.joined(separator: ", ")).</p>"
    }
    return sentences
  }
}
