/// A place in a file, both numbers from 1.
package struct SourcePosition: Hashable, Comparable, Sendable {
  package var line: Int
  /// In Unicode scalars, as LibYAML counts.
  package var column: Int

  package init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }

  package static func < (left: SourcePosition, right: SourcePosition) -> Bool {
    (left.line, left.column) < (right.line, right.column)
  }
}

/// What is wrong with a file at a place.
package struct SourceProblem: Error, Equatable {
  package var position: SourcePosition
  package var message: String
}

/// A file's text, checked to be one, and cut into lines.
package struct SourceText: Sendable {
  /// The content without a byte order mark.
  let bytes: [UInt8]
  /// The lines as scalars, without their ends.
  let lines: [[Unicode.Scalar]]

  /// The largest monitor file: about 20,000 lines, far beyond what a person keeps in one.
  package static let bytesMax = 1 << 20

  /// No text.
  init() {
    bytes = []
    lines = []
  }

  /// Checks that the bytes are UTF-8 text of a bounded size.
  package init(_ content: [UInt8]) throws(SourceProblem) {
    let start = SourcePosition(line: 1, column: 1)
    guard content.count <= Self.bytesMax else {
      throw SourceProblem(
        position: start,
        message: "the file has \(content.count) bytes: at most \(Self.bytesMax) are read, "
          + "split it by model"
      )
    }
    bytes = content.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(content.dropFirst(3)) : content
    var lines: [[Unicode.Scalar]] = [[]]
    var iterator = bytes.makeIterator()
    var decoder = UTF8()
    var afterReturn = false
    scan: while true {
      let here = SourcePosition(line: lines.count, column: lines[lines.count - 1].count + 1)
      switch decoder.decode(&iterator) {
      case .emptyInput: break scan
      case .error:
        throw SourceProblem(position: here, message: "not UTF-8 text: save the file as UTF-8")
      case .scalarValue("\n"):
        if !afterReturn { lines.append([]) }
        afterReturn = false
      case .scalarValue("\r"):
        lines.append([])
        afterReturn = true
      case .scalarValue(let scalar):
        if let reason = Self.refusal(of: scalar) {
          throw SourceProblem(position: here, message: reason)
        }
        lines[lines.count - 1].append(scalar)
        afterReturn = false
      }
    }
    self.lines = lines
  }

  private static func refusal(of scalar: Unicode.Scalar) -> String? {
    let code = String(scalar.value, radix: 16, uppercase: true)
    switch scalar.value {
    case 0x09: return nil
    case 0..<0x20, 0x7F..<0x85, 0x86..<0xA0:
      return "not a text file, got the control character U+\(code): remove it"
    case 0x85, 0x2028, 0x2029:
      return "got the line separator U+\(code), which YAML 1.1 and 1.2 read differently: remove it"
    case 0xFEFF, 0xFFFE, 0xFFFF: return "got the character U+\(code): remove it"
    default: return nil
    }
  }

  /// The place, or the text's end when it lies beyond.
  func clamp(_ position: SourcePosition) -> SourcePosition {
    guard position.line > lines.count else { return position }
    return SourcePosition(line: lines.count, column: line(lines.count).count + 1)
  }

  /// The line's scalars; none beyond the end.
  func line(_ number: Int) -> [Unicode.Scalar] {
    lines.indices.contains(number - 1) ? lines[number - 1] : []
  }
}
