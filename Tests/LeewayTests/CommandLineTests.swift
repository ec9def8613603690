import Arguments
import Foundation
import TestSupport
import Testing

@testable import leeway

/// The description of the command line, and what is made from it, in the programs that read it.
@Suite struct CommandLineTests {
  private static let names = ["leeway"] + Leeway.commandWords

  @Test func `docs-commands is the reference that leeway writes`() throws {
    let page = try text(of: Repository.path("docs/commands.md"))
    #expect(page == Leeway.command.reference, "make docs/commands.md anew: see its first lines")
  }

  @Test func `every standard is a value of its kind, so that every command can be made`() throws {
    let least: [String: [String]] = [
      "init": [], "run": ["-m", "M"], "replay": ["-m", "M", "S"], "top": ["S"],
      "profile": ["-m", "M", "-o", "P"], "check": ["F"], "inspect": ["F"], "test": ["F"],
      "generate": ["F"], "feedback": ["--format", "argilla"], "help": [],
    ]
    for type in Leeway.commands + [HelpCommand.self] {
      let word = type.command.word
      let words = try #require(least[word], "\(word) is new: say what it needs at least")
      guard case .run(let values) = try Leeway.command.request([word] + words) else {
        Issue.record("\(word) is not to be run")
        continue
      }
      #expect(values.command == type.command.name)
      _ = try type.init(values)
    }
  }

  @Test(arguments: [
    (["run", "-m", "M", "--metrics-window", "w"], "go with --metrics"),
    (["run", "-m", "M", "--snapshot", "-"], "--snapshot replaces its file"),
    (["run", "-m", "M", "--follow"], "--follow needs a log"),
    (["init", "--statistics", "x"], "--statistics needs --constraints"),
    (["init", "--statistics", "x", "--constraints", "y"], "say with -o where the monitor goes"),
    (["top", "a", "b"], "one snapshot file is shown"),
    (["top", "a", "--speed", "3"], "--profile and --speed go with --monitor"),
    (["feedback", "--format", "argilla", "a", "--answers", "b"], "requests or --answers"),
    (["feedback", "--format", "argilla", "--answers", "b"], "give --time"),
    (["feedback", "--format", "argilla", "--time", "2026-11-29T00:00:00Z"], "--time goes with"),
    (["feedback", "--format", "ground-truth", "--answers", "b", "--time", "noon"], "got \"noon\""),
    (["feedback", "--format", "argilla", "--to-name", "x"], "--to-name goes with"),
  ])
  func `values that do not go together are refused before anything is read`(
    words: [String],
    message: String
  ) throws {
    guard case .run(let values) = try Leeway.command.request(words) else {
      Issue.record("not to be run")
      return
    }
    let type = try #require(Leeway.commands.first { $0.command.name == values.command })
    let error = #expect(throws: UsageError.self) { _ = try type.init(values) }
    #expect(error?.description.contains(message) ?? false, "\(error?.description ?? "")")
  }

  /// The command lines of a document: those in its shell blocks and its transcripts, without what
  /// the shell takes.
  private static func commandLines(in page: String) -> [[String]] {
    let lines = [("```sh\n", "leeway "), ("```console\n", "$ leeway ")].flatMap { fence, start in
      page.components(separatedBy: fence).dropFirst().flatMap { block in
        block.components(separatedBy: "```")[0].replacing("\\\n", with: " ")
          .split(separator: "\n").filter { $0.hasPrefix(start) }.map { $0.dropFirst(start.count) }
      }
    }
    return lines.map { line in
      let words = line.split(separator: " ")
      return words.prefix { !["|", "||", ">", "<", "#", "&&", ";", "2>", "2>&1"].contains($0) }
        .map { $0.trimmingCharacters(in: ["'", "\""]) }
    }
  }

  @Test func `every command line in the documents can be read`() throws {
    let documents = try FileManager.default.contentsOfDirectory(atPath: Repository.path("docs"))
      .filter { $0.hasSuffix(".md") }.map { "docs/\($0)" }
    var count = 0
    for document in ["README.md", "DESIGN.md", "CONTRIBUTING.md"] + documents {
      for words in Self.commandLines(in: try text(of: Repository.path(document))) {
        count += 1
        #expect(throws: Never.self, "\(document): \(words)") {
          _ = try Leeway.command.request(words)
        }
      }
    }
    #expect(count >= 20, "\(count)")
  }

  @Test(arguments: names)
  func `man reads a manual page without a warning`(name: String) throws {
    let folder = try TemporaryFolder()
    let page = try LeewayProcess.run(["--generate-manual", name])
    #expect(page.code == 0)
    let path = try folder.write(page.output, as: "\(name).1")
    let shown = try Shell.run("man --warnings -l '\(path)' | col -b", in: folder)
    #expect(shown.errors.isEmpty, "\(shown.errors)")
    let title = name == "leeway" ? "LEEWAY(1)" : "LEEWAY-\(name.uppercased())(1)"
    #expect(shown.output.contains(title), "\(shown.output)")
    #expect(shown.output.contains("--version"))
  }
}

/// A shell that runs a line.
enum Shell {
  /// Runs a line of bash.
  static func run(
    _ line: String,
    in folder: TemporaryFolder
  ) throws -> (output: String, errors: String) {
    let output = folder.path("shell.output")
    let errors = folder.path("shell.errors")
    let process = Process()
    process.executableURL = URL(filePath: "/bin/bash")
    process.arguments = ["-c", "(\(line)) > '\(output)' 2> '\(errors)'"]
    process.currentDirectoryURL = folder.url
    try process.run()
    process.waitUntilExit()
    return (try text(of: output), try text(of: errors))
  }
}
