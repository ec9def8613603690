internal import Records

/// Writes requests as what a labelling tool takes.
struct TaskWriter: Sendable {
  let tool: LabellingTool
  let names: LabelNames

  /// The most characters of a line of a manifest.
  ///
  /// - **Source**: Amazon SageMaker developer guide, "Input data", quotas of input manifest files.
  static let manifestLineLimit = 100_000
  /// The most characters of one attribute of such a line; same source.
  static let manifestAttributeLimit = 20_000

  /// The task of a request, as one JSON object.
  ///
  /// - Throws: `ElementMistake.overLong` where Ground Truth takes no such line.
  func task(_ request: RelabelRequest) throws(ElementMistake) -> [UInt8] {
    switch tool {
    case .labelStudio: labelStudioTask(request)
    case .argilla: argillaRecord(request)
    case .groundTruth: try manifestLine(request)
    }
  }

  /// `{"data": {"features", "leeway"}, "meta", "predictions"}`.
  ///
  /// The prediction's id must not be at `data.id`, where the export JSON_MIN puts its own.
  private func labelStudioTask(_ request: RelabelRequest) -> [UInt8] {
    var json = JSONWriter()
    json.beginObject()
    json.name("data")
    json.beginObject()
    json.name("features")
    json.value(request.features)
    json.name("leeway")
    json.value(.object(request.originMembers))
    json.endObject()
    json.name("meta")
    json.beginObject()
    json.member("request_id", request.id)
    json.endObject()
    if let answer = request.answer, let decision = answer.decision {
      json.name("predictions")
      json.beginArray()
      json.beginObject()
      if let version = request.versionOrModel { json.member("model_version", version) }
      if let score = answer.score {
        json.name("score")
        json.value(score)
      }
      json.name("result")
      json.beginArray()
      json.beginObject()
      json.member("id", "p1")
      json.member("from_name", names.control)
      json.member("to_name", names.object)
      json.member("type", "choices")
      json.name("value")
      let choices = JSONValue.array([.string(decision)])
      json.value(.object([JSONValue.Member(key: "choices", value: choices)]))
      json.endObject()
      json.endArray()
      json.endObject()
      json.endArray()
    }
    json.endObject()
    return json.bytes
  }

  /// `{"id", "fields": {"text", "features"}, "metadata", "suggestions", "responses", "vectors"}`.
  ///
  /// Argilla has no metadata without a value, so what is null is left out.
  private func argillaRecord(_ request: RelabelRequest) -> [UInt8] {
    let metadata = request.originMembers.filter { $0.key != "request_id" && $0.value != .null }
    var json = JSONWriter()
    json.beginObject()
    json.member("id", request.id)
    json.name("fields")
    json.beginObject()
    json.member("text", request.featureLines)
    json.name("features")
    json.value(request.features)
    json.endObject()
    json.name("metadata")
    json.value(.object(metadata))
    json.name("suggestions")
    json.beginObject()
    if let answer = request.answer, let decision = answer.decision {
      json.name(names.control)
      json.beginObject()
      json.member("value", decision)
      if let score = answer.score {
        json.name("score")
        json.value(score)
      }
      json.member("agent", request.agent)
      json.endObject()
    }
    json.endObject()
    for name in ["responses", "vectors"] {
      json.name(name)
      json.beginObject()
      json.endObject()
    }
    json.endObject()
    return json.bytes
  }

  /// `{"source", "features", "leeway", "dataset-objectid-attribute-name", "request_id"}`; the last
  /// two are the key by which a streaming job leaves out what it has already.
  private func manifestLine(_ request: RelabelRequest) throws(ElementMistake) -> [UInt8] {
    let attributes: [JSONValue.Member] = [
      .init(key: "source", value: .string(request.featureLines)),
      .init(key: "features", value: request.features),
      .init(key: "leeway", value: .object(request.originMembers)),
      .init(key: "dataset-objectid-attribute-name", value: .string("request_id")),
      .init(key: "request_id", value: .string(request.id)),
    ]
    for attribute in attributes {
      try Self.check(
        "the attribute \"\(attribute.key)\"",
        attribute.value.json,
        limit: Self.manifestAttributeLimit
      )
    }
    let line = JSONValue.object(attributes).json
    try Self.check("the line", line, limit: Self.manifestLineLimit)
    return line
  }

  private static func check(
    _ part: String,
    _ json: [UInt8],
    limit: Int
  ) throws(ElementMistake) {
    // A character of UTF-8 has one byte that does not go on with another.
    let characters = json.count { $0 & 0xC0 != 0x80 }
    guard characters <= limit else {
      throw .overLong(part, characters: characters, limit: limit)
    }
  }
}
