internal import Records

extension AnswerReader {
  /// Webhook bodies, tasks of the export JSON and rows of JSON_MIN.
  ///
  /// - **Source**: Label Studio 1.23.2, `webhooks` and `data_export`; label-studio-sdk 2.1.2,
  ///   `converter`.
  func labelStudio(_ element: JSONValue) throws(ElementMistake) -> Answers {
    if let action = element["action"]?.text { return try webhook(action, element) }
    if let annotations = element["annotations"] {
      guard case .array(let annotations) = annotations else {
        throw .member("annotations", expected: "an array")
      }
      return try self.annotations(annotations, of: element, at: "data.leeway")
    }
    if element["leeway"] != nil || element["annotation_id"] != nil { return try row(element) }
    throw .unknownShape(tool)
  }

  private func webhook(_ action: String, _ body: JSONValue) throws(ElementMistake) -> Answers {
    switch action {
    case "ANNOTATION_CREATED", "ANNOTATION_UPDATED":
      guard body["task"] != nil || body["annotation"] != nil else { throw .noPayload }
      guard let task = body["task"], case .object = task else {
        throw .member("task", expected: "an object")
      }
      guard let annotation = body["annotation"] else {
        throw .member("annotation", expected: "an object")
      }
      return try annotations([annotation], of: task, at: "task.data.leeway")
    case "ANNOTATIONS_CREATED": throw .manyAnnotations
    default: return .passedOver
    }
  }

  private func annotations(
    _ annotations: [JSONValue],
    of task: JSONValue,
    at path: String
  ) throws(ElementMistake) -> Answers {
    guard let leeway = task["data"]?["leeway"] else { return .passedOver }
    let origin = try Origin(leeway, at: path)
    var answers = Answers()
    for (index, annotation) in annotations.enumerated() {
      do throws(ElementMistake) {
        answers.outcomes.append(try outcome(annotation, origin))
      } catch {
        let number = annotation["id"].flatMap { $0.number == nil ? nil : $0.identifier }
        let part = "annotation \(number ?? "\(index + 1)")"
        answers.unusable.append(Answers.Unusable(part: part, mistake: error))
      }
    }
    return answers
  }

  private func outcome(
    _ annotation: JSONValue,
    _ origin: Origin
  ) throws(ElementMistake) -> Outcome {
    guard case .object = annotation else { throw .member("it", expected: "an object") }
    let wasCancelled = annotation["was_cancelled"]?.boolean ?? false
    guard case .array(let results)? = annotation["result"] else {
      throw .member("result", expected: "an array")
    }
    // An answer that is changed keeps the time at which it was begun; the later one is the newest.
    return Outcome(
      origin: origin,
      time: try time(annotation["updated_at"], annotation["created_at"]),
      label: wasCancelled ? nil : try label(of: results),
      annotator: annotator(annotation["completed_by"])
    )
  }

  /// The label among the results of an annotation; `nil` where it has none at all.
  private func label(of results: [JSONValue]) throws(ElementMistake) -> JSONValue? {
    guard !results.isEmpty else { return nil }
    let own = results.filter { $0["from_name"]?.text == control }
    guard let result = own.first else {
      let names = results.compactMap { $0["from_name"]?.text }
      throw .noResult(of: control, names: names)
    }
    guard own.count == 1 else { throw .notOneLabel(control) }
    for kind in ["choices", "number", "rating", "text"] {
      if let value = result["value"]?[kind] { return try label(value) }
    }
    throw .notOneLabel(control)
  }

  /// The members of a row that are no control's.
  private static let rowMembers: Set<String> = [
    "features", "leeway", "id", "annotator", "annotation_id", "created_at", "updated_at",
    "lead_time", "agreement",
  ]

  /// A row of JSON_MIN, where each control is a member and skipped answers are left out.
  private func row(_ row: JSONValue) throws(ElementMistake) -> Answers {
    guard let leeway = row["leeway"] else { return .passedOver }
    // A task that nobody has answered yet is a row, too.
    guard row["annotation_id"]?.unlessNull != nil else { return Answers() }
    let origin = try Origin(leeway, at: "leeway")
    guard let value = row[control]?.unlessNull else {
      let names = row.members.map(\.key).filter { !Self.rowMembers.contains($0) }
      throw .noResult(of: control, names: names)
    }
    let outcome = Outcome(
      origin: origin,
      time: try time(row["updated_at"], row["created_at"]),
      label: try label(value),
      annotator: annotator(row["annotator"])
    )
    return Answers(outcomes: [outcome])
  }

  /// An annotator's number, or what else the export calls them.
  private func annotator(_ value: JSONValue?) -> String? {
    value?.identifier ?? value?["id"]?.identifier ?? value?["email"]?.identifier
  }
}
