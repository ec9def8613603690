import Foundation
import TestSupport

/// A synthetic model with latency, failures, an error budget and KPIs: two days, of which the
/// second has a slow and failing hour, and is replayed against the first.
struct ServedModel {
  let folder: TemporaryFolder
  let monitor: String
  let profile: String
  let stream: String

  static let monitorText = """
    model: card-fraud
    events:
      prediction:
        time: at
        score: risk
        decision: blocked
        latency: {field: ms, unit: ms}
        failure: status != "ok"
        features: [amount]
    reference: {profile: profile}
    windows: {main: {size: 1h, slide: 30m}}
    slide: 5m
    kpis:
      approved_value: sum(amount where not blocked)
      approval_rate: mean(not blocked)
    slos:
      - {name: availability, good: status == "ok", objective: 99.9%, period: 30d}
    rules:
      - {alert: Drift, expr: drift(*) > 0.1}
      - {alert: BudgetBurn, burn: availability}
    """

  init() throws {
    folder = try TemporaryFolder()
    monitor = try folder.write(Self.monitorText, as: "monitor.yaml")
    profile = folder.path("profile")
    var random = SeededGenerator(seed: 11)
    let reference = try folder.write(Self.day(0, &random), as: "reference")
    stream = try folder.write(Self.day(1, &random) + Self.day(2, &random), as: "stream")
    _ = try LeewayProcess.run(["profile", "-q", "-m", monitor, reference, "-o", profile])
  }

  /// An event every 30 seconds.
  private static func day(_ day: Int, _ random: inout SeededGenerator) -> String {
    var lines = ""
    for index in 0..<2880 {
      let isBad = day == 2 && (1200..<1320).contains(index)
      let amount = 5 + 95 * random.uniform() * random.uniform()
      let risk = random.uniform() * random.uniform()
      let latency = (20 + 30 * random.uniform()) * (isBad ? 9 : 1)
      let failed = random.uniform() < (isBad ? 0.2 : 0.0005)
      lines +=
        "{\"at\":\(1_767_225_600 + 86_400 * day + 30 * index),\"risk\":\(risk),"
        + "\"blocked\":\(risk > 0.6),\"ms\":\(latency),"
        + "\"status\":\"\(failed ? "error" : "ok")\",\"amount\":\(amount)}\n"
    }
    return lines
  }
}
