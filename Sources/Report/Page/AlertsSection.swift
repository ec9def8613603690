internal import Events
internal import Monitoring
internal import Records
internal import Specification

extension PageWriter {
  /// Alerts on the time axis, a row a rule, and each with its evidence, by incident.
  mutating func alertsSection() -> HTML {
    let title: HTML = "<h2 id=\"alerts-title\">Alerts and incidents</h2>"
    let episodes = report.alerts.episodes
    guard !episodes.isEmpty else {
      let words = report.monitor.hasRules ? "No alert fired." : "No rules, so no alerts."
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
      <p>\(counted(report.alerts.fired, "alert")) fired\(inIncidents), \(verdict.firing.count) at the \
      end. Thick: critical.\(more > 0
        ? " The first \(episodes.count) are here; \(more) more are counted." : "")</p>
      <div class="tracks">
      \(axisRow("rule", "fired"))\(rows)</div>
      \(incidents)\(alone)</section>

      """
  }

  private var inIncidents: String {
    let count = report.alerts.incidentCount
    return count > 0 ? " in \(counted(count, "incident"))" : ""
  }

  /// Each incident with its alerts.
  private var incidents: [HTML] {
    report.alerts.incidents.map { incident in
      let until: HTML = incident.until.map { " to \(timeElement($0))" } ?? ", not closed"
      let withheld =
        incident.withheldCount == 0
        ? ""
        : " \(counted(incident.withheldCount, "alert")) withheld, because the data they read are "
          + "broken: \(listed(incident.withheld.map { "\($0.alert) \($0.signal ?? "")" }))."
      let members = report.alerts.episodes.filter { $0.alert.incident == incident.id }
      return """
        <article class="incident">
        <h3 id="incident-\(numbers[incident.id] ?? 0)">\(numbers[incident.id] ?? 0). \
        \(incident.title)</h3>
        <p class="quiet">\(timeElement(incident.since))\(until). Cause: \(incident.cause.rawValue); \
        \(incident.severity); \(counted(incident.alertCount, "alert")).\(withheld)</p>
        \(members.map(episode))</article>

        """
    }
  }

  /// The alerts of no incident that is here.
  private var alone: HTML {
    let known = Set(report.alerts.incidents.map(\.id))
    let rest = report.alerts.episodes.filter { !known.contains($0.alert.incident ?? "") }
    guard !rest.isEmpty else { return "" }
    let title: HTML =
      known.isEmpty
      ? "<h3 class=\"spoken\">Each alert with its evidence</h3>"
      : "<h3>Further alerts</h3>"
    return title + "\(rest.map(episode))"
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
      <div><p><strong>\(episode.line.subject)</strong></p>\(words)\(evidence(alert))</div></div>

      """
  }

  /// The numbers behind an alert, in a sentence or two.
  private func evidence(_ alert: Alert) -> HTML {
    let evidence = alert.evidence
    var parts: [HTML] = []
    if let value = evidence.value {
      parts.append("\(evidence.statistic ?? "value") \(number(value, alert, "value"))")
    }
    if let psi = evidence.psi { parts.append("PSI \(number(psi, alert, "psi"))") }
    if let low = evidence.low { parts.append("at least \(number(low, alert, "low"))") }
    if let threshold = evidence.threshold {
      parts.append("threshold \(number(threshold, alert, "threshold"))")
    }
    if let pValue = evidence.pValue { parts.append("p \(number(pValue, alert, "p_value"))") }
    parts.append("n \(number(Double(evidence.n), alert, "n"))")
    if let count = evidence.referenceN {
      parts.append("reference n \(number(Double(count), alert, "reference_n"))")
    }
    parts.append("window “\(evidence.window)” to \(timeElement(evidence.end))")
    parts.append("holds since \(timeElement(evidence.since))")
    var sentences: HTML = "<p class=\"quiet\">\(HTML.joined(parts, ", ")).</p>"
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

  /// A number of an alert's evidence that says which record has it.
  private func number(_ exact: Double, _ alert: Alert, _ member: String) -> HTML {
    let place = "\(alert.fingerprint)|\(Timestamp.format(alert.time))|\(member)"
    let isCount = member == "n" || member == "reference_n"
    let shown = isCount ? grouped(Int(exact)) : shortNumber(exact)
    return "<data value=\"\(exactText(exact))\" data-alert=\"\(place)\">\(shown)</data>"
  }
}

extension Monitor {
  /// Whether anything can raise an alert.
  var hasRules: Bool { !rules.isEmpty || !silenceRules.isEmpty || !burnRules.isEmpty }
}
