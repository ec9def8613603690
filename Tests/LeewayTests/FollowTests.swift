import Foundation
import Glibc
import TestSupport
import Testing

/// `run --follow`: a sidecar beside a service that writes and rotates a log.
@Suite struct FollowTests {
  private let folder: TemporaryFolder
  private var log: String { folder.path("app.log") }

  init() throws { folder = try TemporaryFolder() }

  /// The service: what it writes, and how it rotates its log.
  private func append(_ lines: [String]) throws {
    if !FileManager.default.fileExists(atPath: log) {
      _ = FileManager.default.createFile(atPath: log, contents: nil)
    }
    let file = try #require(FileHandle(forWritingAtPath: log))
    try file.seekToEnd()
    try file.write(contentsOf: Data((lines.joined(separator: "\n") + "\n").utf8))
    try file.close()
  }

  private func rotate(copying: Bool) throws {
    let manager = FileManager.default
    for number in stride(from: 8, to: 0, by: -1) {
      let name = folder.path("app.log.\(number)")
      guard manager.fileExists(atPath: name) else { continue }
      try manager.moveItem(atPath: name, toPath: folder.path("app.log.\(number + 1)"))
    }
    guard copying else {
      return try manager.moveItem(atPath: log, toPath: folder.path("app.log.1"))
    }
    try manager.copyItem(atPath: log, toPath: folder.path("app.log.1"))
    #expect(unsafe truncate(log, 0) == 0)
  }

  private func outputs(_ name: String) -> [String] {
    [
      "--state", folder.path("state-\(name)"), "--metrics", folder.path("metrics-\(name)"),
      "--alerts", folder.path("alerts-\(name)"), "--dead-letters", folder.path("letters-\(name)"),
    ]
  }

  /// Waits until something is said; a minute at most.
  private func wait(for words: String, _ said: () -> String) {
    for _ in 0..<6_000 {
      if said().contains(words) { return }
      usleep(10_000)
    }
    Issue.record("nobody said \(words)")
  }

  /// Waits until a line that nobody can read is a dead letter.
  private func wait(forLetter line: String, in path: String) {
    let raw = Data(line.utf8).base64EncodedString()
    wait(for: "\"raw\":\"\(raw)\"") { (try? text(of: path)) ?? "" }
  }

  /// Killed and started anew while the log is rotated both ways, it says what one replay says, some
  /// of it more than once: what it said after its last state.
  @Test func `a log that is rotated is read to the bytes of one replay, through kill -9`() throws {
    let recorded = try RunTests.Recorded.shared.get()
    let lines = recorded.bytes.split(separator: 0x0a).prefix(3000)
      .map { String(decoding: $0, as: UTF8.self) }
    let pieces = stride(from: 0, to: lines.count, by: 375).map { Array(lines[$0..<$0 + 375]) }
    let command = ["run", "-q", "--follow", log] + recorded.arguments + outputs("run")
    var process = try LeewayProcess(command)
    for (index, piece) in pieces.enumerated() {
      try append(piece)
      // A line that nobody can read tells when all before it were read.
      try append(["{broken \(index)"])
      wait(forLetter: "{broken \(index)", in: folder.path("letters-run"))
      switch index {
      case 1, 6: try rotate(copying: false)
      case 2, 5:
        process.send(SIGKILL)
        #expect(try process.wait().code == -SIGKILL)
        try rotate(copying: index == 5)
        process = try LeewayProcess(command)
      case 3: try rotate(copying: true)
      case 7: break
      default:
        process.send(SIGTERM)
        let outcome = try process.wait()
        #expect(outcome.code == 0, "\(outcome.errors)")
        process = try LeewayProcess(command)
      }
    }
    process.send(SIGTERM)
    let outcome = try process.wait()
    #expect(outcome.code == 0, "\(outcome.errors)")

    let all = pieces.enumerated().flatMap { $1 + ["{broken \($0)"] }
    let whole = try folder.write(all.joined(separator: "\n") + "\n", as: "whole.ndjson")
    let replayed = try LeewayProcess.run(
      ["replay", "-q", "--allow-refused", "100%", whole] + recorded.arguments + outputs("whole")
    )
    #expect(replayed.code == 0, "\(replayed.errors)")
    for kind in ["metrics", "alerts"] {
      let said = try text(of: folder.path("\(kind)-run")).split(separator: "\n")
      let expected = try text(of: folder.path("\(kind)-whole")).split(separator: "\n")
      #expect(expected.count > 3)
      #expect(Set(said) == Set(expected), "\(kind): \(said.count) and \(expected.count) records")
    }
  }

  @Test func `what a state has is not said again, and --state-interval says how old it is`()
    throws
  {
    let small = try SmallModel.shared.get()
    let command =
      ["run", "-q", "--follow", log, "--state-interval", "1s"] + small.arguments + outputs("often")
    try append(["{broken 1"])
    let killed = try LeewayProcess(command)
    waitAMinute { FileManager.default.fileExists(atPath: folder.path("state-often/state")) }
    killed.send(SIGKILL)
    #expect(try killed.wait().code == -SIGKILL)
    try append(["{broken 2"])
    let last = try LeewayProcess(command)
    wait(forLetter: "{broken 2", in: folder.path("letters-often"))
    let looked = try LeewayProcess.run(["inspect", folder.path("state-often")])
    #expect(looked.output.hasPrefix("held by a process\n"), "\(looked.output)")
    last.send(SIGTERM)
    #expect(try last.wait().code == 0)
    #expect(try text(of: folder.path("letters-often")).split(separator: "\n").count == 2)
  }

  @Test func `inspect says how far each stream was read, and whether a state is whole`() throws {
    let small = try SmallModel.shared.get()
    let stream = try folder.write("{\n{\n{\n", as: "three.ndjson")
    let run = try LeewayProcess.run(
      ["run", "-q", stream, "--state", folder.path("s")] + small.arguments
    )
    #expect(run.code == 0, "\(run.errors)")
    let inspect = { try LeewayProcess.run(["inspect", folder.path("s")] + $0) }
    let text = try inspect([])
    #expect(text.code == 0 && text.output.hasPrefix("held by no process\n"), "\(text.output)")
    #expect(text.output.contains("/s/state: whole, "))
    #expect(text.output.contains("three.ndjson      3"), "\(text.output)")
    let json = try inspect(["--json"]).output
    #expect(json.contains("\"lines\":3,\"events\":0,\"waiting\":0,\"byte\":6,\"clock\":null"))
    #expect(json.contains("\"fault\":null") && json.contains("\"held\":false"))
    for (name, code) in [("state", Int32(0)), ("state.copy", 1)] {
      let file = try FileHandle(forUpdating: URL(filePath: folder.path("s/\(name)")))
      try file.seek(toOffset: 30)
      try file.write(contentsOf: Data([0xff, 0xff]))
      try file.close()
      let damaged = try inspect([])
      #expect(damaged.code == code && damaged.output.contains("/s/\(name): of no use, "))
    }
    let nothing = try LeewayProcess.run(["inspect", folder.path("")])
    #expect(nothing.code == 1 && nothing.errors.contains("state: cannot open"))
  }

  @Test(arguments: [("0s", "from 1s to 1h"), ("2h", "from 1s to 1h"), ("soon", "from 1s to 1h")])
  func `an interval that is none is refused`(text: String, advice: String) throws {
    let run = try LeewayProcess.run(
      ["run", "-m", "none.yaml", "--state", folder.path("s"), "--state-interval", text]
    )
    #expect(run.code == 64 && run.errors.contains(advice), "\(run.errors)")
  }

  @Test func `a log that is not there is waited for, and lost lines are told`() throws {
    let small = try SmallModel.shared.get()
    let process = try LeewayProcess(
      ["run", "--follow", log, "--dead-letters", folder.path("letters")] + small.arguments
    )
    wait(for: "there is no such file yet") { process.errorsSoFar }
    try append(["{}", "{broken 1"])
    wait(forLetter: "{broken 1", in: folder.path("letters"))
    #expect(unsafe truncate(log, 0) == 0)
    wait(for: "was cut after byte 13 was read") { process.errorsSoFar }
    try append(["{}", "{broken 2"])
    wait(forLetter: "{broken 2", in: folder.path("letters"))
    process.send(SIGTERM)
    let outcome = try process.wait()
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(outcome.errors.contains("stopped: 0 predictions, 2 other events, 2 refused"))
  }
}
