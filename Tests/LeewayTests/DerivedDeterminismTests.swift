import Foundation
import TestSupport
import Testing

/// Latency, failures, KPIs and comparisons with earlier windows give the same bytes, however the
/// events are read.
@Suite struct DerivedDeterminismTests {
  struct Baseline {
    let folder: TemporaryFolder
    let events: [(time: Int, line: String)]
    let stream: String
    let monitor: String
    let profile: String
    let metrics: Data
    let alerts: Data

    static let shared = Result { try Baseline() }

    static let monitorText = """
      model: payments
      events:
        prediction:
          time: ts
          version: version
          decision: decision
          latency: {field: took_us, unit: us}
          failure: status != "ok"
          features: features.*
          segments: [features.channel]
      kpis:
        approved_value: sum(features.amount where decision == "approve")
        approval_rate: mean(decision == "approve")
        loss_share: ratio(sum(features.amount where flagged), sum(features.amount))
        large: count(where features.amount > 100)
        slow_amount: p90(features.amount where latency > 100ms)
      windows: {fast: {size: 30m, slide: 15m}, main: {size: 2h, slide: 30m}}
      slide: 15m
      lateness: 5m
      rules:
        - {alert: Slow, expr: p99(latency) > 500ms, window: fast, by: [whole, segments]}
        - {alert: Failing, expr: mean(failure) > 5%, window: fast, bound: none}
        - {alert: SurelyFailing, expr: mean(failure) > 1%, window: main, confidence: 0.9}
        - {alert: Large, expr: value(kpis.large) > 5, window: fast, by: [whole, segments]}
        - {alert: LatencyDrift, expr: drift(latency) > 0.1, window: main}
        - {alert: ValueDrift, expr: drift(kpis.*) > 0.1, window: main, by: version}
        - {alert: ApprovalsDown, expr: "change(value(kpis.approval_rate), 1d) < -20%", window: main}
        - {alert: Slower, expr: "p50(latency) > 2 * before(p50(latency), 12h)", window: main}
        - {alert: Quiet, expr: rate(events) < 0.02, window: fast, for: 15m}
      """

    private init() throws {
      folder = try TemporaryFolder()
      var random = SeededGenerator(seed: 11)
      let reference = Self.events(1500, &random, changes: false).map(\.line)
      events = Self.events(4000, &random, changes: true)
      stream = try folder.write(events.map(\.line).joined(separator: "\n") + "\n", as: "stream")
      monitor = try folder.write(Self.monitorText, as: "monitor.yaml")
      profile = folder.path("profile")
      let path = try folder.write(reference.joined(separator: "\n"), as: "reference")
      let outcome = try LeewayProcess.run(["profile", "-q", "-m", monitor, path, "-o", profile])
      #expect(outcome.code == 0, "\(outcome.errors)")
      (metrics, alerts) = try Self.replay([stream], monitor, profile, folder)
    }

    /// Two and a half days; on the second evening calls are slow and fewer are approved.
    private static func events(
      _ count: Int,
      _ random: inout SeededGenerator,
      changes: Bool
    ) -> [(time: Int, line: String)] {
      var time = 1_600_000_000
      return (0..<count).map { index in
        time += Int(random.next() % 108)
        let isChanged = changes && (count * 6 / 10..<count * 7 / 10).contains(index)
        let took = exp(random.uniform() * 5) * (isChanged ? 20_000 : 2_000)
        let approves = random.uniform() < (isChanged ? 0.4 : 0.8)
        let status = random.uniform() < (isChanged ? 0.1 : 0.01) ? "timeout" : "ok"
        let amount = (random.uniform() * 20_000).rounded() / 100
        let channel = ["web", "app"][Int(random.next() % 2)]
        let line =
          "{\"ts\":\(time),\"version\":\"v\(random.next() % 2)\",\"took_us\":\(Int(took)),"
          + "\"status\":\"\(status)\",\"decision\":\"\(approves ? "approve" : "deny")\","
          + "\"flagged\":\(random.next() % 30 == 0),\"features\":{\"amount\":\(amount),"
          + "\"channel\":\"\(channel)\"}}"
        return (time, line)
      }
    }

    func replay(_ arguments: [String]) throws -> (metrics: Data, alerts: Data) {
      try Self.replay(arguments, monitor, profile, folder)
    }

    private static func replay(
      _ arguments: [String],
      _ monitor: String,
      _ profile: String,
      _ folder: TemporaryFolder
    ) throws -> (metrics: Data, alerts: Data) {
      let name = UUID().uuidString
      let outcome = try LeewayProcess.run(
        [
          "replay", "-q", "-m", monitor, "--profile", profile,
          "--metrics", folder.path(name + ".metrics"), "--alerts", folder.path(name + ".alerts"),
        ] + arguments
      )
      #expect(outcome.code == 0 && outcome.errors.isEmpty, "\(arguments): \(outcome.errors)")
      return (
        try Data(contentsOf: folder.url.appending(path: name + ".metrics")),
        try Data(contentsOf: folder.url.appending(path: name + ".alerts"))
      )
    }
  }

  private static func check(_ arguments: [String], _ comment: Comment) throws {
    let baseline = try Baseline.shared.get()
    let outcome = try baseline.replay(arguments)
    #expect(outcome.metrics == baseline.metrics, comment)
    #expect(outcome.alerts == baseline.alerts, comment)
  }

  @Test func `every rule has something to say`() throws {
    let baseline = try Baseline.shared.get()
    let alerts = String(decoding: baseline.alerts, as: UTF8.self)
    for name in [
      "Slow", "Failing", "LatencyDrift", "ValueDrift", "ApprovalsDown", "Slower",
    ] {
      #expect(alerts.contains("\"alert\":\"\(name)\",\"state\":\"firing\""), "\(name)")
    }
    let metrics = String(decoding: baseline.metrics, as: UTF8.self)
    for (signal, statistic) in [
      ("events", "rate"), ("latency", "p99"), ("failure", "mean"), ("kpis.large", "value"),
      ("kpis.approved_value", "drift"), ("kpis.loss_share", "change_1d"),
    ] {
      #expect(
        metrics.contains("\"signal\":\"\(signal)\",\"statistic\":\"\(statistic)\""),
        "\(signal) \(statistic)"
      )
    }
  }

  @Test(arguments: [
    ["--threads", "2"], ["--threads", "3"], ["--batch", "1"], ["--batch", "7"], ["--batch", "512"],
    ["--threads", "3", "--batch", "7"],
  ])
  func `threads and batches change no byte`(options: [String]) throws {
    let baseline = try Baseline.shared.get()
    try Self.check([baseline.stream] + options, "\(options)")
  }

  @Test(arguments: [UInt64](1...2))
  func `events in another order within the lateness change no byte`(seed: UInt64) throws {
    let baseline = try Baseline.shared.get()
    var random = SeededGenerator(seed: seed)
    let shuffled = baseline.events.map { event in
      (line: event.line, key: Double(event.time) + random.uniform() * 299)
    }
    .sorted { $0.key < $1.key }
    #expect(zip(shuffled, baseline.events).contains { $0.line != $1.line })
    let path = try baseline.folder.write(
      shuffled.map(\.line).joined(separator: "\n"),
      as: "shuffled-\(seed)"
    )
    try Self.check([path], "seed \(seed)")
    try Self.check([path, "--threads", "2", "--batch", "7"], "seed \(seed), two threads")
  }
}
