import Foundation
import Glibc
import TestSupport
import Testing

/// Logs of Kubernetes' container runtime, which cuts long lines into parts.
@Suite struct ContainerLogTests {
  private let folder: TemporaryFolder
  /// What three models have written, a line each.
  private let events: [String]

  init() throws {
    folder = try TemporaryFolder()
    events = MonitorFolderTests.lines(1200, seed: 5, from: 1_700_100_000)
    try FileManager.default.createDirectory(
      atPath: folder.path("rules"),
      withIntermediateDirectories: true
    )
    let reference = MonitorFolderTests.lines(900, seed: 4, from: 1_700_000_000)
      .filter { $0.contains("\"x\"") }
    let file = try folder.write(Self.log(reference, seed: 9, cutting: true), as: "reference")
    for model in ["a", "b"] {
      let text = MonitorFolderTests.monitor(model)
        .replacing("events:\n", with: "events:\n  prefix: cri\n")
      let monitor = try folder.write(
        text + "\nlimits: {line_bytes: 1024}\n",
        as: "rules/\(model).yaml"
      )
      let made = try LeewayProcess.run(
        ["profile", "-q", "-m", monitor, file, "-o", folder.path("\(model).leeway")]
      )
      #expect(made.code == 0, "\(made.errors)")
    }
  }

  private static let time = "2026-01-31T12:00:00.000000000Z"

  /// What the runtime writes of lines, whole or in parts, with what else the container says.
  private static func log(_ lines: [String], seed: UInt64, cutting: Bool) -> String {
    var random = SeededGenerator(seed: seed)
    var log = ""
    for (index, line) in lines.enumerated() {
      var rest = Substring(line)
      while cutting, random.next() % 3 == 0 {
        let part = rest.prefix(Int(random.next() % 60))
        log += "\(time) stdout P \(part)\n"
        rest = rest.dropFirst(part.count)
        // Of what is said in between nothing but the refusal remains.
        if index % 7 == 0 { log += "\(time) stderr P it is \n" }
      }
      log += "\(time) stdout F \(rest)\n"
      if index % 7 == 0 { log += "\(time) stderr F said\n" }
    }
    return log
  }

  private func outputs(_ name: String) -> [String] {
    [
      "--metrics", folder.path("metrics-\(name)"), "--alerts", folder.path("alerts-\(name)"),
      "--dead-letters", folder.path("letters-\(name)"),
    ]
  }

  private func written(_ kind: String, _ name: String) throws -> [String] {
    try text(of: folder.path("\(kind)-\(name)")).split(separator: "\n").map(String.init)
  }

  private var monitor: [String] { ["-m", folder.path("rules/b.yaml")] }

  private func replay(_ log: String, _ name: String, _ more: [String] = []) throws -> String {
    let file = try folder.write(log, as: "log")
    let run = try LeewayProcess.run(
      ["replay", "--allow-refused", "100%", file] + monitor + outputs(name) + more
    )
    #expect(run.code == 0, "\(run.errors)")
    return run.output + run.errors
  }

  // MARK: Replays

  @Test(arguments: [UInt64](1...3))
  func `a log that is cut anywhere says what the whole one says`(seed: UInt64) throws {
    let whole = try replay(Self.log(events, seed: seed, cutting: false), "whole")
    let log = Self.log(events, seed: seed, cutting: true)
    let cut = try replay(log, "cut")
    #expect(log.contains("stdout P") && !cut.contains("line_partial"))
    // A line that was joined counts as one.
    let read = [whole, cut].map { $0.split(separator: "\n").filter { $0.hasPrefix("Read:") } }
    #expect(read[0] == read[1] && !read[0].isEmpty)
    for kind in ["metrics", "alerts"] {
      #expect(try written(kind, "cut") == written(kind, "whole"), "\(kind), seed \(seed)")
    }
    #expect(try !written("alerts", "whole").isEmpty)
    let lines = log.split(separator: "\n")
    let letters = try written("letters", "cut")
    #expect(try letters.count == written("letters", "whole").count)
    for letter in letters {
      let member = { ReportTests.Replay.member($0, of: Substring(letter)) ?? "" }
      let number = try #require(Int(member("line")))
      let length = try #require(Int(member("length")))
      let raw = try #require(Data(base64Encoded: member("raw")))
      #expect(raw.count == length, "\(letter)")
      // The place is that of the first part, of which the letter has all but the tag.
      #expect(lines[number - 1].prefix(38) == String(decoding: raw, as: UTF8.self).prefix(38))
      let offset = lines[..<(number - 1)].reduce(0) { $0 + $1.utf8.count + 1 }
      #expect(member("offset") == "\(offset)")
    }
    for (index, more) in [
      ["--threads", "3"], ["--threads", "2", "--batch", "7"], ["--batch", "1"],
    ].enumerated() {
      #expect(try replay(log, "other", more) == cut, "\(more)")
      for kind in ["metrics", "alerts", "letters"] {
        #expect(try written(kind, "other") == written(kind, "cut"), "\(kind), \(index)")
      }
    }
    // Standard error's lines have no time, so that they stay where they are.
    _ = try replay(log, "sorted", ["--sort"])
    #expect(try written("metrics", "sorted") == written("metrics", "cut"))
    #expect(try Set(written("letters", "sorted")) == Set(letters))
  }

  @Test func `what has no end is refused once, and with a state it waits`() throws {
    let whole = Self.log(Array(events.prefix(60)), seed: 1, cutting: false)
    let part = "\(Self.time) stdout P {\"model\":\"b\","
    let said = try replay(whole + part + "\n\(Self.time) stdout P \"id\":\"late\"\n", "part")
    #expect(said.contains("line_partial: 1"), "\(said)")
    let letters = try written("letters", "part").filter { $0.contains("line_partial") }
    try #require(letters.count == 1)
    #expect(letters[0].contains("\"line\":\(whole.count { $0 == "\n" } + 1),"), "\(letters)")
    #expect(letters[0].contains("\"offset\":\(whole.utf8.count),"), "\(letters)")
    #expect(letters[0].contains("\"length\":\(part.utf8.count + 11),"), "\(letters)")

    let state = ["--state", folder.path("state")]
    let waits = try replay(whole + part + "\n", "waits", state)
    #expect(waits.contains("the last line has no end yet, \(part.utf8.count) bytes"), "\(waits)")
    #expect(try !written("letters", "waits").contains { $0.contains("line_partial") })
    // Where nobody reads the file any more, it is refused as at its end.
    let other = try folder.write(
      Self.log(Array(events[60..<120]), seed: 1, cutting: false),
      as: "other"
    )
    let run = try LeewayProcess.run(
      ["replay", "--allow-refused", "100%", other] + monitor + outputs("waits") + state
    )
    #expect(run.code == 0, "\(run.errors)")
    let gone = try written("letters", "waits").filter { $0.contains("line_partial") }
    try #require(gone.count == 1)
    #expect(gone[0].contains("\"length\":\(part.utf8.count),"), "\(gone)")
    #expect(gone[0].contains("\"source\":\"\(folder.path("log"))\""), "\(gone)")
  }

  @Test func `a line that is too long when it is joined is refused once`() throws {
    let text = String(repeating: "x", count: 500)
    let parts =
      "\(Self.time) stdout P {\"x\":\"\n"
      + String(repeating: "\(Self.time) stdout P \(text)\n", count: 20)
    let log = parts + "\(Self.time) stdout F \"}\n" + Self.log(events, seed: 1, cutting: false)
    let said = try replay(log, "long", ["--threads", "2"])
    #expect(said.contains("line_too_long: 1"), "\(said)")
    let letters = try written("letters", "long").filter { $0.contains("line_too_long") }
    let length = "\(Self.time) stdout F ".count + 6 + 20 * 500 + 2
    #expect(letters.count == 1 && letters[0].contains("\"length\":\(length),"), "\(letters)")
    #expect(letters[0].contains("\"line\":1,\"offset\":0,"), "\(letters)")
  }

  @Test func `a profile, and a pipe, of a log that is cut are those of the whole one`() throws {
    var made: [[UInt8]] = []
    var said: [[String]] = []
    for cutting in [false, true] {
      let log = try folder.write(Self.log(events, seed: 3, cutting: cutting), as: "log")
      let profile = folder.path("profile-\(cutting)")
      let profiled = try LeewayProcess.run(["profile", "-q", log, "-o", profile] + monitor)
      #expect(profiled.code == 0, "\(profiled.errors)")
      made.append(Array(try Data(contentsOf: URL(filePath: profile))))
      let run = try LeewayProcess.run(
        ["run", "-q", "-"] + monitor + outputs("pipe-\(cutting)"),
        input: .file(log)
      )
      #expect(run.code == 0, "\(run.errors)")
      said.append(try written("metrics", "pipe-\(cutting)"))
    }
    #expect(made[0] == made[1])
    #expect(said[0] == said[1] && !said[0].isEmpty)
  }

  @Test func `init finds the fields of a log all of whose events are cut`() throws {
    var log = ""
    for line in events.prefix(300) {
      log += "\(Self.time) stdout P \(line.prefix(20))\n"
      log += "\(Self.time) stdout F \(line.dropFirst(20))\n"
    }
    let outcome = try LeewayProcess.run(["init", folder.write(log, as: "cut")])
    #expect(outcome.output.contains("prefix: cri"), "\(outcome.output)")
    #expect(outcome.output.contains("score: score"), "\(outcome.output)")
  }

  // MARK: Restarts

  @Test(arguments: [UInt64](1...2))
  func `a log that grows is replayed in pieces to the bytes of one replay`(seed: UInt64) throws {
    let bytes = Array(Self.log(events, seed: seed, cutting: true).utf8)
    let grown = folder.path("grown")
    var random = SeededGenerator(seed: seed)
    let cuts = (0..<12).map { _ in Int(random.next() % UInt64(bytes.count)) }.sorted()
    let command = ["replay", "-q", "--allow-refused", "100%"] + monitor
    let state = { (name: String) in ["--state", self.folder.path("state-\(name)")] }
    try Data(bytes).write(to: URL(filePath: grown))
    _ = try LeewayProcess.run(command + outputs("whole") + state("whole") + [grown])
    for (index, cut) in (cuts + [bytes.count]).enumerated() {
      try Data(bytes[..<cut]).write(to: URL(filePath: grown))
      let threads = index.isMultiple(of: 2) ? "1" : "3"
      let run = try LeewayProcess.run(
        command + ["--threads", threads] + outputs("cut") + state("cut") + [grown]
      )
      #expect(run.code == 0, "\(run.errors)")
    }
    for kind in ["metrics", "alerts", "letters"] {
      #expect(try written(kind, "cut") == written(kind, "whole"), "\(kind), seed \(seed)")
    }
    #expect(try !written("letters", "whole").isEmpty)
  }

  private func append(_ text: String, to log: String) throws {
    if !FileManager.default.fileExists(atPath: log) {
      _ = FileManager.default.createFile(atPath: log, contents: nil)
    }
    let file = try #require(FileHandle(forWritingAtPath: log))
    try file.seekToEnd()
    try file.write(contentsOf: Data(text.utf8))
    try file.close()
  }

  /// Waits until a line that nobody can read is a dead letter; a minute at most.
  private func wait(forLetter line: String) {
    let raw = "\"raw\":\"\(Data(line.utf8).base64EncodedString())\""
    for _ in 0..<6_000 {
      if (try? text(of: folder.path("letters-run")))?.contains(raw) ?? false { return }
      usleep(10_000)
    }
    Issue.record("nobody said \(line)")
  }

  /// Between the parts of lines the log is rotated, or its reader killed, stopped and started anew:
  /// all says what one replay says.
  @Test(arguments: [false, true])
  func `a log that is followed loses no part, through rotations and kill -9`(
    severalMonitors: Bool
  ) throws {
    let log = folder.path("0.log")
    var whole = ""
    let command =
      ["run", "-q", "--follow", log, "--state", folder.path("state")]
      + (severalMonitors ? ["-c", folder.path("rules")] : monitor) + outputs("run")
    var process = try LeewayProcess(command)
    for index in 0..<6 {
      let piece = Array(events[(index * events.count / 6)..<((index + 1) * events.count / 6)])
      var text = Self.log(piece, seed: UInt64(index), cutting: true)
      if index > 0 { text = "\(Self.time) stdout P lf\(index),\n\(Self.time) stdout F }\n" + text }
      // A line that nobody can read tells when all before it were read, but for the parts behind it.
      text += "\(Self.time) stdout F {broken \(index)\n"
      whole += text
      try append(text, to: log)
      wait(forLetter: "\(Self.time) stdout F {broken \(index)")
      let part = "\(Self.time) stdout P {\"ha\n\(Self.time) stderr P never\n"
      whole += part
      try append(part, to: log)
      switch index {
      case 1, 4: try FileManager.default.moveItem(atPath: log, toPath: log + ".\(index)")
      case 2:
        // Its last state is of before the rotation.
        process.send(SIGKILL)
        #expect(try process.wait().code == -SIGKILL)
        process = try LeewayProcess(command)
      default:
        process.send(SIGTERM)
        let outcome = try process.wait()
        #expect(outcome.code == 0, "\(outcome.errors)")
        if index == 3 { try FileManager.default.moveItem(atPath: log, toPath: log + ".3") }
        if index < 5 { process = try LeewayProcess(command) }
      }
    }

    for model in severalMonitors ? ["a", "b"] : ["b"] {
      let file = try folder.write(whole, as: "whole")
      let replayed = try LeewayProcess.run(
        ["replay", "-q", "--allow-refused", "100%", file, "-m", folder.path("rules/\(model).yaml")]
          + outputs(model) + ["--state", folder.path("state-\(model)")]
      )
      #expect(replayed.code == 0, "\(replayed.errors)")
      for kind in ["metrics", "alerts"] {
        let said = try written(kind, "run").filter { $0.contains("\"model\":\"\(model)\"") }
        let expected = try written(kind, model)
        let different = Set(said).symmetricDifference(expected)
        #expect(different.isEmpty, "\(kind): \(different.count), \(different.sorted().prefix(3))")
      }
      #expect(try !written("metrics", model).isEmpty)
      // The halves that were joined are the lines that nobody can read; their places are the file's.
      let halves = try written("letters", "run").compactMap { letter -> String? in
        let raw = ReportTests.Replay.member("raw", of: Substring(letter)) ?? ""
        let line = Data(base64Encoded: raw).map { String(decoding: $0, as: UTF8.self) } ?? ""
        return line.contains("{\"half") ? line : nil
      }
      #expect(
        Set(halves) == Set((1..<6).map { "\(Self.time) stdout F {\"half\($0),}" }),
        "\(halves)"
      )
    }
  }
}
