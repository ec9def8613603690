import TestSupport
import Testing

@testable import YAML

@Suite struct ScalarTests {
  private func scalar(_ yaml: String) throws -> (YAMLScalar, SourceText) {
    let source = try SourceText(Array(yaml.utf8))
    let (root, _) = YAMLTree.read(source)
    guard case .mapping(let entries, _)? = root, case .scalar(let scalar)? = entries.first?.value
    else { throw SourceProblem(position: SourcePosition(line: 0, column: 0), message: yaml) }
    return (scalar, source)
  }

  /// Each scalar holds one `§`; the walk must find it where the file has it.
  @Test(arguments: [
    "a: b§c", "a: é§c", "a:   b c §d", "a: 'it''s §x'", "a: \"t\\tu\\x41\\u00e9\\\" §x\"",
    "a: \"b\\\n   c §d\"", "a: b\n  c §d", "a: b  \n\n\n  c §d", "a: 'b\n\n  c §d'",
    "a: |\n  b\n  c §d\n",
    "a: |-\n\n   b\n   c§d", "a: >\n  b\n  c §d\n", "a: >-\n  b\n\n  c §d\n  e",
    "a: |2\n    b §c\n",
    "a: >\n  b\n  §c\n\n\n  d\n", "a: \"§\"", "a: '§x'",
  ])
  func `each character of a scalar is found in the file`(_ yaml: String) throws {
    let (scalar, source) = try scalar(yaml)
    let marker = Array("§".utf8)
    let bytes = Array(scalar.text.utf8)
    let offset = try #require(bytes.indices.first { bytes[$0...].starts(with: marker) })
    let (_, line, column) = try #require(unmark(yaml))
    let found = ScalarPositions.position(of: offset, in: scalar, source)
    #expect(found == SourcePosition(line: line, column: column))
  }

  @Test func `the end of a scalar is after its last character`() throws {
    for (yaml, column) in [("a: bc", 6), ("a: 'bc'", 7), ("a: \"\"", 5)] {
      let (scalar, source) = try scalar(yaml)
      let end = ScalarPositions.position(of: scalar.text.utf8.count, in: scalar, source)
      #expect(end == SourcePosition(line: 1, column: column), "\(yaml)")
    }
  }

  @Test(arguments: [
    ("${A}", "one"), ("x${A}y${B:-two}", "xoney" + "two"), ("${EMPTY:-d}", "d"), ("${EMPTY}", ""),
    ("$${A}", "${A}"), ("$A $", "$A $"), ("${A:?no}", "one"), ("${B:-}", ""), ("${B:-a:b}", "a:b"),
    ("${STRUCTURE}", "a: [b"),
  ])
  func `environment values are put into scalars`(_ written: String, _ text: String) {
    var values = EnvironmentValues(["A": "one", "EMPTY": "", "STRUCTURE": "a: [b"])
    let start = SourcePosition(line: 1, column: 1)
    let scalar = YAMLScalar(
      text: written,
      style: .plain,
      start: start,
      end: start,
      written: written
    )
    #expect(values.expand(scalar).text == text)
    #expect(values.problems.isEmpty)
  }

  @Test(arguments: [
    ("a${B}", 1, "the environment has no \"B\""), ("${B:?set it}", 0, "set it"),
    ("${A", 0, "does not end"), ("${A:+x}", 0, "unknown form"), ("${1}", 0, "names no environment"),
    ("${}", 0, "names no environment"),
  ])
  func `a reference that has no value says so`(_ written: String, _ offset: Int, _ words: String) {
    var values = EnvironmentValues(["A": "one"])
    let start = SourcePosition(line: 1, column: 1)
    let scalar = YAMLScalar(
      text: written,
      style: .plain,
      start: start,
      end: start,
      written: written
    )
    _ = values.expand(scalar)
    #expect(values.problems.first?.offset == offset)
    #expect(values.problems.first?.message.contains(words) == true)
  }
}
