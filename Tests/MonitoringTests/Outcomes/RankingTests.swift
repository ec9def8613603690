import Events
import Foundation
import Records
import TestSupport
import Testing

@testable import Monitoring
@testable import Specification

/// Rankings of groups, held against how relevant their members turned out to be.
@Suite struct RankingTests {
  private func plan(
    _ quality: String = "{window: 1h, horizon: 30m, top: [1, 5, 20]}",
    rules: String = ""
  ) throws -> Plan {
    try Plan(
      monitor: monitor(
        """
        model: search
        events:
          prediction: {when: kind == "p", id: id, time: ts, version: v, score: s, group: q}
          outcome: {when: kind == "o", id: id, time: ts, label: y}
        quality: \(quality)
        windows: {main: 1h}
        \(rules)
        """
      ),
      profile: nil
    )
  }

  private struct Member {
    var group: Int
    var score: Double
    var relevance: Double?
  }

  /// A group every four minutes, its members' relevances two minutes later.
  private func lines(_ members: [Member]) -> [String] {
    var events: [(Double, String)] = []
    for (index, member) in members.enumerated() {
      let minute = Double(4 * member.group)
      let line = JoinStream.prediction("m\(index)", minute, score: member.score)
      events.append((minute, line.dropLast() + ",\"q\":\"query \(member.group)\"}"))
      guard let relevance = member.relevance else { continue }
      events.append((minute + 2, JoinStream.outcome("m\(index)", minute + 2, "\(relevance)")))
    }
    // A later outcome, with which all of the first hour is known for good.
    events.append((100, JoinStream.prediction("y", 100)))
    events.append((101, JoinStream.outcome("y", 101, "0")))
    return events.sorted { $0.0 < $1.0 }.map(\.1) + JoinStream.ticks(110..<120)
  }

  /// Twelve groups of twenty, with ties; their numbers are scikit-learn's.
  private func goldenMembers() -> [Member] {
    func fraction(_ step: Double, _ place: Int) -> Double {
      let value = step * Double(place + 1)
      return value - value.rounded(.down)
    }
    return (0..<240).map { place in
      let part = fraction(0.7548776662466927, place)
      return Member(
        group: place / 20,
        score: (10 * fraction(0.6180339887498949, place)).rounded(.down) / 10,
        relevance: (4 * part * part).rounded(.down)
      )
    }
  }

  /// The numbers of scikit-learn 1.9.1, by `fixtures/golden/quality.py`.
  private func golden(_ name: String) throws -> Double {
    var root = URL(filePath: #filePath)
    for _ in 0..<4 { root.deleteLastPathComponent() }
    let table = root.appending(path: "fixtures/golden/statistics/quality.csv")
    let lines = try String(contentsOf: table, encoding: .utf8).split(separator: "\n")
    let line = try #require(lines.first { $0.hasPrefix(name + ",") })
    return try #require(Double(line.dropFirst(name.count + 1)))
  }

  private func run(_ plan: Plan, _ lines: [String], cuts: Bool = false) throws -> EngineOutput {
    var feeding = Feeding(plan)
    try feeding.run(lines, chunk: 40, cuts: cuts)
    return feeding.output
  }

  @Test func `NDCG through the engine is scikit-learn's`() throws {
    let figures = try #require(run(plan(), lines(goldenMembers())).quality()[0])
    for places in [1, 5, 20] {
      let value = try #require(figures["ndcg@\(places)"])
      #expect(abs(value.value - (try golden("ndcg_\(places)"))) < 1e-12, "\(places)")
      #expect(value.n == 12 && (value.low ?? 2) < value.value && (value.high ?? 0) <= 1)
    }
    #expect(figures["count"]?.value == 240 && figures["accuracy"] == nil && figures["mae"] == nil)
  }

  @Test func `a group counts when all of its predictions have an outcome`() throws {
    var members = goldenMembers()
    members[3].relevance = nil
    let whole = try #require(run(plan(), lines(members)).quality()[0])
    #expect(whole["ndcg@5"]?.n == 11)
    // What nobody looked at has no relevance, once that is known.
    let silent = "{window: 1h, horizon: 30m, silence: negative, top: 5}"
    let figures = try #require(run(plan(silent), lines(members)).quality()[0])
    #expect(figures["ndcg@5"]?.n == 12)
  }

  @Test func `a relevance below 0 is refused, and what has no group is left out`() throws {
    let members = goldenMembers()
    let more = [
      JoinStream.prediction("lonely", 50), JoinStream.outcome("lonely", 51, "3"),
      JoinStream.outcome("m0", 52, "-1"),
    ]
    var feeding = Feeding(try plan())
    let all = lines(members)
    try feeding.run(Array(all.dropLast(12)) + more + all.suffix(12), chunk: 9, cuts: false)
    #expect(feeding.refused == [.labelInvalid])
    #expect(feeding.output.quality()[0]?["ndcg@20"]?.n == 12)
    #expect(feeding.output.quality()[0]?["count"]?.value == 241)
  }

  @Test func `neither shuffles nor a cut of the state change a byte`() throws {
    let (lines, plan) = (lines(goldenMembers()), try plan())
    let whole = try run(plan, lines).metricRecords
    #expect(try run(plan, lines, cuts: true).metricRecords == whole)
    var random = SeededGenerator(seed: 6)
    // Members of a group have one time: any order among them is the same.
    let shuffled = stride(from: 0, to: lines.count, by: 20).flatMap {
      lines[$0..<min(lines.count, $0 + 20)].shuffled(using: &random)
    }
    #expect(try run(plan, shuffled).metricRecords == whole)
  }

  @Test func `rules ask for any number of places, the reference has those of records`() throws {
    let rules = """
      rules:
        - {alert: RanksBadly, expr: "ndcg_at(quality, 3) < 0.9"}
        - {alert: RanksWell, expr: "ndcg_at(quality, 20) > 0.99"}
      """
    let output = try run(plan(rules: rules), lines(goldenMembers()))
    #expect(output.alerts.map(\.name) == ["RanksBadly"])
    #expect(output.alerts.first?.evidence.statistic == "ndcg@3")
    let reference = try profile(lines(goldenMembers()), plan().monitor).profile
    #expect(reference.quality?.measures.map(\.name) == ["ndcg@1", "ndcg@5", "ndcg@20"])
  }
}
