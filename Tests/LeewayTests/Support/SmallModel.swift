import Foundation
import TestSupport

/// A model of one number, one category and one segment, with a reference of 2,000 events.
struct SmallModel {
  let folder: TemporaryFolder
  let monitor: String
  let profile: String
  let reference: String

  static let start = 1_600_000_000

  static let shared = Result { try SmallModel() }

  static let monitorText = """
    model: small
    events:
      prediction:
        when: kind != "click"
        time: ts
        version: version
        score: score
        features: [color]
        segments: [group]
    reference: {profile: profile}
    windows: {hour: {size: 1h, slide: 10m}}
    slide: 10m
    lateness: 10m
    future: 1d
    limits: {line_bytes: 4096, nesting: 8}
    strict: true
    rules:
      - alert: Moved
        expr: psi(*) > 0.5 and count(*) > 50
        window: hour
    """

  private init() throws {
    folder = try TemporaryFolder()
    monitor = try folder.write(Self.monitorText, as: "monitor.yaml")
    profile = folder.path("profile")
    var random = SeededGenerator(seed: 5)
    let lines = (0..<2000).map { index in
      Self.event(at: Self.start + 30 * index, score: random.uniform(), &random)
    }
    reference = try folder.write(lines.joined(separator: "\n") + "\n", as: "reference")
    _ = try LeewayProcess.run(["profile", "-q", "-m", monitor, reference, "-o", profile])
  }

  static func event(at time: Int, score: Double, _ random: inout SeededGenerator) -> String {
    let color = ["red", "green", "blue"][Int(random.next() % 3)]
    let group = "g\(random.next() % 3)"
    return "{\"kind\":\"p\",\"ts\":\(time),\"score\":\(score),\"color\":\"\(color)\","
      + "\"group\":\"\(group)\",\"version\":\"1\"}"
  }

  /// The arguments that name the monitor and the profile.
  var arguments: [String] { ["-m", monitor, "--profile", profile] }
}
