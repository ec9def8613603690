import Records
import Specification
import Testing

@testable import Monitoring

/// One cause, one alert: what the whole traffic says, its parts need not say again.
@Suite struct WholeAndPartTests {
  private typealias Series = DeskTests.Series

  private static func part(_ value: String) -> PartName {
    .part(dimension: 0, .value(Array(value.utf8)))
  }

  private static func run(
    _ all: [Series],
    quiet: Int = 5,
    until last: Int? = nil
  ) throws
    -> [Notice]
  {
    DeskTests.notices(try DeskTests.monitor(quiet: quiet, flapping: nil), all, until: last)
  }

  private static func sent(_ notices: [Notice]) -> [String] {
    notices.compactMap { notice in
      guard case .alert(let alert) = notice else { return nil }
      let part = alert.labels["version"].map { " \($0)" } ?? ""
      return "\(alert.time / DeskTests.minute) \(alert.state.rawValue)\(part)"
    }
  }

  private static func last(_ notices: [Notice]) -> Incident? {
    notices.compactMap { if case .incident(let incident) = $0 { incident } else { nil } }.last
  }

  @Test func `the parts of what fires in the whole are withheld, and its incident names them`()
    throws
  {
    let notices = try Self.run(
      [
        Series(name: "A", conditions: "+++---"),
        Series(name: "A", part: Self.part("1"), conditions: "+++---"),
        Series(name: "A", part: Self.part("2"), conditions: "-++---"),
      ],
      until: 30
    )
    #expect(Self.sent(notices) == ["0 firing", "3 resolved"])
    let incident = try #require(Self.last(notices))
    #expect(incident.alertCount == 1)
    #expect(incident.withheld.map(\.version) == ["1", "2"])
  }

  @Test func `a part that goes on when the whole has ended says so then`() throws {
    let notices = try Self.run([
      Series(name: "A", conditions: "++--"),
      Series(name: "A", part: Self.part("1"), conditions: "++++-"),
    ])
    #expect(Self.sent(notices) == ["0 firing", "2 resolved", "2 firing 1", "4 resolved 1"])
  }

  @Test func `a part that fired before the whole goes on, and ends as ever`() throws {
    let notices = try Self.run([
      Series(name: "A", conditions: "-++-"),
      Series(name: "A", part: Self.part("1"), conditions: "+++-"),
    ])
    #expect(Self.sent(notices) == ["0 firing 1", "1 firing", "3 resolved", "3 resolved 1"])
  }

  @Test func `another rule or a part alone is not withheld`() throws {
    let notices = try Self.run([
      Series(name: "A", conditions: "++-"),
      Series(name: "B", part: Self.part("1"), conditions: "++-"),
    ])
    #expect(Self.sent(notices).count == 4)
  }

  @Test func `an alert on a signal that fires already joins its incident, however late`() throws {
    let notices = try Self.run(
      [
        Series(name: "A", conditions: String(repeating: "+", count: 30) + "-"),
        Series(name: "B", conditions: String(repeating: "-", count: 20) + "+++-"),
        Series(
          name: "C",
          signals: .some(["y"]),
          conditions: String(repeating: "-", count: 27) + "+-"
        ),
      ],
      until: 60
    )
    let opened = notices.compactMap { notice -> String? in
      guard case .incident(let incident) = notice, incident.state == .opened else { return nil }
      return incident.title
    }
    // The other signal comes long after the news of the first incident.
    #expect(opened == ["Drift: x", "Drift: y"])
  }
}
