/// Puts the JSON that strings of an event hold in the place of the strings.
struct Unwrapping {
  /// What becomes of an event.
  enum Outcome {
    /// Something was unwrapped, or there was nothing to unwrap.
    case read
    /// The event is not JSON: whoever reads it says so.
    case broken
    /// A text holds no event.
    case refused(Refusal)
  }

  private let fields: [WrappedField]
  /// Of each field whether members of an object are wanted of it, so that another text is no event.
  private let needsObject: [Bool]
  private let tree: PathTree
  private let prefix: LinePrefix?
  private var found: [PathTree.Found] = []
  private var inner = EventText()
  private var output: [UInt8] = []

  /// - Parameters:
  ///   - fields: The fields; none stands inside another.
  ///   - prefix: What may stand before the JSON of a text.
  ///   - wanted: The paths that are read of events.
  init(_ fields: [WrappedField], _ prefix: LinePrefix?, wanted: [FieldPath]) {
    self.fields = fields
    self.prefix = prefix
    tree = PathTree(fields.map(\.path), entersArrays: true)
    needsObject = fields.map { field in
      wanted.contains { path in
        path.keys.count > field.path.keys.count && path.keys.starts(with: field.path.keys)
          && !path.keys[field.path.keys.count].allSatisfy { (0x30...0x39).contains($0) }
      }
    }
  }

  /// Unwraps the fields of an event.
  mutating func unwrap(_ text: inout EventText, _ context: Context) -> Outcome {
    found.removeAll(keepingCapacity: true)
    var values: [PathTree.Found] = []
    let isWhole = unsafe text.withStart { base -> Bool in
      guard let end = unsafe tree.walk(skipSpace(base), base: base, into: &values, context) else {
        return false
      }
      return unsafe skipSpace(end).pointee == Byte.newline
    }
    guard isWhole == true else { return .broken }
    found = values
    if found.isEmpty { return .read }
    output.removeAll(keepingCapacity: true)
    var copied = 0
    for value in found {
      let strings =
        unsafe text.withStart { base in
          unsafe Self.strings(at: value.range, base, context)
        } ?? []
      for string in strings {
        output.append(contentsOf: text.bytes[copied..<string.lowerBound])
        copied = string.lowerBound
        switch unsafe unwrapped(text.bytes[string], value.index, context) {
        case .read:
          output.append(contentsOf: inner.bytes[..<inner.count])
          copied = string.upperBound
        case .broken: break
        case .refused(let reason): return .refused(reason)
        }
      }
    }
    output.append(contentsOf: text.bytes[copied..<text.count])
    text.fill(output)
    return .read
  }

  /// The string at a place, or the strings of the array there.
  private static func strings(
    at range: Range<Int>,
    _ base: UnsafePointer<UInt8>,
    _ context: Context
  ) -> [Range<Int>] {
    let start = unsafe base + range.lowerBound
    if unsafe start.pointee == Byte.quote { return [range] }
    guard unsafe start.pointee == Byte.openArray else { return [] }
    var cells: [Range<Int>] = []
    unsafe appendElements(of: start, base, to: &cells, context)
    return cells.filter { unsafe base[$0.lowerBound] == Byte.quote }
  }

  /// Puts what a string holds into `inner`; broken where it is to stay as it is.
  private mutating func unwrapped(
    _ string: ArraySlice<UInt8>,
    _ index: Int,
    _ context: Context
  ) -> Outcome {
    var content = unsafe Array(string.dropFirst().dropLast()).withUnsafeBufferPointer {
      unsafe unescaped($0)
    }
    if fields[index].encoding == .base64, let decoded = EventRewriter.base64Decoded(content) {
      content = decoded
    }
    for place in content.indices where content[place] < Byte.space { content[place] = Byte.space }
    content.removeFirst(content.prefix { $0 == Byte.space }.count)
    if let prefix {
      content.removeFirst(prefix.length(in: content[...]))
    }
    guard let first = content.first else {
      if fields.count == 1, needsObject[index] { return .refused(.notAnObject) }
      inner.fill("null".utf8)
      return .read
    }
    let isOpened = first == Byte.openObject || first == Byte.openArray
    if isOpened {
      inner.fill(content)
      let isWhole = unsafe inner.withStart { base -> Bool in
        guard let end = unsafe skipValue(base, depth: 1, context) else { return false }
        return unsafe skipSpace(end).pointee == Byte.newline
      }
      if isWhole == true { return .read }
      if unsafe joinLines(context) { return .read }
    }
    if needsObject[index] { return .refused(isOpened ? .syntax : .notAnObject) }
    guard fields[index].encoding == .base64, !isOpened else { return .broken }
    inner.fill(quoted(content))
    return .read
  }
}

extension Unwrapping {
  /// Makes an array of `inner` where it is several objects, one after the other.
  private mutating func joinLines(_ context: Context) -> Bool {
    var ranges: [Range<Int>] = []
    let isWhole = unsafe inner.withStart { base -> Bool in
      var p = unsafe base
      while unsafe p.pointee == Byte.openObject, let end = unsafe skipValue(p, depth: 2, context) {
        ranges.append(unsafe p - base..<end - base)
        unsafe p = skipSpace(end)
      }
      return unsafe p.pointee == Byte.newline
    }
    guard isWhole == true, ranges.count > 1 else { return false }
    let objects = ranges.map { inner.bytes[$0] }
    inner.fill([Byte.openArray] + objects.joined(separator: [Byte.comma]) + [Byte.closeArray])
    return true
  }
}

/// A text as a string of JSON; its control characters were replaced before.
private func quoted(_ text: [UInt8]) -> [UInt8] {
  var string: [UInt8] = [Byte.quote]
  for byte in text {
    if byte == Byte.quote || byte == Byte.backslash { string.append(Byte.backslash) }
    string.append(byte)
  }
  return string + [Byte.quote]
}

/// Appends the places of an array's elements; the array was found right before.
func appendElements(
  of start: UnsafePointer<UInt8>,
  _ base: UnsafePointer<UInt8>,
  to cells: inout [Range<Int>],
  _ context: Context
) {
  var p = unsafe skipSpace(start + 1)
  while unsafe p.pointee != Byte.closeArray, let end = unsafe skipValue(p, depth: 1, context) {
    cells.append(unsafe p - base..<end - base)
    unsafe p = skipSpace(end)
    guard unsafe p.pointee == Byte.comma else { return }
    unsafe p = skipSpace(p + 1)
  }
}
