import Expressions
import Testing

@testable import Specification

/// How long nothing may fire before an incident is closed, where the file does not say.
@Suite struct IncidentOptionsTests {
  @Test func `quiet follows the window that moves most often, calendar windows too`() {
    let hour = WindowSpecification(name: "h", kind: .sliding(size: .hours(6), slide: .hours(3)))
    let minute = WindowSpecification(
      name: "m",
      kind: .sliding(size: .hours(1), slide: .seconds(60))
    )
    let day = WindowSpecification(name: "d", kind: .calendar(.day))
    let week = WindowSpecification(name: "w", kind: .calendar(.week))
    let events = WindowSpecification(name: "e", kind: .events(100))
    #expect(IncidentOptions(windows: []).quiet == .hours(1))
    #expect(IncidentOptions(windows: [events]).quiet == .hours(1))
    #expect(IncidentOptions(windows: [minute, day]).quiet == .hours(1))
    #expect(IncidentOptions(windows: [hour, day]).quiet == .hours(6))
    #expect(IncidentOptions(windows: [week, day]).quiet == .days(2))
    #expect(IncidentOptions(windows: [week]).quiet == .days(14))
  }
}
