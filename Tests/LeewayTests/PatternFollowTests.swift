import Foundation
import Glibc
import TestSupport
import Testing

/// `run --config`: logs that patterns name come, are rotated and renamed while an agent reads them, is
/// killed, or does not run.
@Suite struct PatternFollowTests {
  private let folder: TemporaryFolder
  /// How many events were written.
  private final class Written { var events = 0 }
  private let written = Written()

  init() throws {
    folder = try TemporaryFolder()
    for name in ["rules", "logs"] {
      try FileManager.default.createDirectory(
        atPath: folder.path(name),
        withIntermediateDirectories: true
      )
    }
    for kind in ["a", "b"] {
      let monitor = """
        model: \(kind)
        events:
          prediction:
            when: kind == "\(kind)"
            time: {field: ts, unit: s}
            latency: {field: ms, unit: ms}
        windows: {minute: {size: 1m}}
        lateness: 6h
        """
      _ = try folder.write(monitor, as: "rules/\(kind).yaml")
    }
    let agent = """
      sources:
        - {type: file, include: ["../logs/*.log*", "../logs/app*"], exclude: ["../logs/skip*"]}
      """
    _ = try folder.write(agent, as: "rules/agent.yaml")
  }

  /// Writes so many events of both kinds.
  private func append(_ count: Int, to name: String) throws {
    let path = folder.path("logs/\(name)")
    if !FileManager.default.fileExists(atPath: path) {
      _ = FileManager.default.createFile(atPath: path, contents: nil)
    }
    let lines = (0..<count).map { _ in
      written.events += 1
      let number = written.events
      return "{\"ts\":\(1_700_000_000 + number),\"kind\":\"\(number % 3 == 0 ? "b" : "a")\","
        + "\"ms\":\(number),\"text\":\"\(String(repeating: "x", count: 40))\"}\n"
    }
    let file = try #require(FileHandle(forWritingAtPath: path))
    try file.seekToEnd()
    try file.write(contentsOf: Data(lines.joined().utf8))
    try file.close()
  }

  private func move(_ from: String, _ to: String) throws {
    try FileManager.default.moveItem(
      atPath: folder.path("logs/\(from)"),
      toPath: folder.path("logs/\(to)")
    )
  }

  private func start(_ words: [String]) throws -> LeewayProcess {
    let process = try LeewayProcess(
      ["run", "--dead-letters", folder.path("letters"), "--alerts", folder.path("alerts")]
        + ["--state", folder.path("state"), "--state-interval", "1s"] + words
    )
    waitAMinute { process.errorsSoFar.contains("watching") }
    return process
  }

  /// How many lines all processes have counted, of all streams.
  private func lines(_ process: LeewayProcess) -> Int {
    process.send(SIGUSR1)
    usleep(200_000)
    let said = process.errorsSoFar
    guard let last = said.ranges(of: "\nagent ").last else { return 0 }
    return said[last.upperBound...].split(separator: "\n").compactMap { line in
      line.firstMatch(of: /^stream (?:model=a )?name=.* lines=(\d+)/).flatMap { Int($0.output.1) }
    }.reduce(0, +)
  }

  /// Waits until all is counted that was written.
  private func wait(_ process: LeewayProcess) {
    var found = 0
    waitAMinute {
      found = lines(process)
      return found >= written.events
    }
    #expect(found == written.events)
  }

  /// Stops an agent, which must not have told of anything that was lost, but where it cannot know.
  private func stop(_ process: LeewayProcess) throws {
    process.send(SIGTERM)
    let outcome = try process.wait()
    #expect(outcome.code == 0, "\(outcome.errors)")
    let told = outcome.errors.split(separator: "\n").filter { line in
      !line.contains(" was read is not known")
        && [" cut", "lost", "not read"].contains { line.contains($0) }
    }
    #expect(told == [])
  }

  private func kill(_ process: LeewayProcess) throws {
    process.send(SIGKILL)
    #expect(try process.wait().code == -SIGKILL)
  }

  @Test(arguments: [true, false])
  func `logs come and are rotated across kills, and each line counts once`(_ isFolder: Bool) throws
  {
    let words =
      isFolder
      ? ["-c", folder.path("rules")]
      : ["-c", folder.path("rules/agent.yaml"), "-m", folder.path("rules/all.yaml")]
    if !isFolder {
      let all = try text(of: folder.path("rules/a.yaml"))
        .replacing("when: kind == \"a\"", with: "when: kind != \"c\"")
      _ = try folder.write(all, as: "rules/all.yaml")
    }
    try append(200, to: "app.log")
    var agent = try start(words)
    wait(agent)
    // One comes, and the first is rotated.
    try append(150, to: "other.log")
    wait(agent)
    try move("app.log", "app.log.1")
    try append(90, to: "app.log")
    wait(agent)
    try kill(agent)
    // While nobody runs: rotation, a new log that is rotated, one that gets another name.
    try append(40, to: "app.log")
    try move("app.log.1", "app.log.2")
    try move("app.log", "app.log.1")
    try append(30, to: "app.log")
    try append(60, to: "third.log")
    try move("third.log", "third.log.1")
    try append(70, to: "third.log")
    try append(20, to: "other.log")
    try move("other.log", "renamed.log")
    try append(90, to: "other.log")
    agent = try start(words)
    wait(agent)
    // A name that no rotation gives, while it runs.
    try append(25, to: "third.log")
    try move("third.log", "kept.log")
    try append(35, to: "third.log")
    wait(agent)
    try append(90, to: "kept.log")
    wait(agent)
    try stop(agent)
    agent = try start(words)
    try append(10, to: "renamed.log")
    try append(10, to: "kept.log")
    wait(agent)
    try stop(agent)
    // Nothing has the first one's name when the next process begins.
    try move("app.log.2", "app.log.3")
    try move("app.log.1", "app.log.2")
    try move("app.log", "app.log.1")
    try append(15, to: "app.log.1")
    agent = try start(words)
    wait(agent)
    try append(20, to: "app.log")
    wait(agent)
    try stop(agent)
    let letters = try text(of: folder.path("letters"))
    #expect(letters.isEmpty, "\(letters.prefix(300))")
  }

  /// What a service and whoever rotates its logs do, at random.
  private struct Disorder {
    var random: SeededGenerator
    /// The logs that are written to.
    var names = ["app.log"]
    /// Those that have got another name, or have it: of these whoever was away cannot tell what they
    /// were rotated to.
    var renamed: Set<String> = []
    var turn = 0

    /// Does one thing.
    mutating func act(_ tests: PatternFollowTests) throws {
      turn += 1
      let name = names.randomElement(using: &random) ?? ""
      let isThere = FileManager.default.fileExists(atPath: tests.folder.path("logs/\(name)"))
      switch Int.random(in: 0..<6, using: &random) {
      case 0:
        names.append("new-\(turn)x.log")
        try tests.append(30, to: names[names.count - 1])
      case 1 where isThere && !renamed.contains(name):
        // Rotation by a number or by a day, of which the others may be packed.
        if turn % 2 == 0 {
          try tests.move(name, "\(name)-2026113000\(100 + turn)")
        } else {
          try tests.pack(olderThan: name)
          try tests.shift(name)
        }
        if Bool.random(using: &random) { try tests.append(30, to: name) }
      case 2 where isThere:
        names.append("kept-\(turn)x.log")
        renamed.formUnion([name, names[names.count - 1]])
        try tests.move(name, names[names.count - 1])
        try tests.append(30, to: name)
      default: try tests.append(30, to: name)
      }
    }
  }

  /// Gives each older file of a log the next number, and the log the first.
  private func shift(_ name: String) throws {
    let there = try FileManager.default.contentsOfDirectory(atPath: folder.path("logs"))
    for number in stride(from: 30, to: 0, by: -1) {
      for ending in ["", ".gz"] where there.contains("\(name).\(number)\(ending)") {
        try move("\(name).\(number)\(ending)", "\(name).\(number + 1)\(ending)")
      }
    }
    try move(name, "\(name).1")
  }

  /// Packs the older files of a log from the second on.
  private func pack(olderThan name: String) throws {
    let there = try FileManager.default.contentsOfDirectory(atPath: folder.path("logs"))
    for number in 2..<30 where there.contains("\(name).\(number)") {
      let outcome = try LeewayProcess(
        ["gzip", folder.path("logs/\(name).\(number)")],
        program: "/usr/bin/env"
      ).wait()
      #expect(outcome.code == 0, "\(outcome.errors)")
    }
  }

  /// Logs come, are rotated, packed and renamed at any time, while an agent runs and while none does.
  @Test(arguments: [UInt64](1...8))
  func `each line counts once, whatever happens to the logs`(seed: UInt64) throws {
    var disorder = Disorder(random: SeededGenerator(seed: seed))
    let words = ["-c", folder.path("rules")]
    try append(30, to: "app.log")
    var agent = try start(words)
    // Who has kept nothing has nowhere to go on from.
    wait(agent)
    waitAMinute { FileManager.default.fileExists(atPath: folder.path("state/state")) }
    for _ in 0..<6 {
      for _ in 0..<Int.random(in: 1...4, using: &disorder.random) { try disorder.act(self) }
      if Int.random(in: 0..<3, using: &disorder.random) == 0 {
        waitAMinute { lines(agent) > 0 }
        continue
      }
      if Bool.random(using: &disorder.random) { try kill(agent) } else { try stop(agent) }
      for _ in 0..<Int.random(in: 0...3, using: &disorder.random) { try disorder.act(self) }
      agent = try start(words)
    }
    for name in disorder.names { try append(1, to: name) }
    wait(agent)
    try stop(agent)
  }

  @Test func `an output that a pattern takes is refused before anything is written`() throws {
    let path = folder.path("logs/alerts.log")
    let outcome = try LeewayProcess.run(
      ["run", "-c", folder.path("rules/agent.yaml"), "-m", folder.path("rules/a.yaml")]
        + ["--alerts", path]
    )
    #expect(outcome.code == 64)
    #expect(outcome.errors.contains("--alerts \(path) is a log that is followed, "))
    #expect(!FileManager.default.fileExists(atPath: path))
  }
}
