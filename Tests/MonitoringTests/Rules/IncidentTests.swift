import Expressions
import Foundation
import Records
import Specification
import Testing

@testable import Monitoring

/// Incidents: which alerts are one, what a record says, and when.
@Suite struct IncidentTests {
  private typealias Series = DeskTests.Series

  private static func run(
    _ all: [Series],
    quiet: Int = 5,
    until last: Int? = nil
  ) throws -> [Notice] {
    DeskTests.notices(try DeskTests.monitor(quiet: quiet, flapping: nil), all, until: last)
  }

  private static func records(_ notices: [Notice]) -> [Incident] {
    notices.compactMap { if case .incident(let incident) = $0 { incident } else { nil } }
  }

  @Test func `alerts that overlap are one incident, closed when it has been quiet`() throws {
    let notices = try Self.run(
      [
        Series(name: "A", signals: .some(["x"]), conditions: "+++---"),
        Series(name: "B", signals: .some(["y"]), severity: .page, conditions: "--++--"),
        Series(name: "C", signals: .some(["z"]), holdFor: 3, conditions: "-+++--"),
      ],
      until: 30
    )
    #expect(
      DeskTests.incidents(notices) == [
        "0 opened Drift: x", "2 updated Drift: x, y", "9 closed Drift: x, y",
      ]
    )
    let last = try #require(Self.records(notices).last)
    #expect(last.severity == "page")
    #expect(Self.records(notices)[0].severity == "warning")
    #expect(last.since == 0)
    #expect(last.until == 4 * DeskTests.minute)
    #expect(last.alerts.map(\.endsAt) == [3 * DeskTests.minute, 4 * DeskTests.minute])
    #expect(last.alertCount == 2)
    let alerts = notices.compactMap { if case .alert(let alert) = $0 { alert } else { nil } }
    #expect(alerts.allSatisfy { ($0.incident == nil) == ($0.state == .pending) })
    #expect(Set(alerts.compactMap(\.incident)) == [last.id])
  }

  @Test func `an incident is closed when its quiet is over, whatever else is due later`() throws {
    // B flaps, is held from 14 on, and fires last at 20; then time passes in one step.
    let lasting = String(repeating: "+", count: 20) + "---"
    let flapping = "----------+-+-+-+-+-+--"
    let notices = DeskTests.notices(
      try DeskTests.monitor(quiet: 5, flapping: 3),
      [
        Series(name: "A", signals: .some(["x"]), conditions: lasting),
        Series(name: "B", signals: .some(["y"]), conditions: flapping),
      ],
      until: 60
    )
    let closed = DeskTests.incidents(notices).filter { $0.contains("closed") }
    #expect(closed == ["25 closed Drift: x", "31 closed Drift: y"])
  }

  @Test func `a record stands before the alerts that it is written for`() throws {
    let notices = try Self.run([
      Series(name: "A", conditions: "++"), Series(name: "B", conditions: "-+"),
    ])
    let kinds = notices.map { notice in
      switch notice {
      case .alert(let alert): alert.name
      case .incident(let incident): incident.state.rawValue
      }
    }
    #expect(kinds == ["opened", "A", "updated", "B"])
  }

  @Test func `what begins within the quiet belongs to it, what begins later is another one`() throws
  {
    let notices = try Self.run(
      [Series(name: "A", conditions: "+-----+-------+")],
      quiet: 6,
      until: 14
    )
    #expect(
      DeskTests.incidents(notices) == [
        "0 opened Drift: x", "13 closed Drift: x", "14 opened Drift: x",
      ]
    )
    let ids = Self.records(notices).map(\.id)
    #expect(ids[0] == ids[1])
    #expect(ids[1] != ids[2])
    // Of the model, the first alert and its time: the same in every run.
    #expect(ids[0].count == 16)
    #expect(Self.records(try Self.run([Series(name: "A", conditions: "+")]))[0].id == ids[0])
  }

  @Test func `the title says the cause first, then what came with it`() throws {
    func title(_ all: [Series]) throws -> String? { Self.records(try Self.run(all)).last?.title }
    let drifts = ["a", "b", "c", "d", "e"].map {
      Series(name: "Drift_\($0)", signals: .some([$0]), conditions: "++")
    }
    #expect(try title(drifts) == "Drift: a, b, c and 2 more")
    let mix = Series(name: "M", cause: .mix, signals: .some(["channel"]), conditions: "-+")
    #expect(try title([drifts[0], mix]) == "Traffic mix: channel; also 1 drift alert")
    let burn = Series(name: "Burn", cause: .budget, signals: .some([]), conditions: "-+")
    #expect(try title([burn]) == "Error budget: Burn")
    let slow = Series(name: "Slow", cause: .value, signals: .some(["latency"]), conditions: "++")
    #expect(try title([slow, burn]) == "Beyond limits: latency; also 1 budget alert")
    let silence = Series(name: "S", cause: .silence, signals: .all, conditions: "-+")
    #expect(
      try title([burn, silence] + drifts.prefix(2))
        == "Silence: no events; also 2 drift alerts, 1 budget alert"
    )
    let broken = Series(
      name: "P",
      cause: .pipeline,
      signals: .some(["b"]),
      part: DeskTests.part,
      conditions: "+"
    )
    #expect(try title([broken]) == "Missing or invalid values: b in version 2")
  }

  @Test func `what is withheld is named, also what waited before it opened`() throws {
    let notices = try Self.run(
      [
        Series(name: "P", cause: .pipeline, holdFor: 2, conditions: "+++++---"),
        Series(name: "D", conditions: "-++++++-"),
        Series(name: "E", conditions: "---++---"),
      ],
      until: 20
    )
    #expect(
      DeskTests.incidents(notices) == [
        "2 opened Missing or invalid values: x; 1 withheld",
        "3 updated Missing or invalid values: x; 2 withheld",
        "5 updated Missing or invalid values: x; also 1 drift alert; 1 withheld",
        "12 closed Missing or invalid values: x; also 1 drift alert; 1 withheld",
      ]
    )
    #expect(DeskTests.transitions(notices, named: true) == "P0p P2f P5r D5f D7r")
    let last = try #require(Self.records(notices).last)
    #expect(last.withheld.map(\.alert) == ["E"])
    #expect(last.alerts.map(\.alert) == ["P", "D"])
    // It fired in minute 1, unheard.
    #expect(last.alerts[1].startsAt == DeskTests.minute)
    #expect(last.since == DeskTests.minute)
  }

  @Test func `a record lists the first fifty and counts all`() throws {
    let all = (0..<60).map { index in
      Series(name: "A\(index)", signals: .some(["s\(index)"]), conditions: "+")
    }
    let record = try #require(Self.records(try Self.run(all)).first)
    #expect(record.alerts.count == 50)
    #expect(record.alertCount == 60)
    #expect(record.title == "Drift: s0, s1, s2 and 57 more")
  }

  @Test func `a thousand alerts that come and go leave nothing behind`() throws {
    let monitor = try DeskTests.monitor(quiet: 5, flapping: 3, within: 10)
    var desk = AlertDesk(monitor)
    var notices: [Notice] = []
    for index in 0..<1000 {
      for (step, phase) in [AlertState.Phase.firing, .resolved].enumerated() {
        let time = Int64(2 * index + step) * DeskTests.minute
        let series = Series(name: "A\(index)", conditions: "")
        let report = AlertReport(
          key: AlertKey(rule: series.name, part: .whole, signal: nil),
          scope: AlertScope(cause: .drift, signals: .some(["x"])),
          entered: phase,
          phase: phase == .firing ? .firing : .inactive
        ) { DeskTests.alert(series, $0, at: time, fired: time) }
        desk.settle([report], at: time, into: &notices)
      }
    }
    #expect(desk.rememberedAlerts <= 128)
  }

  @Test func `the record is one line of JSON with the members that the page names`() throws {
    let notices = try Self.run([Series(name: "A", conditions: "+-")], until: 10)
    var json = JSONWriter()
    for notice in notices { notice.write(to: &json) }
    let lines = json.bytes.split(separator: 0x0a)
    #expect(lines.count == notices.count)
    let closed = try #require(
      try JSONSerialization.jsonObject(with: Data(lines[3])) as? [String: Any]
    )
    #expect(closed["type"] as? String == "incident")
    #expect(closed["state"] as? String == "closed")
    #expect(closed["time"] as? String == "1970-01-01T00:06:00Z")
    #expect(closed["until"] as? String == "1970-01-01T00:01:00Z")
    #expect((closed["alerts"] as? [[String: Any]])?.first?["ends_at"] as? String != nil)
    let alert = try #require(
      try JSONSerialization.jsonObject(with: Data(lines[1])) as? [String: Any]
    )
    #expect(alert["incident"] as? String == closed["incident"] as? String)
    #expect(alert["flapping"] as? Bool == false)
  }
}
