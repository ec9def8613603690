import Records
import Sketches
import Specification
import TestSupport
import Testing

@testable import Monitoring

/// An incident that stays open knows a bounded number of its alerts again.
@Suite struct EndedAlertsTests {
  private static let limit = OpenIncident.endedLimit + Incident.listed

  private static func part(_ version: Int) -> PartName {
    .part(dimension: 0, .value(Array("\(version)".utf8)))
  }

  private static func report(
    _ rule: String,
    _ version: Int,
    _ cause: AlertCause,
    _ entered: AlertPhase,
    at time: Int64
  ) -> AlertReport {
    let signals = AlertScope.Signals.some(["x"])
    let part = Self.part(version)
    let series = DeskTests.Series(
      name: rule,
      cause: cause,
      signals: signals,
      part: part,
      conditions: ""
    )
    return AlertReport(
      key: AlertKey(rule: rule, part: part, signal: nil),
      scope: AlertScope(cause: cause, signals: signals),
      entered: entered,
      phase: entered == .firing ? .firing : .inactive
    ) { DeskTests.alert(series, $0, at: time, fired: time) }
  }

  /// A minute of a stream that has a new version each minute.
  ///
  /// One begins, with an alert that says that its data are broken and one that therefore waits, and
  /// an earlier one ends. Now and then an old version comes back.
  private static func minute(_ number: Int, _ random: inout SeededGenerator) -> [AlertReport] {
    let time = Int64(number) * DeskTests.minute
    var changes = [(number, AlertPhase.firing), (number - 2, .resolved)]
    if number % 16 == 9 {
      let old = Int.random(in: max(0, number - 900)..<number - 2, using: &random)
      changes += [(old, .firing), (old, .resolved)].shuffled(using: &random).prefix(1)
    }
    return changes.filter { $0.0 >= 0 }.flatMap { version, phase in
      [
        report("A", version, .pipeline, phase, at: time),
        report("B", version, .drift, phase, at: time),
      ]
    }
  }

  private static func desk() throws -> AlertDesk {
    AlertDesk(try DeskTests.monitor(quiet: 10, flapping: nil, within: 10))
  }

  @Test(arguments: [1, 2] as [UInt64])
  func `what an open incident remembers has a bound, and all of it is counted`(
    seed: UInt64
  ) throws {
    var desk = try Self.desk()
    var random = SeededGenerator(seed: seed)
    var notices: [Notice] = []
    var most = 0
    for number in 0..<4_000 {
      let reports = Self.minute(number, &random).filter { $0.key.part != Self.part(-1) }
      notices.removeAll()
      desk.settle(reports, at: Int64(number) * DeskTests.minute, into: &notices)
      most = max(most, desk.rememberedMembers)
    }
    let incident = try #require(desk.openIncidents.first)
    #expect(desk.openIncidents.count == 1)
    #expect(incident.alertCount >= 4_000)
    #expect(incident.withheldCount >= 4_000)
    #expect(incident.title == "Missing or invalid values: x; \(incident.withheldCount) withheld")
    #expect(incident.alerts.count == 50)
    #expect(incident.withheld.count == 50)
    #expect(most >= 2 * Self.limit)
    // Those of the last two minutes fire and wait; an old one may do so until the end.
    #expect(most <= 2 * (Self.limit + 3 + 250))
  }

  private static func member(_ number: Int, _ cause: AlertCause, at time: Int64) -> Incident.Member
  {
    Incident.Member(
      alert: "A",
      fingerprint: "\(cause) \(number)",
      signal: "x",
      version: "\(number)",
      segment: nil,
      severity: "page",
      cause: cause,
      startsAt: time,
      endsAt: nil,
      isFlapping: false
    )
  }

  @Test(arguments: [3, 4] as [UInt64])
  func `an incident of thousands of alerts goes on after a cut as without one`(
    seed: UInt64
  ) throws {
    let opening = DeskTests.Series(name: "A", conditions: "+")
    let first = DeskTests.alert(opening, .firing, at: 0, fired: 0)
    var whole = OpenIncident(openedBy: first, model: "m")
    var cut = whole
    var random = SeededGenerator(seed: seed)
    for time in Int64(0)..<6_000 {
      let number = Int(time)
      let old = Int.random(in: max(0, number - 2_000)...number, using: &random)
      for step in 0..<2 {
        var incident = step == 0 ? whole : cut
        _ = incident.insert(Self.member(number, .pipeline, at: time), at: time)
        _ = incident.withhold(Self.member(number, .drift, at: time))
        _ = incident.withhold(Self.member(old, .drift, at: time))
        incident.end("pipeline \(old)", at: time)
        incident.end("pipeline \(number - 3)", at: time)
        incident.endWaiting("drift \(old)")
        incident.endWaiting("drift \(number - 2)")
        if number % 7 == 0 {
          _ = incident.insert(Self.member(old, .drift, at: time), at: time)
        }
        incident.forgetEnded()
        if step == 0 { whole = incident } else { cut = incident }
      }
      guard number % 500 == 499 else { continue }
      #expect(cut.encoded() == whole.encoded())
      cut = try OpenIncident(decoding: cut.encoded())
      #expect(cut.record(.updated, at: time) == whole.record(.updated, at: time))
      #expect(cut.rememberedCount == whole.rememberedCount)
    }
    #expect(whole.record(.updated, at: 6_000).alertCount > 6_000)
  }

  @Test func `an alert that ended long ago counts again, one that ended lately does not`() throws {
    let opening = DeskTests.Series(name: "A", conditions: "+")
    let first = DeskTests.alert(opening, .firing, at: 0, fired: 0)
    var incident = OpenIncident(openedBy: first, model: "m")
    let count = Self.limit + 10
    for number in 0..<count {
      _ = incident.insert(Self.member(number, .value, at: 0), at: 0)
      incident.end("value \(number)", at: 1)
      incident.forgetEnded()
    }
    #expect(incident.rememberedCount == Self.limit)
    for known in [0, 49, 60, count - 1] {
      let isNew = incident.insert(Self.member(known, .value, at: 2), at: 2)
      #expect(!isNew, "\(known)")
    }
    for forgotten in [50, 59] {
      let isNew = incident.insert(Self.member(forgotten, .value, at: 2), at: 2)
      #expect(isNew, "\(forgotten)")
    }
    #expect(incident.record(.updated, at: 2).alertCount == count + 2)
  }
}
