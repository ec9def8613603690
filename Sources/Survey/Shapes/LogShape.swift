internal import Events
internal import Records

/// Finds how events stand in the lines of a log: behind a prefix, inside strings, many in one line.
struct LogShape {
  /// What was found.
  private(set) var shape = EventShape()
  /// The events, a line each, once they are taken apart; `nil` where lines are events.
  private(set) var events: [JSONValue]?

  /// Looks at lines.
  ///
  /// - Parameters:
  ///   - lines: Lines without their ends, no blank ones.
  ///   - limits: How deep fields are looked for.
  init(_ lines: [[UInt8]], _ limits: SurveyLimits) {
    shape.prefix = Self.prefix(of: lines)
    var values = shape.prefix == nil ? Self.values(lines) : Self.taken(lines, shape, id: nil)
    for _ in 0..<Self.mostLayers {
      let found = WrappedFields(values, limits)
      let fresh = found.fields.filter { !shape.wrapped.contains($0) }
      guard !fresh.isEmpty else { break }
      shape.wrapped += fresh
      shape.prefix = shape.prefix ?? found.prefix
      values = Self.taken(lines, shape, id: nil)
    }
    shape.batches = BatchFields(values, limits).paths
    guard !shape.isPlain else { return }
    guard !shape.batches.isEmpty else {
      events = values
      return
    }
    events = Self.taken(lines, shape, id: Self.id(values, shape.batches, limits))
  }

  /// How many strings may stand in strings.
  private static let mostLayers = 3

  /// The id of a request, to which its rows' numbers are added.
  private static func id(
    _ values: [JSONValue],
    _ batches: [FieldPath],
    _ limits: SurveyLimits
  ) -> FieldPath? {
    var shapes = ValueShapes(limits)
    for value in values { shapes.add(value) }
    let events = values.enumerated().map { (line: $0.offset, value: $0.element) }
    let id = RoleFinder(FieldTable(events, shapes, limits)).roles.id?.path
    return id.flatMap { id in batches.contains { $0.contains(id) } ? nil : id }
  }

  private static func values(_ lines: [[UInt8]]) -> [JSONValue] {
    lines.compactMap { line in
      JSONValue(line[...], reading: .lenient).flatMap { $0.isObject ? $0 : nil }
    }
  }

  /// What is made of lines of a shape.
  private static func taken(
    _ lines: [[UInt8]],
    _ shape: EventShape,
    id: FieldPath?
  ) -> [JSONValue] {
    var bytes: [UInt8] = []
    for line in lines { bytes += line + [0x0A] }
    let count = bytes.count
    bytes += [UInt8](repeating: 0, count: EventDecoder.padding)
    var rewriter = EventRewriter(
      shape,
      reading: EventRewriter.Reading(id: id, json: .lenient),
      limits: DecodingLimits(lineBytes: 1 << 27)
    )
    var rows = RewrittenLines()
    var values: [JSONValue] = []
    unsafe bytes.withUnsafeBytes { all in
      let chunk = unsafe UnsafeRawBufferPointer(rebasing: all[..<count])
      var isLast = false
      while !isLast {
        isLast = unsafe rewriter.next(of: chunk, atStreamStart: false, areLines: true, into: &rows)
        for line in rows.bytes[..<rows.count].split(separator: 0x0A) {
          if let value = JSONValue(line, reading: .lenient), value.isObject { values.append(value) }
        }
      }
    }
    return values
  }

  /// The prefix that nearly all lines have before their objects.
  private static func prefix(of lines: [[UInt8]]) -> LinePrefix? {
    let some = lines.prefix(200)
    return LinePrefix.allCases.first { prefix in
      let fitting = some.count { line in
        let length = prefix.length(in: line[...])
        return length > 0 && JSONValue(line.dropFirst(length), reading: .lenient)?.isObject == true
      }
      return fitting * 10 >= some.count * 8 && fitting > 0
    }
  }
}

/// The fields whose texts are JSON, and what stands before it.
private struct WrappedFields {
  private(set) var fields: [WrappedField] = []
  private(set) var prefix: LinePrefix?

  private struct Seen {
    var texts = 0
    var json = 0
    var base64 = 0
    var prefixed: [LinePrefix: Int] = [:]
  }

  private var order: [FieldPath] = []
  private var seen: [FieldPath: Seen] = [:]

  init(_ values: [JSONValue], _ limits: SurveyLimits) {
    for value in values.prefix(200) { look(value, FieldPath([]), limits.depth) }
    for path in order where fields.count < 16 {
      guard let seen = seen[path] else { continue }
      if seen.json * 2 >= seen.texts {
        fields.append(WrappedField(path: path))
      } else if seen.base64 * 2 >= seen.texts {
        fields.append(WrappedField(path: path, encoding: .base64))
      } else if let found = LinePrefix.allCases.first(where: {
        (seen.prefixed[$0] ?? 0) * 2 >= seen.texts
      }) {
        prefix = prefix ?? found
        fields.append(WrappedField(path: path))
      }
    }
  }

  private mutating func look(_ value: JSONValue, _ path: FieldPath, _ depth: Int) {
    guard depth > 0 else { return }
    switch value {
    case .object(let members):
      let isPacked = value["encoding"]?.text?.uppercased() == "BASE64"
      for member in members {
        let path = path.appending(member.key)
        if isPacked, member.key == "data" {
          note(path) { $0.base64 += 1 }
        } else {
          look(member.value, path, depth - 1)
        }
      }
    case .array(let elements):
      for element in elements.prefix(1) { look(element, path, depth - 1) }
    case .string(let text): look(text, path)
    case .null, .boolean, .number: break
    }
  }

  private mutating func look(_ text: String, _ path: FieldPath) {
    var bytes = Array(text.utf8)
    while let last = bytes.last, last <= 0x20 { bytes.removeLast() }
    let isJSON = Self.isComposite(bytes[...])
    let packed = isJSON || bytes.count < 16 ? nil : EventRewriter.base64Decoded(bytes)
    note(path) { seen in
      if isJSON {
        seen.json += 1
      } else if let packed, Self.isComposite(packed[...]) {
        seen.base64 += 1
      } else {
        for prefix in LinePrefix.allCases {
          let length = prefix.length(in: bytes[...])
          if length > 0, Self.isComposite(bytes.dropFirst(length)) {
            seen.prefixed[prefix, default: 0] += 1
          }
        }
      }
    }
  }

  private mutating func note(_ path: FieldPath, _ change: (inout Seen) -> Void) {
    if seen[path] == nil { order.append(path) }
    seen[path, default: Seen()].texts += 1
    change(&seen[path, default: Seen()])
  }

  private static func isComposite(_ bytes: ArraySlice<UInt8>) -> Bool {
    let text = bytes.drop { $0 <= 0x20 }
    guard text.first == UInt8(ascii: "{") || text.first == UInt8(ascii: "[") else { return false }
    return JSONValue(text, reading: .lenient)?.isComposite == true
  }
}

extension JSONValue {
  var isObject: Bool {
    if case .object = self { return true }
    return false
  }
}
