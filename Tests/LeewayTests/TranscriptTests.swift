import Foundation
import TestSupport
import Testing

/// What the documents show of commands is what the commands print.
///
/// A transcript is a fenced block marked `console`: lines that begin with `$ ` are run by bash, one
/// after the other, and what stands below each is its output, both streams together. A line that
/// is `…` stands for any lines, `…` within a line for any text. All transcripts of a page run in
/// one folder. There `fixtures` and `rules` lie, `leeway` is on the path, and blocks that begin with
/// a line `# NAME.SUFFIX` are files of these names.
@Suite struct TranscriptTests {
  /// The pages with transcripts.
  static let pages: [String] = {
    let folder = Repository.path("docs")
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    let pages = ["README.md"] + names.filter { $0.hasSuffix(".md") }.sorted().map { "docs/\($0)" }
    return pages.filter { page in
      let shown = try? String(contentsOfFile: Repository.path(page), encoding: .utf8)
      return shown?.contains("\n```console\n") ?? false
    }
  }()

  @Test(arguments: pages)
  func `what a page shows is what is printed`(page: String) throws {
    let transcript = Transcript(of: try text(of: Repository.path(page)))
    #expect(!transcript.steps.isEmpty)
    let room = try TranscriptRoom(needsPayments: transcript.names("out/payments"))
    for file in transcript.files { _ = try room.folder.write(file.text, as: file.name) }
    for step in transcript.steps {
      let printed = try room.run(step.command)
      #expect(
        step.isShown(by: printed),
        "\(page): $ \(step.command)\nshown:\n\(step.output)\nprinted:\n\(printed)"
      )
    }
  }

  @Test func `the pages that show commands are among them`() {
    for page in ["README.md", "docs/on-call.md", "docs/state.md", "docs/tutorial.md"] {
      #expect(Self.pages.contains(page), "\(page) has no transcript")
    }
  }

  @Test func `blocks are read as files and as commands with their output`() {
    let transcript = Transcript(
      of: """
        # Page
        ```yaml
        # a.yaml
        model: m
        ```

        ```console
        $ cat a.yaml
        model: m
        $ true
        ```
        ```sh
        $ not run
        ```
        """
    )
    #expect(transcript.files.map(\.name) == ["a.yaml"])
    #expect(transcript.files.map(\.text) == ["# a.yaml\nmodel: m\n"])
    #expect(transcript.steps.map(\.command) == ["cat a.yaml", "true"])
    #expect(transcript.steps.map(\.output) == ["model: m\n", ""])
  }

  @Test(arguments: [
    ("a\nb\n", "a\nb\n", true), ("a\nb\n", "a\nc\n", false), ("a\n", "a\nb\n", false),
    ("a\nb\n", "a\n", false), ("…\nb\n", "x\ny\nb\n", true), ("a\n…\n", "a\n", true),
    ("a\n…\nd\n…\n", "a\nb\nd\ne\n", true), ("a … c\n", "a b c\n", true),
    ("a … c\n", "a b d\n", false), ("", "", true), ("", "a\n", false), ("…\n", "", true),
    ("a.c\n", "abc\n", false),
  ])
  func `an ellipsis stands for what is left out and for nothing else`(
    shown: String,
    printed: String,
    isShown: Bool
  ) {
    #expect(Transcript.Step(command: "", output: shown).isShown(by: printed) == isShown)
  }
}

/// The transcripts of a page.
struct Transcript {
  /// A command and its output.
  struct Step {
    let command: String
    /// Each line with its end.
    let output: String

    /// Whether what was printed is what the page shows.
    func isShown(by printed: String) -> Bool {
      Self.matches(Self.lines(output)[...], Self.lines(printed)[...])
    }

    private static func lines(_ text: String) -> [Substring] {
      text.split(separator: "\n", omittingEmptySubsequences: false).dropLast(
        text.hasSuffix("\n") || text.isEmpty ? 1 : 0
      )
    }

    private static func matches(
      _ shown: ArraySlice<Substring>,
      _ printed: ArraySlice<Substring>
    ) -> Bool {
      guard let first = shown.first else { return printed.isEmpty }
      if first == "…" {
        return (printed.startIndex...printed.endIndex).contains { start in
          matches(shown.dropFirst(), printed[start...])
        }
      }
      guard let line = printed.first, isLine(first, line) else { return false }
      return matches(shown.dropFirst(), printed.dropFirst())
    }

    private static func isLine(_ shown: Substring, _ printed: Substring) -> Bool {
      let parts = shown.split(separator: "…", omittingEmptySubsequences: false)
      guard parts.count > 1 else { return shown == printed }
      guard printed.hasPrefix(parts[0]) else { return false }
      var rest = printed.dropFirst(parts[0].count)
      for part in parts.dropFirst().dropLast() {
        guard let place = rest.range(of: part) else { return false }
        rest = rest[place.upperBound...]
      }
      return rest.hasSuffix(parts[parts.count - 1])
    }
  }

  let files: [(name: String, text: String)]
  let steps: [Step]

  /// Reads a page.
  init(of page: String) {
    var files: [(name: String, text: String)] = []
    var steps: [Step] = []
    for match in page.matches(of: /(?:^|\n)```(\w+)\n((?s:.*?\n))```/) {
      let body = String(match.output.2)
      if let head = body.prefixMatch(of: /# ([\w.-]+\.\w+)\n/) {
        files.append((String(head.output.1), body))
      }
      guard match.output.1 == "console" else { continue }
      for step in ("\n" + body).components(separatedBy: "\n$ ").dropFirst() {
        let command = step.prefix { $0 != "\n" }
        var output = String(step.dropFirst(command.count + 1))
        if !output.isEmpty, !output.hasSuffix("\n") { output += "\n" }
        steps.append(Step(command: String(command), output: output))
      }
    }
    self.files = files
    self.steps = steps
  }

  /// Whether a command names a file or folder.
  func names(_ path: String) -> Bool { steps.contains { $0.command.contains(path) } }
}

/// A folder in which the commands of a page run.
struct TranscriptRoom {
  let folder: TemporaryFolder

  /// Makes the folder.
  ///
  /// - Parameter needsPayments: Whether what `make demo` writes of the payments is there.
  /// - Throws: What making it throws.
  init(needsPayments: Bool) throws {
    folder = try TemporaryFolder()
    let files = FileManager.default
    try files.createDirectory(atPath: folder.path("bin"), withIntermediateDirectories: true)
    try files.createSymbolicLink(
      atPath: folder.path("bin/leeway"),
      withDestinationPath: LeewayProcess.executable
    )
    try files.createSymbolicLink(
      atPath: folder.path("fixtures"),
      withDestinationPath: Repository.path("fixtures")
    )
    // Monitors name their profile beside the folder of the rules.
    try files.copyItem(atPath: Repository.path("rules"), toPath: folder.path("rules"))
    guard needsPayments else { return }
    let payments = try Payments.shared.get()
    try files.createDirectory(atPath: folder.path("out"), withIntermediateDirectories: true)
    try payments.story.bytes.write(to: URL(filePath: folder.path("out/payments-alerts.ndjson")))
    try files.copyItem(atPath: payments.profile, toPath: folder.path("out/payments.profile"))
  }

  /// What a command prints, to either stream.
  func run(_ command: String) throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: "/bin/bash")
    process.arguments = ["-c", command]
    process.currentDirectoryURL = folder.url
    var environment = ProcessInfo.processInfo.environment
    environment["PATH"] = "\(folder.path("bin")):\(environment["PATH"] ?? "/usr/bin:/bin")"
    environment["LC_ALL"] = "C.UTF-8"
    process.environment = environment
    let place = folder.path("printed")
    try Data().write(to: URL(filePath: place))
    let output = try FileHandle(forWritingTo: URL(filePath: place))
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = output
    try process.run()
    process.waitUntilExit()
    return try text(of: place)
  }
}
