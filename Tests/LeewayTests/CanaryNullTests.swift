import Foundation
import TestSupport
import Testing

/// What is said of new versions that are not worse, over many whole replays.
@Suite struct CanaryNullTests {
  /// Two days of a prediction every three minutes.
  private static let predictions = 960

  private static func monitor(_ canary: String) -> String {
    """
    model: alike
    events:
      prediction:
        when: kind == "p"
        id: id
        time: {field: ts, unit: s}
        version: v
        decision: d
      outcome: {when: kind == "o", id: id, time: {field: ts, unit: s}, label: y}
    quality: {window: 6h, horizon: 4h}
    canary: \(canary)
    rules:
      - {alert: Back, expr: canary == "rollback", then: rollback}
    """
  }

  /// A stream in which both versions err alike, more by day than by night.
  ///
  /// The new one has a twentieth of the traffic at first and half of it in the end, and an outcome that
  /// is negative takes longer.
  ///
  /// - Parameters:
  ///   - random: Where chance comes from.
  ///   - excess: How much more often the new one errs.
  /// - Returns: Its lines.
  private static func stream(_ random: inout SeededGenerator, excess: Double = 0) -> String {
    var lines: [(time: Int, text: String)] = []
    let start = 1_767_225_600
    for index in 0..<predictions {
      let time = start + 180 * index
      let hour = Double(180 * index) / 3600
      let rate = 0.15 + 0.1 * sin(hour * .pi / 12)
      let share = 0.05 + 0.45 * Double(index) / Double(predictions)
      let version = random.uniform() < share ? "new" : "old"
      let outcome = random.uniform() < 0.3 + 0.2 * sin(hour * .pi / 12) ? 1 : 0
      let wrong = rate + (version == "new" ? excess : 0)
      let decision = random.uniform() < wrong ? 1 - outcome : outcome
      lines.append(
        (time, #"{"kind":"p","id":\#(index),"ts":\#(time),"v":"\#(version)","d":\#(decision)}"#)
      )
      let known = time + (outcome == 1 ? 600 : 10_800) + Int(random.next() % 600)
      lines.append((known, #"{"kind":"o","id":\#(index),"ts":\#(known),"y":\#(outcome)}"#))
    }
    let end = start + 180 * predictions
    // The clock of outcomes goes on until all predictions are mature.
    lines.append((end + 20_000, #"{"kind":"o","id":"last","ts":\#(end + 20_000),"y":0}"#))
    return lines.sorted { $0.time < $1.time }.map(\.text).joined(separator: "\n") + "\n"
  }

  @Test(arguments: [
    ("{stable: old, canary: new, margin: 5%}", 400), ("{share: 4%, margin: 5%}", 100),
  ])
  func `of versions that are alike, at most the risk is taken back`(
    canary: String,
    replays: Int
  ) throws {
    let folder = try TemporaryFolder()
    let monitor = try folder.write(Self.monitor(canary), as: "monitor.yaml")
    /// In how many of so many replays the new version is taken back.
    func rollbacks(of replays: Int, excess: Double) throws -> Int {
      var random = SeededGenerator(seed: 400)
      var count = 0
      for _ in 0..<replays {
        let events = try folder.write(Self.stream(&random, excess: excess), as: "events")
        let feedback = folder.path("feedback")
        let done = try LeewayProcess.run([
          "replay", "-q", "-m", monitor, "--feedback", feedback, events,
        ])
        #expect([0, 2].contains(done.code), "\(done.errors)")
        count += try text(of: feedback).contains("\"type\":\"rollback\"") ? 1 : 0
      }
      return count
    }
    // 5 %: what the monitor promises for all looks together.
    #expect(try rollbacks(of: replays, excess: 0) <= replays / 20)
    #expect(try rollbacks(of: 10, excess: 0.5) == 10)
  }
}
