import Foundation
import TestSupport
import Testing

/// A monitor that compares nothing needs no profile, and nothing is said of what was not compared.
@Suite struct WithoutProfileTests {
  private static let operations = """
    model: ops
    events: {prediction: {time: ts, decision: d, latency: {field: ms, unit: ms}}}
    kpis: {approved: 'count(where decision == "yes") / count()'}
    windows: {hour: {size: 1h, slide: 5m}}
    slide: 5m
    rules:
      - {alert: Slow, expr: p99(latency) > 500ms, window: hour}
      - {alert: FewApproved, expr: value(kpis.approved) < 30%, window: hour}
      - {alert: Silent, silence: 30m}

    """
  private let folder: TemporaryFolder
  private let stream: String

  init() throws {
    folder = try TemporaryFolder()
    let lines = (0..<8000).map { index in
      let slow = index > 5000 && index % 10 == 0
      return #"{"ts":\#(1_700_000_000 + index),"d":"\#(index % 2 == 0 ? "yes" : "no")","#
        + #""ms":\#(slow ? 900 : 20)}"#
    }
    stream = try folder.write(lines.joined(separator: "\n") + "\n", as: "stream")
  }

  @Test func `latency, KPIs and silence are watched without a reference`() throws {
    let monitor = try folder.write(Self.operations, as: "m.yaml")
    #expect(try LeewayProcess.run(["check", "--strict", monitor]).code == 0)
    let metrics = folder.path("metrics")
    let replay = ["replay", "-m", monitor, stream]
    #expect(try LeewayProcess.run(replay + ["--metrics", metrics]).code == 0)
    let outcome = try LeewayProcess.run(replay)
    #expect(outcome.code == 0)
    #expect(outcome.output.contains("without a reference"))
    #expect(outcome.output.contains("No signal was compared with a reference."))
    #expect(outcome.output.contains("Slow"))
    #expect(!outcome.output.contains("No drift"))
    #expect(outcome.errors.contains("nobody watches decision"), "\(outcome.errors)")
    let records = try String(contentsOfFile: metrics, encoding: .utf8)
    #expect(records.contains("kpis.approved"))
    #expect(!records.contains("drift"))
  }

  @Test func `a rule that compares asks for a profile by its name`() throws {
    let more = "  - {alert: Moved, expr: drift(decision) > 0.1, window: hour}\n"
    let monitor = try folder.write(Self.operations + more, as: "m.yaml")
    let checked = try LeewayProcess.run(["check", monitor])
    #expect(checked.code == 0)
    #expect(checked.output.contains("needs --profile"))
    let outcome = try LeewayProcess.run(["replay", "-m", monitor, stream])
    #expect(outcome.code == 64)
    #expect(outcome.errors.contains("no profile, which rule Moved (drift(decision)) needs"))
  }

  @Test func `without rules nothing is called well`() throws {
    let start = try #require(Self.operations.range(of: "rules:"))
    let monitor = try folder.write(String(Self.operations[..<start.lowerBound]), as: "m.yaml")
    let page = folder.path("page.html")
    #expect(try LeewayProcess.run(["replay", "-m", monitor, "--report", page, stream]).code == 0)
    let html = try String(contentsOfFile: page, encoding: .utf8)
    #expect(html.contains("ops <em>cannot be judged</em>: nothing was compared"))
  }

  @Test func `check works a monitor out against the profile that it names`() throws {
    let small = try SmallModel.shared.get()
    let naming = SmallModel.monitorText.replacing(
      "profile: profile",
      with: "profile: \(small.profile)"
    )
    let fits = try LeewayProcess.run(["check", try folder.write(naming, as: "fits.yaml")])
    #expect(fits.code == 0)
    #expect(fits.output.contains("; its profile has "), "\(fits.output)")
    let other = naming.replacing("model: small", with: "model: other")
    let differs = try LeewayProcess.run(["check", try folder.write(other, as: "other.yaml")])
    #expect(differs.code == 1)
    #expect(differs.errors.contains("the profile is of model \"small\""), "\(differs.errors)")
    let absent = SmallModel.monitorText.replacing("profile: profile", with: "profile: none.profile")
    let later = try LeewayProcess.run(["check", try folder.write(absent, as: "later.yaml")])
    #expect(later.code == 0)
    #expect(later.output.contains("there is no "), "\(later.output)")
  }
}
