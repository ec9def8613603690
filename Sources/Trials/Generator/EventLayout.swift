internal import Events

/// How a line is written: objects within objects, members in the description's order.
struct EventLayout {
  private enum Step {
    case open(name: [UInt8])
    case member(OutcomeDescription.Content, name: [UInt8])
    case close
  }

  private var steps: [Step] = []
  private let specification: StreamSpecification

  /// The layout of a stream's events; hidden fields have no place in it.
  init(eventsOf specification: StreamSpecification) {
    let members = specification.fields.enumerated().filter { !$0.element.isHidden }
      .map { OutcomeDescription.Member(path: $0.element.path, content: .field($0.offset)) }
    self.init(members, specification)
  }

  /// The layout of lines with some members.
  init(_ members: [OutcomeDescription.Member], _ specification: StreamSpecification) {
    self.specification = specification
    append(members.map { (content: $0.content, keys: $0.path.components[...]) })
  }

  private mutating func append(
    _ paths: [(content: OutcomeDescription.Content, keys: ArraySlice<String>)]
  ) {
    var done: Set<String> = []
    for path in paths {
      guard let key = path.keys.first, done.insert(key).inserted else { continue }
      let name = jsonString(key) + [UInt8(ascii: ":")]
      if path.keys.count == 1 {
        steps.append(.member(path.content, name: name))
      } else {
        steps.append(.open(name: name))
        append(paths.filter { $0.keys.first == key }.map { ($0.content, $0.keys.dropFirst()) })
        steps.append(.close)
      }
    }
  }

  /// Writes a line.
  ///
  /// - Parameters:
  ///   - sampler: What the event's fields hold.
  ///   - event: The event's number.
  ///   - eventTime: The event's time, in nanoseconds since 1970.
  ///   - time: The line's own; an outcome's is later.
  ///   - line: Receives the line with its end.
  func write(
    _ sampler: EventSampler,
    event: Int,
    eventTime: Int64,
    time: Int64,
    to line: inout [UInt8]
  ) {
    line.append(UInt8(ascii: "{"))
    var needsComma = false
    for step in steps {
      switch step {
      case .open(let name):
        if needsComma { line.append(UInt8(ascii: ",")) }
        line.append(contentsOf: name)
        line.append(UInt8(ascii: "{"))
        needsComma = false
      case .close:
        line.append(UInt8(ascii: "}"))
        needsComma = true
      case .member(let content, let name):
        if case .field(let index) = content, sampler.values[index] == .missing { continue }
        if needsComma { line.append(UInt8(ascii: ",")) }
        line.append(contentsOf: name)
        switch content {
        case .field(let index):
          let (value, isString) = (sampler.values[index], sampler.areStrings[index])
          write(value, isString, index, event, eventTime, to: &line)
        case .time(let format): write(time, format, to: &line)
        case .literal(let place): line.append(contentsOf: specification.literals.json[place])
        }
        needsComma = true
      }
    }
    line.append(UInt8(ascii: "}"))
    line.append(0x0a)
  }

  private func write(
    _ value: FieldValue,
    _ isString: Bool,
    _ index: Int,
    _ event: Int,
    _ time: Int64,
    to line: inout [UInt8]
  ) {
    let field = specification.fields[index]
    switch value {
    case .missing: break
    case .number(let number):
      if isString { line.append(UInt8(ascii: "\"")) }
      Decimals.write(number, field.decimals, to: &line)
      if isString { line.append(UInt8(ascii: "\"")) }
    case .literal(let place):
      let text = specification.literals.json[place]
      let isQuoted = isString && text.first != UInt8(ascii: "\"")
      if isQuoted { line.append(UInt8(ascii: "\"")) }
      line.append(contentsOf: text)
      if isQuoted { line.append(UInt8(ascii: "\"")) }
    case .sequence:
      guard case .sequence(let prefix, let digits) = field.distribution else { break }
      let number = String(event)
      let zeros = String(repeating: "0", count: max(0, digits - number.utf8.count))
      line.append(contentsOf: jsonString(prefix + zeros + number))
    case .time:
      guard case .time(let format) = field.distribution else { break }
      write(time, format, to: &line)
    }
  }

  private func write(_ time: Int64, _ format: TimeFormat, to line: inout [UInt8]) {
    switch format {
    case .rfc3339:
      line.append(UInt8(ascii: "\""))
      line.append(contentsOf: Timestamp.format(time).utf8)
      line.append(UInt8(ascii: "\""))
    // Times are whole milliseconds.
    case .seconds: Decimals.write(Double(time / 1_000_000) / 1_000, 3, to: &line)
    case .milliseconds: line.append(contentsOf: String(time / 1_000_000).utf8)
    case .microseconds: line.append(contentsOf: String(time / 1_000).utf8)
    case .nanoseconds: line.append(contentsOf: String(time).utf8)
    }
  }
}
