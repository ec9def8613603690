internal import Events
internal import Records

/// What came of one test.
public struct RuleTestOutcome: Sendable, Equatable {
  /// The test's name.
  public var name: String
  /// The line at which it starts.
  public var line: Int
  /// What was not as expected; empty when the test passed.
  public var failures: [RuleTestFailure]

  /// Whether everything was as expected.
  public var hasPassed: Bool { failures.isEmpty }
}

/// Something that was not as expected.
public struct RuleTestFailure: Sendable, Equatable {
  /// The place of the expectation in the test file, from 1.
  public var line: Int
  /// The column, from 1.
  public var column: Int
  /// What was expected and what was got, in one line.
  public var message: String
  /// The difference, line by line.
  public var details: [String]
}

/// What came of a file of tests.
public struct RuleTestFileOutcome: Sendable {
  /// The file's path.
  public var path: String
  /// Why the file could not be run, a finding each.
  public var problems: [String]
  /// What came of its tests, in order.
  public var tests: [RuleTestOutcome]

  /// Makes the outcome of a file.
  public init(path: String, problems: [String], tests: [RuleTestOutcome]) {
    self.path = path
    self.problems = problems
    self.tests = tests
  }

  /// The file as lines for a person, its failures with their differences.
  public var text: String {
    var lines: [String] = []
    for test in tests {
      lines.append("  \(test.hasPassed ? "ok  " : "FAIL")  \(test.name)")
      for failure in test.failures {
        lines.append("        \(path):\(failure.line):\(failure.column): \(failure.message)")
        lines += failure.details.map { "          \($0)" }
      }
    }
    // Problems are findings, which have lines of their own and are visible.
    let all = [visible(path)] + problems + lines.map(visible)
    return all.joined(separator: "\n") + "\n"
  }
}

/// The outcomes of many files.
public struct RuleTestSummary: Sendable {
  private let files: [RuleTestFileOutcome]

  /// Sums up files.
  public init(_ files: [RuleTestFileOutcome]) { self.files = files }

  /// Whether every file could be run and every test passed.
  public var hasPassed: Bool {
    files.allSatisfy { file in file.problems.isEmpty && file.tests.allSatisfy(\.hasPassed) }
  }

  /// The number of tests that were run.
  public var testCount: Int { files.reduce(0) { $0 + $1.tests.count } }

  /// One line: how many tests in how many files, how many passed.
  public var line: String {
    let failed = files.reduce(0) { $0 + $1.tests.count { !$0.hasPassed } }
    let refused = files.count { !$0.problems.isEmpty }
    var parts = ["\(testCount - failed) passed"]
    if failed > 0 { parts.append("\(failed) failed") }
    if refused > 0 { parts.append("\(counted(refused, "file")) refused") }
    return "\(counted(testCount, "test")) in \(counted(files.count, "file")): "
      + parts.joined(separator: ", ")
  }

  /// The outcomes as JUnit XML: a suite a file, a case a test.
  ///
  /// No times are written: the same outcomes give the same bytes.
  public var junit: String {
    let failures = files.reduce(0) { $0 + $1.tests.count { !$0.hasPassed } }
    let errors = files.count { !$0.problems.isEmpty }
    var lines = [
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>",
      "<testsuites name=\"leeway\" tests=\"\(testCount + errors)\" failures=\"\(failures)\" "
        + "errors=\"\(errors)\">",
    ]
    for file in files { lines += Self.suite(file) }
    lines.append("</testsuites>")
    return lines.joined(separator: "\n") + "\n"
  }

  private static func suite(_ file: RuleTestFileOutcome) -> [String] {
    let path = escaped(file.path)
    let isRefused = !file.problems.isEmpty
    let failures = file.tests.count { !$0.hasPassed }
    var lines = [
      "  <testsuite name=\"\(path)\" tests=\"\(file.tests.count + (isRefused ? 1 : 0))\" "
        + "failures=\"\(failures)\" errors=\"\(isRefused ? 1 : 0)\">"
    ]
    if isRefused {
      lines.append("    <testcase classname=\"\(path)\" name=\"the file\">")
      let text = escaped(file.problems.joined(separator: "\n"))
      lines.append("      <error message=\"the file was refused\">\(text)</error>")
      lines.append("    </testcase>")
    }
    for test in file.tests {
      let head = "    <testcase classname=\"\(path)\" name=\"\(escaped(test.name))\""
      guard !test.hasPassed else {
        lines.append(head + "/>")
        continue
      }
      lines.append(head + ">")
      // Readers of the format expect one failure a case.
      let message = escaped(test.failures.map(\.message).joined(separator: "; "))
      let text = test.failures.flatMap { failure in
        ["\(file.path):\(failure.line):\(failure.column): \(failure.message)"]
          + failure.details.map { "  \($0)" }
      }
      lines.append(
        "      <failure message=\"\(message)\">\(escaped(text.joined(separator: "\n")))</failure>"
      )
      lines.append("    </testcase>")
    }
    lines.append("  </testsuite>")
    return lines
  }

  /// Text for XML 1.0; characters that it cannot hold become question marks.
  private static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "\n": result += "&#10;"
      case "\t": result += "&#9;"
      case "\u{0}"..<" ", "\u{FFFE}", "\u{FFFF}": result += "?"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
