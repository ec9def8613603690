import Foundation
import TestSupport
import Testing

/// The product on real flights, against numbers that numpy and SciPy computed of the same events.
@Suite struct FlightTests {
  @Test func `every statistic of every month is the one that SciPy computes`() throws {
    let flights = try Flights.shared.get()
    #expect(flights.outcome.code == 0, "\(flights.outcome.errors)")
    let table = try MetricTable(path: flights.metrics, window: "month")
    var compared = 0
    for expected in try ExpectedValue.table("flights.csv") {
      let segment = expected.segment.isEmpty ? "" : "features.origin=\(expected.segment)"
      if expected.check(against: table, start: expected.window, segment: segment) { compared += 1 }
    }
    #expect(compared > 1300, "compared \(compared) values")
  }

  @Test func `a window of two weeks that slides by one counts what its days count`() throws {
    let flights = try Flights.shared.get()
    let weeks = try MetricTable(path: flights.metrics, window: "weeks", statistic: "count")
    let lines = String(decoding: try Repository.unpacked(Flights.stream), as: UTF8.self)
      .split(separator: "\n")
    var byDay: [String: [String: Int]] = [:]
    for line in lines {
      guard let day = line.firstRange(of: "\"ts\":\"").map({ line[$0.upperBound...].prefix(10) }),
        let origin = line.firstRange(of: "\"origin\":\"").map({ line[$0.upperBound...].prefix(3) })
      else { continue }
      byDay[String(day), default: [:]]["", default: 0] += 1
      byDay[String(day), default: [:]]["features.origin=\(origin)", default: 0] += 1
    }
    #expect(weeks.starts.count > 30)
    let format = Date.ISO8601FormatStyle().year().month().day()
    for start in weeks.starts {
      let first = try Date.ISO8601FormatStyle().parse(start)
      let days = (0..<14).map { format.format(first.addingTimeInterval(Double($0) * 86_400)) }
      for segment in ["", "features.origin=EWR", "features.origin=JFK", "features.origin=LGA"] {
        let count = days.reduce(0) { $0 + (byDay[$1]?[segment] ?? 0) }
        let metric = weeks.metric(start, segment, "score", "count")
        #expect(Int(metric?.value ?? 0) == count, "\(start) \(segment)")
      }
    }
  }

  @Test func `the demo's monitor finds what moved and says so`() throws {
    let outcome = try LeewayProcess.run([
      "replay", "-m", Repository.path("rules/flights.yaml"), "--profile",
      try Flights.shared.get().profile, Flights.stream, Flights.labels,
    ])
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(outcome.errors.isEmpty, "\(outcome.errors)")
    #expect(outcome.output.hasPrefix("late-arrival: 75,913 predictions"))
    #expect(outcome.output.contains("Drift: "))
    #expect(outcome.output.contains("Outcomes: 73,980 of 75,913 predictions have one;"))
    #expect(outcome.output.contains("Incidents in order of time:"))
    #expect(outcome.output.contains("WrongMore, RanksWorse"))
    #expect(outcome.output.contains("73,980 outcomes, none refused."))
  }

  @Test func `an alert's evidence adds up`() throws {
    let flights = try Flights.shared.get()
    let lines = try text(of: flights.alerts).utf8.split(separator: 0x0a)
    #expect(!lines.isEmpty)
    var fired: Set<String> = []
    for line in lines {
      let alert = try #require(
        try JSONSerialization.jsonObject(with: Data(line)) as? [String: Any]
      )
      guard alert["type"] as? String == "alert" else { continue }
      let labels = try #require(alert["labels"] as? [String: String])
      let evidence = try #require(alert["evidence"] as? [String: Any])
      let fingerprint = try #require(alert["fingerprint"] as? String)
      #expect(fingerprint.count == 16)
      #expect(labels["model"] == "late-arrival")
      switch alert["state"] as? String {
      case "firing":
        #expect(fired.insert(fingerprint).inserted, "fired twice: \(labels)")
        guard alert["alert"] as? String == "InputDrift" else { continue }
        let psi = try #require((evidence["psi"] as? NSNumber)?.doubleValue)
        let value = try #require((evidence["value"] as? NSNumber)?.doubleValue)
        #expect(value > 0.1 && value <= psi)
        #expect(evidence["statistic"] as? String == "drift")
        #expect((evidence["n"] as? Int ?? 0) > 0 && (evidence["reference_n"] as? Int ?? 0) > 0)
        let histogram = try #require(evidence["histogram"] as? [[String: Any]])
        let shares = histogram.reduce(0) { $0 + (($1["window"] as? NSNumber)?.doubleValue ?? 0) }
        #expect(shares < 1 + 1e-9)
        #expect(!(try #require(evidence["moved"] as? [[String: Any]])).isEmpty)
      case "resolved":
        #expect(fired.remove(fingerprint) != nil, "resolved without having fired: \(labels)")
      default:
        #expect(alert["state"] as? String == "pending")
      }
    }
  }
}
