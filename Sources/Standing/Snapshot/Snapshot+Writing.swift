internal import Events
internal import Records

extension Snapshot {
  /// The format that is written and read.
  package static let format = 3

  /// The snapshot as NDJSON: flat records, the first one says how many follow.
  public var bytes: [UInt8] {
    var json = JSONWriter()
    writeHead(to: &json)
    for view in views { view.write(to: &json) }
    for comparison in comparisons { write(comparison, to: &json) }
    for incident in incidents { write(incident, to: &json) }
    for alert in alerts { write(alert, to: &json) }
    for part in parts { write(part, to: &json) }
    return json.bytes
  }

  /// How many lines follow the first.
  private var recordCount: Int {
    views.reduce(0) { $0 + $1.measurements.count }
      + comparisons.reduce(0) { $0 + 1 + $1.bins.count }
      + incidents.count + alerts.count + parts.count
  }

  private func writeHead(to json: inout JSONWriter) {
    json.beginObject()
    json.member("type", "snapshot")
    json.member("format", Self.format)
    json.member("records", recordCount)
    json.member("model", model)
    json.member("reference", reference)
    json.member("state", hasEnded ? "ended" : "running")
    json.member("clock", clock.map { Timestamp.format($0) })
    json.member("events", events)
    json.member("ignored", ignored)
    json.member("refused", refused)
    json.member("windows", windowsJudged)
    json.member("alerts", alertCount)
    json.member("incidents", incidentCount)
    json.member("parts", partCount)
    if let untold { json.member("cannot_be_told", untold) }
    json.endObject()
    json.endLine()
  }

  private func write(_ comparison: Comparison, to json: inout JSONWriter) {
    json.beginObject()
    json.member("type", "comparison")
    json.member("window", comparison.window)
    json.member("signal", comparison.signal)
    json.member("tolerance", comparison.tolerance)
    json.member("confidence", comparison.confidence)
    if let untold = comparison.untold { json.member("cannot_be_told", untold) }
    json.endObject()
    json.endLine()
    for bin in comparison.bins {
      json.beginObject()
      json.member("type", "compared_bin")
      json.member("window", comparison.window)
      json.member("signal", comparison.signal)
      json.member("bin", bin.bin)
      json.member("reference_share", bin.reference)
      json.member("window_share", bin.window)
      json.endObject()
      json.endLine()
    }
  }

  private func write(_ incident: OpenIncident, to json: inout JSONWriter) {
    json.beginObject()
    json.member("type", "open_incident")
    json.member("incident", incident.id)
    json.member("title", incident.title)
    json.member("severity", incident.severity)
    json.member("since", Timestamp.format(incident.since))
    json.member("alerts", incident.alerts)
    json.member("withheld", incident.withheld)
    json.endObject()
    json.endLine()
  }

  private func write(_ alert: StandingAlertLine, to json: inout JSONWriter) {
    json.beginObject()
    json.member("type", "standing")
    json.member("alert", alert.alert)
    json.member("fingerprint", alert.fingerprint)
    json.member("severity", alert.severity)
    json.member("signal", alert.signal)
    json.member("version", alert.version)
    json.member("segment", alert.segment)
    json.member("since", Timestamp.format(alert.since))
    json.member("summary", alert.summary)
    json.endObject()
    json.endLine()
  }
}
