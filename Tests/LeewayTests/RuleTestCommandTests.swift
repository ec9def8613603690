import Foundation
import TestSupport
import Testing

/// `leeway test` and `leeway generate` as processes, on the files that ship.
@Suite struct RuleTestCommandTests {
  /// The files of a page: YAML blocks that begin with their names.
  static func files(of page: String) -> [(name: String, text: String)] {
    page.components(separatedBy: "```yaml\n").dropFirst().compactMap { block in
      guard let end = block.range(of: "```"), block.hasPrefix("# ") else { return nil }
      let text = String(block[..<end.lowerBound])
      let name = text.prefix { $0 != "\n" }.dropFirst(2)
      return (String(name), text)
    }
  }

  /// The example of the page in a folder of its own.
  static func example() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    let page = try text(of: Repository.path("docs/rule-tests.md"))
    let files = files(of: page)
    #expect(
      files.map(\.name) == ["payments.yaml", "payments.stream.yaml", "payments.test.yaml"]
    )
    for file in files { _ = try folder.write(file.text, as: file.name) }
    return folder
  }

  @Test func `the page's example passes and prints what the page shows`() throws {
    let path = try Self.example().path("payments.test.yaml")
    let outcome = try LeewayProcess.run(["test", path])
    #expect(outcome.code == 0, "\(outcome.output)\(outcome.errors)")
    let page = try text(of: Repository.path("docs/rule-tests.md"))
    let shown = try #require(page.components(separatedBy: "```text\n").dropFirst().first)
    let printed = outcome.output.replacingOccurrences(of: path, with: "payments.test.yaml")
    #expect(shown.hasPrefix(printed + "```"), "\(printed)")
  }

  @Test func `the tests of the rules that ship pass`() throws {
    let outcome = try LeewayProcess.run(["test", Repository.path("rules")])
    #expect(outcome.code == 0, "\(outcome.output)\(outcome.errors)")
    #expect(outcome.output.hasSuffix("15 tests in 2 files: 15 passed\n"), "\(outcome.output)")
  }

  @Test func `a failing test ends with 1, JUnit tells of it, and --run chooses`() throws {
    let folder = try Self.example()
    let path = folder.path("payments.test.yaml")
    let right = try text(of: path)
    let wrong = right.replacingOccurrences(of: "7h\n", with: "6h20m\n")
    #expect(wrong != right)
    _ = try folder.write(wrong, as: "payments.test.yaml")
    let junit = folder.path("junit.xml")
    let outcome = try LeewayProcess.run(["test", "-q", path, "--junit", junit])
    #expect(outcome.code == 1)
    let page = try text(of: Repository.path("docs/rule-tests.md"))
    let shown = try #require(page.components(separatedBy: "```text\n").last)
    let printed = outcome.output.replacingOccurrences(of: path, with: "payments.test.yaml")
    let failure = try #require(shown.components(separatedBy: "```").first)
    #expect(printed.contains(failure), "\(printed)")
    #expect(try text(of: junit).contains("tests=\"3\" failures=\"1\" errors=\"0\""))
    let chosen = try LeewayProcess.run(["test", path, "--run", "^an? (outage|day)"])
    #expect(chosen.code == 0 && chosen.output.contains("2 tests"), "\(chosen.output)")
    #expect(try LeewayProcess.run(["test", path, "--run", "nothing at"]).code == 1)
    #expect(try LeewayProcess.run(["test", path, "--run", "("]).code == 64)
    #expect(try LeewayProcess.run(["test", folder.path("none.test.yaml")]).code == 1)
    _ = try folder.write("rule_file: []\n", as: "payments.test.yaml")
    let refused = try LeewayProcess.run(["test", path])
    #expect(refused.code == 1 && refused.output.contains(":1:1: "), "\(refused.output)")
    #expect(refused.output.contains("did you mean \"rule_files\"?"))
  }

  @Test func `a generated file is the same packed, in parts, and without changes to come`() throws {
    let folder = try Self.example()
    let description = folder.path("payments.stream.yaml")
    let whole = folder.path("whole.ndjson")
    #expect(try LeewayProcess.run(["generate", description, "-o", whole]).code == 0)
    let lines = try text(of: whole)
    let packed = folder.path("whole.ndjson.gz")
    #expect(try LeewayProcess.run(["generate", "-q", description, "-o", packed]).code == 0)
    #expect(String(decoding: try Repository.unpacked(packed), as: UTF8.self) == lines)
    let early = try LeewayProcess.run(["generate", "-q", description, "--until", "5h"])
    let plain = try LeewayProcess.run([
      "generate", "-q", description, "--until", "5h", "--without-changes",
    ])
    #expect(early.output == plain.output, "no change begins in five hours")
    let late = try LeewayProcess.run(["generate", "-q", description, "--from", "5h"])
    #expect(early.output + late.output == lines)
    let typo = try LeewayProcess.run(["generate", description, "--without", "outge"])
    #expect(typo.code == 64 && typo.errors.contains("did you mean \"outage\"?"), "\(typo.errors)")
    #expect(try LeewayProcess.run(["generate", description, "--from", "x"]).code == 64)
  }

  @Test func `check reads tests and streams as what their names say`() throws {
    let folder = try Self.example()
    let outcome = try LeewayProcess.run(["check", folder.url.path])
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("payments.test.yaml: ok: 3 rule tests"))
    #expect(outcome.output.contains("payments.stream.yaml: ok: a stream of 1d"))
  }
}
