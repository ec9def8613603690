internal import Events

/// One JSON value of a stream of them, not read yet.
struct Element: Sendable, Equatable {
  /// Which one it is, from 1.
  var number: Int
  /// The line in which it begins, from 1.
  var line: Int
  /// Its first byte in the stream, from 0.
  var offset: Int
  /// Its text; empty where it was too long to be held.
  var bytes: [UInt8]
  /// Why it is no whole value, where that is known without reading it.
  var fault: ElementMistake?
}

/// Cuts a stream of bytes into the elements of its arrays, its objects and its other lines.
///
/// What begins with `[` is an array, whose elements come one by one; an object may have others
/// behind it in its line. Whether an object ends with its line at the latest, or may go over many,
/// the stream's first bytes say as they do of events: ``StreamLayout``. So exports, lines, what is
/// printed prettily, and any of them one after the other are read in bounded memory. An element of
/// an array that is broken ends at the next comma that its brackets and quotes allow, one outside at
/// the end of its line, or where the next line begins with another object. A string never holds a
/// newline, so a quote that was forgotten ends there, too.
///
/// Its 10 properties are the state of a machine that goes on byte by byte, and where it stands.
struct ElementSplitter: Sendable {
  /// The most bytes of an element; a longer one is passed without being held.
  static let byteLimit = 1 << 22

  /// Where the next byte stands: between elements, in an object, behind one in its line, in a line
  /// that is no object, in an array.
  private enum Place { case between, object, behindObject, line, array }
  private enum Step { case outside, begins, inside, ends, endsAndBegins }

  /// How objects stand in the stream; `nil` until its first bytes say.
  private var layout: StreamLayout?
  /// The first bytes, until they say.
  private var head: [UInt8] = []
  private var place = Place.between
  private var isBegun = false
  private var object = ObjectScanner()
  private var brackets = BracketDepth()

  /// The element that has begun, with what is held of it.
  private var element = Element(number: 0, line: 1, offset: 0, bytes: [])
  private var length = 0
  private var offset = 0
  private var line = 1

  /// U+FEFF in UTF-8, which some programs write first.
  private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

  /// Takes the stream's next bytes.
  ///
  /// - Returns: The elements that end in them.
  mutating func elements(in bytes: ArraySlice<UInt8>) -> [Element] {
    guard layout == nil else { return cut(bytes) }
    head += bytes
    layout = StreamLayout.decide(head, isAll: false)
    return layout == nil ? [] : cutHead()
  }

  /// Ends the stream.
  ///
  /// - Returns: What ended with it, and what it ended in the middle of.
  mutating func finish() -> [Element] {
    var found: [Element] = []
    if layout == nil {
      layout = StreamLayout.decide(head, isAll: true)
      found = cutHead()
    }
    if isBegun {
      let isCut = place == .array || place == .object && layout == .objects
      found.append(take(isCut ? .cutOff : nil))
    } else if place == .array {
      begin(at: offset)
      found.append(take(.noEnd))
    }
    place = .between
    return found
  }

  private mutating func cutHead() -> [Element] {
    defer { head = [] }
    return cut(head[...])
  }

  private mutating func cut(_ bytes: ArraySlice<UInt8>) -> [Element] {
    var found: [Element] = []
    var start = bytes.startIndex
    for index in bytes.indices {
      let byte = bytes[index]
      let step = step(byte, at: offset + index - bytes.startIndex)
      if step == .ends || step == .endsAndBegins {
        hold(bytes[start..<index])
        found.append(take(nil))
      }
      if step == .begins || step == .endsAndBegins {
        start = index
        begin(at: offset + index - bytes.startIndex)
      }
      if byte == UInt8(ascii: "\n") { line += 1 }
    }
    if isBegun { hold(bytes[start...]) }
    offset += bytes.count
    return found
  }

  private mutating func begin(at offset: Int) {
    isBegun = true
    element = Element(number: element.number + 1, line: line, offset: offset, bytes: [])
    length = 0
  }

  private mutating func hold(_ bytes: ArraySlice<UInt8>) {
    length += bytes.count
    if length > Self.byteLimit { element.bytes = [] } else { element.bytes += bytes }
  }

  private mutating func take(_ fault: ElementMistake?) -> Element {
    isBegun = false
    brackets = BracketDepth()
    var taken = element
    element.bytes = []
    taken.fault = fault ?? (length > Self.byteLimit ? .tooLong(bytes: length) : nil)
    return taken
  }

  /// What a byte is to the element.
  private mutating func step(_ byte: UInt8, at offset: Int) -> Step {
    switch place {
    case .between: return stepBetween(byte, at: offset)
    case .object: return stepInObject(byte)
    case .behindObject: return stepBehindObject(byte)
    case .line:
      guard byte == UInt8(ascii: "\n") else { return .inside }
      place = .between
      return .ends
    case .array:
      guard isBegun || !isSpace(byte) else { return .outside }
      return stepInArray(byte)
    }
  }

  private mutating func stepBetween(_ byte: UInt8, at offset: Int) -> Step {
    let isMark = offset < 3 && byte == Self.byteOrderMark[offset]
    if isSpace(byte) || isMark || isComma(byte) { return .outside }
    switch byte {
    case UInt8(ascii: "["):
      place = .array
      return .outside
    case UInt8(ascii: "{"): beginObject(byte)
    default: place = .line
    }
    return .begins
  }

  private mutating func beginObject(_ byte: UInt8) {
    place = .object
    object = ObjectScanner()
    _ = object.take(byte)
  }

  private mutating func stepInObject(_ byte: UInt8) -> Step {
    if byte == UInt8(ascii: "\n"), layout == .lines {
      place = .between
      return .ends
    }
    switch object.take(byte) {
    case .between, .inside: return .inside
    case .ended:
      place = .behindObject
      return .inside
    case .broken:
      beginObject(byte)
      return .endsAndBegins
    }
  }

  private mutating func stepBehindObject(_ byte: UInt8) -> Step {
    switch byte {
    case UInt8(ascii: "{"):
      beginObject(byte)
      return .endsAndBegins
    case UInt8(ascii: "["): place = .array
    case UInt8(ascii: "\n"): place = .between
    case _ where isComma(byte): place = .between
    case _ where isSpace(byte): return .inside
    default:
      // It is no object after all.
      place = .line
      return .inside
    }
    return .ends
  }

  /// Whether a byte is the comma that some programs put between objects over many lines.
  private func isComma(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: ",") && layout == .objects
  }

  private mutating func stepInArray(_ byte: UInt8) -> Step {
    let isOutside = brackets.isOutside
    if isOutside, byte == UInt8(ascii: ",") { return isBegun ? .ends : .outside }
    if isOutside, byte == UInt8(ascii: "]") {
      place = .between
      return isBegun ? .ends : .outside
    }
    brackets.take(byte)
    return isBegun ? .inside : .begins
  }
}

/// White space of JSON.
private func isSpace(_ byte: UInt8) -> Bool {
  byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
}

/// How deep in brackets the elements of an array stand, whether or not they belong together.
private struct BracketDepth {
  private var depth = 0
  private var isQuoted = false
  private var isEscaped = false

  /// Whether a comma would end the element.
  var isOutside: Bool { depth == 0 && !isQuoted }

  mutating func take(_ byte: UInt8) {
    if isQuoted {
      if isEscaped {
        isEscaped = false
      } else if byte == UInt8(ascii: "\\") {
        isEscaped = true
      } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\n") {
        isQuoted = false
      }
      return
    }
    switch byte {
    case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
    case UInt8(ascii: "}"), UInt8(ascii: "]"): depth = max(0, depth - 1)
    case UInt8(ascii: "\""): isQuoted = true
    default: break
    }
  }
}
