internal import Events

/// How the framing's claim stands: written when the verdict changes, and when a period begins.
///
/// Its 14 properties are the members of the record, which readers know by their names.
public struct ClaimRecord: Sendable, Equatable {
  /// When it was judged, in nanoseconds since 1970.
  public var time: Int64
  /// The model's name.
  public var model: String
  /// The measure that the claim is of.
  public var measure: String
  /// The least value of the measure, or of an error the greatest.
  public var limit: Double
  /// Whether less of the measure is better.
  public var isError: Bool
  /// The start of the period of predictions, in nanoseconds since 1970.
  public var start: Int64
  /// Its end, exclusive.
  public var end: Int64
  /// `holds`, `fails` or `undecided`.
  public var verdict: String
  /// The measure over the period's mature predictions; `nil` without one.
  public var value: Double?
  /// The lower end of its interval, which holds at all looks of the period together.
  public var low: Double
  /// The upper end.
  public var high: Double
  /// The mature predictions that tell of it.
  public var n: Int
  /// What the period's mature predictions are worth; `nil` without costs.
  public var money: Double?
  /// The unit of the costs.
  public var unit: String?

  /// Makes a record.
  package init(
    time: Int64,
    model: String,
    measure: String,
    limit: Double,
    isError: Bool,
    start: Int64,
    end: Int64,
    verdict: String,
    value: Double?,
    low: Double,
    high: Double,
    n: Int,
    money: Double?,
    unit: String?
  ) {
    self.time = time
    self.model = model
    self.measure = measure
    self.limit = limit
    self.isError = isError
    self.start = start
    self.end = end
    self.verdict = verdict
    self.value = value
    self.low = low
    self.high = high
    self.n = n
    self.money = money
    self.unit = unit
  }

  /// Writes the record as a line.
  public func write(to json: inout JSONWriter) {
    json.beginObject()
    json.member("type", "claim")
    json.member("time", Timestamp.format(time))
    json.member("model", model)
    json.member("measure", measure)
    json.member(isError ? "at_most" : "at_least", limit)
    json.member("start", Timestamp.format(start))
    json.member("end", Timestamp.format(end))
    json.member("verdict", verdict)
    json.member("value", value)
    json.member("low", low)
    json.member("high", high)
    json.member("n", n)
    json.member("money", money)
    json.member("unit", unit)
    json.endObject()
    json.endLine()
  }
}
