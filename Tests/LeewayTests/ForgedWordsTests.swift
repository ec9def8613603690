import Foundation
import Testing
import TestSupport

/// Events and files come from anybody: what people read of them steers no terminal and forges no
/// line.
@Suite struct ForgedWordsTests {
  private let folder: TemporaryFolder
  private let monitor: String
  private let profile: String
  private let reference: String

  /// A window's title, colours, the line above, a line of its own, a turned direction.
  private static let hostile =
    "\u{1b}]0;x\u{7}\u{1b}[31m\u{9b}2K\nRead: all is well\u{2028}\u{202e}x"

  private static func json(_ object: [String: Any]) throws -> String {
    String(decoding: try JSONSerialization.data(withJSONObject: object), as: UTF8.self)
  }

  private static func events(from start: Int, shift: Int) throws -> String {
    try (0..<2000).map { index in
      let features: [String: Any] = [
        "c": index % (2 + shift) == 0 ? "x" : hostile, "n\(hostile)": index % 7 + shift,
      ]
      return try json([
        "ts": start + index * 10, "score": Double(index % 97) / 97, "s": "a\(hostile)",
        "v": "1\(hostile)", "f": features,
      ])
    }.joined(separator: "\n")
  }

  init() throws {
    folder = try TemporaryFolder()
    monitor = try folder.write(
      """
      model: "m\\e[31m\\nforged"
      events: {prediction: {time: ts, score: score, version: v, features: f.*, segments: [s]}}
      reference: {profile: profile}
      windows: {main: 1h}
      rules: [{alert: D, expr: drift(*) > 0.1, annotations: {summary: "{{ signal }}"}}]
      """,
      as: "monitor.yaml"
    )
    profile = folder.path("profile")
    reference = try folder.write(Self.events(from: 1_767_225_600, shift: 0), as: "reference")
    let outcome = try LeewayProcess.run(["profile", "-m", monitor, reference, "-o", profile])
    #expect(outcome.code == 0, "\(outcome.errors)")
    Self.check(outcome)
  }

  /// Sees that words are what they seem.
  private static func check(_ outcome: LeewayProcess.Outcome) {
    for text in [outcome.output, outcome.errors] {
      let strays = text.unicodeScalars.filter { scalar in
        scalar != "\n"
          && (scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value)
            || (0x2028...0x202E).contains(scalar.value))
      }
      #expect(strays.isEmpty, "\(text.debugDescription)")
      #expect(!text.split(separator: "\n").contains { $0.hasPrefix("Read: all is well") })
      #expect(!text.split(separator: "\n").contains { $0.hasPrefix("forged") })
    }
  }

  @Test func `what is printed of hostile events shows what is in them`() throws {
    let moved = try folder.write(Self.events(from: 1_767_398_400, shift: 3), as: "moved")
    let inspected = try LeewayProcess.run(["inspect", profile])
    Self.check(inspected)
    #expect(inspected.output.contains("\\u{1b}]0;x\\u{7}"), "\(inspected.output)")
    let replayed = try LeewayProcess.run(["replay", "-m", monitor, moved])
    #expect(replayed.output.contains("Drift: ") && replayed.output.contains("\\u{202e}"))
    Self.check(replayed)
    let file = folder.path("summary")
    Self.check(try LeewayProcess.run(["replay", "-m", monitor, moved, "-o", file]))
    #expect(try text(of: file) == replayed.output)
    let watched = ["run", "-m", monitor, "--alerts", "/dev/null", moved]
    Self.check(try LeewayProcess.run(watched))
  }

  @Test func `what is said of hostile files and names shows what is in them`() throws {
    let checked = try LeewayProcess.run(["check", monitor])
    #expect(checked.code == 0, "\(checked.errors)")
    Self.check(checked)
    let wrong = try folder.write(
      "model: \"a\\e[2K\\nb\"\nwindows: {\"\\e[31m\": 1h}\nrules: [{alert: \"\u{202e}x\", expr: 1}]",
      as: "wrong.yaml"
    )
    let refused = try LeewayProcess.run(["check", wrong])
    #expect(refused.code == 1)
    Self.check(refused)
    for words in [
      ["replay", "-m", monitor, "absent\(Self.hostile)"], ["check", "absent\(Self.hostile)"],
      ["replay", "--\(Self.hostile)"], [Self.hostile], ["test", "absent\(Self.hostile)"],
      ["replay", "-m", monitor, "--alerts", reference, reference],
    ] {
      let outcome = try LeewayProcess.run(words)
      #expect(outcome.code != 0)
      Self.check(outcome)
    }
  }

  @Test func `a starter monitor of a hostile log is what it seems`() throws {
    let started = try LeewayProcess.run(["init", reference])
    #expect(started.code == 0, "\(started.errors)")
    Self.check(started)
  }

  @Test func `rule tests of a hostile monitor show what is in them`() throws {
    let tests = try folder.write(
      """
      rule_files: [monitor.yaml]
      tests:
        - name: "a\\e[31m\\nforged"
          profile: profile
          input_events: reference
          alert_rule_test:
            - {eval_time: 2h, alertname: D, exp_alerts: [{exp_annotations: {summary: "\\e[1m"}}]}
      """,
      as: "hostile.test.yaml"
    )
    let tested = try LeewayProcess.run(["test", tests])
    #expect(tested.code == 1)
    #expect(tested.output.contains("\\u{1b}[31m\\u{a}forged"), "\(tested.output)\(tested.errors)")
    Self.check(tested)
  }

  @Test func `JSON holds names and values as they are`() throws {
    let inspected = try LeewayProcess.run(["inspect", "--json", profile])
    let object = try JSONSerialization.jsonObject(with: Data(inspected.output.utf8))
    let signals = (object as? [String: Any])?["signals"] as? [[String: Any]] ?? []
    let values = signals.compactMap { $0["values"] as? [String] }.flatMap { $0 }
    #expect(values.contains(Self.hostile), "\(inspected.output)")
  }
}
