internal import Events

/// A prediction with its outcome, as a row to train on.
///
/// Its 12 properties are the members of the record, which readers know by their names.
public struct TrainingExample: Sendable, Equatable {
  /// The prediction's id.
  public var id: String
  /// How often it has left, this time included: the greatest counts.
  public var revision: Int
  /// Whether its outcome cannot change any more.
  public var isFinal: Bool
  /// The model's name.
  public var model: String
  /// The model's version; `nil` without one.
  public var version: String?
  /// The prediction's time, in nanoseconds since 1970.
  public var time: Int64
  /// The fields that may leave, as a JSON object.
  public var features: [UInt8]
  /// What turned out; `nil` where a row that has left is taken back, since nothing is known any more.
  public var outcome: Double?
  /// When that was known, in nanoseconds since 1970; `nil` where it is that none came.
  public var outcomeTime: Int64?
  /// How the outcome came: `sample` where it was asked for, `silence` where none came, else `itself`;
  /// `none` where there is none.
  public var route: String
  /// Over the probability that the row was asked for and answered; `nil` of outcomes that came by
  /// themselves.
  public var weight: Double?
  /// The hash of the profile that the predictions are compared with.
  public var profile: String

  /// Makes a row.
  package init(
    id: String,
    revision: Int,
    isFinal: Bool,
    model: String,
    version: String?,
    time: Int64,
    features: [UInt8],
    outcome: Double?,
    outcomeTime: Int64?,
    route: String,
    weight: Double?,
    profile: String
  ) {
    self.id = id
    self.revision = revision
    self.isFinal = isFinal
    self.model = model
    self.version = version
    self.time = time
    self.features = features
    self.outcome = outcome
    self.outcomeTime = outcomeTime
    self.route = route
    self.weight = weight
    self.profile = profile
  }

  /// Writes the row as a line.
  public func write(to json: inout JSONWriter) {
    json.beginObject()
    json.member("type", "training_example")
    json.member("id", id)
    json.member("revision", revision)
    json.name("final")
    json.value(isFinal)
    json.member("model", model)
    json.member("version", version)
    json.member("time", Timestamp.format(time))
    json.name("features")
    json.value(rawObject: features)
    json.member("outcome", outcome)
    json.member("outcome_time", outcomeTime.map { Timestamp.format($0) })
    json.member("label_route", route)
    json.member("weight", weight)
    json.member("profile", profile)
    json.endObject()
    json.endLine()
  }
}
