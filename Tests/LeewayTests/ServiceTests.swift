import Foundation
import Glibc
import TestSupport
import Testing

/// `leeway run` as a service: what it tells its manager and whoever asks.
@Suite struct ServiceTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// A socket on which systemd would listen.
  private func listen(at path: String) throws -> Int32 {
    let number = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { bytes in
      unsafe bytes.copyBytes(from: path.utf8)
    }
    let length = socklen_t(MemoryLayout<sa_family_t>.size + path.utf8.count)
    let code = unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        unsafe bind(number, address, length)
      }
    }
    try #require(code == 0)
    var patience = timeval(tv_sec: 60, tv_usec: 0)
    let size = socklen_t(MemoryLayout<timeval>.size)
    unsafe setsockopt(number, SOL_SOCKET, SO_RCVTIMEO, &patience, size)
    return number
  }

  private func next(_ number: Int32) -> String {
    var bytes = [UInt8](repeating: 0, count: 256)
    let count = unsafe recv(number, &bytes, bytes.count, 0)
    return String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self)
  }

  @Test func `systemd hears that it is ready, goes on, and stops`() throws {
    let small = try SmallModel.shared.get()
    // The name of a socket has to be short.
    let name = "leeway-notify-\(getpid())"
    let path = FileManager.default.temporaryDirectory.appending(path: name).path
    let number = try listen(at: path)
    defer {
      close(number)
      unsafe unlink(path)
    }
    let process = try LeewayProcess(
      [
        "NOTIFY_SOCKET=\(path)", "WATCHDOG_USEC=100000", LeewayProcess.executable, "run", "-q",
      ] + small.arguments,
      input: .pipe,
      program: "/usr/bin/env"
    )
    #expect(next(number) == "READY=1")
    for _ in 0..<2 { #expect(next(number) == "WATCHDOG=1") }
    process.send(SIGTERM)
    var last = next(number)
    while last == "WATCHDOG=1" { last = next(number) }
    #expect(last == "STOPPING=1")
    process.endInput()
    #expect(try process.wait().code == 0)
  }

  @Test func `what it says is a record a line, where that is asked for`() throws {
    let small = try SmallModel.shared.get()
    let log = try folder.write("{broken \"\u{1b}\n", as: "a log")
    for (format, isRecord) in [("json", true), ("logfmt", false)] {
      let run = try LeewayProcess.run(
        ["run", "--log-format", format, log] + small.arguments
      )
      #expect(run.code == 0, "\(run.errors)")
      let lines = run.errors.split(separator: "\n").map(String.init)
      #expect(lines.count == 3)
      for (line, level) in zip(lines, ["info", "warning", "info"]) {
        if isRecord {
          let record = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: String]
          #expect(record?.keys.sorted() == ["level", "message", "time"])
          #expect(record?["level"] == level)
        } else {
          #expect(line.contains(/^time=[0-9T:.-]+Z level=[a-z]+ message=".*"$/), "\(line)")
          #expect(line.contains(" level=\(level) "))
        }
      }
      #expect(lines[1].contains("refused as syntax") && lines[1].contains(#"\\u{1b}"#))
    }
    let refused = try LeewayProcess.run(["run", "--log-format", "json", "-m", "none.yaml"])
    #expect(refused.code == 1 && refused.errors.contains("\"level\":\"error\""))
    #expect(refused.errors.contains("none.yaml: cannot open"), "\(refused.errors)")
  }

  @Test func `SIGUSR1 makes it say how it stands`() throws {
    let small = try SmallModel.shared.get()
    var random = SeededGenerator(seed: 5)
    var lines = (0..<200).map {
      SmallModel.event(at: SmallModel.start + 30 * $0, score: 0.5, &random)
    }
    lines.insert("{broken", at: 100)
    let log = try folder.write(lines.joined(separator: "\n") + "\n{\"to", as: "a log")
    let letters = folder.path("letters")
    let process = try LeewayProcess(
      ["run", "-q", "--follow", log, "--state", folder.path("state"), "--dead-letters", letters]
        + small.arguments
    )
    waitAMinute { ((try? text(of: letters)) ?? "").contains("dead_letter") }
    process.send(SIGUSR1)
    waitAMinute { process.errorsSoFar.contains("\nstream ") }
    process.send(SIGTERM)
    let outcome = try process.wait()
    #expect(outcome.code == 0, "\(outcome.errors)")
    let said = outcome.errors.split(separator: "\n")
    let agent = try #require(said.first { $0.hasPrefix("agent ") })
    #expect(agent.contains(" lines=201 ") && agent.contains(" events=200 "), "\(agent)")
    #expect(agent.contains(" refused=1 refused_syntax=1 clock="), "\(agent)")
    #expect(agent.contains(" on_disk=0 unacknowledged=0 state_age=0s"), "\(agent)")
    let stream = try #require(said.first { $0.hasPrefix("stream ") })
    #expect(stream.hasPrefix("stream name=\"\(log)\" lines=201 events=200 clock="), "\(stream)")
  }

  @Test func `the unit of systemd is valid, and lets the service do little`() throws {
    let unit = try text(of: Repository.path("deploy/leeway.service"))
    #expect(unit.contains("ExecStart=/usr/local/bin/leeway run "))
    let here = try folder.write(
      unit.replacing("/usr/local/bin/leeway", with: LeewayProcess.executable),
      as: "leeway.service"
    )
    for arguments in [["verify", here], ["security", "--offline=true", "--threshold=10", here]] {
      let process = try LeewayProcess(arguments, program: "/usr/bin/systemd-analyze")
      let outcome = try process.wait()
      #expect(outcome.code == 0, "\(arguments): \(outcome.output) \(outcome.errors)")
      #expect(outcome.errors.isEmpty, "\(outcome.errors)")
    }
  }
}
