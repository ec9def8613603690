import Foundation
import TestSupport
import Testing

/// K4 and K25: clocks that are fast, and days without events.
@Suite struct ReportedClockTests {
  @Test(.enabled(if: ReportedCase.folder != nil))
  func `one event with a clock eight hours ahead costs no other event`() throws {
    let folder = try #require(ReportedCase.folder)
    let said = try ReportedCase("k04-one-event-8h-ahead", in: folder).said
    #expect(said.contains("600 lines, 600 predictions, none refused"), "\(said)")
  }

  @Test(.enabled(if: ReportedCase.folder != nil))
  func `the events of Monday are counted after a weekend without any`() throws {
    let folder = try #require(ReportedCase.folder)
    let said = try ReportedCase("k25-monday-after-a-weekend", in: folder).said
    #expect(said.contains("1,200 predictions"), "\(said)")
    #expect(!said.contains("refused as far_future"), "\(said)")
  }

  /// The metrics of a replay, and its dead letters.
  private func replay(_ lines: [String], _ more: [String]) throws -> (String, String, Int32) {
    let folder = try TemporaryFolder()
    let monitor = try folder.write(
      """
      model: m
      events: {prediction: {time: ts, features: [x], score: s}}
      windows: {main: 1h}
      reference: {profile: p}
      rules: [{alert: Moved, expr: drift(*) > 0.1, window: main}]
      """,
      as: "m.yaml"
    )
    let stream = try folder.write(lines.joined(separator: "\n") + "\n", as: "s.ndjson")
    let profiled = try LeewayProcess.run(
      ["profile", "-m", monitor, stream, "--sort", "-o", folder.path("p"), "-q"])
    #expect(profiled.code == 0, "\(profiled.errors)")
    let outcome = try LeewayProcess.run(
      [
        "replay", "-m", monitor, stream, "--metrics", folder.path("metrics"), "--dead-letters",
        folder.path("letters"), "-q",
      ] + more
    )
    return (
      try String(contentsOfFile: folder.path("metrics"), encoding: .utf8),
      try String(contentsOfFile: folder.path("letters"), encoding: .utf8), outcome.code
    )
  }

  @Test func `a file that is newest first is told like one in order, with --sort`() throws {
    let lines = (0..<2_000).map { index in
      let time = 1_767_225_600 + index * 37
      return "{\"ts\":\(time),\"x\":\(index * 7 % 101),\"s\":0.\(index * 13 % 89)}"
    }
    let inOrder = try replay(lines, [])
    let shuffled = (0..<lines.count).map { lines[$0 * 1_201 % lines.count] }
    // As one array that is newest first, in objects over several lines.
    let array = ["["] + lines.reversed().map { $0.replacing(",", with: ",\n  ") + "," } + ["{}]"]
    #expect(try replay(array, ["--sort"]).0 == inOrder.0)
    for ugly in [lines.reversed(), shuffled, Array(lines[900...] + lines[..<900])] {
      let sorted = try replay(ugly, ["--sort"])
      #expect(sorted.0 == inOrder.0)
      #expect(sorted.1 == "" && sorted.2 == 0)
    }
  }

  @Test func `a dead letter of a sorted file has the line and offset that it has in the file`()
    throws
  {
    var lines = (0..<300).map { "{\"ts\":\(1_767_225_600 + $0 * 60),\"x\":\($0),\"s\":0.5}" }
    lines.reverse()
    lines.insert("no json", at: 100)
    let letters = try replay(lines, ["--sort"]).1
    let offset = lines[..<100].reduce(0) { $0 + $1.utf8.count + 1 }
    #expect(letters.contains("\"line\":101,\"offset\":\(offset)"), "\(letters)")
  }

  @Test func `sorting and a state do not go together`() throws {
    let outcome = try LeewayProcess.run(
      ["replay", "-m", "m.yaml", "s.ndjson", "--sort", "--state", "state"])
    #expect(outcome.code == 64)
    #expect(outcome.errors.contains("--sort"))
  }
}
