import Foundation
import Glibc
import Testing
import TestSupport

/// The files of `leeway run`: added to, mended, opened anew, packed.
@Suite struct RunOutputTests {
  private let small: SmallModel
  private let folder: TemporaryFolder

  init() throws {
    small = try SmallModel.shared.get()
    folder = try TemporaryFolder()
  }

  /// A stream whose scores moved: it has an alert.
  private func moved(from start: Int) -> [String] {
    var random = SeededGenerator(seed: 9)
    return (0..<500).map {
      SmallModel.event(at: start + 5 * $0, score: 0.01 * random.uniform(), &random)
    }
  }

  private func run(_ arguments: [String], _ lines: [String]) throws -> LeewayProcess.Outcome {
    let process = try LeewayProcess(["run", "-q"] + small.arguments + arguments, input: .pipe)
    try process.write(Array((lines.joined(separator: "\n") + "\n").utf8))
    process.endInput()
    let outcome = try process.wait()
    #expect(outcome.code == 0, "\(outcome.errors)")
    return outcome
  }

  @Test func `a restart adds to the alerts of the run before`() throws {
    let alerts = folder.path("alerts")
    _ = try run(["--alerts", alerts], moved(from: 1_700_000_000))
    let first = try text(of: alerts)
    #expect(first.contains("firing"))
    // The process before was killed in the middle of a line.
    try Data((first + "{\"type\":\"al").utf8).write(to: URL(filePath: alerts))
    _ = try run(["--alerts", alerts], moved(from: 1_700_100_000))
    let both = try text(of: alerts)
    #expect(both.hasPrefix(first))
    #expect(both.dropFirst(first.count).hasPrefix("{\"type\":\""))
    for line in both.split(separator: "\n") {
      _ = try JSONSerialization.jsonObject(with: Data(line.utf8))
    }
    let stream = try folder.write(moved(from: 1_700_000_000).joined(separator: "\n"), as: "stream")
    _ = try LeewayProcess.run(["replay", "-q", "--alerts", alerts, stream] + small.arguments)
    #expect(try text(of: alerts) == first)
  }

  @Test(arguments: ["metrics.gz", "metrics.zst"])
  func `packed metrics are those of a plain file, over two runs`(name: String) throws {
    let packed = folder.path(name)
    let plain = folder.path("plain")
    for start in [1_700_000_000, 1_700_100_000] {
      _ = try run(["--metrics", packed], moved(from: start))
      _ = try run(["--metrics", plain], moved(from: start))
    }
    #expect(try unpacked(packed) == text(of: plain))
    let stream = try folder.write(moved(from: 1_700_000_000).joined(separator: "\n"), as: "stream")
    for output in [packed, plain] {
      let words = ["replay", "-q", "--metrics", output, stream]
      #expect(try LeewayProcess.run(words + small.arguments).code == 0)
    }
    #expect(try unpacked(packed) == text(of: plain))
    #expect(try Data(contentsOf: URL(filePath: packed)).count * 4 < text(of: plain).utf8.count)
  }

  private func unpacked(_ path: String) throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [path.hasSuffix(".gz") ? "gzip" : "zstd", "-d", "-c", "-q", path]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    return String(decoding: data, as: UTF8.self)
  }

  @Test(.timeLimit(.minutes(1)))
  func `SIGHUP opens renamed outputs anew, and every record is in one of them`() throws {
    let letters = folder.path("letters")
    let old = folder.path("letters.1")
    let process = try LeewayProcess(
      ["run", "-q", "--dead-letters", letters, "--alerts", "/dev/null"] + small.arguments,
      input: .pipe
    )
    func wait(until path: String, holds count: Int) {
      while ((try? text(of: path)) ?? "").split(separator: "\n").count < count { usleep(1000) }
    }
    for index in 0..<20 { try process.write(Array("nonsense \(index)\n".utf8)) }
    wait(until: letters, holds: 20)
    try FileManager.default.moveItem(atPath: letters, toPath: old)
    for index in 20..<40 { try process.write(Array("nonsense \(index)\n".utf8)) }
    wait(until: old, holds: 40)
    process.send(SIGHUP)
    while !FileManager.default.fileExists(atPath: letters) { usleep(1000) }
    for index in 40..<60 { try process.write(Array("nonsense \(index)\n".utf8)) }
    process.endInput()
    let outcome = try process.wait()
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(try text(of: old).split(separator: "\n").count == 40)
    #expect(try text(of: letters).split(separator: "\n").count == 20)
  }

  @Test(.timeLimit(.minutes(1))) func `SIGHUP ends a replay as any process`() throws {
    let process = try LeewayProcess(["replay", "-q", "-"] + small.arguments, input: .pipe)
    process.send(SIGHUP)
    #expect(try process.wait().code == -SIGHUP)
    process.endInput()
  }
}
