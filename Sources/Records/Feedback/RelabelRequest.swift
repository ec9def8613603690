internal import Events

/// A request for a label of one prediction, drawn by chance with a known probability.
///
/// Its 12 properties are the members of the record, which readers know by their names.
public struct RelabelRequest: Sendable, Equatable {
  /// The request's own id: lower-case letters, digits and single hyphens.
  public var id: String
  /// The prediction's id.
  public var prediction: String
  /// The model's name.
  public var model: String
  /// The model's version; `nil` without one.
  public var version: String?
  /// The prediction's time, in nanoseconds since 1970.
  public var time: Int64
  /// Until when an answer is of use, in nanoseconds since 1970; `nil` for always.
  public var deadline: Int64?
  /// The probability with which the prediction was to be drawn, in (0, 1].
  public var inclusion: Double
  /// Why it weighs as it does: `alert`, `uncertain` or `uniform`.
  public var reason: String
  /// The policy's name.
  public var policy: String
  /// The segment of the alert that raised it, `field=value`.
  public var segment: String?
  /// The fields that may leave, as a JSON object.
  public var features: [UInt8]
  /// What the model answered, where that is told.
  public var answer: Answer?

  /// What a model answered.
  public struct Answer: Sendable, Equatable {
    /// The score.
    public var score: Double?
    /// Whether the decision was positive.
    public var decision: Bool?

    /// Makes an answer.
    package init(score: Double?, decision: Bool?) {
      self.score = score
      self.decision = decision
    }
  }

  /// Makes a request.
  package init(
    id: String,
    prediction: String,
    model: String,
    version: String?,
    time: Int64,
    deadline: Int64?,
    inclusion: Double,
    reason: String,
    policy: String,
    segment: String?,
    features: [UInt8],
    answer: Answer?
  ) {
    self.id = id
    self.prediction = prediction
    self.model = model
    self.version = version
    self.time = time
    self.deadline = deadline
    self.inclusion = inclusion
    self.reason = reason
    self.policy = policy
    self.segment = segment
    self.features = features
    self.answer = answer
  }

  /// Writes the request as a line.
  public func write(to json: inout JSONWriter) {
    json.beginObject()
    json.member("type", "relabel_request")
    json.member("request_id", id)
    json.member("prediction_id", prediction)
    json.member("model", model)
    json.member("version", version)
    json.member("time", Timestamp.format(time))
    json.member("deadline", deadline.map { Timestamp.format($0) })
    json.member("inclusion_probability", inclusion)
    json.member("reason", reason)
    json.member("policy", policy)
    json.member("segment", segment)
    json.name("features")
    json.value(rawObject: features)
    if let answer {
      json.name("model_answer")
      json.beginObject()
      json.member("score", answer.score)
      json.member("decision", answer.decision.map { $0 ? "1" : "0" })
      json.endObject()
    }
    json.endObject()
    json.endLine()
  }
}
