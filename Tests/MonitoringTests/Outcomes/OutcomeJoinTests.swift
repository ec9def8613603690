import Events
import Records
import TestSupport
import Testing

@testable import Monitoring
@testable import Specification

@Suite struct OutcomeJoinTests {
  /// Feeds lines one chunk each, and ends the stream.
  private func join(
    _ plan: Plan,
    _ lines: [String]
  ) -> (output: EngineOutput, tally: OutcomeTally, refused: [Refusal]) {
    var feeding = Feeding(plan)
    for line in lines {
      feeding.feed([line])
      feeding.close()
    }
    feeding.finish()
    return (feeding.output, feeding.outcomeTally, feeding.refused)
  }

  @Test func `an outcome meets its prediction by id, whether text or number`() throws {
    let lines =
      [
        JoinStream.prediction("7", 1), JoinStream.prediction("8", 2, decision: 0),
        JoinStream.prediction("9", 3),
        #"{"kind":"o","id":7,"ts":1767225900,"y":1}"#,
        #"{"kind":"o","id":8.0,"ts":1767225900,"y":true}"#,
        JoinStream.outcome("9", 5, "\"0\""),
      ] + JoinStream.ticks(10..<90)
    let (output, tally, refused) = join(try JoinStream.plan(), lines)
    let figures = try #require(output.quality()[0])
    #expect(figures["count"]?.value == 3)
    #expect(figures["accuracy"]?.value == 1.0 / 3)
    #expect(tally.labelled == 3 && tally.outcomes == 3 && refused.isEmpty)
    // Told once more when the window is over: 3 of its 53 predictions have an outcome.
    #expect(figures["maturity"]?.value == 3.0 / 53)
  }

  @Test func `an outcome that comes before its prediction waits for it`() throws {
    let lines =
      JoinStream.ticks(0..<30) + [JoinStream.outcome("a", 10, "1")] + JoinStream.ticks(30..<40)
      + [JoinStream.prediction("a", 40)] + JoinStream.ticks(41..<60)
    let (output, tally, _) = join(try JoinStream.plan(), lines)
    #expect(output.quality()[0]?["count"]?.value == 1)
    #expect(tally.early == 1 && tally.labelled == 1)
  }

  @Test func `the latest outcome counts, whatever the order in which they come`() throws {
    let said = [
      JoinStream.outcome("a", 5, "1"), JoinStream.outcome("a", 9, "0"),
      JoinStream.outcome("a", 7, "1"), JoinStream.outcome("a", 9, "0"),
    ]
    for order in [[0, 1, 2, 3], [3, 2, 1, 0], [1, 0, 3, 2]] {
      let lines =
        [JoinStream.prediction("a", 1)] + order.map { said[$0] } + JoinStream.ticks(10..<30)
      let (output, tally, _) = join(try JoinStream.plan(), lines)
      #expect(output.quality()[0]?["accuracy"]?.value == 0, "order \(order)")
      #expect(tally.corrected + tally.repeated == 3, "order \(order)")
    }
  }

  @Test func `of two predictions with one id and version the earlier counts`() throws {
    let lines =
      [
        JoinStream.prediction("a", 2, decision: 0), JoinStream.prediction("a", 1.5, decision: 1),
        JoinStream.outcome("a", 4, "1"),
      ] + JoinStream.ticks(10..<30)
    let (output, tally, _) = join(try JoinStream.plan(), lines)
    #expect(output.quality()[0]?["accuracy"]?.value == 1)
    #expect(tally.duplicates == 1)
  }

  @Test func `one outcome is of every version's prediction, or of the version that it names`()
    throws
  {
    let lines =
      [
        JoinStream.prediction("a", 1, decision: 1, version: "1"),
        JoinStream.prediction("a", 1, decision: 0, version: "2"),
        JoinStream.prediction("b", 1, decision: 1, version: "1"),
        JoinStream.prediction("b", 1, decision: 1, version: "2"),
        JoinStream.outcome("a", 4, "1"),
        JoinStream.prediction("a", 6, decision: 0, version: "3"),
        JoinStream.outcome("b", 4, "1", version: "2"),
      ] + JoinStream.ticks(10..<30)
    let (output, tally, _) = join(try JoinStream.plan(), lines)
    #expect(output.quality(version: "1")[0]?["accuracy"]?.value == 1)
    #expect(output.quality(version: "1")[0]?["count"]?.value == 1)
    #expect(output.quality(version: "2")[0]?["accuracy"]?.value == 0.5)
    #expect(output.quality(version: "3")[0]?["accuracy"]?.value == 0)
    #expect(tally.duplicates == 0)
  }

  @Test func `silence is negative once the outcomes' own clock has passed the horizon`() throws {
    let plan = try JoinStream.plan("{window: 1h, horizon: 2h, silence: negative}")
    let quiet = JoinStream.ticks(0..<600)
    // Nothing but predictions for ten hours: nobody knows whether outcomes come.
    #expect(join(plan, quiet).output.quality().isEmpty)
    #expect(join(plan, quiet).tally.silent == 0)
    let (output, tally, _) = join(
      plan,
      quiet + [JoinStream.outcome("t590", 595, "1")] + JoinStream.ticks(600..<605)
    )
    // Two hours before minute 595 all are negative, and so were their decisions.
    #expect(tally.silent == 475)
    #expect(output.quality()[6]?["accuracy"]?.value == 1)
    #expect(output.quality()[6]?["maturity"]?.value == 1)
    #expect(output.quality()[7]?["count"]?.value == 55)
    #expect(output.stages(6).last?.isFinal == true)
    #expect(output.stages(7).last?.isFinal == false)
  }

  @Test func `an outcome beyond the horizon is too late, one without a prediction is unmatched`()
    throws
  {
    let lines =
      JoinStream.ticks(0..<200)
      + [JoinStream.outcome("t1", 190, "1"), JoinStream.outcome("x", 10, "1")]
      + JoinStream.ticks(200..<400) + [JoinStream.outcome("t390", 395, "1")]
      + JoinStream.ticks(400..<410)
    let (_, tally, _) = join(try JoinStream.plan(), lines)
    #expect(tally.tooLate == 1 && tally.unmatched == 1 && tally.labelled == 1)
  }

  @Test func `an outcome without an id, or with a label that is no class, is refused`() throws {
    let lines =
      JoinStream.ticks(0..<30) + [
        #"{"kind":"o","ts":1767225900,"y":1}"#, JoinStream.outcome("t3", 5, "\"maybe\""),
        JoinStream.outcome("t3", 5, "null"),
      ]
    let (_, tally, refused) = join(try JoinStream.plan(), lines)
    #expect(refused == [.outcomeIDMissing, .labelInvalid, .labelInvalid])
    #expect(tally.outcomes == 0)
  }

  @Test func `a window is judged again only when an outcome of it came, at most once a slide`()
    throws
  {
    let plan = try JoinStream.plan("{window: 1h, horizon: 2h, slide: 10m}")
    let lines =
      JoinStream.ticks(0..<60)
      + (0..<4).map { JoinStream.outcome("t\($0)", 61 + Double($0), "0") }
      + JoinStream.ticks(66..<100) + [JoinStream.outcome("t9", 101, "1")]
      + JoinStream.ticks(102..<200)
    let (output, _, _) = join(plan, lines)
    let stages = output.stages(0)
    #expect(stages.map(\.revision) == [1, 2])
    #expect(stages.map { Int($0.time / 60_000_000_000) % 60 } == [10, 50])
  }

  @Test func `where too many wait the oldest windows are closed early, and counted`() throws {
    let plan = try JoinStream.plan(
      "{window: 1h, horizon: 20h}",
      rules: "limits: {pending: 1000}"
    )
    var lines: [String] = []
    for minute in 0..<400 {
      for copy in 0..<5 { lines.append(JoinStream.prediction("\(minute)-\(copy)", Double(minute))) }
    }
    lines.append(JoinStream.outcome("1-1", 399, "1"))
    lines.append(JoinStream.outcome("399-1", 399, "1"))
    let (output, tally, _) = join(plan, lines + JoinStream.ticks(400..<420))
    #expect(tally.crowdedOut > 0)
    #expect(tally.labelled == 1)
    #expect(output.quality()[6]?["count"]?.value == 1)
    #expect(output.stages(0).allSatisfy { !$0.isFinal })
  }

  @Test func `of one window no more wait than may, and the others are counted`() throws {
    let plan = try JoinStream.plan(
      "{window: 1d, horizon: 2d}",
      rules: "limits: {pending: 1000}"
    )
    var lines: [String] = []
    for minute in 0..<300 {
      for copy in 0..<5 { lines.append(JoinStream.prediction("\(minute)-\(copy)", Double(minute))) }
    }
    let known = ["10-1", "299-1"].map { JoinStream.outcome($0, 299, "1") }
    let (output, tally, _) = join(plan, lines + known + JoinStream.ticks(300..<320))
    #expect(tally.predictions == 1_000 && tally.unkept == 520 && tally.crowdedOut == 0)
    #expect(tally.labelled == 1)
    #expect(output.quality()[0]?["count"]?.value == 1)
  }

  @Test(arguments: 0..<6)
  func `the same bytes come out for any order within the lateness, cut and batch`(
    seed: UInt64
  ) throws {
    let plan = try JoinStream.plan("{window: 1h, horizon: 3h, silence: negative, slide: 10m}")
    var generator = SeededGenerator(seed: seed)
    var events: [(time: Double, line: String)] = []
    for index in 0..<900 {
      let minute = Double(index) / 2
      let id = "p\(index % 870)"
      events.append(
        (
          minute,
          JoinStream.prediction(
            id,
            minute,
            score: Double(generator.below(100)) / 100,
            decision: generator.below(2),
            version: generator.below(3) == 0 ? "2" : "1"
          )
        )
      )
      for _ in 0..<generator.below(3) {
        let known = minute + Double(generator.below(400)) - 20
        guard known > 0 else { continue }
        events.append((known, JoinStream.outcome(id, known, "\(generator.below(2))")))
      }
    }
    events.sort { $0.time < $1.time }
    func run(shuffled: Bool, chunk: Int, cuts: Int) throws -> [UInt8] {
      var order = events
      if shuffled {
        // Within 20 seconds: less than the lateness.
        let keyed = events.map { ($0.time + Double(generator.below(20)) / 60, $0) }
        order = keyed.sorted { $0.0 < $1.0 }.map(\.1)
      }
      var feeding = Feeding(plan, capacity: chunk == 1 ? 1 : 64)
      var next = 0
      while next < order.count {
        let end = min(order.count, next + chunk)
        feeding.feed(order[next..<end].map(\.line))
        feeding.close()
        if cuts > 0, generator.below(order.count / chunk / cuts) == 0 { try feeding.restart() }
        next = end
      }
      feeding.finish()
      return feeding.output.metricRecords
    }
    let whole = try run(shuffled: false, chunk: 100, cuts: 0)
    #expect(!whole.isEmpty)
    #expect(try run(shuffled: true, chunk: 7, cuts: 0) == whole)
    #expect(try run(shuffled: true, chunk: 30, cuts: 5) == whole)
    #expect(try run(shuffled: false, chunk: 1, cuts: 3) == whole)
  }
}
