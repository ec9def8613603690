internal import Events
internal import Records

/// The fields of some events of a log, with what was seen of each.
struct FieldTable: Sendable {
  /// The fields in order of first sight.
  private(set) var records: [FieldRecord] = []
  /// What is no field, and why, in order of first sight.
  private(set) var leftOut: [(path: FieldPath, reason: String)] = []
  /// Arrays of which only the first element is looked at, because they are batches.
  private(set) var batches: [FieldPath] = []
  /// The number of events.
  let events: Int

  private var places: [FieldPath: Int] = [:]
  private var known: Set<FieldPath> = []
  private let shapes: ValueShapes
  private let limits: SurveyLimits

  /// Looks at events, each with the number of its line.
  init(_ events: [(line: Int, value: JSONValue)], _ shapes: ValueShapes, _ limits: SurveyLimits) {
    self.events = events.count
    self.shapes = shapes
    self.limits = limits
    for event in events { add(event.value, FieldPath([]), line: event.line, depth: 0) }
  }

  /// The field at a path.
  func record(_ path: FieldPath) -> FieldRecord? { places[path].map { records[$0] } }

  /// The share of the events that have a value in a field, from 0 to 1.
  func presence(_ record: FieldRecord) -> Double {
    events == 0 ? 0 : Double(record.usable) / Double(events)
  }

  private mutating func add(_ value: JSONValue, _ path: FieldPath, line: Int, depth: Int) {
    switch value {
    case .object(let members):
      guard depth < limits.depth else {
        return leave(path, "deeper than \(limits.depth) levels")
      }
      // Of two members with one key the last counts.
      var last: [String: JSONValue] = [:]
      for member in members { last[member.key] = member.value }
      for member in members {
        guard let value = last.removeValue(forKey: member.key) else { continue }
        add(value, path.appending(member.key), line: line, depth: depth + 1)
      }
    case .array(let elements): add(elements, path, line: line, depth: depth)
    case .string(let text):
      switch shapes.text(at: path) {
      case .parts(let count):
        for (index, part) in commaParts(text).prefix(count).enumerated() {
          record(Self.partValue(part), path.appending(String(index)), line)
        }
      case .decimalComma:
        let number = textNumber(Array(text.utf8), decimal: .comma)
        record(number.map { .number($0, written: text) } ?? value, path, line)
        if let place = places[path] { records[place].hasDecimalComma = true }
      case .leftOut(let reason): leave(path, reason)
      default: record(value, path, line)
      }
    case .null, .boolean, .number: record(value, path, line)
    }
  }

  private mutating func add(_ elements: [JSONValue], _ path: FieldPath, line: Int, depth: Int) {
    let count: Int
    switch shapes.array(at: path) {
    case .elements(let length): count = length
    case .firstElement:
      count = 1
      if elements.count > 1, known.insert(path).inserted { batches.append(path) }
    case .leftOut(let reason): return leave(path, reason)
    case .parts, .decimalComma, .none: return
    }
    for (index, element) in elements.prefix(count).enumerated() {
      add(element, path.appending(String(index)), line: line, depth: depth + 1)
    }
  }

  private static func partValue(_ part: String) -> JSONValue {
    guard !part.isEmpty else { return .null }
    guard isJSONNumber(part), let number = Double(part) else { return .string(part) }
    return .number(number, written: part)
  }

  private mutating func record(_ value: JSONValue, _ path: FieldPath, _ line: Int) {
    if let place = places[path] {
      records[place].add(value, line: line, distinctLimit: limits.distinct)
      return
    }
    guard records.count < limits.fields else {
      return leave(FieldPath(["…"]), "more than \(limits.fields) fields")
    }
    places[path] = records.count
    var record = FieldRecord(path)
    record.add(value, line: line, distinctLimit: limits.distinct)
    records.append(record)
  }

  private mutating func leave(_ path: FieldPath, _ reason: String) {
    if known.insert(path).inserted { leftOut.append((path, reason)) }
  }
}
