import Foundation
import Glibc
import Testing
import TestSupport

/// One clock that no single producer can break: gaps and fast clocks in `replay`, `run`, `profile`.
@Suite struct ClockTests {
  static let start = 1_767_571_200  // 2026-01-05, a Monday
  static let day = 86_400
  static let year = 365 * day

  /// A small model with a profile, and windows of a kind.
  struct Model {
    let folder: TemporaryFolder
    let arguments: [String]

    init(windows: String, slide: String, more: String = "") throws {
      folder = try TemporaryFolder()
      let monitor = try folder.write(
        """
        model: m
        events: {prediction: {time: ts, score: s}}
        windows: {main: \(windows)}
        slide: \(slide)
        rules:
          - {alert: Silence, silence: 4000d}
        \(more)
        """,
        as: "monitor.yaml"
      )
      let reference = (0..<500).map { ClockTests.line(ClockTests.start + $0, $0) }
      let stream = try folder.write(reference.joined(separator: "\n"), as: "reference")
      let profile = folder.path("profile")
      let outcome = try LeewayProcess.run(["profile", "-q", "-m", monitor, stream, "-o", profile])
      #expect(outcome.code == 0, "\(outcome.errors)")
      arguments = ["-m", monitor, "--profile", profile]
    }

    /// What a replay of streams writes: records of metrics, alerts and dead letters, and the summary.
    func replay(_ streams: [String], _ options: [String] = []) throws -> [String] {
      let paths = ["metrics", "alerts", "letters"].map { folder.path($0) }
      let outcome = try LeewayProcess.run(
        ["replay"] + streams + arguments + options + [
          "--metrics", paths[0], "--alerts", paths[1], "--dead-letters", paths[2],
          "--allow-refused", "100%",
        ]
      )
      #expect(outcome.code == 0, "\(outcome.errors)")
      return try paths.map { try text(of: $0) } + [outcome.errors]
    }
  }

  static func line(_ time: Int, _ index: Int) -> String {
    "{\"ts\":\(time),\"s\":\(Double(index * 37 % 100) / 100)}"
  }

  static func lines(_ times: [Int]) -> String {
    times.enumerated().map { line($1, $0) + "\n" }.joined()
  }

  /// Logs of good clocks with gaps.
  static let gaps: [(name: String, times: [Int])] = [
    (
      "an office from Monday to Friday",
      (0..<20).flatMap { index in
        (0..<60).map { start + (index / 5 * 7 + index % 5) * day + 28_800 + $0 * 600 }
      }
    ),
    (
      "a weekly batch of 50",
      (0..<12).flatMap { week in Array(repeating: start + week * 7 * day, count: 50) }
    ),
    (
      "three events every Monday",
      (0..<30).flatMap { week in (0..<3).map { start + week * 7 * day + $0 * 3600 } }
    ),
    (
      "a month between two days",
      [0, 31].flatMap { at in (0..<400).map { start + at * day + $0 } }
    ),
  ]

  @Test(arguments: 0..<4)
  func `after a gap no good event is refused`(log: Int) throws {
    let (name, times) = Self.gaps[log]
    let model = try Model(windows: "{calendar: day}", slide: "1h")
    let stream = try model.folder.write(Self.lines(times), as: "stream")
    let replayed = try model.replay([stream])
    #expect(replayed[3].contains("predictions, none refused"), "\(name): \(replayed[3])")
    #expect(!replayed[3].contains("in no window"), "\(name)")
    for options in [["--batch", "1"], ["--batch", "7", "--threads", "3"], ["--threads", "4"]] {
      #expect(try model.replay([stream], options)[0..<3] == replayed[0..<3], "\(name)")
    }
    let profile = model.folder.path("gaps.profile")
    let profiled = try LeewayProcess.run(
      ["profile", "-m", model.arguments[1], stream, "-o", profile]
    )
    #expect(profiled.errors.contains("none refused") || !profiled.errors.contains("refused"))
    let process = try LeewayProcess(
      ["run", "--metrics", model.folder.path("live")] + model.arguments,
      input: .pipe
    )
    try process.write(Array(Self.lines(times).utf8))
    process.endInput()
    let lived = try process.wait()
    #expect(lived.errors.contains("\(times.count) predictions, 0 other events, 0 refused"))
    #expect(try text(of: model.folder.path("live")) == replayed[0], "\(name)")
  }

  @Test func `two files a month apart give the same in either order`() throws {
    let model = try Model(windows: "10m", slide: "1m")
    let files = try [0, 31].map { at in
      try model.folder.write(
        Self.lines((0..<1500).map { Self.start + at * Self.day + $0 }),
        as: "month-\(at)"
      )
    }
    let forth = try model.replay(files)
    let back = try model.replay(files.reversed())
    #expect(forth[3].contains("3,000 predictions, none refused"))
    #expect(forth == back)
  }

  /// Producers with a fast clock: which events are theirs, and by how much they are ahead.
  static let fast: [(name: String, isFast: @Sendable (Int) -> Bool, ahead: Int)] = [
    ("every 50th two hours", { $0 % 50 == 49 }, 7200),
    ("every 50th twenty seconds", { $0 % 50 == 49 }, 20),
    ("one by 23 hours", { $0 == 700 }, 23 * 3600),
    ("one host in ten by a year", { $0 % 10 == 3 }, year),
    ("one host in ten by a year, in bursts", { $0 / 20 % 10 == 3 }, year),
    ("the first of 2100", { $0 == 0 }, 74 * year),
  ]

  @Test(arguments: 0..<6)
  func `a minority whose clock is ahead makes no other late`(log: Int) throws {
    let (name, isFast, ahead) = Self.fast[log]
    let model = try Model(windows: "10m", slide: "1m")
    let good = (0..<4000).map { Self.line(Self.start + $0, $0) }
    let bad = (0..<4000).map { isFast($0) ? Self.line(Self.start + $0 + ahead, $0) : good[$0] }
    let stream = try model.folder.write(bad.joined(separator: "\n"), as: "stream")
    let replayed = try model.replay([stream])
    let letters = replayed[2].split(separator: "\n")
    #expect(letters.allSatisfy { $0.contains("\"reason\":\"far_future\"") }, "\(name)")
    let lines = letters.compactMap { letter in
      letter.split(separator: "\"line\":").last.flatMap { Int($0.prefix { $0 != "," }) }
    }
    #expect(lines.allSatisfy { isFast($0 - 1) }, "\(name)")
    #expect(lines == lines.sorted(), "\(name)")
    #expect(!replayed[3].contains("raise it"), "\(name)")
    if ahead >= Self.year {
      #expect(replayed[3].contains("the clock of some producers is ahead"), "\(name)")
      // The others' windows are those of a log without the fast events.
      let others = zip(0..., good).filter { !isFast($0.0) }.map(\.1)
      let usual = try model.folder.write(others.joined(separator: "\n"), as: "usual")
      #expect(try model.replay([usual])[0..<2] == replayed[0..<2], "\(name)")
    }
    for options in [["--batch", "1"], ["--batch", "7", "--threads", "3"], ["--threads", "4"]] {
      #expect(try model.replay([stream], options)[0..<3] == replayed[0..<3], "\(name)")
    }
  }

  @Test func `any order of arrival within the lateness gives the same bytes`() throws {
    let model = try Model(windows: "10m", slide: "1m")
    let rows = (0..<4000).map { (Self.start + $0 / 2, $0) }
    var outputs: [[String]] = []
    for seed in UInt64(0)...3 {
      var random = SeededGenerator(seed: seed)
      let keyed = rows.map { ($0, seed == 0 ? $0.0 : $0.0 + Int(random.next() % 30)) }
      let order = keyed.enumerated().sorted { ($0.1.1, $0.0) < ($1.1.1, $1.0) }.map(\.1.0)
      let fast = order.map { Self.line($0.0 + ($0.1 % 10 == 3 ? Self.year : 0), $0.1) }
      let stream = try model.folder.write(fast.joined(separator: "\n"), as: "stream")
      outputs.append(Array(try model.replay([stream])[0..<2]))
    }
    for output in outputs { #expect(output == outputs[0]) }
  }

  // MARK: The agent's own clock

  /// The ends of the windows that were judged so far.
  private func ends(_ path: String) -> [Double] {
    ((try? text(of: path)) ?? "").split(separator: "\n").compactMap { line in
      line.split(separator: "\"end\":\"").last.flatMap {
        Self.seconds(String($0.prefix { $0 != "\"" }))
      }
    }
  }

  private static func seconds(_ time: String) -> Double? {
    (try? Date(time, strategy: .iso8601))?.timeIntervalSince1970
  }

  private static var now: Int { Int(Date().timeIntervalSince1970) }

  @Test func `in run a quiet source lets windows end by the agent's clock`() throws {
    let model = try Model(windows: "4s", slide: "1s", more: "lateness: 1s\nidle: 1s")
    let metrics = model.folder.path("metrics")
    let process = try LeewayProcess(
      ["run", "--metrics", metrics] + model.arguments,
      input: .pipe
    )
    let now = Self.now
    // Ten minutes until now, all at once, then nothing.
    try process.write(Array(Self.lines((0..<300).map { now - 600 + 2 * $0 }).utf8))
    let last = Double(now - 2)
    let limit = Date().addingTimeInterval(60)
    while !ends(metrics).contains(where: { $0 >= last + 3 }), Date() < limit { usleep(50_000) }
    #expect(ends(metrics).contains { $0 >= last + 3 })
    // What comes after the silence counts.
    try process.write(Array(Self.lines([Self.now, Self.now]).utf8))
    process.endInput()
    let outcome = try process.wait()
    let words = "302 predictions, 0 other events, 0 refused"
    #expect(outcome.errors.contains(words), "\(outcome.errors)")
  }

  @Test func `in run no event closes a window that is not over`() throws {
    let model = try Model(windows: "4s", slide: "1s", more: "lateness: 1s")
    let metrics = model.folder.path("metrics")
    let process = try LeewayProcess(
      ["run", "--metrics", metrics] + model.arguments,
      input: .pipe
    )
    let now = Self.now
    // Half of the producers are an hour ahead, and then all that come.
    let mixed = (0..<400).map { now - 400 + $0 + ($0 % 2 == 0 ? 3600 : 0) }
    try process.write(Array(Self.lines(mixed).utf8))
    for round in 0..<20 {
      let ahead = (0..<50).map { Self.now + 3600 + round * 50 + $0 }
      try process.write(Array(Self.lines(ahead).utf8))
      usleep(50_000)
      let closed = ends(metrics)
      #expect(closed.allSatisfy { $0 <= Double(Self.now + 1) })
    }
    try process.write(Array(Self.lines([Self.now]).utf8))
    usleep(300_000)
    process.send(SIGTERM)
    let outcome = try process.wait()
    process.endInput()
    #expect(outcome.errors.contains("this machine's clock is"), "\(outcome.errors)")
    #expect(outcome.errors.contains("behind most events"))
  }
}
