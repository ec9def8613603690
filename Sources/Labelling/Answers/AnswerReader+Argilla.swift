internal import Records

extension AnswerReader {
  /// A record with responses.
  ///
  /// `Record.to_dict` leaves out whether a response was submitted, discarded or is a draft; where
  /// `status` was added to a response, it counts.
  ///
  /// - **Source**: argilla 2.8.0, `records/_resource.py` and `responses.py`.
  func argilla(_ record: JSONValue) throws(ElementMistake) -> Answers {
    guard record["fields"] != nil || record["responses"] != nil else { throw .unknownShape(tool) }
    guard let metadata = record["metadata"], metadata["prediction_id"] != nil else {
      return .passedOver
    }
    let origin = try Origin(metadata, at: "metadata", request: record["id"]?.identifier)
    guard let responses = record["responses"]?.unlessNull else { return Answers() }
    guard case .object = responses else { throw .member("responses", expected: "an object") }
    guard let own = responses[control]?.unlessNull else { return Answers() }
    guard case .array(let own) = own else {
      throw .member("responses.\(control)", expected: "an array")
    }
    var answers = Answers()
    for (index, response) in own.enumerated() where response["status"]?.text != "draft" {
      do throws(ElementMistake) {
        answers.outcomes.append(try outcome(response, of: record, origin))
      } catch {
        let part = "response \(index + 1)"
        answers.unusable.append(Answers.Unusable(part: part, mistake: error))
      }
    }
    return answers
  }

  private func outcome(
    _ response: JSONValue,
    of record: JSONValue,
    _ origin: Origin
  ) throws(ElementMistake) -> Outcome {
    guard case .object = response else { throw .member("it", expected: "an object") }
    let wasDiscarded = response["status"]?.text == "discarded"
    return Outcome(
      origin: origin,
      time: try time(response["updated_at"], record["updated_at"]),
      label: wasDiscarded ? nil : try label(response["value"] ?? .null),
      annotator: response["user_id"]?.identifier
    )
  }
}
