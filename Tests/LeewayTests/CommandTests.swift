import Foundation
import Testing
import TestSupport

/// The command line: exit codes, help, where things go.
@Suite struct CommandTests {
  @Test(arguments: [
    [], ["nonsense"], ["replay"], ["replay", "--nonsense"], ["profile"], ["inspect"], ["check"],
    ["replay", "-m", "M", "--profile", "P", "S", "--threads", "0"],
    ["replay", "-m", "M", "--profile", "P", "S", "--threads", "65"],
    ["replay", "-m", "M", "--profile", "P", "S", "--threads", "two"],
    ["replay", "-m", "M", "--profile", "P", "S", "--metrics", "x", "--alerts", "x"],
  ])
  func `wrong usage ends with 64`(arguments: [String]) throws {
    let outcome = try LeewayProcess.run(arguments)
    if arguments.isEmpty {
      #expect(outcome.code == 0 && outcome.output.contains("USAGE"))
    } else {
      #expect(outcome.code == 64, "\(outcome.errors)")
      #expect(outcome.output.isEmpty)
      #expect(outcome.errors.contains("\nSee 'leeway"))
      #expect(outcome.errors.split(separator: "\n").count == 2)
    }
  }

  @Test func `windows of events take one stream, and no profile is wrong usage`() throws {
    let small = try SmallModel.shared.get()
    let counting = try small.folder.write(
      """
      model: small
      events: {prediction: {time: ts, score: score}}
      windows: {chunk: {events: 10}}
      """,
      as: "counting.yaml"
    )
    let two = try LeewayProcess.run([
      "replay", "-m", counting, "--profile", small.profile, small.reference, small.reference,
    ])
    #expect(two.code == 64)
    #expect(two.errors.contains("need one stream, got 2"))
    let none = try LeewayProcess.run(["replay", "-m", counting, small.reference])
    #expect(none.code == 64)
    #expect(none.errors.contains("--profile"))
  }

  @Test func `an agent file is checked as one`() throws {
    let folder = try TemporaryFolder()
    let text = "kafka: {bootstrap_servers: b}\nsinks: {alerts: {type: kafka, topic: t}}\n"
    let agent = try folder.write(text, as: "agent.yaml")
    let right = try LeewayProcess.run(["check", agent])
    #expect(right.code == 0)
    #expect(right.output == "\(agent): ok: an agent that writes alerts to t\n")
    _ = try folder.write(text.replacing("alerts", with: "alarms"), as: "agent.yaml")
    let wrong = try LeewayProcess.run(["check", folder.url.path])
    #expect(wrong.code == 1)
    #expect(wrong.errors.contains("agent.yaml:2:9: sinks: unknown key"), "\(wrong.errors)")
  }

  @Test func `what cannot be read or does not fit ends with 1 and names the file`() throws {
    let small = try SmallModel.shared.get()
    let wrong = try small.folder.write("model: 3\nwindow: 1h\n", as: "wrong.yaml")
    let other = try small.folder.write(
      SmallModel.monitorText.replacing("model: small", with: "model: other"),
      as: "other.yaml"
    )
    let cases: [(arguments: [String], words: String)] = [
      (["check", wrong], "wrong.yaml:2:1"),
      (["check", small.folder.path("absent.yaml")], "absent.yaml: cannot open"),
      (["inspect", small.monitor], "monitor.yaml: not a profile"),
      (["inspect", small.folder.path("absent")], "absent: cannot open"),
      (["replay", small.reference, "-m", wrong, "--profile", small.profile], "wrong.yaml:2:1"),
      (
        ["replay", small.reference, "-m", other, "--profile", small.profile],
        "the profile is of model \"small\", the monitor of \"other\""
      ),
      (["replay", small.folder.path("absent")] + small.arguments, "absent: cannot open"),
      (
        ["replay", small.reference, "--alerts", "/nowhere/alerts"] + small.arguments,
        "/nowhere/alerts: cannot open"
      ),
      (
        ["profile", "-m", small.monitor, small.monitor, "-o", small.folder.path("p")],
        "none of 20 lines is a prediction"
      ),
    ]
    for (arguments, words) in cases {
      let outcome = try LeewayProcess.run(arguments)
      #expect(outcome.code == 1, "\(arguments): \(outcome.errors)")
      #expect(outcome.errors.contains(words), "\(arguments): \(outcome.errors)")
    }
  }

  @Test func `an alert ends a replay with 1 only when that is asked for`() throws {
    let small = try SmallModel.shared.get()
    var random = SeededGenerator(seed: 9)
    let moved = try small.folder.write(
      (0..<500).map {
        SmallModel.event(at: 1_700_000_000 + 5 * $0, score: 0.01 * random.uniform(), &random)
      }
      .joined(separator: "\n"),
      as: "moved"
    )
    let fired = try LeewayProcess.run(["replay", "--fail-on-alert", moved] + small.arguments)
    #expect(fired.code == 1)
    #expect(fired.output.contains("Moved"))
    #expect(try LeewayProcess.run(["replay", moved] + small.arguments).code == 0)
    let calm = ["replay", "--fail-on-alert", small.reference] + small.arguments
    #expect(try LeewayProcess.run(calm).code == 0)
  }

  @Test(arguments: [
    ("run", ["--monitor", "--profile", "--metrics", "--alerts", "--dead-letters", "--threads"]),
    (
      "replay",
      [
        "--monitor", "--profile", "--metrics", "--alerts", "--dead-letters", "--threads",
        "--output",
        "--fail-on-alert", "--quiet",
      ]
    ),
    ("profile", ["--monitor", "--output", "--dead-letters", "--quiet"]),
    ("check", ["--strict", "<paths>"]),
    ("top", ["--monitor", "--speed", "<files>"]),
    ("init", ["--constraints", "--lines", "<stream>"]),
    ("test", ["--run", "--junit", "<paths>"]), ("generate", ["--until", "--without", "<file>"]),
    ("inspect", ["--json", "<file>"]),
    ("feedback", ["--format", "--answers", "--from-name", "--to-name", "--time", "<requests>"]),
  ])
  func `help names every option`(command: String, options: [String]) throws {
    for arguments in [["help", command], [command, "--help"]] {
      let outcome = try LeewayProcess.run(arguments)
      #expect(outcome.code == 0)
      #expect(outcome.errors.isEmpty)
      for option in options { #expect(outcome.output.contains(option), "\(command) \(option)") }
    }
  }

  @Test func `the version is three numbers`() throws {
    let version = try LeewayProcess.run(["--version"])
    #expect(version.code == 0)
    #expect(version.output.split(separator: ".").count == 3)
  }

  @Test func `a hyphen is standard input and output`() throws {
    let small = try SmallModel.shared.get()
    let metrics = small.folder.path("hyphen.metrics")
    _ = try LeewayProcess.run(
      ["replay", "-q", small.reference, "--metrics", metrics] + small.arguments
    )
    let piped = try LeewayProcess.run(
      ["replay", "-q", "-", "--metrics", "-"] + small.arguments,
      input: .file(small.reference)
    )
    #expect(piped.code == 0)
    #expect(piped.output == (try text(of: metrics)))
    #expect(piped.errors.isEmpty)
    let profiled = small.folder.path("hyphen.profile")
    _ = try LeewayProcess.run(
      ["profile", "-q", "-m", small.monitor, "-o", profiled],
      input: .file(small.reference)
    )
    let both = try [profiled, small.profile].map { try Data(contentsOf: URL(filePath: $0)) }
    #expect(both[0] == both[1])
  }

  @Test func `inspect names no value that fewer than five events have`() throws {
    let folder = try TemporaryFolder()
    let monitor = try folder.write(
      "{model: m, events: {prediction: {time: {field: ts, unit: s}, features: [town]}}}",
      as: "m.yaml"
    )
    let towns = Array(repeating: "Ulm", count: 5) + Array(repeating: "Bex", count: 4)
    let lines = towns.enumerated().map { "{\"ts\":\(1_600_000_000 + $0),\"town\":\"\($1)\"}\n" }
    let stream = try folder.write(lines.joined(), as: "r.ndjson")
    let profile = folder.path("p")
    let made = try LeewayProcess.run(["profile", "-m", monitor, "-o", profile, stream])
    #expect(made.code == 0, "\(made.errors)")
    let words = try LeewayProcess.run(["inspect", profile]).output
    #expect(words.contains("Ulm 55.6 %") && !words.contains("Bex"), "\(words)")
    let json = try LeewayProcess.run(["inspect", "--json", profile]).output
    #expect(json.contains(#""values":[null,"Ulm"],"counts":[4,5]"#), "\(json)")
  }

  @Test func `inspect tells what a profile holds, to people and programs`() throws {
    let small = try SmallModel.shared.get()
    let table = try LeewayProcess.run(["inspect", small.profile])
    #expect(table.code == 0)
    for word in ["small", "2,000", "score", "color", "red"] {
      #expect(table.output.contains(word), "\(word): \(table.output)")
    }
    let json = try LeewayProcess.run(["inspect", "--json", small.profile])
    let object = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
    #expect(object?["events"] as? Int == 2000)
    #expect((object?["signals"] as? [Any])?.count == 2)
  }

  @Test func `a damaged profile is refused in words, wherever the damage is`() throws {
    let small = try SmallModel.shared.get()
    let whole = try Data(contentsOf: URL(filePath: small.profile))
    var random = SeededGenerator(seed: 3)
    for attempt in 0..<12 {
      var damaged = whole
      if attempt % 2 == 0 {
        damaged = damaged.prefix(Int(random.next() % UInt64(whole.count)))
      } else {
        damaged[Int(random.next() % UInt64(whole.count))] ^= 1 << UInt8(random.next() % 8)
      }
      let path = small.folder.path("damaged-\(attempt)")
      try damaged.write(to: URL(filePath: path))
      for arguments in [
        ["inspect", path], ["replay", small.reference, "-m", small.monitor, "--profile", path],
      ] {
        let outcome = try LeewayProcess.run(arguments)
        #expect(outcome.code == 1, "attempt \(attempt): \(outcome.errors)")
        #expect(outcome.output.isEmpty)
        #expect(outcome.errors.hasPrefix("\(path): "), "\(outcome.errors)")
        #expect(outcome.errors.contains("profile"), "\(outcome.errors)")
      }
    }
  }
}
