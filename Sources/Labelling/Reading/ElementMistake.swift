internal import Records

/// Why an element of a stream cannot be used: what is wrong, and what to do.
enum ElementMistake: Error, Sendable, Equatable {
  /// It is not one JSON value, or nested too deeply.
  case notJSON
  /// It has more bytes than are held of one.
  case tooLong(bytes: Int)
  /// The stream ends within it.
  case cutOff
  /// The stream ends before the array does.
  case noEnd
  /// A member is not there, or is not what it has to be.
  case member(String, expected: String)
  /// It is none of the tool's shapes.
  case unknownShape(LabellingTool)
  /// A request's id cannot name things everywhere.
  case requestID(String)
  /// Ground Truth takes no line, or no attribute, so long.
  case overLong(String, characters: Int, limit: Int)
  /// The answer has no time, and none was given.
  case noTime
  /// A text is no time.
  case notTime(String)
  /// An answer is several, or of a kind that is no label.
  case notOneLabel(String)
  /// A Label Studio annotation has results, but none of the control.
  case noResult(of: String, names: [String])
  /// A webhook body says what happened and not to what.
  case noPayload
  /// A webhook body speaks of several annotations at once.
  case manyAnnotations
}

extension ElementMistake: CustomStringConvertible {
  var description: String {
    switch self {
    case .notJSON:
      "not one JSON value: write it anew, an object a line (jq -c .) or in one array"
    case .tooLong(let bytes):
      "it has \(grouped(bytes)) bytes, more than the \(grouped(ElementSplitter.byteLimit)) that "
        + "are read of one: leave out what is no answer"
    case .cutOff: "the file ends within it: export it again"
    case .noEnd: "the array has no end, the file is cut off: export it again"
    case .member(let name, let expected): "\(name) is not \(expected): mend it or leave it out"
    case .unknownShape(let tool): "not \(tool.shapes): see whether --format is right"
    case .requestID(let id):
      "request_id is \(quoted(id)): it may have small letters and digits, hyphens between them, "
        + "at most \(RelabelRequest.identifierLimit) characters: name it so"
    case .overLong(let part, let characters, let limit):
      "\(part) has \(grouped(characters)) characters, Ground Truth takes \(grouped(limit)): "
        + "leave features out of the requests"
    case .noTime: "the answer has no time: give --time"
    case .notTime(let text): "\(quoted(text)) is no time (RFC 3339): mend it"
    case .notOneLabel(let name):
      "the answer to \"\(name)\" is not one label: ask for a single choice, a number or a text"
    case .noResult(let control, let names):
      "nothing of it is named \(quoted(control))"
        + (names.isEmpty ? "" : ", but \(names.prefix(3).map(quoted).joined(separator: ", "))")
        + ": say with --from-name which is the label"
    case .noPayload: "a webhook body without its task: let the webhook send the payload"
    case .manyAnnotations:
      "a webhook body of several annotations: export the project instead"
    }
  }
}

/// A text of someone else's in quotes, its beginning where it is long.
private func quoted(_ text: String) -> String {
  let scalars = text.unicodeScalars
  let beginning = String(String.UnicodeScalarView(scalars.prefix(80)))
  return "\"\(beginning)\(beginning.utf8.count < text.utf8.count ? "…" : "")\""
}

extension LabellingTool {
  /// What its answers look like, in words.
  fileprivate var shapes: String {
    switch self {
    case .labelStudio:
      "a webhook body of Label Studio, a task of its JSON export or a row of JSON_MIN"
    case .argilla: "a record of Argilla"
    case .groundTruth: "a line of an output manifest of Ground Truth"
    }
  }
}

/// An element that was not used, and why.
public struct ConversionFinding: Sendable, Equatable {
  /// The element's number, from 1.
  public let element: Int
  /// The line in which it begins, from 1.
  public let line: Int
  /// Its first byte in the stream, from 0.
  public let offset: Int
  /// What is wrong with it, and what to do.
  public let message: String

  init(_ element: Element, _ mistake: ElementMistake, in part: String? = nil) {
    self.element = element.number
    line = element.line
    offset = element.offset
    message = (part.map { "\($0): " } ?? "") + mistake.description
  }

  /// The finding in one line.
  ///
  /// - Parameter source: The name of the stream.
  /// - Returns: Where, what is wrong, what to do.
  public func words(of source: String) -> String {
    "\(source):\(line): element \(element) at byte \(offset): \(message)"
  }
}
