import Records
import Testing

@testable import Standing

@Suite struct StandingTests {
  private static func alert(_ state: AlertPhase, _ name: String, at time: Int64) -> Notice {
    .alert(
      Alert(
        name: name,
        state: state,
        fingerprint: name,
        group: name,
        labels: ["severity": "page"],
        annotations: [:],
        startsAt: time,
        time: time,
        evidence: Evidence(
          n: 0,
          window: "main",
          start: 0,
          end: time,
          since: time,
          histogram: [],
          moved: [],
          unseen: []
        )
      )
    )
  }

  private static func incident(
    _ state: Incident.State,
    _ id: String,
    alerts: Int = 1
  ) -> Incident {
    Incident(
      id: id,
      state: state,
      time: 0,
      model: "m",
      title: "Drift: \(id)",
      cause: .drift,
      severity: "page",
      since: 0,
      until: nil,
      alerts: [],
      alertCount: alerts,
      withheld: [],
      withheldCount: 0
    )
  }

  @Test func `an alert stands from firing to its end`() {
    var standing = Standing()
    standing.insert([Self.alert(.pending, "a", at: 1), Self.alert(.firing, "b", at: 1)])
    #expect(standing.firing.keys.sorted() == ["b"])
    standing.insert([Self.alert(.firing, "a", at: 2), Self.alert(.resolved, "b", at: 2)])
    #expect(standing.firing.keys.sorted() == ["a"])
  }

  @Test func `an incident is open until it is closed, whatever opens after it`() {
    var standing = Standing()
    standing.insert([
      .incident(Self.incident(.opened, "a")), .incident(Self.incident(.opened, "b")),
      .incident(Self.incident(.updated, "a", alerts: 2)),
    ])
    #expect(standing.incidents.map(\.id) == ["a", "b"])
    #expect(standing.incidents.map(\.alertCount) == [2, 1])
    standing.insert([.incident(Self.incident(.closed, "b"))])
    #expect(standing.incidents.map(\.id) == ["a"])
    standing.insert([.incident(Self.incident(.closed, "b"))])
    #expect(standing.incidents.map(\.id) == ["a"])
  }

  @Test func `a snapshot lists the newest and counts all`() {
    var standing = Standing()
    for number in 0..<150 {
      standing.insert([
        .incident(Self.incident(.opened, "i\(number)")),
        Self.alert(.firing, "a\(number)", at: Int64(number)),
      ])
    }
    let snapshot = Snapshot(standing, model: "m", reference: "r")
    #expect(snapshot.incidentCount == 150)
    #expect(snapshot.incidents.map(\.id) == (50..<150).map { "i\($0)" })
    #expect(snapshot.alertCount == 150)
    #expect(snapshot.alerts.map(\.alert) == (50..<150).map { "a\($0)" })
  }

  @Test func `a history keeps the first incidents as they were told of last`() {
    var history = IncidentHistory(limit: 2)
    for id in ["a", "b", "c"] { history.insert(Self.incident(.opened, id)) }
    history.insert(Self.incident(.closed, "b", alerts: 7))
    history.insert(Self.incident(.closed, "c", alerts: 7))
    #expect(history.count == 3)
    #expect(history.incidents.map(\.id) == ["a", "b"])
    #expect(history.incidents.map(\.alertCount) == [1, 7])
  }
}
