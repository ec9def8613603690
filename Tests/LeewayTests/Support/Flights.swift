import Foundation
import TestSupport

/// The flights that ship with Leeway, profiled and replayed once for all tests.
struct Flights {
  let folder: TemporaryFolder
  let profile: String
  let monitor: String
  /// Two weeks' sliding windows and calendar months, by airport and version.
  let metrics: String
  let alerts: String
  let outcome: LeewayProcess.Outcome

  static let reference = Repository.path("fixtures/flights/reference.ndjson.gz")
  static let stream = Repository.path("fixtures/flights/stream.ndjson.gz")

  /// What came of the flights of either.
  static let referenceLabels = Repository.path("fixtures/flights/reference.labels.ndjson.gz")
  static let labels = Repository.path("fixtures/flights/stream.labels.ndjson.gz")

  static let shared = Result { try Flights() }

  static let monitorText = """
    model: late-arrival
    events:
      prediction:
        id: id
        time: ts
        version: version
        score: score
        decision: prediction
        features: features.*
        segments: [features.origin]
    reference: {profile: profile}
    windows:
      month: {calendar: month}
      weeks: {size: 14d, slide: 7d}
    lateness: 6h
    rules:
      - alert: InputDrift
        expr: drift(features.*) > 0.1
        window: weeks
        for: 7d
        keep_firing_for: 7d
        by: [whole, segments]
        annotations: {summary: "{{ signal }} {{ segment }} since {{ since }}"}
      - alert: PredictionDrift
        expr: drift(score) > 0.1 or drift(decision) > 0.1
        window: month
        severity: critical
    """

  private init() throws {
    folder = try TemporaryFolder()
    profile = folder.path("profile")
    metrics = folder.path("metrics")
    alerts = folder.path("alerts")
    monitor = try folder.write(Self.monitorText, as: "monitor.yaml")
    _ = try LeewayProcess.run(["profile", "-m", monitor, Self.reference, "-o", profile, "-q"])
    outcome = try LeewayProcess.run([
      "replay", "-m", monitor, "--profile", profile, Self.stream,
      "--metrics", metrics, "--alerts", alerts,
    ])
  }

  /// The first lines of the stream, as a file.
  static func firstLines(_ count: Int) throws -> [Substring] {
    let data = try Repository.unpacked(stream)
    return String(decoding: data, as: UTF8.self).split(
      separator: "\n",
      maxSplits: count,
      omittingEmptySubsequences: true
    ).prefix(count).map { $0 }
  }
}
