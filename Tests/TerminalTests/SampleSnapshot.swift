import Records
import Standing
import TestSupport

@testable import Terminal

/// Made-up snapshots.
enum SampleSnapshot {
  /// 2026-01-03T04:30:00Z.
  static let end: Int64 = 1_767_414_600_000_000_000
  static let hour: Int64 = 3_600_000_000_000

  /// One signal that drifted, one that did not, one without a reference; two windows, an
  /// objective, a KPI, an incident with an alert.
  static let drifting: Snapshot = {
    var snapshot = Snapshot(model: "payments", reference: "3f2a")
    snapshot.clock = end + 12_000_000_000
    snapshot.events = 75_913
    snapshot.ignored = 12
    snapshot.refused = 3
    snapshot.windowsJudged = 288
    for (name, length) in [("main", hour), ("day", 24 * hour)] {
      snapshot.append(view(name, length))
      snapshot.comparisons += [
        comparison(
          name,
          "score",
          ["≤ 0.1", "(0.1, 0.5]", "> 0.5"],
          [0.2, 0.5, 0.3],
          [0.2, 0.5, 0.3]
        ),
        comparison(
          name,
          "input.country",
          ["DE", "FR", "unseen"],
          [0.6, 0.4, 0],
          [0.3, 0.5, 0.2]
        ),
        comparison(name, "input.amount", [], [], []),
      ]
    }
    snapshot.append(budget("1h", hour, [("burn", 2.5)]))
    snapshot.append(
      budget("30d", 720 * hour, [("burn", 0.4), ("budget_left", 0.6), ("time_to_exhaustion", 3e5)])
    )
    snapshot.incidentCount = 1
    snapshot.incidents = [
      Snapshot.OpenIncident(
        id: "6e1f7fd8a3c90a3b",
        title: "Drift: input.country",
        severity: "page",
        since: end - hour,
        alerts: 1,
        withheld: 0
      )
    ]
    snapshot.alerts = [
      Snapshot.StandingAlertLine(
        alert: "CountryMoved",
        fingerprint: "24c3120a10f7717f",
        severity: "page",
        signal: "input.country",
        since: end - hour,
        summary: "input.country: PSI 0.31"
      )
    ]
    snapshot.alertCount = 1
    return snapshot
  }()

  private static func view(_ name: String, _ length: Int64) -> MeasuredPart {
    func number(
      _ signal: String,
      _ statistic: String,
      _ value: Double,
      psi: Double? = nil
    )
      -> Measurement
    {
      Measurement(
        signal: signal,
        statistic: statistic,
        value: StatisticValue(value: value, psi: psi, n: 1000, referenceN: 90_000)
      )
    }
    return MeasuredPart(
      model: "payments",
      window: name,
      start: end - length,
      end: end,
      measurements: [
        number("events", "count", 1000), number("events", "rate", 34.25),
        number("score", "count", 1000), number("score", "missing", 0),
        number("score", "drift", 0, psi: 0.01), number("score", "mean", 0.42),
        number("input.country", "count", 1000), number("input.country", "missing", 20),
        number("input.country", "drift", 0.25, psi: 0.31),
        number("input.amount", "count", 1000), number("input.amount", "missing", 400),
        number("latency", "p50", 0.0123), number("latency", "p99", 0.08),
        number("failure", "mean", 0.003),
        number("kpis.approved", "value", 0.823), number("kpis.approved", "change_1d", -0.025),
      ]
    )
  }

  private static func comparison(
    _ window: String,
    _ signal: String,
    _ names: [String],
    _ reference: [Double],
    _ shares: [Double]
  ) -> Snapshot.Comparison {
    Snapshot.Comparison(
      window: window,
      signal: signal,
      tolerance: 0.1,
      confidence: 0.99,
      bins: names.indices.map {
        Evidence.BinShares(bin: names[$0], reference: reference[$0], window: shares[$0])
      }
    )
  }

  private static func budget(
    _ window: String,
    _ length: Int64,
    _ numbers: [(String, Double)]
  ) -> MeasuredPart {
    MeasuredPart(
      model: "payments",
      window: window,
      start: end - length,
      end: end,
      measurements: numbers.map {
        Measurement(
          signal: "slos.served",
          statistic: $0.0,
          value: StatisticValue(value: $0.1, n: 1000)
        )
      }
    )
  }

  private static func incident(_ index: Int, _ title: String) -> Snapshot.OpenIncident {
    Snapshot.OpenIncident(
      id: "\(index)",
      title: title,
      severity: "warning",
      since: end - Int64(index),
      alerts: index + 1,
      withheld: index
    )
  }

  /// Names that terminals and JSON find hard.
  static let names = [
    "a", "input.merchant.category.of.the.upstream.system.with.a.very.long.name", "地域.コード",
    "e\u{301}te\u{301}", "👩‍👩‍👧‍👦.🇩🇪", "x\u{1b}[31mred", "tab\tline\nend", "\u{202e}back", "\"\\", "",
  ]

  private static func pick(_ random: inout SeededGenerator) -> String {
    names[Int(random.next() % UInt64(names.count))] + String(random.next() % 5)
  }

  private static func part(_ index: Int, _ random: inout SeededGenerator) -> Snapshot.PartLine {
    let isSure = random.next() % 2 == 0
    return Snapshot.PartLine(
      window: pick(&random),
      version: index % 2 == 0 ? pick(&random) : nil,
      segment: index % 2 == 0 ? nil : pick(&random),
      events: Int(random.next() % 1_000_000),
      share: Double.random(in: 0...1, using: &random),
      signal: isSure ? pick(&random) : nil,
      low: isSure ? Double.random(in: 0...9, using: &random) : nil,
      tolerance: isSure ? 0.1 : nil,
      alerts: Int(random.next() % 3)
    )
  }

  /// A snapshot of anything.
  static func random(_ random: inout SeededGenerator) -> Snapshot {
    var snapshot = Snapshot(model: pick(&random), reference: pick(&random))
    snapshot.hasEnded = random.next() % 2 == 0
    snapshot.clock = random.next() % 3 == 0 ? nil : end + Int64(random.next() % 1_000_000_000)
    snapshot.events = Int(random.next() % 1_000_000_000)
    snapshot.alertCount = Int(random.next() % 300)
    for window in 0..<Int(random.next() % 4) {
      let name = "w\(window)"
      var measurements: [Measurement] = []
      for signal in 0..<Int(random.next() % 9) {
        let signalName = pick(&random) + "-\(signal)"
        for statistic in ["count", "missing", "drift", "p50"] where random.next() % 4 > 0 {
          let value =
            (Double.random(in: 0...1, using: &random) - 0.2)
            * [1, 1e-9, 1e12][Int(random.next() % 3)]
          measurements.append(
            Measurement(
              signal: signalName,
              statistic: statistic,
              value: StatisticValue(value: value / 2, psi: value, n: Int(random.next() % 5000))
            )
          )
        }
        snapshot.comparisons.append(
          comparison(
            name,
            signalName,
            (0..<Int(random.next() % 20)).map { _ in pick(&random) },
            (0..<20).map { _ in Double.random(in: 0...1, using: &random) },
            (0..<20).map { _ in Double.random(in: 0...1, using: &random) }
          )
        )
      }
      snapshot.append(
        MeasuredPart(
          model: snapshot.model,
          window: name,
          start: end - hour,
          end: end,
          measurements: measurements
        )
      )
    }
    snapshot.incidents = (0..<Int(random.next() % 5)).map { incident($0, pick(&random)) }
    snapshot.incidentCount = snapshot.incidents.count
    snapshot.partCount = Int(random.next() % 90)
    snapshot.parts = (0..<Int(random.next() % 30)).map { part($0, &random) }
    for index in 0..<Int(random.next() % 12) {
      snapshot.alerts.append(
        Snapshot.StandingAlertLine(
          alert: pick(&random),
          fingerprint: "\(index)",
          severity: "warning",
          signal: random.next() % 2 == 0 ? nil : pick(&random),
          segment: random.next() % 2 == 0 ? nil : pick(&random),
          since: end - Int64(index),
          summary: random.next() % 2 == 0 ? nil : pick(&random)
        )
      )
    }
    return snapshot
  }
}
