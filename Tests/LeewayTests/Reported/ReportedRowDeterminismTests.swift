import Foundation
import TestSupport
import Testing

/// Rows of batches, unwrapped texts and objects that are no lines: the same bytes out, whatever the
/// threads, the batches, and where a process ended.
@Suite struct ReportedRowDeterminismTests {
  private let folder: TemporaryFolder
  private let monitor: String

  init() throws {
    folder = try TemporaryFolder()
    monitor = try folder.write(
      """
      model: m
      events:
        unwrap: log
        each: [log.x, log.y]
        prediction:
          id: log.id
          time: log.ts
          score: log.y
          latency: {field: log.ms, unit: ms}
          features: log.x.*
      reference: {profile: p}
      windows: {main: 2h}
      slide: 30m
      rules: [{alert: Drift, expr: drift(*) > 0.01}]
      """,
      as: "m.yaml"
    )
  }

  /// Lines out of order, some of them broken, some far ahead.
  private func lines(_ seed: UInt64) -> [String] {
    var random = SeededGenerator(seed: seed)
    return (0..<900).map { index in
      let minute = max(0, index - Int(random.next() % 3))
      let isAhead = random.next() % 90 == 0
      let hour = minute / 60 + (isAhead ? 30 : 0)
      let day = 1 + hour / 24
      let time = "2026-01-0\(day)T\(10 + hour % 24 % 14):\(10 + minute % 50):00Z"
      let rows = Int(random.next() % 5)
      let x = (0..<rows).map { _ in "[\(random.next() % 90),\(random.next() % 7)]" }
      let y = (0..<rows).map { _ in "0.\(10 + random.next() % 89)" }
      if random.next() % 40 == 0 { return #"{"log":"listening"}"# }
      let inner =
        #"{"ts":"\#(time)","id":\#(index),"ms":\#(random.next() % 50),"#
        + #""x":[\#(x.joined(separator: ","))],"y":[\#(y.joined(separator: ","))]}"#
      return #"{"log":"\#(inner.replacingOccurrences(of: "\"", with: "\\\""))"}"#
    }
  }

  private func outputs(_ name: String) -> [String] {
    [
      "--metrics", folder.path("metrics-\(name)"), "--alerts", folder.path("alerts-\(name)"),
      "--dead-letters", folder.path("letters-\(name)"),
    ]
  }

  private func written(_ name: String) throws -> [String] {
    try ["metrics", "alerts", "letters"].map {
      try String(contentsOfFile: folder.path("\($0)-\(name)"), encoding: .utf8)
    }
  }

  private func run(_ arguments: [String]) throws {
    let isReplay = arguments.first == "replay"
    let outcome = try LeewayProcess.run(arguments + (isReplay ? ["--allow-refused", "100%"] : []))
    #expect(outcome.code == 0, "\(outcome.errors)")
  }

  @Test(arguments: ["lines", "array", "pretty"])
  func `threads, batches and a process that ended change nothing`(kind: String) throws {
    let lines = lines(3)
    let text =
      switch kind {
      case "array": "[" + lines.joined(separator: ",\n") + "]"
      case "pretty": lines.map { "{\n" + $0.dropFirst().dropLast() + "\n}\n" }.joined()
      default: lines.map { $0 + "\n" }.joined()
      }
    let log = try folder.write(text, as: "log.json")
    try run(["profile", "-m", monitor, log, "-o", folder.path("p"), "-q"])
    let replay = ["replay", "-q", "-m", monitor, log]
    try run(replay + outputs("one") + ["--threads", "1"])
    let one = try written("one")
    #expect(one[0].contains("latency") && one[2].contains("not_an_object"))
    for (index, batch) in ["1", "7", "512"].enumerated() {
      try run(replay + outputs("b\(index)") + ["--threads", "\(1 + index)", "--batch", batch])
      #expect(try written("b\(index)") == one, "\(kind), batches of \(batch)")
    }
    let bytes = Array(text.utf8)
    for cut in [bytes.count / 5, bytes.count / 2, bytes.count * 3 / 4, bytes.count] {
      try Data(bytes[..<cut]).write(to: URL(filePath: log))
      try run(replay + outputs("cut") + ["--state", folder.path("state"), "--threads", "2"])
    }
    let kept = try folder.write(text, as: "whole.json")
    try run(
      ["replay", "-q", "-m", monitor, kept, "--state", folder.path("state-whole")]
        + outputs("whole")
    )
    let whole = try written("whole").map { $0.replacing(kept, with: log) }
    #expect(try written("cut") == whole, "\(kind): a process that ended")
  }

  // MARK: Orders of arrival

  /// A log of ten hours with a night in between, some producers of which have a fast clock.
  private func orderedLines(_ seed: UInt64) -> [(second: Int, line: String)] {
    var random = SeededGenerator(seed: seed)
    return (0..<1_200).map { index in
      let second = 30 * index + (index > 700 ? 9 * 3_600 : 0)
      let isSteady = index < 100 || index > 1_000
      let luck = isSteady ? 99 : random.below(60)
      let ahead = luck == 0 ? 3 * 86_400 : luck < 4 ? 1_500 : 0
      let rows = 1 + random.below(4)
      let x = (0..<rows).map { _ in "[\(random.below(index > 700 ? 30 : 90)),\(random.below(7))]" }
      let y = (0..<rows).map { _ in "0.\(10 + random.below(89))" }
      let inner =
        #"{"ts":\#(1_767_225_600 + second + ahead),"id":\#(index),"ms":\#(random.below(50)),"#
        + #""x":[\#(x.joined(separator: ","))],"y":[\#(y.joined(separator: ","))]}"#
      return (second, #"{"log":"\#(inner.replacingOccurrences(of: "\"", with: "\\\""))"}"#)
    }
  }

  private func orderedMonitor() throws -> String {
    let text = try String(contentsOfFile: monitor, encoding: .utf8)
    return try folder.write(
      text.replacing("time: log.ts", with: "time: {field: log.ts, unit: s}") + "\nlateness: 5m\n",
      as: "ordered.yaml"
    )
  }

  private func counted(
    _ name: String,
    _ monitor: String,
    _ arguments: [String]
  ) throws -> [String] {
    try run(["replay", "-q", "-m", monitor] + arguments + outputs(name))
    return Array(try written(name).prefix(2))
  }

  @Test(arguments: UInt64(1)...2)
  func `files in another order within the lateness, a gap and fast clocks change nothing`(
    seed: UInt64
  ) throws {
    let monitor = try orderedMonitor()
    let lines = orderedLines(seed)
    let log = try folder.write(lines.map { $0.line + "\n" }.joined(), as: "log.json")
    try run(["profile", "-m", monitor, log, "-o", folder.path("p"), "-q"])
    let one = try counted("one", monitor, [log, "--threads", "1"])
    #expect(one[0].contains("latency") && one[1].contains("Drift"))
    let letters = try written("one")[2]
    #expect(letters.contains("far_future") && !letters.contains(#""late""#))
    var random = SeededGenerator(seed: seed)
    let shaken = lines.map { ($0.second + random.below(240), $0.line) }.sorted { $0.0 < $1.0 }
    var files: [[String]] = [[], [], []]
    for line in shaken { files[random.below(3)].append(line.1 + "\n") }
    let paths = try files.enumerated().map { try folder.write($1.joined(), as: "part\($0)") }
    for (threads, batch) in [("1", "512"), ("2", "7"), ("4", "64")] {
      let found = try counted(
        "parts",
        monitor,
        paths + ["--threads", threads, "--batch", batch]
      )
      #expect(found == one, "\(threads) threads, batches of \(batch)")
    }
  }

  @Test func `sorted files give the same bytes in whatever order their lines were`() throws {
    let monitor = try orderedMonitor()
    let lines = orderedLines(3).map { $0.line + "\n" }
    let log = try folder.write(lines.joined(), as: "log.json")
    let profile = ["profile", "-m", monitor, "-q", "--sort", "--force", "-o", folder.path("p")]
    try run(profile + [log])
    let made = try Data(contentsOf: URL(filePath: folder.path("p")))
    let one = try counted("one", monitor, [log, "--sort", "--threads", "1"])
    #expect(one[0].contains("latency") && one[1].contains("Drift"))
    var random = SeededGenerator(seed: 4)
    var mixed = lines
    for index in mixed.indices.reversed() { mixed.swapAt(index, random.below(index + 1)) }
    let reversed = try folder.write(lines.reversed().joined(), as: "reversed.json")
    let shuffled = try folder.write(mixed.joined(), as: "mixed.json")
    for (path, threads, batch) in [
      (reversed, "1", "512"), (shuffled, "2", "7"), (shuffled, "4", "64"),
    ] {
      let options = ["--sort", "--threads", threads, "--batch", batch]
      let found = try counted("sorted", monitor, [path] + options)
      #expect(found == one, "\(path), \(threads) threads")
    }
    try run(profile + [shuffled])
    #expect(try Data(contentsOf: URL(filePath: folder.path("p"))) == made)
  }
}
