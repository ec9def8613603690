internal import Events
internal import Records

/// What one person, or a tool's own model, said of one prediction.
struct Outcome: Sendable, Equatable {
  var origin: Origin
  /// When it was said, in nanoseconds since 1970.
  var time: Int64
  /// A text, number or truth value; `nil` where the prediction was skipped.
  var label: JSONValue?
  /// Who said it, by the tool's name for them.
  var annotator: String?
  /// Whether a person did.
  var isHuman = true

  /// Writes the outcome as one line.
  func write(to json: inout JSONWriter) {
    json.beginObject()
    json.member("kind", "outcome")
    json.member("id", origin.prediction)
    json.member("version", origin.version)
    json.member("ts", Timestamp.format(time))
    json.name("label")
    json.value(label ?? .null)
    json.member("annotator", annotator)
    json.member("source", isHuman ? "human" : "machine")
    json.name("skipped")
    json.value(label == nil)
    json.member("request_id", origin.request)
    json.endObject()
    json.endLine()
  }
}

/// Which prediction an answer is about, as the request said it and the tool brought it back.
struct Origin: Sendable, Equatable {
  var prediction: String
  var version: String?
  var request: String?

  /// Reads the members of a request that a tool brought back.
  ///
  /// - Parameters:
  ///   - members: The object that has them.
  ///   - path: Where it stands.
  ///   - request: The request's id where it stands elsewhere.
  /// - Throws: `ElementMistake.member`.
  init(_ members: JSONValue, at path: String, request: String? = nil) throws(ElementMistake) {
    guard let prediction = members["prediction_id"]?.identifier else {
      throw .member("\(path).prediction_id", expected: "a text or a number")
    }
    let version = members["version"]?.unlessNull
    guard version == nil || version?.identifier != nil else {
      throw .member("\(path).version", expected: "a text or a number")
    }
    self.prediction = prediction
    self.version = version?.identifier
    self.request = request ?? members["request_id"]?.identifier
  }
}

/// What an element of an export says.
struct Answers: Sendable, Equatable {
  /// An answer that cannot be used, by its place in the element.
  struct Unusable: Sendable, Equatable {
    let part: String
    let mistake: ElementMistake
  }

  var outcomes: [Outcome] = []
  var unusable: [Unusable] = []
  /// Whether it is no request of Leeway's, or no answer at all.
  var isPassedOver = false

  /// What is not an answer to a request.
  static let passedOver = Answers(isPassedOver: true)
}
