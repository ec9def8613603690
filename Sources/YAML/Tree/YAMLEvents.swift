import CYAML

/// One event of LibYAML, copied out of C.
struct YAMLEvent {
  enum Kind {
    case documentStart
    case alias
    case scalar(YAMLScalar)
    case sequenceStart
    case sequenceEnd
    case mappingStart
    case mappingEnd
    case other
  }

  var kind: Kind
  var position: SourcePosition
  var isAnchored = false
  var isTagged = false
}

/// Reads the events of a YAML file by LibYAML.
enum YAMLEvents {
  /// The most events: bounds time and memory for a file of the largest size.
  static let countMax = 200_000
  /// The deepest nesting: a monitor file needs six levels.
  static let nestingMax = 16

  /// Reads all events.
  ///
  /// The parser stands on the heap because LibYAML keeps a pointer to it.
  static func read(_ bytes: [UInt8]) throws(SourceProblem) -> [YAMLEvent] {
    let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
    unsafe parser.initialize(to: yaml_parser_t())
    defer { unsafe parser.deallocate() }
    guard unsafe yaml_parser_initialize(parser) == 1 else {
      throw SourceProblem(position: SourcePosition(line: 1, column: 1), message: "out of memory")
    }
    defer { unsafe yaml_parser_delete(parser) }
    let result = unsafe bytes.withUnsafeBufferPointer {
      buffer -> Result<[YAMLEvent], SourceProblem> in
      unsafe yaml_parser_set_input_string(parser, buffer.baseAddress, buffer.count)
      unsafe yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
      return unsafe drain(parser)
    }
    return try result.get()
  }

  private static func drain(
    _ parser: UnsafeMutablePointer<yaml_parser_t>
  ) -> Result<[YAMLEvent], SourceProblem> {
    var events: [YAMLEvent] = []
    var depth = 0
    while true {
      var event = unsafe yaml_event_t()
      guard unsafe yaml_parser_parse(parser, &event) == 1 else {
        return unsafe .failure(problem(parser.pointee))
      }
      defer { unsafe yaml_event_delete(&event) }
      unsafe events.append(copy(event))
      if unsafe event.type == YAML_STREAM_END_EVENT { return .success(events) }
      switch events[events.count - 1].kind {
      case .sequenceStart, .mappingStart: depth += 1
      case .sequenceEnd, .mappingEnd: depth -= 1
      default: break
      }
      // At once, because LibYAML's time grows with the square of the depth.
      if depth > nestingMax {
        return .failure(
          SourceProblem(
            position: events[events.count - 1].position,
            message: "nested deeper than \(nestingMax) levels: check the indentation and brackets"
          )
        )
      }
      if events.count > countMax {
        return .failure(
          SourceProblem(
            position: events[events.count - 1].position,
            message: "the file has more than \(countMax) parts: split it by model"
          )
        )
      }
    }
  }

  private static func position(_ mark: yaml_mark_t) -> SourcePosition {
    SourcePosition(line: Int(mark.line) + 1, column: Int(mark.column) + 1)
  }

  private static func copy(_ event: yaml_event_t) -> YAMLEvent {
    var copied = unsafe YAMLEvent(kind: .other, position: position(event.start_mark))
    switch unsafe event.type {
    case YAML_DOCUMENT_START_EVENT: copied.kind = .documentStart
    case YAML_ALIAS_EVENT: copied.kind = .alias
    case YAML_SEQUENCE_END_EVENT: copied.kind = .sequenceEnd
    case YAML_MAPPING_END_EVENT: copied.kind = .mappingEnd
    case YAML_SEQUENCE_START_EVENT:
      copied.kind = .sequenceStart
      copied.isAnchored = unsafe event.data.sequence_start.anchor != nil
      copied.isTagged = unsafe event.data.sequence_start.tag != nil
    case YAML_MAPPING_START_EVENT:
      copied.kind = .mappingStart
      copied.isAnchored = unsafe event.data.mapping_start.anchor != nil
      copied.isTagged = unsafe event.data.mapping_start.tag != nil
    case YAML_SCALAR_EVENT:
      copied.kind = unsafe .scalar(scalar(event))
      copied.isAnchored = unsafe event.data.scalar.anchor != nil
      copied.isTagged = unsafe event.data.scalar.tag != nil
    default: break
    }
    return copied
  }

  private static func scalar(_ event: yaml_event_t) -> YAMLScalar {
    let content = unsafe UnsafeBufferPointer(
      start: event.data.scalar.value,
      count: event.data.scalar.length
    )
    let text = unsafe String(decoding: content, as: UTF8.self)
    let style: YAMLScalar.Style
    switch unsafe event.data.scalar.style {
    case YAML_SINGLE_QUOTED_SCALAR_STYLE: style = .singleQuoted
    case YAML_DOUBLE_QUOTED_SCALAR_STYLE: style = .doubleQuoted
    case YAML_LITERAL_SCALAR_STYLE: style = .literal
    case YAML_FOLDED_SCALAR_STYLE: style = .folded
    default: style = .plain
    }
    return unsafe YAMLScalar(
      text: text,
      style: style,
      start: position(event.start_mark),
      end: position(event.end_mark),
      written: text
    )
  }

  private static func problem(_ parser: yaml_parser_t) -> SourceProblem {
    let reason = unsafe parser.problem.map { unsafe String(cString: $0) } ?? "not YAML"
    let place = unsafe position(parser.problem_mark)
    return SourceProblem(position: place, message: "not YAML: \(reason): \(advice(on: reason))")
  }

  private static func advice(on reason: String) -> String {
    switch reason {
    case "mapping values are not allowed in this context":
      "put a text that holds \": \" in quotes, or check the indentation"
    case "found character that cannot start any token":
      "put the text in quotes, and indent by spaces, not tabs"
    case "found a tab character that violates indentation",
      "found a tab character where an indentation space is expected":
      "indent by spaces"
    case "did not find expected key", "did not find expected '-' indicator":
      "check the indentation of this line"
    case "found unexpected end of stream": "close the quote or bracket"
    default: "check the brackets, quotes and indentation before this place"
    }
  }
}
