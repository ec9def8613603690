import FuzzSupport
import Monitoring
import Trials
import YAML

// Any bytes describe a stream, or rule tests, or are refused with at least one error whose place is
// in the file; and a stream that is taken can be written.

private let monitor = """
  model: m
  events: {prediction: {time: ts, features: [x]}}
  rules: [{alert: High, expr: mean(x) > 1}]
  """
private let stream = """
  seed: 1
  start: 2026-03-02T00:00:00Z
  duration: 1h
  rate: 1/s
  fields: {ts: {time: rfc3339}, g: {category: {a: 1, b: 1}}, x: {normal: {mean: 0, std: 1}}}
  changes: {jump: {at: 1m, field: x, add: 1}}
  """

private func check(_ diagnostics: [Diagnostic], in file: [UInt8], named name: String) {
  let lineCount = file.count(where: { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }) + 1
  for diagnostic in diagnostics where diagnostic.file == name {
    require((1...lineCount + 1).contains(diagnostic.line), "line \(diagnostic.line) is in the file")
    require(diagnostic.column >= 1, "column \(diagnostic.column)")
    require(!diagnostic.message.isEmpty, "a finding says what is wrong")
    _ = diagnostic.description
  }
}

/// Reads the bytes as a stream's description, and writes a moment of it.
private func describe(_ file: [UInt8]) {
  let (described, diagnostics) = StreamSpecification.load(
    bytes: file,
    file: "fuzz.yaml",
    environment: ["NAME": "value"]
  )
  let isRefused = diagnostics.contains { $0.severity == .error }
  require((described == nil) == isRefused, "a stream is refused exactly when it has errors")
  check(diagnostics, in: file, named: "fuzz.yaml")
  guard let described else { return }
  // 10,000 events at the highest rate.
  let moment = described.start..<min(described.start + 1_000_000, described.end)
  for without in [[], Set(described.changeNames)] {
    var generator = StreamGenerator(described, without: without, times: moment)
    var lines: [UInt8] = []
    while generator.events + generator.outcomes < 20, generator.next(into: &lines) {}
    let ends = lines.count(where: { $0 == UInt8(ascii: "\n") })
    require(ends == generator.events + generator.outcomes, "an event and an outcome are a line")
  }
}

/// Reads the bytes as rule tests.
private func test(_ file: [UInt8]) {
  let loaded = try? RuleTestFile.load(path: "fuzz.test.yaml", environment: [:]) {
    path throws(FileProblem) in
    switch path {
    case "fuzz.test.yaml": file
    case "m.yaml": Array(monitor.utf8)
    case "s.stream.yaml": Array(stream.utf8)
    default: throw FileProblem("\(path): no such file")
    }
  }
  guard let loaded else { require(false, "the file itself can be read"); return }
  let isRefused = loaded.diagnostics.contains { $0.severity == .error }
  require((loaded.file == nil) == isRefused, "tests are refused exactly when they have errors")
  check(loaded.diagnostics, in: file, named: "fuzz.test.yaml")
}

runFuzzer { bytes, count in
  let file = unsafe Array(UnsafeBufferPointer(start: bytes, count: count))
  describe(file)
  test(file)
  return 0
}
