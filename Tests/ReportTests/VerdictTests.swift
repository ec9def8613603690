import Records
import Testing

@testable import Monitoring
@testable import Report

@Suite struct VerdictTests {
  private func movement(
    _ signal: String,
    low: Double,
    drifted: Int,
    driftingSince: Int64? = nil
  ) -> Movement {
    var row = Movement(signal: signal, window: "main", tolerance: 0.1, confidence: 0.99)
    row.judged = 10
    row.drifted = drifted
    row.firstDrift = drifted > 0 ? 5 : nil
    row.driftingSince = driftingSince
    row.isDriftedNow = driftingSince != nil
    row.surest = Movement.Comparison(
      drift: StatisticValue(value: low, psi: low + 0.1, n: 100, referenceN: 1000),
      start: 0,
      end: 10,
      histogram: [],
      moved: [],
      unseen: []
    )
    return row
  }

  private func verdict(
    _ movements: [Movement],
    _ alerts: [AlertState.Phase] = [],
    spent: [String] = [],
    events: Int = 1
  ) -> Verdict {
    var history = AlertHistory()
    for (time, state) in alerts.enumerated() {
      history.insert(SyntheticReplay.alert(state, startsAt: 7, time: 7 + Int64(time)))
    }
    return Verdict(movements: movements, alerts: history, spent: spent, events: events)
  }

  @Test func `the verdict is the worst that holds at the end`() {
    let calm = [movement("a", low: 0.02, drifted: 0)]
    let past = [movement("a", low: 0.3, drifted: 2)]
    let now = [movement("a", low: 0.3, drifted: 2, driftingSince: 6)]
    #expect(verdict(calm, events: 0).state == .nothing)
    #expect(verdict(calm).state == .well)
    #expect(verdict(past).state == .recovered)
    #expect(verdict(past).since == 5)
    #expect(verdict(calm, [.firing, .resolved]).state == .recovered)
    #expect(verdict(calm, spent: ["availability"]).state == .spent)
    #expect(verdict(now).state == .drifting)
    #expect(verdict(now).since == 6)
    #expect(verdict(now, [.firing]).state == .unwell)
    #expect(verdict(now, [.firing]).since == 7)
  }

  @Test func `the worst signal is the one furthest beyond its own limit`() {
    var wide = movement("wide", low: 0.5, drifted: 1)
    wide.tolerance = 1
    let rows = [wide, movement("b", low: 0.2, drifted: 1), movement("a", low: 0.2, drifted: 1)]
    #expect(verdict(rows).moved.map(\.signal) == ["a", "b", "wide"])
  }

  @Test func `advice says what to mend first, and tells inputs from outputs`() {
    func advice(_ names: [String], broken: [String] = [], spent: [String] = []) -> [String] {
      let rows = names.map { movement($0, low: 0.2, drifted: 1, driftingSince: 5) }
      return Advice(verdict: verdict(rows), broken: broken, unseen: [], spent: spent).sentences
    }
    let both = advice(["features.x", "score"], broken: ["features.y"], spent: ["availability"])
    #expect(both.count == 3)
    #expect(both[0].hasPrefix("The error budget of availability is spent"))
    #expect(both[1].hasPrefix("Mend the data first: features.y has"))
    #expect(both[2].hasPrefix("Inputs and outputs moved: find out whether features.x"))
    #expect(advice(["score"])[0].hasPrefix("What the model says moved while its inputs did not"))
    #expect(advice(["features.x"])[0].hasPrefix("Inputs moved and what the model says did not"))
    #expect(advice([]) == ["Nothing."])
  }

  @Test func `what is over asks for nothing to be done`() {
    let rows = ["features.x", "score"].map { movement($0, low: 0.2, drifted: 1) }
    let over = verdict(rows, [.firing, .resolved])
    #expect(over.movedNow.isEmpty)
    #expect(over.movedBack.map(\.signal) == ["features.x", "score"])
    let sentences = Advice(verdict: over, broken: [], unseen: [], spent: []).sentences
    #expect(sentences.count == 1)
    #expect(sentences[0].hasPrefix("Nothing now."))
  }

  @Test func `advice is about what fires now, not about another signal that moved and is back`() {
    let rows = [movement("score", low: 0.4, drifted: 3)]
    let sentences = Advice(
      verdict: verdict(rows, [.firing]),
      broken: [],
      unseen: [],
      spent: []
    ).sentences
    #expect(sentences == ["Look at what fires: Drift on features.signal_1."])
  }

  @Test func `where only parts of the traffic fire, they are where to begin`() {
    var history = AlertHistory()
    var alert = SyntheticReplay.alert(.firing, startsAt: 7, time: 7)
    alert.labels["version"] = "2.1"
    history.insert(alert)
    let verdict = Verdict(movements: [], alerts: history, spent: [], events: 1)
    let sentences = Advice(verdict: verdict, broken: [], unseen: [], spent: []).sentences
    #expect(sentences == ["What fires is about version 2.1 alone: begin there."])
  }

  @Test func `a page says what is over as over`() throws {
    let replay = try SyntheticReplay(signals: 3, windows: 120, weather: .calm)
    let page = String(decoding: replay.page(), as: UTF8.self)
    let now = try #require(page.firstRange(of: "Beyond its limit now</dt><dd>Nothing.</dd>"))
    let over = try #require(page.firstRange(of: "<dt>Over</dt><dd>"))
    #expect(now.upperBound < over.lowerBound)
    #expect(page[over.upperBound...].hasPrefix("<ul><li><strong>features.signal_1</strong> was"))
    #expect(page.contains("1 alert fired and was resolved; 1 incident is closed."))
  }

  @Test func `names are listed as in a sentence, at most four`() {
    #expect(listed([]) == "")
    #expect(listed(["a"]) == "a")
    #expect(listed(["a", "b"]) == "a and b")
    #expect(listed(["a", "b", "c", "d"]) == "a, b, c and d")
    #expect(listed(["a", "b", "c", "d", "e", "f"]) == "a, b, c, d and 2 more")
  }

  @Test(arguments: [
    (Unit.seconds, 0.2431, "243.1 ms"), (.seconds, 2.5e-5, "25 µs"), (.seconds, 0, "0 s"),
    (.seconds, 90, "90 s"), (.seconds, 7200, "2 hours"), (.seconds, 259_200, "3 days"),
    (.share, -0.1972, "-19.72 %"), (.share, 0.999312, "99.93 %"), (.index, 0.35449, "0.354"),
    (.events, 75_913, "75,913"), (.rate, 2.2081, "2.208 events/s"), (.none, 0.24766, "0.2477"),
    (.none, 54_210.7, "54,211"), (.none, 3.2e9, "3.2e9"), (.none, 999.96, "1000"),
  ])
  func `numbers have the unit that suits their size`(unit: Unit, value: Double, text: String) {
    #expect(unit.text(value) == text)
  }

  @Test func `text is escaped wherever it comes in`() {
    let name = "<b>\"x\" & 'y'</b>\u{1}"
    let html: HTML = "<td title=\"\(name)\">\(7)\(["<i>\(name)</i>" as HTML])</td>"
    let escaped = "&lt;b&gt;&quot;x&quot; &amp; 'y'&lt;/b&gt;\u{fffd}"
    #expect(html.markup == "<td title=\"\(escaped)\">7<i>\(escaped)</i></td>")
  }
}
