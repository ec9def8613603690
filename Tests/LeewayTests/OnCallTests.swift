import Foundation
import TestSupport
import Testing

/// The commands of docs/on-call.md that it shows without their output end with 0.
///
/// Those with output are transcripts, which `TranscriptTests` runs on the whole story. These run on
/// half a day of the same payments, in which amounts drift, against a week of the reference. Of the
/// rule tests, all of which take a quarter of a minute, one is run.
@Suite struct OnCallTests {
  /// What stands for the page's words: the files that the test makes, and one rule test.
  private static let files = [
    ("DEAD-LETTERS", "out/dead-letters.ndjson"), ("SNAPSHOT", "out/snapshot.json"),
    ("ALERTS", "out/payments-alerts.ndjson"),
    ("leeway test rules/ ", "leeway test rules/ --run 'a version that is slower' "),
  ]

  /// The commands of the blocks marked `sh`, with the names of files put in.
  private static func commands() throws -> [String] {
    let page = try text(of: Repository.path("docs/on-call.md"))
    let blocks = page.matches(of: /\n```sh\n((?s:.*?)\n)```/).map { String($0.output.1) }
    return blocks.flatMap { block in
      files.reduce(block.replacing("\\\n", with: "")) { $0.replacing($1.0, with: $1.1) }
        .split(separator: "\n").map(String.init)
    }
  }

  private static func room() throws -> TranscriptRoom {
    let room = try TranscriptRoom(needsPayments: false)
    let printed = try room.run(
      """
      set -e -o pipefail
      mkdir out
      payments=fixtures/payments/payments.stream.yaml
      leeway generate -q $payments --until 7d --without-changes -o out/reference.ndjson
      leeway profile -q -m rules/payments.yaml out/reference.ndjson -o out/payments.profile
      leeway generate -q $payments --from 30d --until 30d12h -o out/payments.ndjson.gz
      (zcat out/payments.ndjson.gz; echo 'no event') > log
      leeway run -q -m rules/payments.yaml --alerts \(files[2].1) --dead-letters \(files[0].1) \
        --snapshot \(files[1].1) log
      """
    )
    #expect(printed == "")
    return room
  }

  /// What a command prints, and its code behind it; of one for a terminal the last screen.
  private static func outcome(of command: String, in room: TranscriptRoom) throws -> String {
    guard command.hasPrefix("leeway top ") else {
      return try room.run("set -o pipefail\n\(command)\necho \"code $?\"")
    }
    let script = "cd '\(room.folder.url.path)'; LC_ALL=C.UTF-8 PATH=\"$PWD/bin:$PATH\"; "
    let pane = try TerminalPane(
      script: script + "export LC_ALL PATH; \(command)\necho \"code $?\"; cat"
    )
    try pane.wait("the monitor") { $0.first?.hasPrefix("card-fraud ") ?? false }
    try pane.press("q")
    return try pane.wait("the shell") { $0.contains { $0.hasPrefix("code ") } }
      .filter { !$0.isEmpty }.joined(separator: "\n") + "\n"
  }

  @Test func `each command of the page that shows no output ends well`() throws {
    let commands = try Self.commands()
    #expect(commands.count > 8, "\(commands)")
    let room = try Self.room()
    let alerts = try room.run("grep -c InputDrift \(Self.files[2].1)")
    #expect(alerts != "0\n", "the stream has no alert to look at")
    for command in commands {
      let outcome = try Self.outcome(of: command, in: room)
      #expect(outcome.hasSuffix("code 0\n"), "$ \(command)\n\(outcome)")
    }
  }
}
