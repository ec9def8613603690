import Foundation
import Glibc
import TestSupport
import Testing

/// Predictions that wait on the disk for their outcomes, as somebody who runs `leeway` sees it.
@Suite struct SpillCommandTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func monitor(_ limits: String) throws -> String {
    try folder.write(
      """
      model: spill
      events:
        prediction: {when: kind == "p", id: id, time: ts, version: v, score: s, decision: d}
        outcome: {when: kind == "o", id: id, time: ts, label: y}
      quality: {window: 1h, horizon: 12h, silence: negative}
      windows: {main: 1h}
      limits: {\(limits)}
      rules:
        - {alert: Worse, expr: accuracy(quality) < 0.7 and count(quality) >= 20}
      """,
      as: "monitor-\(limits.filter(\.isNumber)).yaml"
    )
  }

  /// A prediction every ten seconds, and of most an outcome within hours.
  private func lines(_ count: Int) -> [String] {
    var random = SeededGenerator(seed: 5)
    var timed: [(Int, String)] = []
    for index in 0..<count {
      let time = 1_767_225_600 + 10 * index
      let (score, decision) = (random.next() % 1000, random.next() % 2)
      let version = random.next() % 3
      timed.append(
        (
          time,
          #"{"kind":"p","id":"p\#(index)","ts":\#(time),"v":"\#(version)","s":0.\#(score),"#
            + #""d":\#(decision)}"#
        )
      )
      guard random.next() % 4 != 0 else { continue }
      for _ in 0...Int(random.next() % 2) {
        let later = time + Int(random.next() % 30_000)
        let label = random.next() % 1000 < score ? 1 : 0
        timed.append((later, #"{"kind":"o","id":"p\#(index)","ts":\#(later),"y":\#(label)}"#))
      }
    }
    return timed.sorted { ($0.0, $0.1) < ($1.0, $1.1) }.map(\.1)
  }

  private func outputs(_ name: String) -> [String] {
    ["--metrics", folder.path("metrics-\(name)"), "--alerts", folder.path("alerts-\(name)")]
  }

  private func written(_ name: String) throws -> [String] {
    try ["metrics", "alerts"].map { try text(of: folder.path("\($0)-\(name)")) }
  }

  /// Runs `leeway` with a folder of temporary files.
  private func run(_ arguments: [String], temporary: String) throws -> LeewayProcess.Outcome {
    try LeewayProcess(
      ["TMPDIR=\(temporary)", LeewayProcess.executable] + arguments,
      program: "/usr/bin/env"
    ).wait()
  }

  @Test func `a replay that spills gives the bytes of one that does not, and leaves nothing`()
    throws
  {
    let stream = try folder.write(lines(7_000).joined(separator: "\n") + "\n", as: "stream")
    let temporary = folder.path("temporary")
    try FileManager.default.createDirectory(atPath: temporary, withIntermediateDirectories: true)
    let command = { (limits: String, name: String) throws in
      try ["replay", "-m", self.monitor(limits), stream] + self.outputs(name)
    }
    let held = try run(command("pending: 100000, spilled: 0", "held"), temporary: temporary)
    #expect(held.code == 0, "\(held.errors)")
    for threads in ["1", "2", "4"] {
      let arguments = try command("pending: 1000", threads) + ["--threads", threads]
      let spilled = try run(arguments, temporary: temporary)
      #expect(spilled.code == 0, "\(spilled.errors)")
      #expect(spilled.output == held.output, "\(threads) threads")
      #expect(try written(threads) == written("held"), "\(threads) threads")
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: temporary).isEmpty)
  }

  @Test func `predictions on the disk outlive the process, and a kill in the middle`() throws {
    let all = lines(9_000)
    let grown = folder.path("grown")
    let monitor = try monitor("pending: 1000")
    let state = folder.path("state")
    let held = try self.monitor("pending: 100000, spilled: 0")
    try Data((all.joined(separator: "\n") + "\n").utf8).write(to: URL(filePath: grown))
    let whole = ["replay", "-q", "-m", held, "--state", folder.path("held"), grown]
    #expect(try LeewayProcess.run(whole + outputs("whole")).code == 0)
    let command = ["replay", "-q", "-m", monitor, "--state", state, grown]
    for (index, share) in [3_000, 3_100, 9_000].enumerated() {
      try Data((all[..<share].joined(separator: "\n") + "\n").utf8)
        .write(to: URL(filePath: grown))
      let outcome = try LeewayProcess.run(
        command + outputs("cut") + ["--threads", "\(1 + index)"]
      )
      #expect(outcome.code == 0, "\(outcome.errors)")
      let names = try FileManager.default.contentsOfDirectory(atPath: state)
      // A copy of its own for each state, and nothing that it does not name.
      #expect(names.filter { $0.hasPrefix("pending") } == ["pending.\(index + 1)"])
    }
    // A process is killed while it spills: what it read since its state is read again.
    try Data((all.joined(separator: "\n") + "\n").utf8).write(to: URL(filePath: grown))
    let killed = try LeewayProcess(command + outputs("killed"))
    let live = state + "/pending.live"
    for _ in 0..<50_000 where !FileManager.default.fileExists(atPath: live) { usleep(200) }
    killed.send(SIGKILL)
    #expect(try killed.wait().code == -SIGKILL)
    let last = try LeewayProcess.run(command + outputs("cut"))
    #expect(last.code == 0, "\(last.errors)")
    #expect(try written("cut") == written("whole"))
    #expect(!FileManager.default.fileExists(atPath: live))
  }

  @Test func `damage among waiting predictions is counted and said, and the rest goes on`() throws {
    let all = lines(7_000)
    let stream = try folder.write(all[..<7_000].joined(separator: "\n") + "\n", as: "stream")
    let state = folder.path("state")
    let command = try ["replay", "-m", monitor("pending: 1000"), "--state", state, stream]
    #expect(try LeewayProcess.run(command).code == 0)
    let copy = state + "/pending.1"
    for name in try FileManager.default.contentsOfDirectory(atPath: copy)
    where name.hasSuffix(".sst") {
      let url = URL(filePath: copy).appending(path: name)
      var bytes = try Data(contentsOf: url)
      bytes[bytes.count / 2] ^= 1
      try bytes.write(to: url)
    }
    _ = try folder.write(all.joined(separator: "\n") + "\n", as: "stream")
    let again = try LeewayProcess.run(command)
    #expect(again.code == 0, "\(again.errors)")
    #expect(again.errors.contains("damaged on the disk: "), "\(again.errors)")
    #expect(again.output.contains("predictions damaged on the disk"), "\(again.output)")
    // Without its list of files the store is put together anew from those that are there.
    try FileManager.default.removeItem(atPath: state)
    _ = try folder.write(all[..<7_000].joined(separator: "\n") + "\n", as: "stream")
    #expect(try LeewayProcess.run(command).code == 0)
    for name in try FileManager.default.contentsOfDirectory(atPath: copy)
    where name.hasPrefix("MANIFEST") {
      try FileManager.default.removeItem(atPath: copy + "/" + name)
    }
    let mended = try LeewayProcess.run(command)
    #expect(mended.code == 0, "\(mended.errors)")
    #expect(!mended.errors.contains("damaged"), "\(mended.errors)")
  }

  @Test func `a disk that takes no prediction ends the run with its name`() throws {
    let stream = try folder.write(lines(7_000).joined(separator: "\n") + "\n", as: "stream")
    let command = try ["replay", "-m", monitor("pending: 1000"), stream]
    let outcome = try run(command, temporary: folder.path("nowhere"))
    #expect(outcome.code == 1)
    #expect(outcome.errors.contains(folder.path("nowhere")), "\(outcome.errors)")
  }
}
