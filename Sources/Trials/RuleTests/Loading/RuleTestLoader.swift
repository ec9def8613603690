import Expressions
import Specification
public import YAML

/// Reads a file's bytes; the error says in words why it cannot.
public typealias FileReading = @Sendable (_ path: String) throws(FileProblem) -> [UInt8]

/// Why a file cannot be read, in words.
public struct FileProblem: Error, Equatable {
  /// Where and why.
  public var message: String

  /// A problem in words.
  public init(_ message: String) { self.message = message }
}

/// Reads the root of a file of rule tests.
struct RuleTestLoader {
  let findings: Findings
  let files: NeighbourFiles
  private var scalars: ScalarReader { ScalarReader(findings: findings) }
  /// Findings in other files that this one names.
  private(set) var others: [Diagnostic] = []

  init(_ findings: Findings, _ files: NeighbourFiles) {
    self.findings = findings
    self.files = files
  }

  /// Reads all parts, so that every mistake is found.
  mutating func load(_ root: YAMLNode, path: String) -> RuleTestFile? {
    guard let reader = MappingReader(root, "tests", keys: RuleTestKeys.file, findings) else {
      return nil
    }
    let monitors = reader.required("rule_files", "[monitor.yaml]").map { readMonitors($0) } ?? []
    if let node = reader.optional("evaluation_interval") { checkInterval(node, monitors) }
    var sources = TestSourceLoader(findings, files)
    let common = sources.load(reader, "tests")
    var tests: [RuleTest] = []
    if let node = reader.required("tests", "[{name: …, input_events: …, alert_rule_test: …}]") {
      tests = readTests(node, monitors, common, &sources)
    }
    others += sources.others
    let isRight = !findings.hasErrors && !others.contains { $0.severity == .error }
    return isRight ? RuleTestFile(path: path, monitors: monitors, tests: tests) : nil
  }

  // MARK: Monitors

  private mutating func readMonitors(_ node: YAMLNode) -> [TestedMonitor] {
    let most = RuleTestBounds.ruleFiles
    let items = findings.items(
      node,
      "rule_files",
      "a list of 1 to \(most) files",
      "write [monitor.yaml]",
      atLeast: 1,
      atMost: most
    )
    return items?.compactMap { readMonitor($0) } ?? []
  }

  private mutating func readMonitor(_ node: YAMLNode) -> TestedMonitor? {
    guard let name = scalars.text(node, "rule_files") else { return nil }
    let path = files.path(name)
    let bytes: [UInt8]
    do throws(FileProblem) {
      bytes = try files.read(path)
    } catch {
      findings.error(node.position, "rule_files: \(error.message)")
      return nil
    }
    let (monitor, diagnostics) = Monitor.load(
      bytes: bytes,
      file: path,
      environment: files.environment,
      files: files.monitorFiles
    )
    others += diagnostics.filter { $0.severity == .error }
    guard let monitor else { return nil }
    guard !monitor.countsEvents else {
      findings.error(
        node.position,
        "rule_files: \(name) has windows of events, which no evaluation time names: "
          + "test monitors with windows of time"
      )
      return nil
    }
    return TestedMonitor(path: path, monitor: monitor)
  }

  private func checkInterval(_ node: YAMLNode, _ monitors: [TestedMonitor]) {
    guard let interval = scalars.duration(node, "evaluation_interval") else { return }
    for tested in monitors {
      guard let own = tested.evaluationInterval, own != interval else { continue }
      findings.error(
        node.position,
        "evaluation_interval: windows of \(tested.path) move every \(own), got \(interval): "
          + "write \(own), or leave it out"
      )
    }
  }

  // MARK: Tests

  private mutating func readTests(
    _ node: YAMLNode,
    _ monitors: [TestedMonitor],
    _ common: TestSources,
    _ sources: inout TestSourceLoader
  ) -> [RuleTest] {
    let most = RuleTestBounds.tests
    let wanted = "a list of 1 to \(most) tests"
    guard let items = findings.items(node, "tests", wanted, atLeast: 1, atMost: most) else {
      return []
    }
    var names: [String: Int] = [:]
    var tests: [RuleTest] = []
    for (index, item) in items.enumerated() {
      let what = "test \(index + 1)"
      guard let reader = MappingReader(item, what, keys: RuleTestKeys.test, findings) else {
        continue
      }
      let name = reader.required("name", "a unit error fires").flatMap {
        scalars.text($0, "\(what): name", bytesMax: 256)
      }
      if let name, let first = names.updateValue(reader.position.line, forKey: name) {
        findings.error(
          reader.keyPosition("name"),
          "\(what): the name \"\(name)\" stands twice, first in line \(first): rename one"
        )
      }
      let own = sources.load(reader, name.map { "test \"\($0)\"" } ?? what)
      let all = own.completed(by: common)
      let loader = ExpectationLoader(findings: findings, monitors: monitors)
      let alerts = reader.optional("alert_rule_test").map { loader.alertTests($0) } ?? []
      let statistics = reader.optional("statistic_test").map { loader.statisticTests($0) } ?? []
      checkExpectations(reader, what)
      guard let input = all.input else {
        if !reader.has("input_events") {
          findings.error(
            reader.position,
            "\(what): no events: add input_events: stream.ndjson, a list of events, or "
              + "{generate: …}"
          )
        }
        continue
      }
      guard let name else { continue }
      tests.append(
        RuleTest(
          name: name,
          line: reader.position.line,
          reference: all.reference,
          input: input,
          start: all.start,
          alertTests: alerts,
          statisticTests: statistics
        )
      )
    }
    return tests
  }

  private func checkExpectations(_ reader: MappingReader, _ what: String) {
    if !reader.has("alert_rule_test"), !reader.has("statistic_test"), !reader.hasUnknownKey {
      findings.error(
        reader.position,
        "\(what): nothing is expected: add alert_rule_test or statistic_test"
      )
    }
  }
}

extension RuleTestFile {
  /// Reads and checks a file of rule tests, the monitors and the streams' descriptions it names.
  ///
  /// All mistakes are reported at once, in order of their places; no content traps.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - environment: What `${NAME}` in scalars stands for, in all files.
  ///   - read: Reads a file.
  /// - Returns: The tests, `nil` when there is an error; and the findings.
  /// - Throws: `FileProblem` when the file itself cannot be read.
  public static func load(
    path: String,
    environment: [String: String],
    read: @escaping FileReading
  ) throws(FileProblem) -> (file: RuleTestFile?, diagnostics: [Diagnostic]) {
    let (root, findings) = YAMLFile.read(
      bytes: try read(path),
      file: path,
      environment: environment,
      beginning: "tests, beginning with rule_files: [monitor.yaml]"
    )
    let files = NeighbourFiles(of: path, environment: environment, read: read)
    var loader = RuleTestLoader(findings, files)
    let file = root.flatMap { loader.load($0, path: path) }
    return (findings.hasErrors ? nil : file, findings.diagnostics() + loader.others)
  }
}

/// The files that a test file names, by paths relative to it.
struct NeighbourFiles: Sendable {
  let folder: String
  let environment: [String: String]
  let read: FileReading

  init(of path: String, environment: [String: String], read: @escaping FileReading) {
    folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
    self.environment = environment
    self.read = read
  }

  /// What monitors name.
  var monitorFiles: MonitorFiles {
    MonitorFiles(
      { [self] path in content(path) },
      zone: { [self] name in content(MonitorFiles.zonePath(name, environment)) }
    )
  }

  private func content(_ path: String) -> Result<[UInt8], MonitorFiles.Unreadable> {
    do throws(FileProblem) {
      return .success(try read(path))
    } catch {
      return .failure(MonitorFiles.Unreadable(reason: error.message))
    }
  }

  /// A path relative to the test file's folder.
  func path(_ name: String) -> String { name.hasPrefix("/") ? name : folder + name }
}
