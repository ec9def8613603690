import Foundation
import Glibc
import Testing
import TestSupport

/// `leeway run`: events come through a pipe, alerts leave at once, a signal ends it in order.
@Suite struct RunTests {
  /// A few weeks of flights, and the alerts of a replay of them.
  struct Recorded {
    let arguments: [String]
    let bytes: [UInt8]
    let alerts: String

    static let shared = Result { try Recorded() }

    private init() throws {
      let baseline = try DeterminismTests.Baseline.shared.get()
      arguments = ["-m", baseline.monitor, "--profile", try Flights.shared.get().profile]
      bytes = Array((baseline.lines.prefix(4000).joined(separator: "\n") + "\n").utf8)
      let stream = baseline.folder.path("recorded")
      try Data(bytes).write(to: URL(filePath: stream))
      let alerts = baseline.folder.path("recorded.alerts")
      _ = try LeewayProcess.run(["replay", "-q", stream, "--alerts", alerts] + arguments)
      self.alerts = try text(of: alerts)
    }
  }

  @Test func `the end of input gives the alerts of a replay`() throws {
    let recorded = try Recorded.shared.get()
    #expect(recorded.alerts.contains("firing"))
    let process = try LeewayProcess(["run"] + recorded.arguments, input: .pipe)
    try process.write(recorded.bytes)
    process.endInput()
    let outcome = try process.wait()
    #expect(outcome.code == 0)
    #expect(outcome.output == recorded.alerts)
    #expect(outcome.errors.contains("end of input: 4000 predictions, 0 other events, 0 refused"))
  }

  @Test(arguments: [SIGTERM, SIGINT])
  func `a signal drains what was written, judges it and ends with 0`(signal: Int32) throws {
    let recorded = try Recorded.shared.get()
    let process = try LeewayProcess(["run"] + recorded.arguments, input: .pipe)
    try process.write(recorded.bytes)
    process.send(signal)
    let outcome = try process.wait()
    process.endInput()
    #expect(outcome.code == 0)
    #expect(outcome.output == recorded.alerts)
    #expect(outcome.errors.contains("stopped: 4000 predictions"), "\(outcome.errors)")
  }

  @Test(arguments: [UInt64](1...2))
  func `a pipe may deliver in any pieces`(seed: UInt64) throws {
    let recorded = try Recorded.shared.get()
    var random = SeededGenerator(seed: seed)
    let process = try LeewayProcess(["run", "-q"] + recorded.arguments, input: .pipe)
    var rest = recorded.bytes[...]
    while !rest.isEmpty {
      let length = 1 + Int(random.next() % (random.next() % 4 == 0 ? 20_000 : 700))
      try process.write(rest.prefix(length))
      rest = rest.dropFirst(length)
    }
    process.endInput()
    let outcome = try process.wait()
    #expect(outcome.code == 0)
    #expect(outcome.output == recorded.alerts, "seed \(seed)")
    #expect(outcome.errors.isEmpty)
  }

  @Test func `an end without a newline loses no event`() throws {
    let recorded = try Recorded.shared.get()
    let process = try LeewayProcess(
      ["run", "--threads", "2"] + recorded.arguments,
      input: .pipe
    )
    try process.write(recorded.bytes.dropLast())
    process.endInput()
    let outcome = try process.wait()
    #expect(outcome.output == recorded.alerts)
    #expect(outcome.errors.contains("4000 predictions"))
  }

  @Test func `a signal before any event ends with 0 and says nothing`() throws {
    let recorded = try Recorded.shared.get()
    let process = try LeewayProcess(["run", "-q"] + recorded.arguments, input: .pipe)
    process.send(SIGTERM)
    let outcome = try process.wait()
    process.endInput()
    // Before the process could say what to do with the signal, it ends as any process does.
    #expect(outcome.code == 0 || outcome.code == -SIGTERM)
    #expect(outcome.output.isEmpty)
  }

  @Test func `a silent stream does not hold the clock, and what it says too late is late`() throws {
    let folder = try TemporaryFolder()
    let reference = (0..<600).map { "{\"ts\":\(1_600_000_000 + $0),\"s\":\($0 % 10)}" }
    let stream = try folder.write(reference.joined(separator: "\n"), as: "reference")
    let monitor = try folder.write(
      """
      model: m
      events: {prediction: {time: ts, score: s}}
      windows: {minute: 1m}
      slide: 1m
      lateness: 0s
      idle: 1ns
      """,
      as: "monitor.yaml"
    )
    let profile = folder.path("profile")
    _ = try LeewayProcess.run(["profile", "-q", "-m", monitor, stream, "-o", profile])
    let silent = folder.path("silent")
    #expect(unsafe mkfifo(silent, 0o600) == 0)
    let letters = folder.path("letters")
    let metrics = folder.path("metrics")
    // Held open for reading and writing, so that nobody waits for the other end.
    let held = unsafe open(silent, O_RDWR)
    defer { close(held) }
    let process = try LeewayProcess(
      [
        "run", "-m", monitor, "--profile", profile, "-", silent,
        "--metrics", metrics, "--dead-letters", letters, "--alerts", folder.path("alerts"),
      ],
      input: .pipe
    )
    try process.write(Array((reference.joined(separator: "\n") + "\n").utf8))
    while !written(metrics).contains("2020-09-13T12:35:00Z") {
      try process.write([0x0a])
      sched_yield()
    }
    let late = Array("{\"ts\":1600000000,\"s\":1}\n".utf8)
    let count = unsafe late.withUnsafeBytes { unsafe write(held, $0.baseAddress, $0.count) }
    #expect(count == late.count)
    process.send(SIGTERM)
    let outcome = try process.wait()
    process.endInput()
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(outcome.errors.contains("600 predictions, 0 other events, 1 refused"))
    #expect(try text(of: letters).contains("\"reason\":\"late\""))
  }

  @Test func `lines that are all refused alert while no event comes`() throws {
    let folder = try TemporaryFolder()
    let events = (0..<600).map { "{\"ts\":\(1_600_000_000 + $0),\"s\":\($0 % 10)}\n" }.joined()
    let monitor = try folder.write(
      """
      model: m
      events: {prediction: {time: {field: ts, unit: s}, score: s}}
      windows: {minute: 1m}
      slide: 1m
      lateness: 0s
      idle: 1ns
      rules: [{alert: Refused, expr: mean(refused) > 1%}]
      """,
      as: "monitor.yaml"
    )
    let reference = try folder.write(events, as: "reference")
    let profile = folder.path("profile")
    _ = try LeewayProcess.run(["profile", "-q", "-m", monitor, reference, "-o", profile])
    let metrics = folder.path("metrics")
    let alerts = folder.path("alerts")
    let process = try LeewayProcess(
      ["run", "-m", monitor, "--profile", profile, "-", "--metrics", metrics, "--alerts", alerts],
      input: .pipe
    )
    try process.write(Array(events.utf8))
    // The last window with an event has ended by the machine's clock.
    while !written(metrics).contains("2020-09-13T12:37:00Z") {
      try process.write([0x0a])
      sched_yield()
    }
    #expect(!written(alerts).contains("Refused"))
    while !written(alerts).contains("Refused") {
      try process.write(Array("no event\n".utf8))
      sched_yield()
    }
    process.send(SIGTERM)
    let outcome = try process.wait()
    process.endInput()
    #expect(outcome.code == 0, "\(outcome.errors)")
    let alert = try text(of: alerts).split(separator: "\n").first { $0.contains("firing") }
    #expect(alert?.contains(#""value":1,"#) == true, "\(alert ?? "")")
  }

  @Test func `silence is told of while nothing comes, and what was held up is not late`() throws {
    let folder = try TemporaryFolder()
    let start = 1_600_000_000
    let reference = (0..<600).map { "{\"ts\":\(start + $0),\"s\":\($0 % 10)}" }
    let stream = try folder.write(reference.joined(separator: "\n"), as: "reference")
    let monitor = try folder.write(
      """
      model: m
      events: {prediction: {time: ts, score: s}}
      windows: {minute: 1m}
      lateness: 1s
      rules:
        - {alert: Silence, silence: 1s, severity: page}
      """,
      as: "monitor.yaml"
    )
    let profile = folder.path("profile")
    _ = try LeewayProcess.run(["profile", "-q", "-m", monitor, stream, "-o", profile])
    let alerts = folder.path("alerts")
    let process = try LeewayProcess(
      ["run", "-m", monitor, "--profile", profile, "--alerts", alerts],
      input: .pipe
    )
    // Half-second steps: no gap is as long as a second in the time of events.
    func lines(_ halves: Range<Int>) -> [UInt8] {
      Array(
        halves.map { half in
          "{\"ts\":\(start + half / 2).\(half % 2 * 5),\"s\":\(half % 10)}\n"
        }.joined().utf8
      )
    }
    try process.write(lines(0..<8))
    while !written(alerts).contains("\"state\":\"firing\"") { sched_yield() }
    #expect(written(alerts).contains("\"title\":\"Silence: no events\""))
    #expect(written(alerts).contains("\"starts_at\":\"2020-09-13T12:26:44.500Z\""))
    try process.write(lines(8..<40))
    while !written(alerts).contains("\"state\":\"resolved\"") { sched_yield() }
    process.endInput()
    let outcome = try process.wait()
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(outcome.errors.contains("40 predictions, 0 other events, 0 refused"))
  }

  /// What stands in a file so far.
  private func written(_ path: String) -> String {
    (try? text(of: path)) ?? ""
  }
}
