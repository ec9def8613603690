import Foundation
import Glibc
import TestSupport
import Testing

/// `leeway top` in a real terminal.
@Suite(.serialized) struct TopTests {
  /// A replay in which the score moves and nothing else.
  struct Moved {
    let small: SmallModel
    let stream: String
    let lines: [String]

    static let shared = Result { try Moved() }

    private init() throws {
      small = try SmallModel.shared.get()
      var random = SeededGenerator(seed: 11)
      lines = (0..<1200).map { index in
        let score = Double.random(in: 0...1, using: &random)
        return SmallModel.event(
          at: SmallModel.start + 30 * index,
          score: index < 400 ? score : score * score * score,
          &random
        )
      }
      stream = try small.folder.write(lines.joined(separator: "\n") + "\n", as: "top-moved")
    }
  }

  private static func row(_ signal: String, in lines: [String]) -> Int? {
    lines.firstIndex { $0.dropFirst(2).hasPrefix("\(signal) ") }
  }

  private static func hasEnded(_ lines: [String]) -> Bool {
    lines.first?.hasSuffix("ended") ?? false
  }

  /// Quits, and looks whether the terminal is as it was.
  private static func expectRestored(_ pane: TerminalPane) throws {
    let lines = try pane.wait("the shell") { $0.contains("code 0") }
    #expect(!lines.contains { $0.contains("q quit") })
    let settings = try pane.wait("the settings") { $0.contains { $0.contains("iexten") } }
    for setting in ["icanon", "echo", "isig", "icrnl"] {
      let words = settings.flatMap { $0.split(separator: " ") }
      #expect(words.contains(Substring(setting)), "\(settings)")
    }
  }

  @Test func `a replay is shown, sorted, looked into and left`() throws {
    let moved = try Moved.shared.get()
    let pane = try TerminalPane(["top", moved.stream] + moved.small.arguments)
    // A screen may be looked at while it is half drawn.
    let ended = try pane.wait("the end") { lines in
      Self.hasEnded(lines) && lines.count > 2 && lines[1].contains("1,200 events")
    }
    #expect(ended[0].hasPrefix("small  window hour"))
    #expect(ended[2].contains("Drift: score"))
    #expect(ended.contains { $0.hasPrefix("warning Moved  score") })
    let score = try #require(Self.row("score", in: ended))
    let color = try #require(Self.row("color", in: ended))
    #expect(score < color)
    #expect(ended[score].hasPrefix("▶ "))
    #expect(ended[score].contains("drift"))
    // The selection follows the signal once a key has moved it.
    try pane.press("k", "s")
    try pane.wait("sorted by name") { lines in
      guard let score = Self.row("score", in: lines), let color = Self.row("color", in: lines)
      else { return false }
      return color < score && lines[score].hasPrefix("▶ ")
    }
    try pane.press("Enter")
    let detail = try pane.wait("both histograms") { lines in
      lines.contains { $0.hasPrefix("bin ") && $0.contains("reference") && $0.contains("window") }
    }
    #expect(detail.contains { $0.hasPrefix("score  ") && $0.contains("drift") })
    #expect(detail.filter { $0.contains("█") && $0.contains(" %") }.count >= 8)
    try pane.press("Escape")
    try pane.wait("the table") { Self.row("color", in: $0) != nil }
    try pane.press("v")
    let parts = try pane.wait("the parts") { $0.contains { $0.hasPrefix("part, window hour") } }
    #expect(parts.contains { $0.hasPrefix("version 1 ") && $0.contains("100 %") })
    #expect(parts.contains { $0.hasPrefix("group=g1 ") && $0.contains("score") })
    try pane.press("q")
    try Self.expectRestored(pane)
  }

  @Test
  func `the screen follows the size of the terminal, and knows no colour where none is wanted`()
    throws
  {
    let moved = try Moved.shared.get()
    let pane = try TerminalPane(
      ["top", moved.stream] + moved.small.arguments,
      environment: ["NO_COLOR": "1", "LC_ALL": "C"]
    )
    try pane.wait("the end", Self.hasEnded)
    try pane.resize(columns: 120, rows: 40)
    let large = try pane.wait("a footer at the bottom") { lines in
      lines.count >= 40 && lines[39].hasPrefix("q quit") && Self.hasEnded(lines)
    }
    #expect(large[0].count == 120)
    #expect(large.joined().utf8.allSatisfy { $0 < 0x80 })
    try pane.resize(columns: 30, rows: 8)
    try pane.wait("that it is too small") { $0.first?.hasPrefix("Too small") ?? false }
    try pane.resize(columns: 80, rows: 24)
    try pane.wait("the table again") { Self.hasEnded($0) && Self.row("score", in: $0) != nil }
    try pane.press("?")
    try pane.wait("help") { $0.contains { $0.contains("the next kind of window") } }
    try pane.press("C-c")
    try Self.expectRestored(pane)
  }

  @Test(arguments: [SIGTERM, SIGINT, SIGHUP])
  func `a signal gives the terminal back`(signal: Int32) throws {
    let moved = try Moved.shared.get()
    let pane = try TerminalPane(["top", moved.stream] + moved.small.arguments)
    try pane.wait("the end", Self.hasEnded)
    kill(try pane.identifier(), signal)
    try Self.expectRestored(pane)
  }

  @Test func `at a speed it can be paused, and keys come while standard input is the stream`()
    throws
  {
    let moved = try Moved.shared.get()
    let pane = try TerminalPane(
      ["top", "-", "--speed", "600"] + moved.small.arguments,
      input: moved.stream
    )
    try pane.wait("a window") { Self.row("score", in: $0) != nil }
    try pane.press("p")
    let paused = try pane.wait("the pause") { $0.first?.hasSuffix("paused") ?? false }
    // Ten hours of events take a minute at this speed.
    #expect(!paused[1].contains("1,200 events"))
    try pane.press("p")
    try pane.wait("that it goes on") { $0.count > 1 && $0[1] != paused[1] }
    try pane.press("q")
    try Self.expectRestored(pane)
  }

  @Test func `a running agent is followed from the first event to its end`() throws {
    let moved = try Moved.shared.get()
    let folder = try TemporaryFolder()
    let snapshot = folder.path("snapshot")
    let pipe = folder.path("pipe")
    #expect(unsafe mkfifo(pipe, 0o600) == 0)
    let pane = try TerminalPane(["top", snapshot])
    try pane.wait("that it waits") { $0.contains { $0.hasPrefix("waiting for ") } }
    let held = unsafe open(pipe, O_RDWR)
    defer { close(held) }
    let agent = try LeewayProcess(
      ["run", "-q", pipe, "--snapshot", snapshot, "--alerts", folder.path("alerts")]
        + moved.small.arguments
    )
    try pane.wait("the agent") { lines in
      (lines.first?.hasPrefix("small") ?? false) && lines[1].contains("0 events")
    }
    try Self.write(moved.lines[..<600], to: held)
    let half = try pane.wait("half of the events") { lines in
      lines.count > 1 && lines[1].contains("600 events") && Self.row("score", in: lines) != nil
    }
    #expect(half[0].hasSuffix("running"))
    #expect(half.contains { $0.hasPrefix("warning Moved  score") })
    try Self.write(moved.lines[600...], to: held)
    try pane.wait("all events") { $0.count > 1 && $0[1].contains("1,200 events") }
    try pane.press("Enter")
    try pane.wait("the signal") { $0.contains { $0.hasPrefix("score  ") } }
    agent.send(SIGTERM)
    let outcome = try agent.wait()
    #expect(outcome.code == 0, "\(outcome.errors)")
    try pane.wait("the end", Self.hasEnded)
    try pane.press("q")
    try Self.expectRestored(pane)
    #expect(!FileManager.default.fileExists(atPath: snapshot + ".part"))
    try expectRecords(snapshot)
  }

  @Test func `an agent that no longer writes is stale, and damage is said while the last stands`()
    throws
  {
    let moved = try Moved.shared.get()
    let folder = try TemporaryFolder()
    let snapshot = folder.path("snapshot")
    let outcome = try LeewayProcess.run(
      ["run", "-q", "--snapshot", snapshot, "--alerts", folder.path("alerts")]
        + moved.small.arguments,
      input: .file(moved.stream)
    )
    #expect(outcome.code == 0, "\(outcome.errors)")
    let whole = try text(of: snapshot)
    let running = whole.replacing("\"state\":\"ended\"", with: "\"state\":\"running\"")
    try Data(running.utf8).write(to: URL(filePath: snapshot))
    let old = Date(timeIntervalSinceNow: -3600)
    try FileManager.default.setAttributes([.modificationDate: old], ofItemAtPath: snapshot)
    let pane = try TerminalPane(["top", snapshot])
    let stale = try pane.wait("that it is stale") { $0.first?.contains("stale: written") ?? false }
    #expect(Self.row("score", in: stale) != nil)
    try Data(running.utf8.dropLast(40)).write(to: URL(filePath: snapshot))
    let damaged = try pane.wait("the damage") { $0.first?.contains("not complete") ?? false }
    #expect(Self.row("score", in: damaged) != nil)
    try pane.press("q")
    try Self.expectRestored(pane)
  }

  @Test func `without a terminal, or with files that do not fit, it says so`() throws {
    let moved = try Moved.shared.get()
    let none = try LeewayProcess.run(["top", moved.stream] + moved.small.arguments)
    #expect(none.code == 64)
    #expect(none.errors.contains("leeway top needs a terminal"))
    let stream = try LeewayProcess.run(["top", moved.stream])
    #expect(stream.code == 1)
    #expect(stream.errors.contains("not a snapshot"))
    for arguments in [
      ["top", "a", "b"], ["top", "-"], ["top", "a", "--speed", "1"],
      ["top", "a", "-m", "m", "--speed", "0"], ["top", "a", "-m", "m", "--threads", "0"],
      ["run", "--snapshot", "-"] + moved.small.arguments,
    ] {
      let outcome = try LeewayProcess.run(arguments)
      #expect(outcome.code == 64, "\(arguments): \(outcome.errors)")
    }
  }

  private static func write(_ lines: ArraySlice<String>, to descriptor: Int32) throws {
    var rest = Array((lines.joined(separator: "\n") + "\n").utf8)[...]
    while !rest.isEmpty {
      let count = unsafe rest.withUnsafeBytes {
        unsafe Glibc.write(descriptor, $0.baseAddress, $0.count)
      }
      guard count > 0 else { throw ProcessFailure(errno) }
      rest = rest.dropFirst(count)
    }
  }

  /// Holds a snapshot to the schema of records: every type is there, with the members it says.
  private func expectRecords(_ path: String) throws {
    let schema = try JSONSerialization.jsonObject(
      with: Data(contentsOf: URL(filePath: Repository.path("docs/records.schema.json")))
    )
    let types = (schema as? [String: Any])?["$defs"] as? [String: Any] ?? [:]
    var seen: Set<String> = []
    for line in try text(of: path).split(separator: "\n") {
      let record = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any] ?? [:]
      let type = try #require(record["type"] as? String)
      seen.insert(type)
      let definition = try #require(types[type] as? [String: Any], "\(type)")
      let members = definition["properties"] as? [String: Any] ?? [:]
      let required = definition["required"] as? [String] ?? []
      #expect(Set(record.keys).isSubset(of: members.keys), "\(line)")
      #expect(Set(required).isSubset(of: record.keys), "\(line)")
    }
    let expected: Set = [
      "snapshot", "metric", "comparison", "compared_bin", "open_incident", "standing", "part",
    ]
    #expect(seen == expected)
  }
}
