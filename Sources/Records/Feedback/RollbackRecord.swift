internal import Events

/// A new version is worse than the one in use: take it back.
///
/// Written once.
///
/// Its 11 properties are the members of the record, which readers know by their names.
public struct RollbackRecord: Sendable, Equatable {
  /// When that was known, in nanoseconds since 1970.
  public var time: Int64
  /// The model's name.
  public var model: String
  /// The new version.
  public var canary: String
  /// The version in use.
  public var stable: String
  /// By which measure it is worse.
  public var measure: String
  /// By how much the new version's mean loss is greater, in units of the greatest loss.
  public var difference: Double
  /// The lower end of its interval, which holds at all looks together.
  public var low: Double
  /// The upper end.
  public var high: Double
  /// The pairs of outcomes.
  public var pairs: Int
  /// How much worse the new version may be.
  public var margin: Double
  /// The probability of a false rollback.
  public var risk: Double

  /// Makes a record.
  package init(
    time: Int64,
    model: String,
    canary: String,
    stable: String,
    measure: String,
    difference: Double,
    low: Double,
    high: Double,
    pairs: Int,
    margin: Double,
    risk: Double
  ) {
    self.time = time
    self.model = model
    self.canary = canary
    self.stable = stable
    self.measure = measure
    self.difference = difference
    self.low = low
    self.high = high
    self.pairs = pairs
    self.margin = margin
    self.risk = risk
  }

  /// Writes the record as a line.
  public func write(to json: inout JSONWriter) {
    json.beginObject()
    json.member("type", "rollback")
    json.member("time", Timestamp.format(time))
    json.member("model", model)
    json.member("canary", canary)
    json.member("stable", stable)
    json.member("measure", measure)
    json.member("difference", difference)
    json.member("low", low)
    json.member("high", high)
    json.member("pairs", pairs)
    json.member("margin", margin)
    json.member("risk", risk)
    json.endObject()
    json.endLine()
  }
}
