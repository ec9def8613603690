import Foundation
import Glibc
import TestSupport
import Testing

/// SIGHUP to a process that watches one monitor: its file has changed.
@Suite struct ReloadTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    _ = try write()
  }

  private func write(
    model: String = "m",
    slide: String = "10m",
    bound: String = "1s"
  ) throws -> String {
    try folder.write(
      """
      model: \(model)
      events: {prediction: {time: {field: ts, unit: s}, latency: {field: ms, unit: ms}}}
      windows: {w: {size: 1h, slide: \(slide)}}
      rules: [{alert: Slow, expr: mean(latency) > \(bound)}]
      """,
      as: "monitor.yaml"
    )
  }

  private func events(_ range: Range<Int>) -> [UInt8] {
    Array(
      range.map { "{\"ts\":\(1_700_000_000 + $0 * 10),\"ms\":\($0 % 100 + 450)}\n" }.joined().utf8
    )
  }

  private func start(_ more: [String] = []) throws -> LeewayProcess {
    try LeewayProcess(
      ["run", "-m", folder.path("monitor.yaml"), "--metrics", folder.path("metrics"), "--alerts"]
        + [folder.path("alerts")] + more,
      input: .pipe
    )
  }

  private func has(_ words: String, _ name: String) -> Bool {
    ((try? text(of: folder.path(name))) ?? "").contains(words)
  }

  /// Everything but the numbers of the rule is as without the signal.
  @Test(arguments: [[], ["--threads", "3"]])
  func `a rule that has changed is judged on what was counted before`(more: [String]) throws {
    let process = try start(more)
    try process.write(events(0..<2000))
    waitAMinute { has("\"window\":\"w\"", "metrics") }
    _ = try write(bound: "490ms")
    process.send(SIGHUP)
    waitAMinute { process.errorsSoFar.components(separatedBy: "watching m").count == 3 }
    try process.write(events(2000..<4000))
    process.endInput()
    let outcome = try process.wait()
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(outcome.errors.contains("end of input: 4000 predictions, 0 other events, 0 refused"))
    #expect(has("\"state\":\"firing\"", "alerts"))
    let reloaded = try text(of: folder.path("metrics"))
    try FileManager.default.removeItem(atPath: folder.path("metrics"))
    let whole = try LeewayProcess(
      [
        "replay", "-q", "-m", folder.path("monitor.yaml"), "--metrics", folder.path("metrics"), "-",
      ],
      input: .pipe
    )
    try whole.write(events(0..<4000))
    whole.endInput()
    #expect(try whole.wait().code == 0)
    let isSame = try text(of: folder.path("metrics")) == reloaded
    #expect(isSame)
  }

  @Test func `windows that move otherwise begin anew, and no event is late`() throws {
    let process = try start(["--state", folder.path("state")])
    try process.write(events(0..<2000))
    waitAMinute { has("\"window\":\"w\"", "metrics") }
    _ = try write(slide: "30m")
    process.send(SIGHUP)
    waitAMinute { process.errorsSoFar.contains("the windows cut time otherwise") }
    try process.write(events(2000..<4000))
    process.endInput()
    let outcome = try process.wait()
    #expect(outcome.errors.contains("end of input: 4000 predictions, 0 other events, 0 refused"))
  }

  @Test func `what is broken, of another model or unchanged leaves all as it was`() throws {
    let process = try start()
    try process.write(events(0..<2000))
    waitAMinute { has("\"window\":\"w\"", "metrics") }
    _ = try folder.write("model: m\nwindow: 1h\n", as: "monitor.yaml")
    process.send(SIGHUP)
    waitAMinute { process.errorsSoFar.contains("it is watched as it was") }
    _ = try write(model: "other")
    process.send(SIGHUP)
    waitAMinute {
      process.errorsSoFar.contains("m: model is another one: what changed is taken up")
    }
    _ = try write()
    process.send(SIGHUP)
    try process.write(events(2000..<4000))
    process.endInput()
    let outcome = try process.wait()
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(outcome.errors.contains("monitor.yaml:2:1"))
    #expect(outcome.errors.contains("end of input: 4000 predictions, 0 other events, 0 refused"))
  }
}
