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

  static let exceptions = [
    Exception(
      word: "@unchecked Sendable",
      path: "Sources/Events/Decoder/PowersOfFive.swift",
      reason: "its tables are written before it is shared and only read after"
    ),
    Exception(
      word: "@unchecked Sendable",
      path: "Sources/Ingest/Counting/Locked.swift",
      reason: "its value is only touched while its mutex is held"
    ),
    Exception(
      word: "@unchecked Sendable",
      path: "Sources/Agent/State/PendingFolder.swift",
      reason: "only the thread that drives the pipeline reaches it, between rounds"
    ),
    Exception(
      word: "@unchecked Sendable",
      path: "Tests/MonitoringTests/Support/MemoryStore.swift",
      reason: "it is of one test, which has one thread"
    ),
  ]

  private static let banned = ["try!", "as!", "fatalError(", "@unchecked Sendable"]
  // In pieces, so that this file keeps the rule it states.
  private static let markers = ["TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK"]

  static func count(of word: String, in code: String) -> Int {
    code.count(ofWord: word, joints: "_.")
  }

  @Test(arguments: [("print(1)", 1), ("fingerprint(1)", 0), ("self.print(1)", 0), ("x\nprint(", 1)])
  func `a banned word is found as a word`(code: String, expected: Int) {
    #expect(Self.count(of: "print(", in: code) == expected)
  }

  @Test func `files and functions are short enough to be read`() {
    for file in Repository.swift {
      let lineCount = file.text.count(where: \.isNewline)
      #expect(lineCount <= Self.fileLinesMax, "\(file.path): \(lineCount) lines")
      for function in file.swift.functions {
        #expect(
          function.lineCount <= Self.functionLinesMax,
          "\(file.path):\(function.firstLine): \(function.lineCount) lines"
        )
      }
    }
  }

  @Test func `nothing traps or lies by a shortcut`() {
    // A benchmark may stop short: nobody's data is in it.
    for file in Repository.swift where !file.isBelow("Benchmarks") {
      // What cannot be copied has one owner, who may hand it to another thread with what it points
      // at: the compiler cannot see it, a reader can.
      let owner = "~Copyable, @unchecked Sendable"
      let code = file.swift.code.replacing(owner, with: "~Copyable")
      for word in Self.banned {
        let isExcepted = Self.exceptions.contains { $0.word == word && $0.path == file.path }
        #expect(isExcepted || Self.count(of: word, in: code) == 0, "\(file.path): \(word)")
      }
    }
  }

  @Test func `every exception is needed and has a reason`() {
    for exception in Self.exceptions {
      let file = Repository.swift.first { $0.path == exception.path }
      let code = file?.swift.code ?? ""
      #expect(Self.count(of: exception.word, in: code) > 0, "\(exception.path) needs none")
      #expect(exception.reason.count > 20, "\(exception.path)")
    }
  }

  @Test func `libraries do not print`() {
    for file in Repository.sources where file.target != "leeway" {
      let code = file.swift.code
      for word in ["print(", "debugPrint(", "dump("] {
        #expect(Self.count(of: word, in: code) == 0, "\(file.path): \(word)")
      }
    }
  }

  @Test func `nothing is left for later`() {
    for file in Repository.files {
      for marker in Self.markers {
        #expect(file.text.count(ofWord: marker, joints: "_") == 0, "\(file.path): \(marker)")
      }
    }
  }

  @Test(arguments: [
    ("see /home" + "/me/x", 1), ("(/tmp" + "/x)", 1), ("a/tmp/x", 0), ("$root/work/x", 0),
    ("../home/x", 0),
  ])
  func `a place on a machine is told from a path in a project`(text: String, expected: Int) {
    #expect(Self.machinePlaces(in: text) == expected)
  }

  static func machinePlaces(in text: String) -> Int {
    ["work", "root", "home", "tmp", "Users"].reduce(0) { sum, folder in
      sum + text.count(ofWord: "/\(folder)/", joints: "_.-})*~/")
    }
  }

  @Test func `no file names a place on someone's machine`() {
    for file in Repository.files {
      #expect(Self.machinePlaces(in: file.text) == 0, "\(file.path)")
    }
  }
}
