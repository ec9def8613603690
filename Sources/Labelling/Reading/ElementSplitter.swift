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

/// Cuts a stream of bytes into the elements of its arrays and the values of its lines.
///
/// What begins with `[` is an array, whose elements come one by one; anything else is a line. So
/// exports, lines and any of them one after the other are read in bounded memory. An element that
/// is broken ends at the next comma that its brackets and quotes allow, a line at its newline. A
/// string never holds a newline, so a quote that was forgotten ends there, too.
///
/// Its 9 properties are the state of a machine that goes on byte by byte, and where it stands.
struct ElementSplitter: Sendable {
  /// The most bytes of an element; a longer one is passed without being held.
  static let byteLimit = 1 << 22

  private enum Place { case between, line, array }
  private enum Step { case outside, begins, inside, ends }

  private var place = Place.between
  private var isBegun = false
  private var depth = 0
  private var isQuoted = false
  private var isEscaped = false

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
    var found: [Element] = []
    var start = bytes.startIndex
    for index in bytes.indices {
      let byte = bytes[index]
      switch step(byte, at: offset + index - bytes.startIndex) {
      case .outside, .inside: break
      case .begins:
        start = index
        begin(at: offset + index - bytes.startIndex)
      case .ends:
        hold(bytes[start..<index])
        found.append(take(nil))
      }
      if byte == UInt8(ascii: "\n") { line += 1 }
    }
    if isBegun { hold(bytes[start...]) }
    offset += bytes.count
    return found
  }

  /// Ends the stream.
  ///
  /// - Returns: What it ended in the middle of; nothing where it was whole.
  mutating func finish() -> Element? {
    defer { place = .between }
    if isBegun { return take(place == .array ? .cutOff : nil) }
    guard place == .array else { return nil }
    begin(at: offset)
    return take(.noEnd)
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
    depth = 0
    isQuoted = false
    isEscaped = false
    var taken = element
    element.bytes = []
    taken.fault = fault ?? (length > Self.byteLimit ? .tooLong(bytes: length) : nil)
    return taken
  }

  /// What a byte is to the element.
  private mutating func step(_ byte: UInt8, at offset: Int) -> Step {
    let isSpace = byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
    switch place {
    case .between:
      if isSpace || offset < 3 && byte == Self.byteOrderMark[offset] { return .outside }
      place = byte == UInt8(ascii: "[") ? .array : .line
      return place == .array ? .outside : .begins
    case .line:
      guard byte == UInt8(ascii: "\n") else { return .inside }
      place = .between
      return .ends
    case .array:
      guard isBegun || !isSpace else { return .outside }
      return stepInArray(byte)
    }
  }

  private mutating func stepInArray(_ byte: UInt8) -> Step {
    if isQuoted {
      if isEscaped {
        isEscaped = false
      } else if byte == UInt8(ascii: "\\") {
        isEscaped = true
      } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\n") {
        isQuoted = false
      }
      return .inside
    }
    switch byte {
    case UInt8(ascii: ",") where depth == 0: return isBegun ? .ends : .outside
    case UInt8(ascii: "]") where depth == 0:
      place = .between
      return isBegun ? .ends : .outside
    case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
    case UInt8(ascii: "}"), UInt8(ascii: "]"): depth = max(0, depth - 1)
    case UInt8(ascii: "\""): isQuoted = true
    default: break
    }
    return isBegun ? .inside : .begins
  }
}
