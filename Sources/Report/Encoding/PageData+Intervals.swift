internal import Records

extension PageData {
  /// A line of a lane whose points have intervals.
  struct IntervalLine {
    var label: String
    /// One a column; `nil` where there is none.
    var values: [StatisticValue?]
    /// How far the outcomes behind each are known; none where a line is not of outcomes.
    var stages: [QualityStage]
  }

  /// A lane of lines with intervals on one scale.
  ///
  /// - Parameters:
  ///   - lines: The lines.
  ///   - columns: The windows, one a column.
  ///   - length: A window's length, in nanoseconds.
  ///   - unit: What the numbers are in.
  ///   - range: The scale.
  ///   - levels: Levels that it is compared with.
  ///   - bands: When alerts fired.
  mutating func appendIntervals(
    _ lines: [IntervalLine],
    on columns: Columns,
    length: Int64,
    unit: String,
    range: ClosedRange<Double>,
    levels: [(value: Double, label: String)],
    bands: [Band]
  ) {
    let clock = clock(columns, slide: length)
    var json = beginLane(clock, unit: unit, range: range, levels: levels, bands: bands)
    for line in lines {
      json.beginObject()
      json.member("label", line.label)
      json.member("clock", clock)
      write("least", line.values.map { $0?.value }, to: &json)
      write("from", line.values.map { $0?.low }, to: &json)
      write("to", line.values.map { $0?.high }, to: &json)
      json.name("n")
      json.beginArray()
      for value in line.values { json.value(value?.n ?? 0) }
      json.endArray()
      if !line.stages.isEmpty {
        write("known", line.stages.map(\.maturity), to: &json)
        json.name("final")
        json.beginArray()
        for stage in line.stages { json.value(stage.isFinal ? 1 : 0) }
        json.endArray()
      }
      json.endObject()
    }
    endLane(&json)
  }
}
