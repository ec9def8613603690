import Foundation
import Glibc
import TestSupport
import Testing

/// Nothing fails in silence: the exit code says that, and standard error says why.
@Suite struct FailureTests {
  private let small: SmallModel
  private let folder: TemporaryFolder

  init() throws {
    small = try SmallModel.shared.get()
    folder = try TemporaryFolder()
  }

  /// A command whose standard output takes nothing.
  private func full(_ arguments: [String]) throws -> (code: Int32, errors: String) {
    let process = Process()
    process.executableURL = URL(filePath: LeewayProcess.executable)
    process.arguments = arguments
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle(forWritingAtPath: "/dev/full")
    let pipe = Pipe()
    process.standardError = pipe
    try process.run()
    let errors = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return (process.terminationStatus, errors)
  }

  @Test func `a full device behind standard output ends every command with 1`() throws {
    let tests = Repository.path("rules/payments.test.yaml")
    let commands = [
      ["replay", small.reference] + small.arguments, ["inspect", small.profile],
      ["inspect", "--json", small.profile], ["check", small.monitor], ["test", "-q", tests],
      ["init", "-q", small.reference], ["--help"], ["help", "run"], ["--version"],
      ["replay", "-q", "--metrics", "-", small.reference] + small.arguments,
    ]
    for command in commands {
      let (code, errors) = try full(command)
      #expect(code == 1, "\(command): \(errors)")
      #expect(
        errors.contains("standard output: cannot write: No space left on device"),
        "\(command): \(errors)"
      )
    }
  }

  @Test func `run adds to a file behind standard output that may not be read`() throws {
    let path = folder.path("out.ndjson")
    try Data("earlier".utf8).write(to: URL(filePath: path))
    let output = try #require(FileHandle(forWritingAtPath: path))
    try output.seekToEnd()
    let process = Process()
    process.executableURL = URL(filePath: LeewayProcess.executable)
    process.arguments = ["run", "-q", "--metrics", "-"] + small.arguments
    process.standardInput = FileHandle(forReadingAtPath: small.reference)
    process.standardOutput = output
    let pipe = Pipe()
    process.standardError = pipe
    try process.run()
    let errors = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, "\(errors)")
    let written = try String(contentsOfFile: path, encoding: .utf8)
    #expect(written.hasPrefix("earlier{") && written.contains(#""type":"metric""#))
  }

  /// The reference, packed and cut.
  private func cutStream() throws -> String {
    let packed = folder.path("whole.gz")
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["gzip", "-c", small.reference]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    try data.prefix(data.count / 2).write(to: URL(filePath: packed))
    return packed
  }

  @Test func `quiet does not swallow why a replay ends with 1`() throws {
    let cut = try cutStream()
    let outputs = [["--alerts", folder.path("alerts")], ["-o", folder.path("summary")], []]
    for output in outputs {
      let outcome = try LeewayProcess.run(["replay", "-q", cut] + output + small.arguments)
      #expect(outcome.code == 1)
      let words = outcome.errors.components(separatedBy: "damaged or cut gzip data")
      #expect(words.count == 2, "\(output): \(outcome.errors)")
    }
    let loud = try LeewayProcess.run(
      ["replay", cut, "--alerts", folder.path("alerts")] + small.arguments
    )
    let words = loud.errors.components(separatedBy: "damaged or cut gzip data")
    #expect(words.count == 2, "\(loud.errors)")
  }

  @Test func `a profile of a part is written only where that was asked for`() throws {
    let cut = try cutStream()
    let profile = folder.path("part")
    let words = ["profile", "-q", "-m", small.monitor, cut, "-o", profile]
    let refused = try LeewayProcess.run(words)
    #expect(refused.code == 1)
    #expect(refused.errors.contains("damaged or cut gzip data"), "\(refused.errors)")
    #expect(refused.errors.contains("no profile was written: --allow-partial"))
    #expect(!FileManager.default.fileExists(atPath: profile))
    let allowed = try LeewayProcess.run(words + ["--allow-partial"])
    #expect(allowed.code == 0, "\(allowed.errors)")
    #expect(allowed.errors.contains("a part was profiled"), "\(allowed.errors)")
    #expect(try LeewayProcess.run(["inspect", profile]).code == 0)
  }

  @Test(.timeLimit(.minutes(1)))
  func `a signal counts the last line that came whole, without its newline`() throws {
    let letters = folder.path("letters")
    for (last, words) in [
      ("", "stopped: 2 predictions, 0 other events, 1 refused"),
      ("{\"kind\":\"p\",\"ts\":1700000002}", "stopped: 3 predictions, 0 other events, 1 refused"),
      ("{\"ts\":17000000", "stopped: 2 predictions, 0 other events, 2 refused"),
    ] {
      let process = try LeewayProcess(
        ["run", "--dead-letters", letters, "--alerts", "/dev/null"] + small.arguments,
        input: .pipe
      )
      let lines = (0..<2).map { "{\"kind\":\"p\",\"ts\":\(1_700_000_000 + $0)}\n" }.joined()
      // One write: where the letter of its first line is, its last was read.
      try process.write(Array(("nonsense\n" + lines + last).utf8))
      while ((try? text(of: letters)) ?? "").isEmpty { usleep(1000) }
      process.send(SIGTERM)
      let outcome = try process.wait()
      process.endInput()
      #expect(outcome.code == 0)
      #expect(outcome.errors.contains(words), "\(outcome.errors)")
      try FileManager.default.removeItem(atPath: letters)
    }
  }

  @Test func `nothing counted of many lines ends with 1 and says what became of them`() throws {
    let ignored = try folder.write(
      String(repeating: "{\"kind\":\"click\",\"ts\":1}\n", count: 30),
      as: "ignored"
    )
    let refused = try folder.write(
      String(repeating: "{\"kind\":\"p\"}\n", count: 20),
      as: "refused"
    )
    let empty = try folder.write("", as: "empty")
    let replay = ["replay", "-q"] + small.arguments
    let took = try LeewayProcess.run(replay + [ignored])
    #expect(took.code == 1)
    #expect(took.errors.contains("`when` takes none of 30 events"), "\(took.errors)")
    let alerts = ["--alerts", folder.path("alerts")]
    let timeless = try LeewayProcess.run(replay + alerts + [refused])
    #expect(timeless.code == 1)
    #expect(timeless.errors.contains("20 refused as time_missing"), "\(timeless.errors)")
    #expect(try LeewayProcess.run(replay + [empty]).code == 0)
    let profile = ["profile", "-q", "-m", small.monitor, "-o", folder.path("p")]
    for (stream, words) in [
      (ignored, "`when` takes none of 30 events"),
      (refused, "20 refused as time_missing"), (empty, "the streams are empty"),
    ] {
      let outcome = try LeewayProcess.run(profile + [stream])
      #expect(outcome.code == 1)
      #expect(outcome.errors.contains(words), "\(outcome.errors)")
    }
  }
}
