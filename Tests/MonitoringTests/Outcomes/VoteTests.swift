import Events
import Records
import TestSupport
import Testing

@testable import Monitoring
@testable import Specification

@Suite struct VoteTests {
  private static func plan(
    _ quality: String = "{window: 1h, horizon: 2h}",
    feedback: String = ""
  ) throws -> Plan {
    try Plan(
      monitor: monitor(
        """
        model: votes
        events:
          prediction: {when: kind == "p", id: id, time: ts, version: v, score: s, decision: d}
          outcome:
            when: kind == "o"
            id: id
            time: ts
            version: v
            label: y
            annotator: who
            skipped: skip
            source: by
        quality: \(quality)
        windows: {main: 1h}
        \(feedback)
        """
      ),
      profile: nil
    )
  }

  /// An outcome with members beside those of `JoinStream`.
  private static func say(_ id: String, _ minute: Double, _ label: String, _ more: String) -> String
  {
    JoinStream.outcome(id, minute, label).dropLast() + ",\(more)}"
  }

  private static func vote(_ id: String, _ minute: Double, _ label: String, _ who: String) -> String
  {
    say(id, minute, label, "\"who\":\"\(who)\"")
  }

  @Test(arguments: [false, true])
  func `a row that has left is taken back when the votes tie`(settled: Bool) throws {
    let plan = try Self.plan(feedback: "feedback: {consent: true, rows: {early: true}}")
    let lines =
      [
        JoinStream.prediction("a", 1), JoinStream.prediction("b", 2),
        Self.vote("a", 10, "1", "ann"), Self.vote("b", 12, "1", "ann"),
      ] + JoinStream.ticks(14..<18) + [Self.vote("a", 30, "0", "bob")] + JoinStream.ticks(34..<38)
      + (settled ? [Self.vote("a", 50, "0", "cy")] : [])
      + JoinStream.ticks(60..<200) + [Self.vote("t150", 200, "1", "ann")]
      + JoinStream.ticks(210..<240)
    for cuts in [false, true] {
      let left = try join(plan, lines, cuts: cuts).output.feedback.compactMap { record -> String? in
        guard case .example(let row) = record, row.id == "a" else { return nil }
        let outcome = row.outcome.map { "\(Int($0))" } ?? "null"
        return "\(row.revision) \(row.isFinal ? "final" : "early") \(outcome) \(row.route)"
      }
      let rest = settled ? ["3 early 0 itself", "4 final 0 itself"] : ["3 final null none"]
      #expect(left == ["1 early 1 itself", "2 early null none"] + rest)
    }
  }

  private func join(
    _ plan: Plan,
    _ lines: [String],
    chunk: Int = 1,
    cuts: Bool = false
  ) throws -> Feeding {
    var feeding = Feeding(plan)
    try feeding.run(lines, chunk: chunk, cuts: cuts)
    return feeding
  }

  private func figures(
    _ votes: [String],
    _ quality: String = "{window: 1h, horizon: 2h}"
  ) throws
    -> (all: [String: StatisticValue], tally: OutcomeTally)
  {
    let lines = [JoinStream.prediction("a", 1)] + votes + JoinStream.ticks(10..<30)
    let feeding = try join(try Self.plan(quality), lines)
    return (feeding.output.quality()[0] ?? [:], feeding.outcomeTally)
  }

  @Test func `the majority decides, each with the latest vote`() throws {
    let votes = [
      Self.vote("a", 2, "1", "x"), Self.vote("a", 3, "0", "y"), Self.vote("a", 4, "0", "z"),
      Self.vote("a", 5, "1", "z"),
    ]
    for order in [[0, 1, 2, 3], [3, 2, 1, 0], [2, 0, 3, 1]] {
      let (all, _) = try figures(order.map { votes[$0] })
      #expect(all["count"]?.value == 1 && all["accuracy"]?.value == 1, "order \(order)")
    }
  }

  @Test func `a tie is no outcome until a vote breaks it`() throws {
    let tie = [Self.vote("a", 2, "1", "x"), Self.vote("a", 3, "0", "y")]
    let (tied, tally) = try figures(tie)
    #expect(tied["accuracy"] == nil && tally.tied == 1 && tally.labelled == 0)
    let (broken, _) = try figures(tie + [Self.vote("a", 4, "0", "z")])
    #expect(broken["accuracy"]?.value == 0)
  }

  @Test func `what the system says decides, whatever people vote`() throws {
    let (all, _) = try figures([
      Self.vote("a", 2, "0", "x"), Self.vote("a", 3, "0", "y"),
      Self.say("a", 2.5, "1", "\"by\":\"system\""),
    ])
    #expect(all["accuracy"]?.value == 1)
  }

  @Test func `a skipped answer is no outcome, and an answer that follows it is one`() throws {
    let skip = Self.say("a", 2, "null", "\"who\":\"x\",\"skip\":true")
    let (skipped, tally) = try figures([skip])
    #expect(skipped["accuracy"] == nil && tally.skipped == 1 && tally.labelled == 0)
    let (answered, _) = try figures([skip, Self.vote("a", 3, "1", "x")])
    #expect(answered["accuracy"]?.value == 1)
  }

  @Test func `who was asked and skipped is not silent, though silence is negative`() throws {
    let quality = "{window: 1h, horizon: 2h, silence: negative}"
    let lines =
      [JoinStream.prediction("a", 1), JoinStream.prediction("b", 1)]
      + [Self.say("a", 2, "null", "\"who\":\"x\",\"skip\":true")]
      + [JoinStream.prediction("c", 300), Self.vote("c", 301, "1", "x")]
      + JoinStream.ticks(302..<320)
    let feeding = try join(try Self.plan(quality), lines)
    #expect(feeding.outcomeTally.silent == 1)
    #expect(feeding.output.quality()[0]?["count"]?.value == 1)
  }

  @Test func `a judge's verdict is no outcome, and does not break silence`() throws {
    let verdict = Self.say("a", 2, "1", "\"by\":\"judge\"")
    let (all, tally) = try figures([verdict, Self.say("a", 3, "1", "\"by\":\"machine\"")])
    #expect(all["accuracy"] == nil && tally.judged == 2 && tally.labelled == 0)
  }

  @Test func `a source that is not known is refused with its own reason`() throws {
    let feeding = try join(
      try Self.plan(),
      [JoinStream.prediction("a", 1), Self.say("a", 2, "1", "\"by\":\"oracle\"")]
    )
    #expect(feeding.refused == [.sourceInvalid])
  }

  @Test func `agreement is Krippendorff's alpha of those who voted on the same prediction`() throws
  {
    // The binary example of Computing Krippendorff's Alpha-Reliability (2011): 0.095.
    let one = [0, 1, 0, 0, 0, 0, 0, 0, 1, 0]
    let other = [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]
    var lines = one.indices.map { JoinStream.prediction("u\($0)", 1) }
    for place in one.indices {
      lines.append(Self.vote("u\(place)", 2, "\(one[place])", "A"))
      lines.append(Self.vote("u\(place)", 3, "\(other[place])", "B"))
    }
    lines += JoinStream.ticks(10..<30)
    let agreement = try #require(try join(try Self.plan(), lines).output.quality()[0]?["agreement"])
    #expect(abs(agreement.value - 2.0 / 21) < 1e-12)
    #expect(agreement.n == 10)
  }

  @Test func `no more than 64 are heard on one prediction`() throws {
    let votes = (0..<70).map { Self.vote("a", 2 + Double($0) / 100, "1", "w\($0)") }
    let (all, tally) = try figures(votes)
    #expect(tally.unheard == 6)
    #expect(all["accuracy"]?.value == 1)
  }

  @Test func `a vote is of every version's prediction of the id, whichever came first`() throws {
    let lines =
      [
        JoinStream.prediction("a", 1, version: "1"), Self.vote("a", 2, "1", "x"),
        Self.vote("a", 3, "1", "y"), JoinStream.prediction("a", 4, version: "2"),
      ] + JoinStream.ticks(10..<30)
    let feeding = try join(try Self.plan(), lines)
    #expect(feeding.outcomeTally.labelled == 2)
    #expect(feeding.output.quality()[0]?["count"]?.value == 2)
  }

  @Test func `a state cut between votes changes nothing, nor does the batch`() throws {
    var lines: [String] = []
    for minute in 0..<240 {
      lines.append(JoinStream.prediction("p\(minute)", Double(minute)))
      let of = minute - minute % 7
      lines.append(Self.vote("p\(of)", Double(minute) + 0.5, "\(minute % 2)", "w\(minute % 3)"))
      if minute % 5 == 0 {
        lines.append(
          Self.say("p\(of)", Double(minute) + 0.6, "null", "\"who\":\"q\",\"skip\":true")
        )
        lines.append(Self.say("p\(of)", Double(minute) + 0.1, "1", "\"by\":\"judge\""))
      }
    }
    let plan = try Self.plan()
    let whole = try join(plan, lines)
    for (chunk, cuts) in [(13, false), (13, true), (1, true)] {
      let other = try join(plan, lines, chunk: chunk, cuts: cuts)
      #expect(other.outcomeTally == whole.outcomeTally, "\(chunk), cut \(cuts)")
      #expect(other.output.quality() == whole.output.quality(), "\(chunk), cut \(cuts)")
    }
    #expect(whole.outcomeTally.tied > 0 && whole.outcomeTally.skipped > 0)
  }

  @Test func `judges of all that could be asked for are what the sample corrects`() throws {
    let feedback = "feedback: {consent: true, relabel: {budget: 240/d}}"
    let plan = try Self.plan(feedback: feedback)
    var lines: [String] = []
    for minute in 0..<60 {
      lines.append(JoinStream.prediction("p\(minute)", Double(minute)))
    }
    // Every verdict is right: a third of the decisions is wrong.
    for minute in 0..<60 {
      lines.append(Self.say("p\(minute)", 61, minute % 3 == 0 ? "0" : "1", "\"by\":\"judge\""))
    }
    for minute in 0..<60 {
      lines.append(Self.vote("p\(minute)", 62, minute % 3 == 0 ? "0" : "1", "x"))
    }
    lines += JoinStream.ticks(63..<130)
    let output = try join(plan, lines).output
    let start = Int64(JoinStream.start) * 1_000_000_000
    let last = try #require(output.measured.last { $0.stage != nil && $0.start == start })
    func value(_ statistic: String) -> Double? {
      last.measurements.first { $0.signal == "sample" && $0.statistic == statistic }?.value.value
    }
    #expect(value("judged") == 1)
    #expect(value("response") == 1 && value("skipped") == 0)
    // Where the verdicts are right, the estimate is exact: sampling adds nothing.
    #expect(abs(try #require(value("accuracy")) - 2.0 / 3) < 1e-12)
  }
}
