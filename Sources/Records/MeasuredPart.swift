internal import Events

/// One statistic of one signal.
public struct Measurement: Sendable, Equatable {
  /// The signal's name, as rules and records name it.
  public var signal: String
  /// The statistic's name, as rules and records name it.
  public var statistic: String
  /// Its value, with bounds and counts.
  public var value: StatisticValue
  /// What is known of a burst of labels, in a word; only of figures that one would make wrong.
  public var burst: String?
  /// The start of the window that it is of, in nanoseconds since 1970, where that is an earlier one
  /// than the record's.
  public var cohort: Int64?

  /// Makes a measurement.
  public init(
    signal: String,
    statistic: String,
    value: StatisticValue,
    burst: String? = nil,
    cohort: Int64? = nil
  ) {
    self.signal = signal
    self.statistic = statistic
    self.value = value
    self.burst = burst
    self.cohort = cohort
  }

  /// Whether the value lies between its bounds, as far as it has both.
  public var isWithinBounds: Bool {
    guard let low = value.low, let high = value.high else { return true }
    return low <= value.value && value.value <= high
  }
}

/// How far the outcomes of a quality window are known.
public struct QualityStage: Sendable, Equatable {
  /// When the window was judged, in nanoseconds since 1970.
  public var time: Int64
  /// The share of its predictions whose outcome is known, or was waited for long enough, in [0, 1].
  public var maturity: Double
  /// How many times it has been judged, from 1.
  public var revision: Int
  /// Whether nothing can change any more.
  public var isFinal: Bool

  /// Makes a stage.
  public init(time: Int64, maturity: Double, revision: Int, isFinal: Bool) {
    self.time = time
    self.maturity = maturity
    self.revision = revision
    self.isFinal = isFinal
  }
}

/// Every number of one part of the traffic in one window.
///
/// Metric records are written from it, and nothing else that shows numbers has another source.
///
/// Its 10 properties are what all metric records of the part say alike, and the numbers that they
/// differ in.
public struct MeasuredPart: Sendable, Equatable {
  /// The model's name.
  public var model: String
  /// The window's name.
  public var window: String
  /// The window's start, in nanoseconds since 1970.
  public var start: Int64
  /// The window's end, exclusive, in nanoseconds since 1970.
  public var end: Int64
  /// The version, when the part is one.
  public var version: String?
  /// The segment as `field=value`, when the part is one.
  public var segment: String?
  /// Whether events of the window's time may be missing: the stream began or ended in it, or nobody
  /// was there for a while.
  public var isCut: Bool
  /// Whether the stream ended within the calendar's period: it says nothing of the whole one.
  public var isOpen: Bool
  /// How far the outcomes of a quality window are known; `nil` of other windows.
  public var stage: QualityStage?
  /// The statistics, signal by signal in the plan's order.
  public var measurements: [Measurement]

  /// Makes a part; of all of the traffic unless it says otherwise.
  public init(
    model: String,
    window: String,
    start: Int64,
    end: Int64,
    version: String? = nil,
    segment: String? = nil,
    isCut: Bool = false,
    isOpen: Bool = false,
    stage: QualityStage? = nil,
    measurements: [Measurement]
  ) {
    self.model = model
    self.window = window
    self.start = start
    self.end = end
    self.version = version
    self.segment = segment
    self.isCut = isCut
    self.isOpen = isOpen
    self.stage = stage
    self.measurements = measurements
  }

  /// Whether this is all of the traffic.
  public var isWhole: Bool { version == nil && segment == nil }

  /// Writes a metric record a line, one for each measurement.
  public func write(to json: inout JSONWriter) {
    let prefix = prefix
    for measurement in measurements {
      let value = measurement.value
      json.append(raw: prefix)
      json.member("signal", measurement.signal)
      json.member("statistic", measurement.statistic)
      json.member("value", value.value)
      if let psi = value.psi { json.member("psi", psi) }
      json.member("n", value.n)
      if let referenceN = value.referenceN { json.member("reference_n", referenceN) }
      if let low = value.low { json.member("low", low) }
      if let high = value.high { json.member("high", high) }
      if let pValue = value.pValue { json.member("p_value", pValue) }
      if let burst = measurement.burst { json.member("burst", burst) }
      if let cohort = measurement.cohort { json.member("cohort", Timestamp.format(cohort)) }
      json.endObject()
      json.endLine()
    }
  }

  /// The members that all lines share, the object left open.
  private var prefix: [UInt8] {
    var json = JSONWriter()
    json.beginObject()
    json.member("type", "metric")
    json.member("time", Timestamp.format(stage?.time ?? end))
    json.member("model", model)
    json.member("version", version)
    json.member("segment", segment)
    json.member("window", window)
    json.member("start", Timestamp.format(start))
    json.member("end", Timestamp.format(end))
    if isCut {
      json.name("cut")
      json.value(true)
    }
    if let stage {
      json.member("maturity", stage.maturity)
      json.member("revision", stage.revision)
      json.name("final")
      json.value(stage.isFinal)
    }
    return json.bytes
  }
}
