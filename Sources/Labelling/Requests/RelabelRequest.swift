internal import Records

/// A request for a label, as Leeway writes it.
///
/// Only what a tool's file is made of is looked at; the rest goes through as it is.
struct RelabelRequest: Sendable {
  /// The most characters of a request's id: those of the name of an Amazon A2I human loop, the
  /// narrowest of the names that it becomes.
  static let identifierLimit = 63

  /// The type of its record.
  static let type = "relabel_request"

  /// `^[a-z0-9](-*[a-z0-9])*$`, so that it can name a task, a file, a key.
  let id: String
  /// The prediction that is in question.
  let prediction: String
  let features: JSONValue
  /// What the model said, where the monitor lets annotators see it.
  let answer: ModelAnswer?
  private let record: JSONValue

  /// The score and the decision of a prediction.
  struct ModelAnswer: Sendable {
    /// A number, where there is one.
    let score: JSONValue?
    /// The class as text, where there is one.
    let decision: String?
  }

  /// The members that answers bring back, in the order in which they are written.
  private static let origin = [
    "request_id", "prediction_id", "model", "version", "time", "inclusion_probability", "reason",
    "policy", "segment", "deadline",
  ]

  /// Reads a record whose type is known.
  init(_ record: JSONValue) throws(ElementMistake) {
    guard let id = record["request_id"]?.text else {
      throw .member("request_id", expected: "a text")
    }
    guard Self.isIdentifier(id) else { throw .requestID(id) }
    guard let prediction = record["prediction_id"]?.identifier else {
      throw .member("prediction_id", expected: "a text or a number")
    }
    guard let features = record["features"], case .object = features else {
      throw .member("features", expected: "an object")
    }
    self.id = id
    self.prediction = prediction
    self.features = features
    self.record = record
    answer = try record["model_answer"]?.unlessNull.map(ModelAnswer.init)
  }

  /// The model's version, or its name where it has none.
  var versionOrModel: String? {
    record["version"]?.identifier ?? record["model"]?.identifier
  }

  /// Who answered: `car-loan:7`.
  var agent: String {
    [record["model"], record["version"]].compactMap { $0?.identifier }.joined(separator: ":")
  }

  /// What answers bring back, null where the record has nothing.
  var originMembers: [JSONValue.Member] {
    Self.origin.map { name in
      let value = name == "prediction_id" ? .string(prediction) : record[name] ?? .null
      return JSONValue.Member(key: name, value: value)
    }
  }

  /// The features for a person, one a line: `amount: 120.5`.
  var featureLines: String {
    features.members.map { member in
      "\(member.key): \(member.value.text ?? String(decoding: member.value.json, as: UTF8.self))"
    }
    .joined(separator: "\n")
  }

  private static func isIdentifier(_ text: String) -> Bool {
    let bytes = text.utf8
    let isMadeOf = bytes.allSatisfy { byte in
      byte >= 0x61 && byte <= 0x7A || byte >= 0x30 && byte <= 0x39 || byte == UInt8(ascii: "-")
    }
    return isMadeOf && (1...identifierLimit).contains(bytes.count) && !text.hasPrefix("-")
      && !text.hasSuffix("-")
  }
}

extension RelabelRequest.ModelAnswer {
  init(_ value: JSONValue) throws(ElementMistake) {
    guard case .object = value else { throw .member("model_answer", expected: "an object") }
    score = value["score"].flatMap { $0.number == nil ? nil : $0 }
    switch value["decision"] {
    case .boolean(let truth)?: decision = truth ? "true" : "false"
    case let other: decision = other?.identifier
    }
  }
}
