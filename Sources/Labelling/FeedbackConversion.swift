internal import Records

/// Turns requests for labels into a tool's tasks, or a tool's answers into outcomes.
///
/// Bytes come in as they are read and go out as they are due, so the memory is that of one element.
/// The output does not depend on where the bytes were cut.
public struct FeedbackConversion: Sendable {
  /// Which way it goes.
  public enum Direction: Sendable, Equatable {
    /// Records of requests in, the tool's tasks out.
    case requests
    /// The tool's answers in, outcomes out.
    ///
    /// - Parameter standardTime: The time of answers that have none, in nanoseconds since 1970.
    case answers(standardTime: Int64?)
  }

  /// What became of the elements that were read.
  public struct Tally: Sendable, Equatable {
    /// The elements that were read.
    public var elements = 0
    /// The tasks, or the outcomes, that were written.
    public var written = 0
    /// The outcomes that say that a prediction was skipped.
    public var skipped = 0
    /// The tasks without an answer.
    public var unanswered = 0
    /// The elements that are no request, or no answer to one.
    public var passedOver = 0
    /// The elements and answers that could not be used.
    public var unusable = 0
  }

  /// What became of what was read so far.
  public private(set) var tally = Tally()

  private let direction: Direction
  private let writer: TaskWriter
  private let reader: AnswerReader
  private var splitter = ElementSplitter()
  private var findings: [ConversionFinding] = []

  /// Begins at the start of a stream.
  ///
  /// - Parameters:
  ///   - tool: The labelling tool.
  ///   - direction: Which way it goes.
  ///   - names: What the tool's project calls the parts that hold the answer.
  public init(_ tool: LabellingTool, _ direction: Direction, names: LabelNames = LabelNames()) {
    self.direction = direction
    writer = TaskWriter(tool: tool, names: names)
    let standardTime: Int64? =
      if case .answers(let time) = direction { time } else { nil }
    reader = AnswerReader(tool: tool, control: names.control, standardTime: standardTime)
  }

  /// Takes the stream's next bytes.
  ///
  /// - Parameters:
  ///   - bytes: The bytes.
  ///   - output: Receives what they make.
  public mutating func read(_ bytes: ArraySlice<UInt8>, into output: inout [UInt8]) {
    for element in splitter.elements(in: bytes) { convert(element, into: &output) }
  }

  /// Ends the stream, and the output.
  public mutating func finish(into output: inout [UInt8]) {
    for element in splitter.finish() { convert(element, into: &output) }
    guard isArray else { return }
    output += (tally.written == 0 ? "[]\n" : "\n]\n").utf8
  }

  /// Hands over what was found since the last time.
  public mutating func takeFindings() -> [ConversionFinding] {
    defer { findings = [] }
    return findings
  }

  /// Whether the output is one array and not lines.
  private var isArray: Bool { direction == .requests && writer.tool != .groundTruth }

  private mutating func convert(_ element: Element, into output: inout [UInt8]) {
    if element.fault != .noEnd { tally.elements += 1 }
    do throws(ElementMistake) {
      if let fault = element.fault { throw fault }
      guard let value = JSONValue(element.bytes) else { throw .notJSON }
      switch direction {
      case .requests: try request(value, into: &output)
      case .answers: try answers(value, of: element, into: &output)
      }
    } catch {
      find(error, in: element)
    }
  }

  private mutating func find(_ mistake: ElementMistake, in element: Element, part: String? = nil) {
    tally.unusable += 1
    findings.append(ConversionFinding(element, mistake, in: part))
  }

  private mutating func request(
    _ value: JSONValue,
    into output: inout [UInt8]
  ) throws(ElementMistake) {
    guard value["type"]?.text == RelabelRequest.type else {
      tally.passedOver += 1
      return
    }
    let task = try writer.task(RelabelRequest(value))
    if isArray { output += (tally.written == 0 ? "[\n" : ",\n").utf8 }
    output += task
    if !isArray { output.append(UInt8(ascii: "\n")) }
    tally.written += 1
  }

  private mutating func answers(
    _ value: JSONValue,
    of element: Element,
    into output: inout [UInt8]
  ) throws(ElementMistake) {
    let answers = try reader.answers(value)
    if answers.isPassedOver {
      tally.passedOver += 1
    } else if answers.outcomes.isEmpty, answers.unusable.isEmpty {
      tally.unanswered += 1
    }
    var json = JSONWriter()
    for outcome in answers.outcomes {
      outcome.write(to: &json)
      tally.written += 1
      if outcome.label == nil { tally.skipped += 1 }
    }
    output += json.bytes
    for unusable in answers.unusable {
      find(unusable.mistake, in: element, part: unusable.part)
    }
  }
}
