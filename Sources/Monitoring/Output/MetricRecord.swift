internal import Events
internal import Expressions

extension JudgedView {
  /// Writes one line a signal and statistic.
  func writeMetrics(to json: inout JSONWriter, _ plan: Plan) {
    let prefix = metricPrefix(plan)
    for (signal, values) in zip(plan.signals, values) {
      for (name, value) in values {
        json.append(raw: prefix)
        json.member("signal", signal.name)
        json.member("statistic", name.rawValue)
        json.member("value", value.value)
        json.member("n", value.n)
        if let referenceN = value.referenceN { json.member("reference_n", referenceN) }
        if let low = value.low { json.member("low", low) }
        if let high = value.high { json.member("high", high) }
        if let pValue = value.pValue { json.member("p_value", pValue) }
        json.endObject()
        json.endLine()
      }
    }
  }

  /// The members that all lines of the view share, the object left open.
  private func metricPrefix(_ plan: Plan) -> [UInt8] {
    var json = JSONWriter()
    let names = plan.names(of: view.name)
    json.beginObject()
    json.member("type", "metric")
    json.member("time", Timestamp.format(end))
    json.member("model", plan.monitor.model)
    json.member("version", names.version)
    json.member("segment", names.segment)
    json.member("window", window.name)
    json.member("start", Timestamp.format(start))
    json.member("end", Timestamp.format(end))
    return json.bytes
  }
}
