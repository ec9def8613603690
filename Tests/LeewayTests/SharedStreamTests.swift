import Foundation
import TestSupport
import Testing

/// The product on two public data sets, by windows of so many events, against SciPy's numbers.
///
/// The streams are large and are not in the repository: the tests run where they are present.
@Suite(.enabled(if: Repository.sharedStreams != nil)) struct SharedStreamTests {
  /// A stream, profiled on its reference and replayed.
  struct Replayed {
    let metrics: String
    let alerts: String
    let outcome: LeewayProcess.Outcome

    init(_ name: String, events: Int) throws {
      let streams = try #require(Repository.sharedStreams)
      let folder = try TemporaryFolder()
      let monitor = try folder.write(
        """
        model: \(name)
        events:
          prediction:
            time: ts
            score: score
            decision: prediction
            features: features.*
        windows: {chunk: {events: \(events)}}
        rules:
          - alert: Drift
            expr: drift(*) > 0.1
            window: chunk
        """,
        as: "monitor.yaml"
      )
      let stream = { (part: String) in
        streams.appending(path: "\(name).\(part).events.ndjson.gz").path
      }
      let profile = folder.path("profile")
      metrics = folder.path("metrics")
      alerts = folder.path("alerts")
      let profiled = try LeewayProcess.run([
        "profile", "-m", monitor, stream("reference"), "-o", profile, "-q",
      ])
      #expect(profiled.code == 0, "\(profiled.errors)")
      outcome = try LeewayProcess.run([
        "replay", "-m", monitor, "--profile", profile, stream("analysis"), "--threads", "2",
        "--metrics", metrics, "--alerts", alerts,
      ])
      #expect(outcome.code == 0, "\(outcome.errors)")
    }

    /// Compares all statistics with a table of `fixtures/expected`.
    func check(against name: String) throws -> Int {
      let table = try MetricTable(path: metrics, window: "chunk")
      return try ExpectedValue.table(name).reduce(into: 0) { compared, expected in
        let chunk = try #require(Int(expected.window))
        let start = try #require(table.starts.indices.contains(chunk) ? table.starts[chunk] : nil)
        if expected.check(against: table, start: start, segment: "") { compared += 1 }
      }
    }
  }

  @Test func `car-loan by 5,000 events has SciPy's statistics, and drifts where it is known to`()
    throws
  {
    let replayed = try Replayed("car-loan", events: 5000)
    let compared = try replayed.check(against: "car-loan.csv.gz")
    #expect(compared > 1500, "compared \(compared) values")
    let starts = try MetricTable(path: replayed.metrics, window: "chunk").starts
    var drifted: [String: Set<Int>] = [:]
    var lastFiring: [String: Int] = [:]
    for line in try text(of: replayed.alerts).utf8.split(separator: 0x0a) {
      let alert = try #require(
        try JSONSerialization.jsonObject(with: Data(line)) as? [String: Any]
      )
      guard alert["type"] as? String == "alert" else { continue }
      let labels = try #require(alert["labels"] as? [String: String])
      let evidence = try #require(alert["evidence"] as? [String: Any])
      let signal = try #require(labels["signal"])
      let chunk = try #require(starts.firstIndex(of: evidence["start"] as? String ?? ""))
      switch alert["state"] as? String {
      case "firing": lastFiring[signal] = chunk
      case "resolved":
        let fired = lastFiring.removeValue(forKey: signal)
        let from = try #require(fired)
        drifted[signal, default: []].formUnion(from..<chunk)
      default: Issue.record("an alert without `for` is never \(alert["state"] ?? "?")")
      }
    }
    for (signal, from) in lastFiring { drifted[signal, default: []].formUnion(from..<10) }
    let names = [
      "features.car_value", "features.loan_length", "features.salary_range",
      "features.repaid_loan_on_prev_car", "score",
    ]
    #expect(drifted == Dictionary(uniqueKeysWithValues: names.map { ($0, Set(5...9)) }))
  }

  @Test func `california-housing by 1,000 events has SciPy's statistics`() throws {
    let replayed = try Replayed("california-housing", events: 1000)
    let compared = try replayed.check(against: "california-housing.csv.gz")
    #expect(compared > 1500, "compared \(compared) values")
  }
}
