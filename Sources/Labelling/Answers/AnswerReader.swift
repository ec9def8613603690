internal import Events
internal import Records

/// Reads what people answered out of the elements of a tool's export.
struct AnswerReader: Sendable {
  let tool: LabellingTool
  /// The control, question or attribute that holds the label.
  let control: String
  /// The time of answers that have none, in nanoseconds since 1970.
  let standardTime: Int64?

  /// The answers of an element.
  ///
  /// - Throws: `ElementMistake` where nothing of it can be read.
  func answers(_ element: JSONValue) throws(ElementMistake) -> Answers {
    guard case .object = element else { throw .unknownShape(tool) }
    return switch tool {
    case .labelStudio: try labelStudio(element)
    case .argilla: try argilla(element)
    case .groundTruth: try groundTruth(element)
    }
  }

  /// The first of some times that is there, else the one that was given.
  func time(_ values: JSONValue?...) throws(ElementMistake) -> Int64 {
    for value in values {
      guard let value = value?.unlessNull else { continue }
      guard let text = value.text else {
        throw .notTime(String(decoding: value.json, as: UTF8.self))
      }
      // Ground Truth writes UTC without saying so.
      guard let time = Timestamp.parse(text) ?? Timestamp.parse(text + "Z") else {
        throw .notTime(text)
      }
      return time
    }
    guard let standardTime else { throw .noTime }
    return standardTime
  }

  /// A value as a label: itself, or the only element of an array.
  ///
  /// - Returns: `nil` of null and of an empty array.
  func label(_ value: JSONValue) throws(ElementMistake) -> JSONValue? {
    let elements = if case .array(let elements) = value { elements } else { [value] }
    guard let first = elements.first?.unlessNull else { return nil }
    guard elements.count == 1, first.isScalar else { throw .notOneLabel(control) }
    return first
  }
}
