import Foundation
import Glibc
import TestSupport
import Testing

/// `--state`: what outlives a process.
@Suite struct StateTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// The outputs of one run after the other.
  private func outputs(_ name: String) -> [String] {
    [
      "--state", folder.path("state-\(name)"), "--metrics", folder.path("metrics-\(name)"),
      "--alerts", folder.path("alerts-\(name)"), "--dead-letters", folder.path("letters-\(name)"),
    ]
  }

  private func written(_ name: String) throws -> [String] {
    try ["metrics", "alerts", "letters"].map { try text(of: folder.path("\($0)-\(name)")) }
  }

  /// A monitor of latencies with a window.
  private func monitor(_ window: String) throws -> String {
    try folder.write(
      """
      model: m
      events: {prediction: {time: {field: ts, unit: s}, latency: {field: ms, unit: ms}}}
      windows: {w: \(window)}
      """,
      as: "monitor.yaml"
    )
  }

  /// Flights with some lines that nobody can read.
  private func flights(_ count: Int) throws -> (arguments: [String], bytes: [UInt8]) {
    let recorded = try RunTests.Recorded.shared.get()
    var lines = recorded.bytes.split(separator: 0x0a).prefix(count).map(Array.init)
    for index in stride(from: 50, to: lines.count, by: 400) {
      lines.insert(Array("{broken".utf8), at: index)
    }
    return (recorded.arguments, lines.flatMap { $0 + [0x0a] })
  }

  @Test(arguments: [UInt64](1...2))
  func `a file that grows is replayed in pieces to the bytes of one replay`(seed: UInt64) throws {
    let (arguments, bytes) = try flights(4000)
    let whole = folder.path("whole.ndjson")
    try Data(bytes).write(to: URL(filePath: whole))
    let command = ["replay", "-q", "--allow-refused", "100%"] + arguments
    _ = try LeewayProcess.run(command + outputs("whole") + [whole])
    var random = SeededGenerator(seed: seed)
    let cuts = (0..<24).map { _ in Int(random.next() % UInt64(bytes.count)) }.sorted()
    let grown = folder.path("grown.ndjson")
    for (index, cut) in (cuts + [bytes.count]).enumerated() {
      try Data(bytes[..<cut]).write(to: URL(filePath: grown))
      let threads = index.isMultiple(of: 2) ? "1" : "3"
      let outcome = try LeewayProcess.run(
        command + ["--threads", threads] + outputs("cut") + [grown]
      )
      #expect(outcome.code == 0, "\(outcome.errors)")
    }
    let expected = try written("whole").map { $0.replacing(whole, with: grown) }
    #expect(expected[1].contains("firing"))
    #expect(expected[2].contains("dead_letter"))
    #expect(try written("cut") == expected, "seed \(seed)")
  }

  /// The first lines of a stream wait until others bear out their times, and letters behind them too.
  @Test
  func `a line of a pipe that cannot be used is a dead letter also where a restart came first`()
    throws
  {
    let monitor = try monitor("{size: 1h, slide: 10m}")
    let command = ["run", "-q", "-m", monitor] + outputs("pipe")
    for (start, count) in [(0, 6), (6, 60)] {
      var lines = (start..<start + count).map { "{\"ts\":\(1_700_000_000 + $0),\"ms\":1}\n" }
      lines.insert("{broken \(start)\n", at: 3)
      let process = try LeewayProcess(command, input: .pipe)
      try process.write(Array(lines.joined().utf8))
      process.endInput()
      let outcome = try process.wait()
      #expect(outcome.code == 0, "\(outcome.errors)")
    }
    let letters = try written("pipe")[2].split(separator: "\n")
    let raw = ["{broken 0", "{broken 6"].map { Data($0.utf8).base64EncodedString() }
    #expect(letters.count == 2)
    #expect(zip(letters, raw).allSatisfy { $0.contains($1) }, "\(letters)")
  }

  /// It is told once while the process goes on, and is no reason to end well.
  @Test func `a state that cannot be kept at the end is an error, also where it was told before`()
    throws
  {
    let monitor = try monitor("{size: 1h, slide: 10m}")
    let state = folder.path("gone")
    let process = try LeewayProcess(
      ["run", "-m", monitor, "--state", state, "--state-interval", "1s"],
      input: .pipe
    )
    try process.write(Array("{\"ts\":1700000000,\"ms\":1}\n".utf8))
    waitAMinute { FileManager.default.fileExists(atPath: state + "/state") }
    try FileManager.default.removeItem(atPath: state)
    waitAMinute { process.errorsSoFar.contains("gone/state.part") }
    process.endInput()
    let outcome = try process.wait()
    #expect(outcome.code == 1, "\(outcome.errors)")
    #expect(outcome.errors.components(separatedBy: "gone/state.part").count == 3)
  }

  /// Panes are as wide as all windows allow: another window changes where the last one ended.
  @Test(arguments: [("1m", "10m"), ("10m", "1m"), ("7m", "2m")])
  func `under windows that move otherwise no event is late that was not`(
    first: String,
    second: String
  ) throws {
    let state = folder.path("state")
    for (part, slide) in [first, second].enumerated() {
      let monitor = try monitor("{size: 70m, slide: \(slide)}")
      let events = (0..<2000).map { index in
        "{\"ts\":\(1_700_000_000 + (part * 2000 + index) * 10),\"ms\":\(index % 100)}\n"
      }
      let metrics = folder.path("metrics-\(part)")
      let process = try LeewayProcess(
        ["run", "-m", monitor, "--state", state, "--metrics", metrics],
        input: .pipe
      )
      try process.write(Array(events.joined().utf8))
      process.endInput()
      let outcome = try process.wait()
      #expect(outcome.errors.contains("2000 predictions, 0 other events, 0 refused"))
      #expect(try text(of: metrics).contains("\"window\":\"w\""), "\(outcome.errors)")
    }
  }

  /// What is open is not told again by the process that goes on: it has to know.
  @Test func `what an earlier process left open is in the snapshot, the summary and the report`()
    throws
  {
    let moved = try TopTests.Moved.shared.get()
    let half = try folder.write(moved.lines[..<700].joined(separator: "\n") + "\n", as: "half")
    let (state, snapshot) = (folder.path("open"), folder.path("snapshot"))
    let alerts = ["--alerts", folder.path("alerts"), "-q", "--state", state]
    let first = try LeewayProcess.run(
      ["run"] + moved.small.arguments + alerts,
      input: .file(half)
    )
    #expect(first.code == 0, "\(first.errors)")
    let told = try text(of: folder.path("alerts")).split(separator: "\n")
    let fired = try #require(told.last { $0.contains("\"state\":\"firing\"") })
    let member = { (name: String) in ReportTests.Replay.member(name, of: fired) ?? "?" }

    let nothing = try folder.write("", as: "nothing")
    let again = try LeewayProcess.run(
      ["run", "--snapshot", snapshot] + moved.small.arguments + alerts,
      input: .file(nothing)
    )
    #expect(again.code == 0, "\(again.errors)")
    let lines = try text(of: snapshot).split(separator: "\n")
    let open = try #require(lines.first { $0.contains("\"type\":\"open_incident\"") })
    #expect(open.contains("\"incident\":\"\(member("incident"))\""))
    #expect(open.contains("\"title\":\"Drift: score\""))
    let standing = try #require(lines.first { $0.contains("\"type\":\"standing\"") })
    #expect(standing.contains("\"alert\":\"Moved\",\"fingerprint\":\"\(member("fingerprint"))\""))
    #expect(standing.contains("\"severity\":\"warning\",\"signal\":\"score\""))
    #expect(standing.contains("\"since\":\"\(member("starts_at"))\""), "\(standing)")
    #expect(lines[0].contains("\"alerts\":1,\"incidents\":1"))

    let page = folder.path("page")
    let replayed = try LeewayProcess.run(
      ["replay", nothing, "--report", page, "--state", state] + moved.small.arguments
    )
    let summary = replayed.output + replayed.errors
    #expect(summary.contains("open at the end"), "\(summary)")
    #expect(try text(of: page).contains("Incident 1</a> is open since"))
  }

  @Test func `a file is known again under another name and packed, and another one begins`() throws
  {
    let (arguments, bytes) = try flights(3000)
    let half = bytes.count / 2
    let end = try #require(bytes[half...].firstIndex(of: 0x0a)) + 1
    let command = ["replay"] + arguments + ["--state", folder.path("state")]
    let today = folder.path("today.ndjson")
    try Data(bytes[..<end]).write(to: URL(filePath: today))
    let first = try LeewayProcess.run(command + [today])
    #expect(first.code == 0, "\(first.errors)")
    let yesterday = folder.path("yesterday.ndjson")
    try FileManager.default.moveItem(atPath: today, toPath: yesterday)
    try Repository.pack("gzip", yesterday, to: yesterday + ".gz")
    try Data(bytes[end...]).write(to: URL(filePath: today))
    let dead = folder.path("dead")
    let again = try LeewayProcess.run(
      command + [yesterday + ".gz", today, "--dead-letters", dead, "-q"]
    )
    #expect(again.code == 0, "\(again.errors)")
    // Only the lines of the other file: those that are known were counted.
    #expect(try text(of: dead).contains("today.ndjson"))
    #expect(try !text(of: dead).contains("yesterday"))
  }

  @Test func `a last line without an end waits for its rest, and a whole object does not`() throws {
    let (arguments, bytes) = try flights(40)
    let lines = bytes.split(separator: 0x0a).map(Array.init)
    let path = folder.path("log")
    let command = ["replay"] + arguments + ["--state", folder.path("state")]
    let torn = lines[0] + [0x0a] + lines[1].dropLast(5)
    try Data(torn).write(to: URL(filePath: path))
    // The first predictions wait for more, so that the clock is known; a torn one is not read.
    let first = try LeewayProcess.run(command + [path]).output
    #expect(first.contains("1 prediction of the streams' last lines wait"), "\(first)")
    let bytesOfTorn = torn.count - lines[0].count - 1
    #expect(first.contains("log: the last line has no end yet, \(bytesOfTorn) bytes"), "\(first)")
    try Data(lines[0] + [0x0a] + lines[1]).write(to: URL(filePath: path))
    let second = try LeewayProcess.run(command + [path]).output
    #expect(second.contains("2 predictions of the streams' last lines wait"), "\(second)")
    try Data(bytes).write(to: URL(filePath: path))
    let third = try LeewayProcess.run(command + [path])
    #expect(third.output.contains("40 predictions in"), "\(third.output)")
    #expect(!third.output.contains("wait until"), "\(third.output)")
  }

  @Test func `one process at a time holds a state folder`() throws {
    let recorded = try RunTests.Recorded.shared.get()
    let state = folder.path("state")
    let holder = try LeewayProcess(
      ["run", "--state", state] + recorded.arguments,
      input: .pipe
    )
    try holder.write(recorded.bytes)
    while !holder.errorsSoFar.contains("watching") { usleep(2000) }
    let other = try LeewayProcess.run(["run", "--state", state] + recorded.arguments)
    #expect(other.code == 1)
    #expect(other.errors.contains("another leeway holds this state folder"), "\(other.errors)")
    holder.send(SIGTERM)
    #expect(try holder.wait().code == 0)
    holder.endInput()
  }

  @Test func `a damaged state is refused by name, and nothing is written over`() throws {
    let (arguments, bytes) = try flights(500)
    let path = folder.path("log")
    try Data(bytes).write(to: URL(filePath: path))
    let state = folder.path("state")
    let command = ["replay", "-q", "--state", state] + arguments + [path]
    #expect(try LeewayProcess.run(command).code == 0)
    let file = URL(filePath: state + "/state")
    let copy = URL(filePath: state + "/state.copy")
    let good = try Data(contentsOf: file)
    #expect(try Data(contentsOf: copy) == good)
    var random = SeededGenerator(seed: 3)
    for round in 0..<30 {
      var damaged = good
      if round.isMultiple(of: 2) {
        damaged = damaged.prefix(Int(random.next() % UInt64(good.count)))
      } else {
        damaged[Int(random.next() % UInt64(good.count))] ^= UInt8(1 << (random.next() % 8))
      }
      try damaged.write(to: file)
      try damaged.write(to: copy)
      let outcome = try LeewayProcess.run(command)
      #expect(outcome.code == 1)
      #expect(outcome.errors.contains(state + "/state: "), "\(outcome.errors)")
      #expect(try Data(contentsOf: file) == damaged)
    }
    // One of both is enough, and that it was needed is said.
    try good.write(to: copy)
    let saved = try LeewayProcess.run(command.filter { $0 != "-q" })
    #expect(saved.code == 0, "\(saved.errors)")
    #expect(
      saved.errors.contains("\(file.path): damaged: its copy, \(copy.path), is taken instead"),
      "\(saved.errors)"
    )
    #expect(try Data(contentsOf: file) == Data(contentsOf: copy))
    #expect(try LeewayProcess.run(command).code == 0)
  }

  @Test func `a state of another model is refused`() throws {
    let (arguments, bytes) = try flights(100)
    let path = folder.path("log")
    try Data(bytes).write(to: URL(filePath: path))
    let state = ["--state", folder.path("state")]
    #expect(try LeewayProcess.run(["replay", "-q"] + state + arguments + [path]).code == 0)
    let small = try SmallModel.shared.get()
    let other = try LeewayProcess.run(
      ["replay", "-q"] + state + small.arguments + [small.reference]
    )
    #expect(other.code == 1)
    #expect(other.errors.contains("and the monitor is of small"), "\(other.errors)")
  }

  @Test func `what the monitor counts otherwise begins anew and is named`() throws {
    let small = try SmallModel.shared.get()
    let state = ["--state", folder.path("state")]
    let first = try LeewayProcess.run(["replay"] + state + small.arguments + [small.reference])
    #expect(first.code == 0, "\(first.errors)")
    let changed = SmallModel.monitorText
      .replacing("features: [color]", with: "features: [{field: group, type: category}]")
      .replacing("psi(*) > 0.5", with: "psi(score) > 0.4")
    let monitor = try folder.write(changed, as: "monitor.yaml")
    let profile = folder.path("profile")
    _ = try LeewayProcess.run(["profile", "-q", "-m", monitor, small.reference, "-o", profile])
    let outcome = try LeewayProcess.run(
      ["replay"] + state + ["-m", monitor, "--profile", profile, small.reference]
    )
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(outcome.errors.contains("the profile is another one"), "\(outcome.errors)")
    #expect(outcome.errors.contains("group is new: it begins now"), "\(outcome.errors)")
    #expect(outcome.errors.contains("color is gone: it is dropped"), "\(outcome.errors)")
    #expect(!outcome.errors.contains("score is counted otherwise"), "\(outcome.errors)")
  }

  @Test func `windows that reach into the absence of run are cut, and nothing is silent in it`()
    throws
  {
    let small = try SmallModel.shared.get()
    let text =
      SmallModel.monitorText + "\n  - {alert: Silent, silence: 1h}\n"
      + "  - {alert: Few, expr: count(score) < 20, window: hour}\n"
    let monitor = try folder.write(text, as: "monitor.yaml")
    var random = SeededGenerator(seed: 8)
    // Two hours of events, a night that nobody reads, and two hours more.
    let start = SmallModel.start / 3600 * 3600
    let hours = [0, 12].map { hour in
      (0..<240).map { SmallModel.event(at: start + 3600 * hour + 30 * $0, score: 0.5, &random) }
    }
    for lines in hours {
      let process = try LeewayProcess(
        ["run", "-q", "-m", monitor, "--profile", small.profile] + outputs("run"),
        input: .pipe
      )
      try process.write(Array((lines.joined(separator: "\n") + "\n").utf8))
      process.endInput()
      #expect(try process.wait().code == 0)
    }
    let (metrics, alerts) = (try written("run")[0], try written("run")[1])
    let cut = metrics.split(separator: "\n").filter { $0.contains("\"cut\":true") }
    let ends = Set(cut.map { $0.prefix(60) })
    #expect(ends.count >= 6, "\(ends.sorted())")
    #expect(!alerts.contains("Silent"), "\(alerts)")
    #expect(!alerts.contains("Few"), "\(alerts)")
  }
}
