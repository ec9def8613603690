internal import Records

extension EngineOutput {
  /// The metric records of everything measured, one a line.
  public var metricRecords: [UInt8] {
    var json = JSONWriter()
    for view in measured { view.write(to: &json) }
    return json.bytes
  }
}
