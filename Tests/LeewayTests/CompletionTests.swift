import Foundation
import TestSupport
import Testing

/// Completion of the command line in real shells.
@Suite(.serialized) struct CompletionTests {
  /// What is typed before the tabulator, and how the line ends after it.
  private static let cases = [
    (typed: "leeway rep", line: "leeway replay"),
    ("leeway replay --fail", "leeway replay --fail-on-alert"),
    ("leeway check my", #"leeway check my\ stream.ndjson"#),
    ("leeway replay -q -m my", #"leeway replay -q -m my\ stream.ndjson"#),
    ("leeway replay --monitor my", #"leeway replay --monitor my\ stream.ndjson"#),
    ("leeway replay --monitor=my", #"leeway replay --monitor=my\ stream.ndjson"#),
    ("leeway replay --threads 2 my", #"leeway replay --threads 2 my\ stream.ndjson"#),
    ("leeway inspect -- my", #"leeway inspect -- my\ stream.ndjson"#),
    ("leeway --generate-completion-script zs", "leeway --generate-completion-script zsh"),
    ("leeway help ins", "leeway help inspect"),
  ]

  @Test(arguments: ["bash", "zsh", "fish"])
  func `a shell completes commands, options, words and names of files`(shell: String) throws {
    let folder = try TemporaryFolder()
    _ = try folder.write("", as: "my stream.ndjson")
    _ = try folder.write("", as: "other.yaml")
    let script = try LeewayProcess.run(["--generate-completion-script", shell])
    #expect(script.code == 0)
    let path = try folder.write(script.output, as: "completion")
    let programs = folder.path("programs")
    try FileManager.default.createDirectory(atPath: programs, withIntermediateDirectories: false)
    try FileManager.default.createSymbolicLink(
      atPath: programs + "/leeway",
      withDestinationPath: LeewayProcess.executable
    )
    let pane = try TerminalPane(
      script: "cd \(TerminalPane.quoted(folder.url.path)) && env -u BASH_ENV LC_ALL=C.UTF-8 "
        + "HOME=\(TerminalPane.quoted(folder.url.path)) PATH=\(programs):$PATH "
        + Self.interactive(shell),
      columns: 120
    )
    try pane.press(Self.loading(shell, path), "Enter")
    try pane.wait("\(shell) is ready") { $0.contains { $0.hasPrefix("loaded") } }
    for (typed, line) in Self.cases {
      try pane.press(typed, "Tab")
      try pane.wait("\(shell): \(typed)") { Self.lastLine($0).hasSuffix(line) }
      try pane.press("C-u")
      try pane.wait("\(shell): an empty line") { !Self.lastLine($0).contains("leeway") }
    }
    // A regular expression is no file: the tabulator adds nothing.
    try pane.press("leeway test --run my", "Tab", "X")
    try pane.wait("\(shell): text") { Self.lastLine($0).hasSuffix("leeway test --run myX") }
  }

  private static func interactive(_ shell: String) -> String {
    switch shell {
    case "bash": "bash --noprofile --norc -i"
    case "zsh": "zsh -f -i"
    default: "fish --no-config --interactive"
    }
  }

  private static func loading(_ shell: String, _ path: String) -> String {
    switch shell {
    case "bash": "bind 'set bell-style none'; source '\(path)'; echo load''ed"
    case "zsh": "autoload -Uz compinit; compinit -D -u; source '\(path)'; echo load''ed"
    default: "set -g fish_autosuggestion_enabled 0; source '\(path)'; echo load''ed"
    }
  }

  /// The line with the cursor, without the blanks at its end.
  private static func lastLine(_ lines: [String]) -> String {
    let line = lines.last { !$0.allSatisfy(\.isWhitespace) } ?? ""
    return String(line.reversed().drop { $0 == " " }.reversed())
  }
}
