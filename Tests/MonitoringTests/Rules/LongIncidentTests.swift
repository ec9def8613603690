import Foundation
import Records
import Specification
import TestSupport
import Testing

@testable import Monitoring

/// Incidents that take in alerts without end.
@Suite struct LongIncidentTests {
  /// An incident of which everything is kept, and everything worked out anew for each record.
  private struct Oracle {
    var alerts: [Incident.Member] = []
    var withheld: [Incident.Member] = []
    var firing: Set<String> = []

    mutating func insert(_ member: Incident.Member) {
      firing.insert(member.fingerprint)
      withheld.removeAll { $0.fingerprint == member.fingerprint }
      guard let place = alerts.firstIndex(where: { $0.fingerprint == member.fingerprint }) else {
        alerts.append(member)
        return
      }
      alerts[place].endsAt = nil
      alerts[place].isFlapping = alerts[place].isFlapping || member.isFlapping
    }

    mutating func withhold(_ member: Incident.Member) {
      let isKnown = withheld.contains { $0.fingerprint == member.fingerprint }
      if !isKnown { withheld.append(member) }
    }

    mutating func end(_ name: String, at time: Int64) {
      firing.remove(name)
      guard let place = alerts.firstIndex(where: { $0.fingerprint == name }) else { return }
      alerts[place].endsAt = time
    }

    var cause: AlertCause { alerts.map(\.cause).min() ?? .value }
    var severity: String? {
      let order = Severity.allCases.map(\.rawValue)
      return order.last { severity in alerts.contains { $0.severity == severity } }
    }
    var hasBrokenData: Bool {
      alerts.contains { firing.contains($0.fingerprint) && $0.cause.inhibits }
    }

    /// The title behind its first words.
    var title: String {
      let leading = alerts.filter { $0.cause == cause }
      var names: [String] = []
      for member in leading where !names.contains(member.signal ?? member.alert) {
        names.append(member.signal ?? member.alert)
      }
      var title = names.prefix(3).joined(separator: ", ")
      if names.count > 3 { title += " and \(names.count - 3) more" }
      if cause == .silence { title = "" }
      let parts = Set(leading.map(\.part))
      if let part = parts.first, parts.count == 1 { title += part }
      let others = AlertCause.allCases.filter { $0 != cause }.compactMap { other -> String? in
        let count = alerts.count { $0.cause == other }
        return count == 0 ? nil : "\(count) \(other.rawValue) alert\(count == 1 ? "" : "s")"
      }
      if !others.isEmpty { title += "; also " + others.joined(separator: ", ") }
      return withheld.isEmpty ? title : title + "; \(withheld.count) withheld"
    }
  }

  private static func member(
    _ number: Int,
    at time: Int64,
    using generator: inout SeededGenerator
  ) -> Incident.Member {
    Incident.Member(
      alert: "R\(number % 7)",
      fingerprint: "\(number)",
      signal: number % 3 == 0 ? nil : "s\(number % 11)",
      version: number < 12 ? "v1" : nil,
      segment: number % 5 == 4 ? "a=\(number)" : nil,
      severity: Severity.allCases[Int.random(in: 0..<3, using: &generator)].rawValue,
      cause: AlertCause.allCases[min(5, 1 + (number * 7) % 40)],
      startsAt: time - Int64(number),
      endsAt: nil,
      isFlapping: number % 13 == 0 && Bool.random(using: &generator)
    )
  }

  @Test(arguments: 0..<9)
  func `what an incident's record says is what all its alerts say together`(seed: Int) {
    var generator = SeededGenerator(seed: UInt64(seed))
    let opening = DeskTests.Series(name: "A", conditions: "+")
    let first = DeskTests.alert(opening, .firing, at: 0, fired: 0)
    var incident = OpenIncident(openedBy: first, model: "m")
    var oracle = Oracle()
    let numbers = [4, 30, 200][seed % 3]
    for time in Int64(1)..<300 {
      let number = Int.random(in: 0..<numbers, using: &generator)
      let member = Self.member(number, at: time, using: &generator)
      switch Int.random(in: 0..<5, using: &generator) {
      case 0, 1:
        _ = incident.insert(member, at: time)
        oracle.insert(member)
      case 2:
        incident.end(member.fingerprint, at: time)
        oracle.end(member.fingerprint, at: time)
      default:
        _ = incident.withhold(member)
        oracle.withhold(member)
      }
      let record = incident.record(.updated, at: time)
      #expect(record.alerts == Array(oracle.alerts.prefix(50)))
      #expect(record.alertCount == oracle.alerts.count)
      #expect(record.withheld == Array(oracle.withheld.prefix(50)))
      #expect(record.withheldCount == oracle.withheld.count)
      #expect(record.title.hasSuffix(oracle.title), "\(record.title) is not … \(oracle.title)")
      #expect(record.severity == oracle.severity ?? "")
      #expect(record.cause == oracle.cause)
      #expect(record.since == oracle.alerts.map(\.startsAt).min() ?? time)
      #expect(incident.hasBrokenData == oracle.hasBrokenData)
      #expect(incident.firing.names == oracle.firing)
    }
  }

  /// Seconds of this thread that it takes to let so many alerts fire and end, one after another,
  /// in an incident that stays open, each of a version that withholds its own drift.
  private static func seconds(alerts: Int) throws -> Double {
    var desk = AlertDesk(try DeskTests.monitor(quiet: 10, flapping: 3, within: 10))
    var notices: [Notice] = []
    var start = timespec()
    unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &start)
    for number in 0..<alerts {
      let time = Int64(number) * DeskTests.minute
      let reports = [(number, AlertPhase.firing), (number - 1, .resolved)].map { version, phase in
        let part = PartName.part(dimension: 0, .value(Array("\(version)".utf8)))
        let series = DeskTests.Series(name: "A", cause: .pipeline, part: part, conditions: "")
        return AlertReport(
          key: AlertKey(rule: "A", part: part, signal: nil),
          scope: AlertScope(cause: .pipeline, signals: .some(["x"])),
          entered: phase,
          phase: phase == .firing ? .firing : .inactive
        ) { DeskTests.alert(series, $0, at: time, fired: time) }
      }
      desk.settle(reports, at: time, into: &notices)
      notices.removeAll()
    }
    var end = timespec()
    unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &end)
    return Double(end.tv_sec - start.tv_sec) + Double(end.tv_nsec - start.tv_nsec) / 1e9
  }

  @Test func `an alert costs as much in an incident of thousands as in one of hundreds`() throws {
    let few = try (0..<3).map { _ in try Self.seconds(alerts: 250) }.min() ?? 0
    let many = try Self.seconds(alerts: 4000)
    #expect(many / few < 2 * 16, "16 times the alerts took \(many / few) times as long")
  }
}
