internal import Records

/// What the page's script draws: clocks, and one entry a track, in the order of the page.
///
/// Times are milliseconds since 1970. JSON, in which `<` is escaped so that it may stand in a
/// script element.
struct PageData {
  private var clocks: [(columns: Columns, slide: Int64, events: [Int]?)] = []
  private var tracks: [[UInt8]] = []
  /// The time axis of all tracks, in nanoseconds since 1970.
  let axis: Range<Int64>

  init(axis: Range<Int64>) {
    self.axis = axis
  }

  /// A time at which alerts of a lane fired.
  struct Band: Equatable {
    var time: Range<Int64>
    /// The number of their incident, where it is on the page.
    var incident: Int?
  }

  /// A span of time with a reason.
  struct Span {
    var time: Range<Int64>
    var isCritical: Bool
    var label: String
  }

  /// A line of a lane.
  struct Line {
    var label: String
    var series: Series
    /// How often its window moves on, in nanoseconds; 0 where windows follow each other.
    var slide: Int64
    /// Whether the numbers behind a value are told.
    var hasCounts = true
  }

  /// A row of the drift map.
  ///
  /// - Returns: The cells, for the page's text.
  mutating func appendMap(
    _ cells: [DriftCell],
    _ map: DriftMap,
    slide: Int64,
    limit: Double,
    spans: [Span]
  ) {
    var json = JSONWriter()
    json.beginObject()
    json.member("clock", clock(map.columns, slide: slide, events: map.events))
    json.member("limit", limit)
    json.member("cells", String(decoding: CellCode.encode(cells), as: UTF8.self))
    if !spans.isEmpty { write(spans, to: &json) }
    json.endObject()
    tracks.append(json.bytes)
  }

  /// A lane of lines on one scale.
  mutating func appendLane(
    _ lines: [Line],
    unit: String,
    range: ClosedRange<Double>,
    levels: [(value: Double, label: String)],
    bands: [Band]
  ) {
    guard let first = lines.first else { return }
    var json = beginLane(
      clock(first.series.columns, slide: first.slide),
      unit: unit,
      range: range,
      levels: levels,
      bands: bands
    )
    for line in lines {
      json.beginObject()
      json.member("label", line.label)
      json.member("clock", clock(line.series.columns, slide: line.slide))
      write("least", line.series.least, to: &json)
      if line.series.most != line.series.least { write("most", line.series.most, to: &json) }
      if line.hasCounts { write("n", line.series.counts, to: &json) }
      json.endObject()
    }
    endLane(&json)
  }

  /// What all lanes have, up to their lines.
  func beginLane(
    _ clock: Int,
    unit: String,
    range: ClosedRange<Double>,
    levels: [(value: Double, label: String)],
    bands: [Band]
  ) -> JSONWriter {
    var json = JSONWriter()
    json.beginObject()
    json.member("clock", clock)
    json.member("unit", unit)
    json.member("low", range.lowerBound)
    json.member("high", range.upperBound)
    write(bands, to: &json)
    json.name("lines")
    json.beginArray()
    for level in levels {
      json.beginArray()
      json.value(level.value)
      json.value(level.label)
      json.endArray()
    }
    json.endArray()
    json.name("series")
    json.beginArray()
    return json
  }

  /// Ends a lane after its lines.
  mutating func endLane(_ json: inout JSONWriter) {
    json.endArray()
    json.endObject()
    tracks.append(json.bytes)
  }

  /// A row of spans, such as those in which a rule's alerts fired.
  mutating func appendSpans(_ spans: [Span], on columns: Columns, slide: Int64) {
    var json = JSONWriter()
    json.beginObject()
    json.member("clock", clock(columns, slide: slide))
    write(spans, to: &json)
    json.endObject()
    tracks.append(json.bytes)
  }

  /// The whole block.
  var bytes: [UInt8] {
    var json = JSONWriter()
    json.beginObject()
    json.member("from", milliseconds(axis.lowerBound))
    json.member("to", milliseconds(axis.upperBound))
    json.name("clocks")
    json.beginArray()
    for clock in clocks { write(clock, to: &json) }
    json.endArray()
    var text = json.bytes
    text += Array(",\"tracks\":[".utf8)
    for (index, track) in tracks.enumerated() {
      if index > 0 { text.append(UInt8(ascii: ",")) }
      text += track
    }
    text += Array("]}".utf8)
    return text.flatMap { $0 == UInt8(ascii: "<") ? Array("\\u003c".utf8) : [$0] }
  }

  // MARK: Parts

  /// The index of a clock; the same columns are written once.
  mutating func clock(_ columns: Columns, slide: Int64, events: [Int]? = nil) -> Int {
    if let index = clocks.firstIndex(where: {
      $0.columns == columns && $0.slide == slide && (events == nil || $0.events == events)
    }) {
      return index
    }
    clocks.append((columns, slide, events))
    return clocks.count - 1
  }

  private func write(
    _ clock: (columns: Columns, slide: Int64, events: [Int]?),
    to json: inout JSONWriter
  ) {
    json.beginObject()
    json.member("stretch", clock.columns.stretch)
    json.member("slide", milliseconds(clock.slide))
    write("first", runs(clock.columns.firstEnds), to: &json)
    if clock.columns.firstEnds != clock.columns.lastEnds {
      write("last", runs(clock.columns.lastEnds), to: &json)
    }
    if let events = clock.events { write("n", events, to: &json) }
    json.endObject()
  }

  private func write(_ name: String, _ runs: [(Int, Int, Int)], to json: inout JSONWriter) {
    json.name(name)
    json.beginArray()
    for run in runs {
      json.beginArray()
      for part in [run.0, run.1, run.2] { json.value(part) }
      json.endArray()
    }
    json.endArray()
  }

  /// Equal steps of time as first, step and count.
  private func runs(_ times: [Int64]) -> [(Int, Int, Int)] {
    var runs: [(Int, Int, Int)] = []
    for time in times.map(milliseconds) {
      guard let run = runs.last else {
        runs.append((time, 0, 1))
        continue
      }
      if run.2 == 1 {
        runs[runs.count - 1] = (run.0, time - run.0, 2)
      } else if time == run.0 + run.1 * run.2 {
        runs[runs.count - 1].2 += 1
      } else {
        runs.append((time, 0, 1))
      }
    }
    return runs
  }

  func write(_ name: String, _ numbers: [Double?], to json: inout JSONWriter) {
    json.name(name)
    json.beginArray()
    // As the page shows it: four significant digits.
    for number in numbers { json.value(number.flatMap { Double(shortNumber($0)) }) }
    json.endArray()
  }

  private func write(_ name: String, _ numbers: [Int], to json: inout JSONWriter) {
    json.name(name)
    json.beginArray()
    for number in numbers { json.value(number) }
    json.endArray()
  }

  private func write(_ spans: [Span], to json: inout JSONWriter) {
    json.name("spans")
    json.beginArray()
    for span in spans {
      json.beginArray()
      json.value(milliseconds(span.time.lowerBound))
      json.value(milliseconds(span.time.upperBound))
      json.value(span.isCritical ? 1 : 0)
      json.value(span.label)
      json.endArray()
    }
    json.endArray()
  }

  private func write(_ bands: [Band], to json: inout JSONWriter) {
    guard !bands.isEmpty else { return }
    json.name("bands")
    json.beginArray()
    for band in bands {
      json.beginArray()
      json.value(milliseconds(band.time.lowerBound))
      json.value(milliseconds(band.time.upperBound))
      json.value(band.incident.map { "\($0)" } ?? "")
      json.endArray()
    }
    json.endArray()
  }

  private func milliseconds(_ nanoseconds: Int64) -> Int { Int(nanoseconds / 1_000_000) }
}
