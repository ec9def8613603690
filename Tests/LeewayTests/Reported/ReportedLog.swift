import Foundation
import TestSupport

/// A small log of a scoring service, seeded: what the suites of this folder spoil.
struct ReportedLog {
  static let monitor = """
    model: m
    events:
      prediction:
        {id: id, time: ts, score: score, decision: decision, features: [f.amount, f.country]}
    reference: {profile: p}
    windows: {main: 2h}
    slide: 1h
    rules:
      - {alert: Drift, expr: drift(*) > 0.1}

    """

  let folder: TemporaryFolder
  private let monitorPath: String

  /// A folder with a monitor and the profile of a good day.
  init(_ monitor: String = Self.monitor, reference: [String] = Self.lines(day: 1)) throws {
    folder = try TemporaryFolder()
    monitorPath = try folder.write(monitor, as: "monitor.yaml")
    let good = try folder.write(reference.joined(separator: "\n") + "\n", as: "good")
    profiled = try LeewayProcess.run(
      ["profile", "-m", monitorPath, good, "-o", folder.path("p")]
    )
  }

  /// What `profile` said.
  let profiled: LeewayProcess.Outcome

  /// The lines of ten hours of a day, an event a minute.
  static func lines(
    day: Int,
    _ event: (Int, Double) -> String = { index, amount in
      #""f":{"amount":\#(amount),"country":"\#(index % 3 == 0 ? "DE" : "FR")"},"#
        + #""score":0.\#(10 + index % 80),"decision":"\#(index % 5 == 0 ? "deny" : "allow")""#
    }
  ) -> [String] {
    var random = SeededGenerator(seed: UInt64(day))
    return (0..<600).map { index in
      let amount = Double(random.next() % 10_000) / 100
      let hour = (index / 60 < 10 ? "0" : "") + "\(index / 60)"
      let minute = (index % 60 < 10 ? "0" : "") + "\(index % 60)"
      return #"{"ts":"2026-01-0\#(day)T\#(hour):\#(minute):00Z","id":"\#(day)-\#(index)","#
        + event(index, amount) + "}"
    }
  }

  func check(_ options: String...) throws -> LeewayProcess.Outcome {
    try LeewayProcess.run(["check"] + options + [monitorPath])
  }

  /// Replays lines.
  func replay(_ lines: [String], _ options: String...) throws -> LeewayProcess.Outcome {
    let stream = try folder.write(lines.joined(separator: "\n") + "\n", as: "today")
    return try LeewayProcess.run(["replay", "-m", monitorPath, stream] + options)
  }

  /// Hands lines to `run`.
  func run(_ lines: [String], _ options: String...) throws -> LeewayProcess.Outcome {
    let stream = try folder.write(lines.joined(separator: "\n") + "\n", as: "today")
    return try LeewayProcess.run(["run", "-m", monitorPath] + options, input: .file(stream))
  }
}
