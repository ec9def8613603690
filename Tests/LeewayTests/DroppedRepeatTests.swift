import Foundation
import TestSupport
import Testing

/// `duplicates: drop`: what came twice counts once, in a profile and in a replay, whatever the threads,
/// the batches, the files and where a process ended.
@Suite struct DroppedRepeatTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func monitor(_ duplicates: String) throws -> String {
    try folder.write(
      """
      model: m
      events:
        prediction:
          id: id
          time: {field: ts, unit: s}
          version: v
          score: y
          features: x.*
          segments: [x.c]
          duplicates: \(duplicates)
      reference: {profile: p}
      windows: {main: 2h}
      slide: 10m
      lateness: 10m
      kpis:
        worth: sum(x.a)
      slos:
        - {name: small, good: x.a < 80, objective: 90%, period: 90d}
      rules:
        - {alert: Drift, expr: drift(*) > 0.01}
        - {alert: Twice, expr: mean(duplicate) > 1%}
      """,
      as: "m.yaml"
    )
  }

  private struct Event {
    /// When it arrives, and when it says that it was.
    var arrival: Int
    var time: Int
    var line: String
  }

  /// Predictions, each the only one of its id, and some of them again: as they were, or asked anew.
  private func events(_ seed: UInt64) -> (firsts: [Event], all: [Event]) {
    var random = SeededGenerator(seed: seed)
    func event(_ id: Int, _ time: Int, _ arrival: Int) -> Event {
      let a = random.below(time > 20_000 ? 200 : 90)
      let line =
        #"{"id":"i\#(id)","ts":\#(1_767_225_600 + time),"v":"\#(id % 2)","#
        + #""y":0.\#(10 + random.below(80)),"x":{"a":\#(a),"c":"\#(random.below(3))"}}"#
      return Event(arrival: arrival, time: time, line: line)
    }
    var firsts: [Event] = []
    var all: [Event] = []
    for id in 0..<1_500 {
      let time = 20 * id
      let first = event(id, time, time)
      firsts.append(first)
      all.append(first)
      switch random.below(10) {
      case 0: all.append(Event(arrival: time + random.below(500), time: time, line: first.line))
      case 1:
        let again = time + 1 + random.below(3_000)
        all.append(event(id, again, again))
      default: break
      }
    }
    return (firsts, all.sorted { $0.arrival < $1.arrival })
  }

  private func write(_ events: [Event], as name: String) throws -> String {
    try folder.write(events.map { $0.line + "\n" }.joined(), as: name)
  }

  /// What a replay writes, without what is of `duplicate`, and that.
  ///
  /// Incidents are left out: an alert of `duplicate` joins them.
  private func replay(
    _ arguments: [String],
    as name: String = "one"
  ) throws -> (others: [String], duplicate: [String]) {
    let outputs = ["metrics-\(name)", "alerts-\(name)"].map(folder.path)
    let outcome = try LeewayProcess.run(
      [
        "replay", "-q", "-m", folder.path("m.yaml"), "--metrics", outputs[0], "--alerts",
        outputs[1],
      ] + arguments
    )
    #expect(outcome.code == 0, "\(outcome.errors)")
    let lines = try outputs.flatMap { path in
      try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map(String.init)
    }.filter { !$0.contains(#""type":"incident""#) }
      .map { $0.replacing(/"incident":"[0-9a-f]+",/, with: "") }
    let isOfDuplicates = { (line: String) in
      line.contains(#""signal":"duplicate""#) || line.contains(#""alert":"Twice""#)
    }
    return (lines.filter { !isOfDuplicates($0) }, lines.filter(isOfDuplicates))
  }

  private func profile(_ streams: [String]) throws -> Data {
    let out = folder.path("p")
    let outcome = try LeewayProcess.run(
      ["profile", "--force", "-m", folder.path("m.yaml"), "-o", out] + streams
    )
    #expect(outcome.code == 0, "\(outcome.errors)")
    return try Data(contentsOf: URL(filePath: out))
  }

  @Test func `a doubled reference and its repeats make the profile of the firsts`() throws {
    _ = try monitor("{horizon: 1h, drop: true}")
    let (firsts, all) = events(1)
    let clean = try profile([try write(firsts, as: "firsts")])
    let repeated = try write(all, as: "all")
    #expect(try profile([repeated]) == clean)
    let twice = try write(all.flatMap { [$0, $0] }, as: "twice")
    #expect(try profile([twice]) == clean)
    // Each file is the whole log.
    #expect(try profile([repeated, twice]) == clean)
  }

  @Test func `a seasonal profile drops them in both passes`() throws {
    let path = try monitor("drop")
    let text = try String(contentsOfFile: path, encoding: .utf8)
    _ = try folder.write(
      text.replacing("reference: {profile: p}", with: "reference: {profile: p, same_hour: 1w}"),
      as: "m.yaml"
    )
    let (firsts, all) = events(4)
    let clean = try profile([try write(firsts, as: "firsts")])
    #expect(try profile([try write(all, as: "all")]) == clean)
  }

  @Test func `what came twice is in no number but that of duplicates`() throws {
    _ = try monitor("{horizon: 1h, drop: true}")
    let (firsts, all) = events(2)
    let clean = try write(firsts, as: "firsts")
    _ = try profile([clean])
    let expected = try replay([clean])
    let found = try replay([try write(all, as: "all")])
    #expect(found.others == expected.others)
    #expect(found.others.contains { $0.contains(#""alert":"Drift""#) })
    #expect(found.duplicate.contains { $0.contains("Twice") })
    #expect(expected.duplicate.allSatisfy { !$0.contains("Twice") })
  }

  @Test func `threads, batches and files change no byte`() throws {
    _ = try monitor("{horizon: 1h, drop: true}")
    let (firsts, all) = events(3)
    _ = try profile([try write(firsts, as: "firsts")])
    let stream = try write(all, as: "all")
    let one = try replay([stream])
    for (threads, batch) in [("1", "7"), ("2", "64"), ("4", "512")] {
      let found = try replay([stream, "--threads", threads, "--batch", batch])
      #expect(found == one, "\(threads) threads, batches of \(batch)")
    }
    var random = SeededGenerator(seed: 5)
    let shaken = all.map { ($0.arrival + random.below(60), $0) }.sorted { $0.0 < $1.0 }.map(\.1)
    var files: [[Event]] = [[], [], []]
    for event in shaken { files[random.below(3)].append(event) }
    let paths = try files.enumerated().map { try write($1, as: "part\($0)") }
    for threads in ["1", "2", "4"] {
      #expect(try replay(paths + ["--threads", threads]) == one, "\(threads) threads, three files")
    }
  }

  @Test func `a file that grows is replayed in pieces to the bytes of one replay`() throws {
    _ = try monitor("{horizon: 1h, drop: true}")
    let (firsts, all) = events(7)
    _ = try profile([try write(firsts, as: "firsts")])
    let stream = try write(all, as: "all")
    let whole = try replay([stream, "--state", folder.path("state-whole")], as: "whole")
    let bytes = try Data(contentsOf: URL(filePath: stream))
    let grown = folder.path("grown")
    var random = SeededGenerator(seed: 7)
    let cuts = (0..<7).map { _ in random.below(bytes.count) }.sorted() + [bytes.count]
    var found = whole
    for (index, cut) in cuts.enumerated() {
      try bytes[..<cut].write(to: URL(filePath: grown))
      let threads = index.isMultiple(of: 2) ? "1" : "3"
      found = try replay(
        [grown, "--state", folder.path("state"), "--threads", threads],
        as: "grown"
      )
    }
    #expect(found == whole)
    #expect(whole.duplicate.contains { $0.contains("Twice") })
  }

  @Test func `check, the profile, the summary and the report say what is dropped`() throws {
    let path = try monitor("drop")
    let (_, all) = events(6)
    let stream = try write(all, as: "all")
    let checked = try LeewayProcess.run(["check", path])
    let dropping = "duplicates: events whose id and version came within 1h before are dropped"
    #expect(checked.output.contains(dropping), "\(checked.output)")
    let profiled = try LeewayProcess.run(["profile", "-m", path, stream, "-o", folder.path("p")])
    let count = all.count - 1_500
    #expect(profiled.errors.contains("\(count) events had an id and version that came before"))
    let replayed = try LeewayProcess.run(
      ["replay", "-m", path, stream, "--report", folder.path("report.html")]
    )
    let sentence =
      "Duplicates: \(count) events had an id and version that came before: they are dropped."
    #expect(replayed.output.contains("m: 1,500 predictions"), "\(replayed.output)")
    #expect(replayed.output.contains(sentence), "\(replayed.output)")
    let report = try String(contentsOfFile: folder.path("report.html"), encoding: .utf8)
    #expect(report.contains(sentence))
  }
}
