import Foundation
import Testing
import TestSupport

/// Error budgets from end to end: the same bytes however they are read, and what a person sees.
@Suite struct BudgetTests {
  private static let start = 1_600_000_000

  static let monitorText = """
    model: checkout
    events: {prediction: {time: ts, score: score}}
    reference: {profile: profile}
    windows: {hour: {size: 1h, slide: 10m}}
    slide: 1m
    lateness: 2m
    slos:
      - {name: availability, good: status == "ok", objective: 99%, tiers: 4}
      - {name: fast, good: latency_ms < 300, valid: status == "ok", objective: 95%, no_data: alert}
      - {openslo: objectives/slo.yaml, value: latency_ms}
    rules:
      - alert: Burn
        burn: availability
        keep_firing_for: 5m
        annotations: {summary: "{{ slo }} {{ value }} > {{ threshold }}, {{ budget_left }}, {{ exhaustion }}"}
      - {alert: Slow, burn: fast, for: 2m}
      - {alert: SlowSearch, burn: search}
    """

  static let openSLO = """
    apiVersion: openslo/v1
    kind: SLO
    metadata: {name: search}
    spec:
      timeWindow: [{duration: 28d, isRolling: true}]
      budgetingMethod: Occurrences
      objectives: [{op: lte, value: 500, targetPercent: 99.5}]
      alertPolicies: [{alertPolicyRef: alerts}]
    ---
    apiVersion: openslo/v1
    kind: AlertPolicy
    metadata: {name: alerts}
    spec:
      alertWhenNoData: true
      conditions:
        - kind: AlertCondition
          metadata: {name: fast}
          spec: {severity: page, condition: {kind: burnrate, threshold: 6, lookbackWindow: 30m}}
    """

  /// A day and a half of requests with an outage, a slow hour, and a gap.
  struct Baseline {
    let folder: TemporaryFolder
    let lines: [(time: Int, text: String)]
    let stream: String
    let monitor: String
    let metrics: Data
    let alerts: Data

    static let shared = Result { try Baseline() }

    private init() throws {
      folder = try TemporaryFolder()
      try FileManager.default.createDirectory(
        at: folder.url.appending(path: "objectives"),
        withIntermediateDirectories: true
      )
      _ = try folder.write(BudgetTests.openSLO, as: "objectives/slo.yaml")
      monitor = try folder.write(BudgetTests.monitorText, as: "monitor.yaml")
      var random = SeededGenerator(seed: 31)
      lines = BudgetTests.requests(&random)
      stream = try folder.write(lines.map(\.text).joined(separator: "\n") + "\n", as: "stream")
      let profiled = try LeewayProcess.run(
        ["profile", "-q", "-m", monitor, stream, "-o", folder.path("profile")]
      )
      #expect(profiled.code == 0, "\(profiled.errors)")
      (metrics, alerts) = try Self.replay([stream], monitor, folder)
    }

    func replay(_ arguments: [String]) throws -> (metrics: Data, alerts: Data) {
      try Self.replay(arguments, monitor, folder)
    }

    private static func replay(
      _ arguments: [String],
      _ monitor: String,
      _ folder: TemporaryFolder
    ) throws -> (metrics: Data, alerts: Data) {
      let name = UUID().uuidString
      let outcome = try LeewayProcess.run(
        [
          "replay", "-q", "-m", monitor, "--metrics", folder.path(name + ".metrics"), "--alerts",
          folder.path(name + ".alerts"),
        ] + arguments
      )
      #expect(outcome.code == 0, "\(arguments): \(outcome.errors)")
      return (
        try Data(contentsOf: folder.url.appending(path: name + ".metrics")),
        try Data(contentsOf: folder.url.appending(path: name + ".alerts"))
      )
    }
  }

  private static func requests(
    _ random: inout SeededGenerator
  ) -> [(time: Int, text: String)] {
    func share() -> Double { Double(random.next() >> 11) * 0x1p-53 }
    var lines: [(Int, String)] = []
    for minute in 0..<2_160 where !(1_500..<1_620).contains(minute) {
      let failing = (300..<330).contains(minute) ? 0.4 : 0.002
      let slow = (900..<960).contains(minute) ? 0.5 : 0.01
      for _ in 0..<4 {
        let time = start + 60 * minute + Int(share() * 60)
        let roll = share()
        let status = roll < failing ? ",\"status\":\"error\"" : ",\"status\":\"ok\""
        let latency = share() < slow ? 600 + Int(share() * 100) : 50 + Int(share() * 100)
        lines.append(
          (
            time,
            "{\"ts\":\(time),\"score\":\(share())\(roll < failing / 8 ? "" : status),"
              + "\"latency_ms\":\(latency)}"
          )
        )
      }
    }
    return lines.sorted { $0.0 < $1.0 }
  }

  @Test func `there is something to compare`() throws {
    let baseline = try Baseline.shared.get()
    let alerts = String(decoding: baseline.alerts, as: UTF8.self)
    for name in ["Burn", "Slow", "SlowSearch"] {
      for state in ["firing", "resolved"] {
        let some = alerts.contains("\"alert\":\"\(name)\",\"state\":\"\(state)\"")
        #expect(some, "no \(name) is \(state)")
      }
    }
    #expect(alerts.contains("\"cause\":\"no_data\""))
    #expect(alerts.contains("\"condition\":\"fast\""))
    let metrics = String(decoding: baseline.metrics, as: UTF8.self)
    for statistic in ["burn", "good_share", "unjudged_share", "budget_left", "time_to_exhaustion"] {
      let record = "\"signal\":\"slos.availability\",\"statistic\":\"\(statistic)\""
      #expect(metrics.contains(record), "\(statistic)")
    }
  }

  @Test(arguments: [
    ["--threads", "2"], ["--threads", "3", "--batch", "5"], ["--batch", "1"], ["--batch", "4096"],
  ])
  func `threads and batches change no byte`(options: [String]) throws {
    let baseline = try Baseline.shared.get()
    let outcome = try baseline.replay([baseline.stream] + options)
    #expect(outcome.metrics == baseline.metrics, "\(options)")
    #expect(outcome.alerts == baseline.alerts, "\(options)")
  }

  @Test(arguments: [UInt64](1...2))
  func `events in another order within the lateness change no byte`(seed: UInt64) throws {
    let baseline = try Baseline.shared.get()
    var random = SeededGenerator(seed: seed)
    let shuffled = baseline.lines.map { line in
      (line.text, line.time + Int(random.next() % 119))
    }
    .sorted { $0.1 < $1.1 }
    #expect(zip(shuffled, baseline.lines).contains { $0.0 != $1.text })
    let path = try baseline.folder.write(
      shuffled.map(\.0).joined(separator: "\n"),
      as: "shuffled-\(seed)"
    )
    let outcome = try baseline.replay([path, "--threads", "2"])
    #expect(outcome.metrics == baseline.metrics, "seed \(seed)")
    #expect(outcome.alerts == baseline.alerts, "seed \(seed)")
  }

  @Test func `alerts do not depend on metrics being written`() throws {
    let baseline = try Baseline.shared.get()
    let outcome = try LeewayProcess.run([
      "replay", "-q", "-m", baseline.monitor, "--alerts", "-", baseline.stream,
    ])
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(outcome.output == String(decoding: baseline.alerts, as: UTF8.self))
  }

  @Test func `the summary says how the budgets stand`() throws {
    let baseline = try Baseline.shared.get()
    let outcome = try LeewayProcess.run(["replay", "-q", "-m", baseline.monitor, baseline.stream])
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("Error budgets at the end:"))
    let row = outcome.output.split(separator: "\n").first { $0.hasPrefix("  availability ") }
    #expect(row?.contains("99%") == true && row?.contains("30d") == true, "\(row ?? "none")")
  }

  @Test func `check finds a mistake at its line of the OpenSLO file`() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(
      at: folder.url.appending(path: "objectives"),
      withIntermediateDirectories: true
    )
    let monitor = try folder.write(Self.monitorText, as: "monitor.yaml")
    let missing = try LeewayProcess.run(["check", monitor])
    #expect(missing.code == 1)
    #expect(missing.errors.contains("cannot be read"), "\(missing.errors)")
    let path = try folder.write(
      Self.openSLO.replacing("Occurrences", with: "Timeslices"),
      as: "objectives/slo.yaml"
    )
    let wrong = try LeewayProcess.run(["check", monitor])
    #expect(wrong.code == 1)
    #expect(
      wrong.errors.contains("\(path):6:20: SLO \"search\": budgetingMethod"),
      "\(wrong.errors)"
    )
    _ = try folder.write(Self.openSLO, as: "objectives/slo.yaml")
    let right = try LeewayProcess.run(["check", monitor])
    #expect(right.code == 0, "\(right.errors)")
    #expect(right.output.contains("3 rules"))
  }
}
