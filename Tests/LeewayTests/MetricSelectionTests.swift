import Foundation
import TestSupport
import Testing

/// Which metrics are written can be chosen, and what is chosen is written as it would be.
@Suite struct MetricSelectionTests {
  private let small: SmallModel
  private let folder: TemporaryFolder
  private let monitor: String
  private let all: [Substring]

  init() throws {
    small = try SmallModel.shared.get()
    folder = try TemporaryFolder()
    let text = SmallModel.monitorText.replacing(
      "windows: {hour: {size: 1h, slide: 10m}}",
      with: "windows: {hour: {size: 1h, slide: 10m}, day: {calendar: day}}"
    )
    monitor = try folder.write(text, as: "monitor.yaml")
    let path = folder.path("all")
    let words = ["replay", "-q", "-m", monitor, "--profile", small.profile, small.reference]
    let outcome = try LeewayProcess.run(words + ["--metrics", path])
    #expect(outcome.code == 0, "\(outcome.errors)")
    all = try TextLines(path).lines
  }

  /// The lines of a file.
  private struct TextLines {
    let lines: [Substring]

    init(_ path: String) throws { lines = try text(of: path).split(separator: "\n") }
  }

  private func selected(_ options: [String]) throws -> LeewayProcess.Outcome {
    try LeewayProcess.run(
      ["replay", "-q", "-m", monitor, "--profile", small.profile, small.reference] + options
    )
  }

  @Test(arguments: [
    (["--metrics-signal", "score"], ["\"signal\":\"score\""]),
    (["--metrics-signal", "sc*"], ["\"signal\":\"score\""]),
    (["--metrics-statistic", "drift"], ["\"statistic\":\"drift\""]),
    (["--metrics-window", "day"], ["\"window\":\"day\""]),
    (
      ["--metrics-window", "hour", "--metrics-signal", "color", "--metrics-statistic", "unseen"],
      ["\"window\":\"hour\"", "\"signal\":\"color\"", "\"statistic\":\"unseen\""]
    ),
  ])
  func `what is selected is what the whole file has of it`(
    options: [String],
    parts: [String]
  ) throws {
    let path = folder.path("selected")
    let outcome = try selected(["--metrics", path] + options)
    #expect(outcome.code == 0, "\(outcome.errors)")
    let expected = all.filter { line in parts.allSatisfy { line.contains($0) } }
    #expect(!expected.isEmpty)
    #expect(try TextLines(path).lines == expected)
  }

  @Test func `several names of a kind are each written`() throws {
    let path = folder.path("selected")
    let names = ["--metrics-statistic", "mean", "--metrics-statistic", "p99"]
    _ = try selected(["--metrics", path] + names)
    let expected = all.filter {
      $0.contains("\"statistic\":\"mean\"") || $0.contains("\"statistic\":\"p99\"")
    }
    #expect(try TextLines(path).lines == expected)
  }

  @Test(arguments: [
    (["--metrics-signal", "scoer"], "no metric has \"scoer\": did you mean \"score\"?"),
    (["--metrics-statistic", "dirft"], "no metric has \"dirft\": did you mean \"drift\"?"),
    (["--metrics-window", "week"], "no metric has \"week\": use one of hour, day."),
    (["--metrics-signal", "features.*"], "use one of events, refused, color"),
  ])
  func `a name that no metric has is wrong usage`(options: [String], words: String) throws {
    let path = folder.path("none")
    let outcome = try selected(["--metrics", path] + options)
    #expect(outcome.code == 64)
    #expect(outcome.errors.contains(words), "\(outcome.errors)")
    #expect(!FileManager.default.fileExists(atPath: path))
    #expect(try selected(options).code == 64)
  }
}
