import Testing

/// What a reader of this code may rely on, whatever file is open.
@Suite struct CodeRuleTests {
  private static let fileLinesMax = 400
  private static let functionLinesMax = 70

  /// A banned word that stands in one file all the same, and why it may.
  struct Exception: Sendable {
    let word: String
    let path: String
    let reason: String
  }

  static let exceptions: [Exception] = []

  private static let banned = ["try!", "as!", "fatalError(", "@unchecked Sendable"]
  // In pieces, so that this file keeps the rule it states.
  private static let markers = ["TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK"]

  static func count(of word: String, in code: String) -> Int {
    code.ranges(of: word).count(where: { range in
      guard let first = word.first, first.isLetter, range.lowerBound > code.startIndex else {
        return true
      }
      let before = code[code.index(before: range.lowerBound)]
      return !before.isLetter && !before.isNumber && before != "_" && before != "."
    })
  }

  @Test(arguments: [("print(1)", 1), ("fingerprint(1)", 0), ("self.print(1)", 0), ("x\nprint(", 1)])
  func `a banned word is found as a word`(code: String, expected: Int) {
    #expect(Self.count(of: "print(", in: code) == expected)
  }

  @Test func `files and functions are short enough to be read`() {
    for file in Repository.swift {
      let lineCount = file.text.count(where: \.isNewline)
      #expect(lineCount <= Self.fileLinesMax, "\(file.path): \(lineCount) lines")
      for function in SwiftText(file.text).functions {
        #expect(
          function.lineCount <= Self.functionLinesMax,
          "\(file.path):\(function.firstLine): \(function.lineCount) lines"
        )
      }
    }
  }

  @Test func `nothing traps or lies by a shortcut`() {
    for file in Repository.swift {
      let code = SwiftText(file.text).code
      for word in Self.banned {
        let isExcepted = Self.exceptions.contains { $0.word == word && $0.path == file.path }
        #expect(isExcepted || Self.count(of: word, in: code) == 0, "\(file.path): \(word)")
      }
    }
  }

  @Test func `every exception is needed and has a reason`() {
    for exception in Self.exceptions {
      let file = Repository.swift.first { $0.path == exception.path }
      let code = SwiftText(file?.text ?? "").code
      #expect(Self.count(of: exception.word, in: code) > 0, "\(exception.path) needs none")
      #expect(exception.reason.count > 20, "\(exception.path)")
    }
  }

  @Test func `libraries do not print`() {
    for file in Repository.sources where file.target != "leeway" {
      let code = SwiftText(file.text).code
      for word in ["print(", "debugPrint(", "dump("] {
        #expect(Self.count(of: word, in: code) == 0, "\(file.path): \(word)")
      }
    }
  }

  @Test func `nothing is left for later`() {
    for file in Repository.files {
      for marker in Self.markers {
        let words = file.text.split(whereSeparator: { !$0.isLetter && !$0.isNumber && $0 != "_" })
        #expect(!words.contains(Substring(marker)), "\(file.path): \(marker)")
      }
    }
  }

  @Test func `no file names a place on someone's machine`() throws {
    for file in Repository.files {
      let place = try Regex(#"(^|[\s"'`(=:,<])/(work|root|home|tmp|Users)/"#)
      for (index, line) in file.lines.enumerated() where line.contains("/") {
        #expect(line.firstMatch(of: place) == nil, "\(file.path):\(index + 1)")
      }
    }
  }
}
