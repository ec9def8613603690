/// Finds where the characters of a scalar stand in the file.
///
/// It walks the scalar's source by the rules by which YAML reads it: quotes, escapes, folded lines,
/// the indentation of blocks. The walk is checked against what LibYAML read; where they differ, the
/// answer is the scalar's start.
struct ScalarPositions {
  private let scalar: YAMLScalar
  private let source: SourceText
  private var line: Int
  private var column: Int
  private var bytes: [UInt8] = []
  private var places: [SourcePosition] = []

  /// The place of a UTF-8 offset of the scalar's text.
  static func position(
    of offset: Int,
    in scalar: YAMLScalar,
    _ source: SourceText
  ) -> SourcePosition {
    var walk = ScalarPositions(scalar, source)
    switch scalar.style {
    case .plain, .singleQuoted, .doubleQuoted: walk.flow()
    case .literal, .folded: walk.block()
    }
    guard walk.bytes == Array(scalar.written.utf8) else { return scalar.start }
    let written = writtenOffset(of: offset, in: scalar)
    return written < walk.places.count ? walk.places[written] : walk.end
  }

  private init(_ scalar: YAMLScalar, _ source: SourceText) {
    self.scalar = scalar
    self.source = source
    line = scalar.start.line
    column = scalar.start.column
  }

  /// The offset before environment values were put in; what is inside of one is its start.
  private static func writtenOffset(of offset: Int, in scalar: YAMLScalar) -> Int {
    var shift = 0
    for substitution in scalar.substitutions where substitution.textOffset <= offset {
      if offset < substitution.textOffset + substitution.textLength {
        return substitution.writtenOffset
      }
      shift += substitution.writtenLength - substitution.textLength
    }
    return offset + shift
  }

  private var end: SourcePosition {
    guard let last = places.last else {
      let isQuoted = scalar.style == .singleQuoted || scalar.style == .doubleQuoted
      return SourcePosition(line: line, column: scalar.start.column + (isQuoted ? 1 : 0))
    }
    return SourcePosition(line: last.line, column: last.column + 1)
  }

  private var current: Unicode.Scalar? {
    let scalars = source.line(line)
    return column <= scalars.count ? scalars[column - 1] : nil
  }

  private mutating func emit(_ scalar: Unicode.Scalar, at place: SourcePosition) {
    for byte in String(scalar).utf8 {
      bytes.append(byte)
      places.append(place)
    }
  }

  private var here: SourcePosition { SourcePosition(line: line, column: column) }

  // MARK: Plain and quoted scalars

  private mutating func flow() {
    let isQuoted = scalar.style != .plain
    let last = SourcePosition(
      line: scalar.end.line,
      column: scalar.end.column - (isQuoted ? 1 : 0)
    )
    if isQuoted { column += 1 }
    while here < last {
      guard let character = current else {
        fold()
        continue
      }
      let place = here
      column += 1
      switch (scalar.style, character) {
      case (.singleQuoted, "'"):
        column += 1
        emit("'", at: place)
      case (.doubleQuoted, "\\"): escape(at: place)
      default: emit(character, at: place)
      }
    }
  }

  /// A line's end: blanks around it vanish, one break is a space, more are one less.
  private mutating func fold() {
    while let byte = bytes.last, byte == 0x20 || byte == 0x09 {
      bytes.removeLast()
      places.removeLast()
    }
    let place = here
    var breaks = 0
    repeat {
      breaks += 1
      line += 1
      column = 1
      skipBlanks()
    } while current == nil && line < scalar.end.line
    for _ in 0..<Swift.max(breaks - 1, 1) { emit(breaks == 1 ? " " : "\n", at: place) }
  }

  private mutating func skipBlanks() {
    while let blank = current, blank == " " || blank == "\t" { column += 1 }
  }

  private mutating func escape(at place: SourcePosition) {
    guard let character = current else {
      // An escaped line end joins the lines.
      line += 1
      column = 1
      skipBlanks()
      return
    }
    column += 1
    let digits = ["x": 2, "u": 4, "U": 8][character] ?? 0
    if digits > 0 {
      var value: UInt32 = 0
      for _ in 0..<digits {
        guard let digit = current.flatMap({ Character($0).hexDigitValue }) else { return }
        value = value << 4 | UInt32(digit)
        column += 1
      }
      if let decoded = Unicode.Scalar(value) { emit(decoded, at: place) }
      return
    }
    let simple: [Unicode.Scalar: Unicode.Scalar] = [
      "0": "\0", "a": "\u{07}", "b": "\u{08}", "t": "\t", "n": "\n", "v": "\u{0B}", "f": "\u{0C}",
      "r": "\r", "e": "\u{1B}", "N": "\u{85}", "_": "\u{A0}", "L": "\u{2028}", "P": "\u{2029}",
    ]
    emit(simple[character] ?? character, at: place)
  }

  // MARK: Blocks

  /// Literal and folded blocks: each line of the text is one of the file, less its indentation.
  private mutating func block() {
    let wanted = Array(scalar.written.unicodeScalars)
    line += 1
    let indentation = blockIndentation()
    var next = 0
    while next < wanted.count, line <= source.lines.count {
      let scalars = source.line(line)
      column = Swift.min(indentation, scalars.count) + 1
      while let character = current, next < wanted.count, wanted[next] == character {
        emit(character, at: here)
        column += 1
        next += 1
      }
      // A folded line ends in a space, or in nothing before an empty line.
      if next < wanted.count, wanted[next] == "\n" || wanted[next] == " ", current == nil {
        // Of the breaks before empty lines, folding drops the first.
        let isDropped = !isBlank(line) && isBlank(line + 1) && line < scalar.end.line - 1
        if scalar.style == .literal || !isDropped {
          emit(wanted[next], at: here)
          next += 1
        }
      } else if next < wanted.count {
        return
      }
      line += 1
    }
  }

  private func isBlank(_ number: Int) -> Bool { source.line(number).allSatisfy { $0 == " " } }

  /// How many spaces the block's lines lose: those of its first line in the file, less those of
  /// its first line in the text.
  private func blockIndentation() -> Int {
    let text = scalar.written.unicodeScalars.drop { $0 == "\n" }
    let kept = text.prefix { $0 == " " }.count
    guard let first = (line...max(line, source.lines.count)).first(where: { !isBlank($0) }) else {
      return 0
    }
    return max(source.line(first).prefix { $0 == " " }.count - kept, 0)
  }
}
