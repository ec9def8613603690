import Foundation
import Testing
import TestSupport

/// The same events give the same bytes, however they are read.
@Suite struct DeterminismTests {
  /// The first weeks of the flights, and what one thread makes of them.
  struct Baseline {
    let folder: TemporaryFolder
    let lines: [Substring]
    let stream: String
    let monitor: String
    let metrics: Data
    let alerts: Data

    static let shared = Result { try Baseline() }

    private init() throws {
      folder = try TemporaryFolder()
      lines = try Flights.firstLines(8000)
      stream = try folder.write(lines.joined(separator: "\n") + "\n", as: "stream")
      monitor = try folder.write(
        Flights.monitorText
          .replacing("drift(features.*) > 0.1", with: "psi(features.*) > 0.02")
          .replacing("{size: 14d, slide: 7d}", with: "{size: 5d, slide: 1d}")
          .replacing("for: 7d", with: "for: 1d")
            + """

              - {alert: Missing, expr: missing(features.*) / count(features.*) > 1%, window: weeks}
              - {alert: Night, silence: 4h, keep_firing_for: 30m}
              - {alert: Holiday, silence: 12h}
            incidents: {within: 7d}
            """,
        as: "monitor.yaml"
      )
      (metrics, alerts) = try Self.replay([stream], monitor: monitor, in: folder)
    }

    func replay(_ arguments: [String]) throws -> (metrics: Data, alerts: Data) {
      try Self.replay(arguments, monitor: monitor, in: folder)
    }

    private static func replay(
      _ arguments: [String],
      monitor: String,
      in folder: TemporaryFolder
    ) throws -> (metrics: Data, alerts: Data) {
      let name = UUID().uuidString
      let outcome = try LeewayProcess.run(
        [
          "replay", "-q", "-m", monitor, "--profile", Flights.shared.get().profile,
          "--metrics", folder.path(name + ".metrics"), "--alerts", folder.path(name + ".alerts"),
        ] + arguments
      )
      #expect(outcome.code == 0, "\(arguments): \(outcome.errors)")
      #expect(outcome.errors.isEmpty, "\(outcome.errors)")
      return (
        try Data(contentsOf: folder.url.appending(path: name + ".metrics")),
        try Data(contentsOf: folder.url.appending(path: name + ".alerts"))
      )
    }
  }

  private static func check(_ arguments: [String], _ comment: Comment) throws {
    let baseline = try Baseline.shared.get()
    let outcome = try baseline.replay(arguments)
    #expect(outcome.metrics == baseline.metrics, comment)
    #expect(outcome.alerts == baseline.alerts, comment)
  }

  @Test func `there is something to compare`() throws {
    let baseline = try Baseline.shared.get()
    let alerts = String(decoding: baseline.alerts, as: UTF8.self)
    #expect(baseline.metrics.count > 1_000_000)
    for state in ["pending", "firing", "resolved"] {
      #expect(alerts.contains("\"state\":\"\(state)\""), "no alert is \(state)")
    }
    #expect(alerts.contains("\"segment\":\"features.origin="))
    // An incident in which a signal drifts to the end is not closed; the stories have closed ones.
    for state in ["opened", "updated"] {
      #expect(alerts.contains("\"state\":\"\(state)\""), "no incident is \(state)")
    }
    #expect(alerts.contains("\"flapping\":true"))
    #expect(alerts.contains("\"withheld_count\":1"))
  }

  @Test(arguments: [
    [], ["--threads", "2"], ["--threads", "3"], ["--batch", "1"], ["--batch", "7"],
    ["--batch", "4096"], ["--threads", "2", "--batch", "4096"],
  ])
  func `threads and batches change no byte`(options: [String]) throws {
    let baseline = try Baseline.shared.get()
    try Self.check([baseline.stream] + options, "\(options)")
  }

  @Test(arguments: [UInt64](1...2))
  func `events in another order within the lateness change no byte`(seed: UInt64) throws {
    let baseline = try Baseline.shared.get()
    var random = SeededGenerator(seed: seed)
    let lateness = 6.0 * 60
    let shuffled = baseline.lines.map { line in
      (line: line, key: Self.minutes(line) + random.uniform() * (lateness - 1))
    }
    .sorted { $0.key < $1.key }
    #expect(zip(shuffled, baseline.lines).contains { $0.line != $1 })
    let text = shuffled.map(\.line).joined(separator: "\n")
    let path = try baseline.folder.write(text, as: "shuffled-\(seed)")
    try Self.check([path], "seed \(seed)")
    try Self.check([path, "--threads", "2"], "seed \(seed), two threads")
  }

  @Test(arguments: [1, 2])
  func `a stream split over two files is merged on event time`(threads: Int) throws {
    let baseline = try Baseline.shared.get()
    var random = SeededGenerator(seed: 7)
    var halves: [[Substring]] = [[], []]
    for line in baseline.lines { halves[random.uniform() < 0.3 ? 0 : 1].append(line) }
    let paths = try halves.enumerated().map { index, lines in
      try baseline.folder.write(lines.joined(separator: "\n"), as: "half-\(threads)-\(index)")
    }
    try Self.check(paths + ["--threads", "\(threads)"], "\(threads) threads")
    try Self.check(paths.reversed() + ["--threads", "\(threads)"], "\(threads) threads, reversed")
  }

  @Test func `two files of different periods are one stream`() throws {
    let baseline = try Baseline.shared.get()
    let middle = baseline.lines.count / 2
    let paths = [
      try baseline.folder.write(baseline.lines[middle...].joined(separator: "\n"), as: "second"),
      try baseline.folder.write(baseline.lines[..<middle].joined(separator: "\n"), as: "first"),
    ]
    try Self.check(paths, "the later one first")
  }

  @Test(arguments: ["gzip", "zstd"])
  func `compression changes no byte`(tool: String) throws {
    let baseline = try Baseline.shared.get()
    let packed = baseline.folder.path("stream." + tool)
    try Repository.pack(tool, baseline.stream, to: packed)
    try Self.check([packed], "\(tool)")
  }

  /// Minutes on a calendar whose months have 31 days: never less apart than the real ones.
  private static func minutes(_ line: Substring) -> Double {
    guard let start = line.firstRange(of: "\"ts\":\"") else { return 0 }
    let digits = line[start.upperBound...].prefix(16).split { !$0.isNumber }.compactMap {
      Double($0)
    }
    guard digits.count == 5 else { return 0 }
    return ((digits[1] * 31 + digits[2]) * 24 + digits[3]) * 60 + digits[4]
  }
}
