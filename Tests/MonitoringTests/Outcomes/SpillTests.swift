import Events
import Records
import Sketches
import TestSupport
import Testing

@testable import Monitoring
@testable import Specification

/// Predictions that wait where memory has no room for them: nobody can tell.
@Suite struct SpillTests {
  /// What a monitor of the tests has beside its events.
  private static let variants = [
    "quality: {window: 1h, horizon: 5h, slide: 1h, silence: negative}",
    "quality: {window: 12h, horizon: 5h, slide: 3h, maturity: 50%}",
    """
    quality: {window: 1h, horizon: 4h, slide: 1h}
    feedback: {consent: true, rows: true, features: [d], relabel: {budget: [12/h]}}
    """,
    """
    quality: {window: 1h, horizon: 6h, slide: 30m}
    rules:
      - {alert: Worse, expr: accuracy(quality) < 0.6 and count(quality) >= 5}
      - {alert: Asked, expr: maturity(quality) > 0.2, by: [version]}
    """,
  ]

  private static func plan(
    _ variant: String,
    pending: Int,
    spilled: Int,
    votes: Bool = false
  ) throws -> Plan {
    var monitor = try monitor(
      """
      model: spill
      events:
        prediction: {when: kind == "p", id: id, time: ts, version: v, score: s, decision: d}
        outcome:
          when: kind == "o"
          id: id
          time: ts
          version: v
          label: y
      \(votes ? "    annotator: who" : "")
      windows: {main: 1h}
      \(variant)
      """
    )
    monitor.limits.pending = pending
    monitor.limits.spilled = spilled
    return try Plan(monitor: monitor, profile: nil)
  }

  /// Predictions and outcomes, early ones, late ones, corrected ones, and shadows' among them.
  private static func lines(_ random: inout SeededGenerator, votes: Bool) -> [String] {
    var timed: [(Double, String)] = []
    for index in 0..<250 {
      let minute = Double(2 * index) + Double(random.below(50)) / 100
      let (score, decision) = (Double(random.below(1000)) / 1000, random.below(2))
      let id = "p\(index)"
      timed.append(
        (minute, JoinStream.prediction(id, minute, score: score, decision: decision, version: "1"))
      )
      if random.below(5) == 0 {
        let shadow = minute + Double(random.below(200))
        timed.append((shadow, JoinStream.prediction(id, shadow, decision: 1, version: "2")))
      }
      if random.below(30) == 0 {
        timed.append((minute + 40, JoinStream.prediction(id, minute + 40, version: "1")))
      }
      for said in 0..<[0, 1, 1, 1, 2, 3][random.below(6)] {
        let delay = random.below(12) == 0 ? -Double(random.below(9)) : Double(random.below(400))
        let label = random.below(1000) < Int(1000 * score) ? "1" : "0"
        let line = JoinStream.outcome(
          id,
          minute + delay,
          label,
          version: random.below(4) == 0 ? "\(1 + random.below(2))" : nil
        )
        let voter = votes ? line.dropLast() + ",\"who\":\"w\(said)\"}" : line
        timed.append((minute + delay + Double(random.below(3)), voter))
      }
    }
    return timed.enumerated().sorted { ($0.element.0, $0.offset) < ($1.element.0, $1.offset) }
      .map(\.element.1)
  }

  @Test(arguments: zip(variants.indices, [true, false, true, false]))
  func `what waits in a store is joined, corrected and judged as in memory`(
    variant: Int,
    votes: Bool
  ) throws {
    var random = SeededGenerator(seed: UInt64(variant) + 1)
    let lines = Self.lines(&random, votes: votes)
    let text = Self.variants[variant]
    var whole = Feeding(try Self.plan(text, pending: 10_000, spilled: 0, votes: votes))
    try whole.run(lines, chunk: 97, cuts: false)
    for (memory, chunk, cuts) in [(60, 31, false), (60, 97, true)] {
      let plan = try Self.plan(text, pending: memory, spilled: 10_000 - memory, votes: votes)
      var spilling = Feeding(plan, pending: MemoryStore())
      var most = 0
      for start in stride(from: 0, to: lines.count, by: chunk) {
        spilling.feed(lines[start..<min(lines.count, start + chunk)])
        spilling.close()
        most = max(most, spilling.spilled)
        if cuts { try spilling.restart() }
      }
      spilling.finish()
      let place = "memory \(memory), variant \(variant)"
      #expect(most > 50, "\(place)")
      #expect(spilling.output.notices == whole.output.notices, "\(place)")
      #expect(spilling.output.measured == whole.output.measured, "\(place)")
      #expect(spilling.output.feedback == whole.output.feedback, "\(place)")
      var expected = whole.outcomeTally
      // Outcomes that wait have the limit of memory.
      expected.forgotten = spilling.outcomeTally.forgotten
      expected.unmatched = spilling.outcomeTally.unmatched
      expected.early = spilling.outcomeTally.early
      #expect(spilling.outcomeTally == expected, "\(place)")
    }
  }

  @Test func `the store is crossed once a pane, and not at all below the limit`() throws {
    var random = SeededGenerator(seed: 7)
    let lines = Self.lines(&random, votes: false)
    let text = "quality: {window: 1h, horizon: 5h}"
    let roomy = MemoryStore()
    var within = Feeding(
      try Self.plan(text, pending: 9_000, spilled: 1_000),
      measuring: .nothing,
      pending: roomy
    )
    try within.run(lines, chunk: 97, cuts: false)
    #expect(roomy.crossings == 0)
    let narrow = MemoryStore()
    var beyond = Feeding(
      try Self.plan(text, pending: 20, spilled: 9_980),
      measuring: .nothing,
      pending: narrow
    )
    try beyond.run(lines, chunk: 97, cuts: false)
    #expect(narrow.puts > 250)
    // A pane is a minute: what it meets, what changed, what goes; then windows that are judged.
    #expect(narrow.crossings < 3 * 900 + 40 * 25)
    // What is over is gone from it.
    #expect(narrow.keys.count == beyond.spilled)
  }

  @Test(arguments: [true, false])
  func `damaged predictions are counted once, and the others go on`(isRestarted: Bool) throws {
    let plan = try Self.plan("quality: {window: 1h, horizon: 8h}", pending: 20, spilled: 9_000)
    var feeding = Feeding(plan, pending: MemoryStore())
    feeding.feed((0..<300).map { JoinStream.prediction("a\($0)", Double($0)) })
    feeding.close()
    let store = feeding.pending ?? MemoryStore()
    let keys = store.keys
    #expect(keys.count > 200)
    store.damage(keys[3], to: nil)
    store.damage(keys[70], to: [1, 2, 3])
    // A row of another window is not taken for one of this.
    store.damage(keys[150], to: Array(store.rows([keys[3] + 1]).bytes))
    if isRestarted {
      let notes = try feeding.restart()
      #expect(
        notes == ["damaged on the disk: 3 predictions that waited for an outcome; the others go on"]
      )
    }
    feeding.feed((0..<300).map { JoinStream.outcome("a\($0)", 301, "1") })
    feeding.feed(JoinStream.ticks(302..<900))
    feeding.feed([JoinStream.outcome("t899", 899.5, "1")])
    feeding.close()
    feeding.finish()
    #expect(feeding.outcomeTally.damaged == 3)
    #expect(feeding.outcomeTally.labelled == 298)
    let quality = feeding.output.quality()
    #expect((0..<5).map { quality[$0]?["count"]?.value } == [59, 59, 59, 60, 60])
    #expect(quality[0]?["maturity"]?.value == 1)
  }

  @Test func `without a place on the disk a state's predictions there are damaged`() throws {
    let plan = try Self.plan("quality: {window: 1h, horizon: 8h}", pending: 20, spilled: 9_000)
    var feeding = Feeding(plan, pending: MemoryStore())
    feeding.feed((0..<300).map { JoinStream.prediction("a\($0)", Double($0)) })
    feeding.close()
    let spilled = feeding.spilled
    var engine = Engine(plan, measuring: .nothing)
    let state = try EngineState(decoding: feeding.stateBytes)
    let restored = try engine.restore(state)
    #expect(restored.notes.count == 1)
    #expect(engine.damagedPredictions == spilled)
    #expect(spilled > 200)
  }

  @Test func `a store that takes nothing in leaves predictions in memory`() throws {
    let plan = try Self.plan("quality: {window: 1h, horizon: 8h}", pending: 20, spilled: 9_000)
    let store = MemoryStore()
    store.isFull = true
    var feeding = Feeding(plan, pending: store)
    feeding.feed((0..<300).map { JoinStream.prediction("a\($0)", Double($0)) })
    feeding.feed((0..<300).map { JoinStream.outcome("a\($0)", 301, "1") })
    feeding.feed(JoinStream.ticks(302..<310))
    feeding.close()
    feeding.finish()
    #expect(feeding.spilled == 0)
    #expect(feeding.outcomeTally.labelled == 300)
  }

  @Test func `an index forgets a window and nothing else`() {
    var random = SeededGenerator(seed: 3)
    var index = IDIndex()
    var ids: [(EventID, IDIndex.Place)] = []
    for row in 0..<5_000 {
      // Few hashes, so that places stand far from where they belong, also around the end.
      let id = EventID(high: random.next() % 600, low: UInt64(row))
      let place = IDIndex.Place(window: Int32(random.below(5)) - 2, row: UInt32(row))
      ids.append((id, place))
      index.insert(id, place)
    }
    index.removeAll(in: 1)
    let kept = ids.filter { $0.1.window != 1 }
    #expect(index.count == kept.count)
    for (id, place) in ids {
      var isThere = false
      index.candidates(id) { if $0 == place { isThere = true } }
      #expect(isThere == (place.window != 1))
    }
  }
}
