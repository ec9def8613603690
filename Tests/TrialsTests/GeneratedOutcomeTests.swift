import Events
import Foundation
import Testing

@testable import Trials

/// What comes of a made-up stream's events.
@Suite struct GeneratedOutcomeTests {
  /// Two hours, a quarter of whose events have an outcome, half an hour later on average.
  static let text = """
    seed: 5
    start: 2026-03-02T00:00:00Z
    duration: 2h
    rate: 2/s
    fields:
      id: {sequence: {prefix: p-}}
      ts: {time: rfc3339}
      score: {uniform: {from: 0, to: 1}}
      fraud: {boolean: {field: score}, hidden: true}
      is_noticed: {boolean: 50%, hidden: true}
      minutes: {exponential: {mean: 30}, hidden: true}
    outcomes:
      where: {fraud: true, is_noticed: true}
      after: {field: minutes, unit: m}
      fields: {of: {field: id}, known.at: {time: rfc3339}, fraud: {field: fraud}, kind: dispute}
    changes:
      shift: {at: 1h, field: fraud, constant: true}
    """

  static func isOutcome(_ line: String) -> Bool { line.contains("\"kind\":\"dispute\"") }

  /// The time of a line, an event's or an outcome's.
  static func time(_ line: String) throws -> Int64 {
    let key = isOutcome(line) ? "\"at\":\"" : "\"ts\":\""
    let start = try #require(line.firstRange(of: key)).upperBound
    return try #require(Timestamp.parse(String(line[start...].prefix { $0 != "\"" })))
  }

  @Test func `lines are in order of time, and an outcome comes after its event`() throws {
    let lines = lines(try stream(Self.text))
    let times = try lines.map(Self.time)
    #expect(times == times.sorted())
    var events: [String: Int64] = [:]
    var delays: [Double] = []
    for (line, time) in zip(lines, times) {
      if Self.isOutcome(line) {
        let id = try #require(line.firstMatch(of: /"of":"(p-\d+)"/)).output.1
        let event = try #require(events[String(id)], "\(line) comes before its event")
        delays.append(Double(time - event) / 60e9)
      } else {
        let id = try #require(line.firstMatch(of: /"id":"(p-\d+)"/)).output.1
        events[String(id)] = time
      }
    }
    // Of 14,400 events those whose outcome's time is beyond the stream have none.
    #expect(delays.count > 2500 && delays.count < 4500, "\(delays.count)")
    let early = delays.filter { $0 <= 30 }
    #expect(early.count > delays.count * 6 / 10)
  }

  @Test func `a label is drawn from its probability, and no outcome's line has more`() throws {
    let lines = lines(try stream(Self.text), without: ["shift"])
    let outcomes = lines.filter(Self.isOutcome)
    let first = try #require(outcomes.first)
    #expect(
      first.wholeMatch(
        of: /\{"of":"p-\d+","known":\{"at":"[^"]+"\},"fraud":true,"kind":"dispute"\}/
      ) != nil,
      "\(first)"
    )
    var scores: [String: Double] = [:]
    for line in lines where !Self.isOutcome(line) {
      let match = try #require(line.firstMatch(of: /"id":"(p-\d+)".*"score":([0-9.e-]+)/))
      scores[String(match.output.1)] = Double(match.output.2)
    }
    // Of scores that are even in [0, 1] those of frauds have the mean 2/3.
    let known = outcomes.compactMap { line in
      line.firstMatch(of: /"of":"(p-\d+)"/).flatMap { scores[String($0.output.1)] }
    }
    let mean = known.reduce(0, +) / Double(known.count)
    #expect(abs(mean - 2.0 / 3) < 4 * 0.236 / Double(known.count).squareRoot(), "\(mean)")
  }

  @Test func `a change of labels leaves all events as they are`() throws {
    let stream = try stream(Self.text)
    let (with, without) = (lines(stream), lines(stream, without: ["shift"]))
    let events = { (lines: [String]) in lines.filter { !Self.isOutcome($0) } }
    #expect(events(with) == events(without))
    #expect(with.count { Self.isOutcome($0) } > without.count { Self.isOutcome($0) } + 300)
  }

  @Test func `parts of a stream with outcomes are those of the whole`() throws {
    let stream = try stream(Self.text)
    var whole: [UInt8] = []
    var all = StreamGenerator(stream)
    while all.next(into: &whole) {}
    #expect(all.outcomes > 0)
    var parts: [UInt8] = []
    var written = 0
    let cuts = [0, 900, 901, 4000, 7200].map { stream.start + $0 * 1_000_000_000 }
    for (start, end) in zip(cuts, cuts.dropFirst()) {
      var part = StreamGenerator(stream, times: start..<end)
      while part.next(into: &parts) {}
      written += part.outcomes
    }
    #expect(parts == whole)
    #expect(written == all.outcomes)
  }

  @Test func `what waits comes by time, then by event, and beyond the limit never`() {
    var waiting = WaitingLines()
    var expected: [[Int64]] = []
    var state: UInt64 = 7
    for event in 0..<2000 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let time = Int64(state >> 55)
      waiting.insert(WaitingLines.Entry(time: time, event: event, line: []))
      expected.append([time, Int64(event)])
    }
    expected.sort { ($0[0], $0[1]) < ($1[0], $1[1]) }
    var found: [[Int64]] = []
    while let entry = waiting.removeFirst() { found.append([entry.time, Int64(entry.event)]) }
    #expect(found == expected)
    for event in 0...StreamBounds.waitingOutcomes {
      waiting.insert(WaitingLines.Entry(time: Int64(-event), event: event, line: []))
    }
    #expect(waiting.firstTime == Int64(1 - StreamBounds.waitingOutcomes))
  }
}
