import TestSupport
import Testing

/// K16, K21, K22 and K24: what `init` makes of names, and of events that came twice.
@Suite(.enabled(if: ReportedCase.folder != nil)) struct ReportedNameTests {
  private func said(_ name: String) throws -> String {
    try ReportedCase(name, in: #require(ReportedCase.folder)).said
  }

  @Test func `an id is one although every event was delivered twice`() throws {
    let said = try said("k16-duplicates-make-id-a-feature")
    #expect(said.contains("id: id"), "\(said)")
    #expect(!said.contains("- id"), "\(said)")
    #expect(said.contains("counts them as duplicates"), "\(said)")
  }

  @Test func `the latency of nginx is found, in seconds`() throws {
    let said = try said("k21-nginx-request-time")
    #expect(said.contains("latency: {field: request_time, unit: s}"), "\(said)")
  }

  @Test func `names of tensors, levels and pods are no persons`() throws {
    let said = try said("k22-tensor-name-is-a-person")
    #expect(!said.contains("personal data"), "\(said)")
    #expect(said.contains("rc=0"), "\(said)")
  }

  @Test func `a predicted class is the decision and no feature`() throws {
    let said = try said("k24-pred-and-proba-names")
    #expect(said.contains("decision: y_pred"), "\(said)")
    #expect(!said.contains("- y_pred ") && !said.contains("turned out to be true"), "\(said)")
  }
}

/// K21: latencies of proxies, in texts with a unit.
@Suite struct ReportedLatencyTests {
  @Test func `what init finds in texts with a unit is the latency that replay measures`() throws {
    let folder = try TemporaryFolder()
    let lines = (0..<400).map { index in
      "{\"ts\":\(1_767_225_600 + index * 20),\"x\":\(index % 7),\"score\":0.\(100 + index),"
        + "\"took\":\"\(index % 2 == 0 ? "12.5ms" : "PT0.0375S")\"}"
    }
    let log = try folder.write(lines.joined(separator: "\n") + "\n", as: "log.ndjson")
    let monitor = folder.path("m.yaml")
    let made = try LeewayProcess.run(["init", log, "-o", monitor])
    #expect(made.code == 0, "\(made.errors)")
    let profiled = try LeewayProcess.run([
      "profile", "-m", monitor, log, "-o", folder.path("m.profile"),
    ])
    #expect(profiled.code == 0, "\(profiled.errors)")
    let replayed = try LeewayProcess.run([
      "replay", "-m", monitor, log, "--metrics", "-", "--metrics-signal", "latency",
      "--metrics-statistic", "mean", "-q",
    ])
    #expect(replayed.output.contains("\"value\":0.0250"), "\(replayed.output)")
  }
}
