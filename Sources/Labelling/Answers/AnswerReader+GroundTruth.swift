internal import Records

extension AnswerReader {
  /// A line of an output manifest: the input's line, the label, and `<label>-metadata`.
  ///
  /// - **Source**: Amazon SageMaker developer guide, "Output data", classification job output.
  func groundTruth(_ line: JSONValue) throws(ElementMistake) -> Answers {
    guard line["source"] != nil || line["source-ref"] != nil else { throw .unknownShape(tool) }
    guard let leeway = line["leeway"] else { return .passedOver }
    let origin = try Origin(leeway, at: "leeway")
    let metadata = line["\(control)-metadata"]?.unlessNull
    let hasFailed = metadata?["failure-reason"] != nil
    guard hasFailed || line[control]?.unlessNull != nil else { return Answers() }
    // The label itself is a class's number, its name stands beside; of several classes a map does.
    let classes = metadata?["class-map"]?.members.map(\.value) ?? []
    let name =
      metadata?["class-name"]?.unlessNull ?? (classes.isEmpty ? nil : .array(classes))
      ?? line[control] ?? .null
    let outcome = Outcome(
      origin: origin,
      time: try time(metadata?["creation-date"]),
      label: hasFailed ? nil : try label(name),
      isHuman: metadata?["human-annotated"]?.text != "no"
    )
    return Answers(outcomes: [outcome])
  }
}
