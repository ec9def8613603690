import Foundation
import TestSupport
import Testing

/// `pii`: values of listed fields in no output.
@Suite struct PrivacyTests {
  /// What every planted value holds.
  private static let mark = "zq7planted"

  private static let pii = """
    pii:
      fields: [id, version, features.who, features.number, group, note]
      key: {file: key}
    """

  private static let monitor = """
    model: marked
    events:
      prediction:
        when: kind == "prediction"
        id: id
        time: ts
        version: version
        score: score
        features: [features.who, features.size]
        segments: [group]
      outcome:
        when: kind == "outcome"
        id: id
        time: ts
        label: label
    quality: {window: 1h, horizon: 1h}
    feedback:
      features: [features.who, note]
      consent: true
      rows: true
      relabel: {budget: 200/d}
    reference: {profile: profile}
    windows: {hour: {size: 1h, slide: 10m}}
    slide: 10m
    lateness: 10m
    rules:
      - alert: Moved
        expr: psi(*) > 0.1 and count(*) > 50
        window: hour
        by: group
        annotations: {text: "{{ segment }} moved"}

    """

  /// A stream with planted values in every kind of place.
  private static func stream(isReference: Bool) -> String {
    let start = 1_600_000_000 + (isReference ? 0 : 100_000)
    var random = SeededGenerator(seed: isReference ? 1 : 2)
    var lines: [String] = []
    for index in 0..<1200 {
      let who = isReference ? "known\(random.next() % 3)" : "new\(random.next() % 4)"
      let time = start + 10 * index
      let score = random.uniform()
      lines.append(
        """
        {"kind":"prediction","id":"\(mark)-id\(index)","ts":\(time),"score":\(score),\
        "version":"\(mark)-v\(index % 2)","group":"\(mark)-g\(index % 2)",\
        "note":"\(mark)-note","features":{"who":"\(mark)-\(who)","size":\(index % 7)}}
        """
      )
      if index % 3 == 0 {
        lines.append(
          """
          {"kind":"outcome","id":"\(mark)-id\(index)","ts":\(time + 1),"label":\(index % 2)}
          """
        )
      }
    }
    lines.append("{broken \(mark)-line")
    // Ahead of the clock: it waits, with its line.
    lines.append(
      """
      {"kind":"prediction","id":"\(mark)-late","ts":\(start + 600_000),"score":0.5,\
      "version":"1","group":"\(mark)-g0","note":"n","features":{"who":"\(mark)-wait","size":1}}
      """
    )
    return lines.joined(separator: "\n") + "\n"
  }

  /// Every output of a profile and a replay, by name, unpacked.
  private static func outputs(hides: Bool) throws -> [String: Data] {
    let folder = try TemporaryFolder()
    let monitor = try folder.write(monitor + (hides ? pii : ""), as: "monitor.yaml")
    _ = try folder.write(hides ? "0123456789abcdef0123456789abcdef\n" : "", as: "key")
    let reference = try folder.write(stream(isReference: true), as: "reference")
    let events = try folder.write(stream(isReference: false), as: "events")
    let profile = try LeewayProcess.run([
      "profile", "-m", monitor, reference, "-o", folder.path("profile"),
      "--dead-letters", folder.path("profile-letters"),
    ])
    #expect(profile.code == 0, "\(profile.errors)")
    let names = ["metrics", "alerts", "dead-letters", "feedback", "report", "state"]
    let done = try LeewayProcess.run(
      ["replay", "-m", monitor, events] + names.flatMap { ["--\($0)", folder.path($0)] }
    )
    #expect(done.code == 0 || done.code == 2, "\(done.errors)")
    let watched = try LeewayProcess.run([
      "run", "-q", "-m", monitor, events, "--snapshot", folder.path("snapshot"),
      "--alerts", folder.path("run-alerts"),
    ])
    #expect(watched.code == 0 || watched.code == 2, "\(watched.errors)")
    let inspected = try LeewayProcess.run(["inspect", folder.path("profile")])
    var found = [
      "words of profile": Data((profile.output + profile.errors).utf8),
      "words of replay": Data((done.output + done.errors).utf8),
      "words of inspect": Data((inspected.output + inspected.errors).utf8),
    ]
    found["top"] = Data(try screen(of: folder.path("snapshot")).utf8)
    for name in names.dropLast() + ["profile", "profile-letters", "snapshot", "run-alerts"] {
      found[name] = try Data(contentsOf: URL(filePath: folder.path(name)))
    }
    let state = URL(filePath: folder.path("state"))
    for file in try FileManager.default.contentsOfDirectory(atPath: state.path) {
      found["state", default: Data()] += try Data(contentsOf: state.appending(path: file))
    }
    return found
  }

  /// The last screen of `leeway top` of a snapshot, as wide and high as it shows all.
  private static func screen(of snapshot: String) throws -> String {
    let pane = try TerminalPane(["top", snapshot], columns: 200, rows: 60)
    let first = try pane.wait("the monitor") { $0.first?.hasPrefix("marked ") ?? false }
    try pane.press("v")
    let parts = try pane.wait("versions and segments") { lines in
      lines.contains { $0.contains(mark) || $0.contains("hmac:") }
    }
    return (first + parts).joined(separator: "\n")
  }

  /// What stands packed in some bytes, whichever of the two ways.
  private static func unpacked(_ data: Data) throws -> [Data] {
    var found: [Data] = []
    for (tool, magic) in [("gzip", [0x1f, 0x8b, 0x08]), ("zstd", [0x28, 0xb5, 0x2f, 0xfd])] {
      var rest = data[...]
      while let place = rest.range(of: Data(magic.map { UInt8($0) })) {
        rest = rest[place.lowerBound...]
        let folder = try TemporaryFolder()
        let file = folder.url.appending(path: "packed")
        try Data(rest).write(to: file)
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [tool, "-dcf", file.path]
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        try process.run()
        found.append(pipe.fileHandleForReading.readDataToEndOfFile())
        process.waitUntilExit()
        rest = rest.dropFirst(magic.count)
      }
    }
    return found
  }

  /// Whether an output has a planted value: as it stands, packed, or in base64.
  private static func tells(_ data: Data) throws -> Bool {
    if data.range(of: Data(mark.utf8)) != nil { return true }
    if try unpacked(data).contains(where: { $0.range(of: Data(mark.utf8)) != nil }) { return true }
    let text = String(decoding: data, as: UTF8.self)
    return text.split { !($0.isASCII && ($0.isLetter || $0.isNumber || "+/=".contains($0))) }
      .contains { word in
        word.count >= 16
          && Data(base64Encoded: String(word))?.range(of: Data(mark.utf8)) != nil
      }
  }

  @Test func `a planted value is in no output with pii, and in those that show values without`()
    throws
  {
    let open = try Self.outputs(hides: false)
    for name in [
      "metrics", "alerts", "dead-letters", "profile-letters", "feedback", "report", "state",
      "profile", "words of inspect", "snapshot", "run-alerts", "top",
    ] {
      #expect(
        try Self.tells(try #require(open[name])),
        "\(name) shows no planted value without pii"
      )
    }
    let hidden = try Self.outputs(hides: true)
    for (name, data) in hidden { #expect(try !Self.tells(data), "\(name) shows a planted value") }
    for name in ["metrics", "alerts", "feedback", "report", "profile"] {
      #expect(try #require(hidden[name]).range(of: Data("hmac:".utf8)) != nil, "\(name)")
    }
    let count = { (outputs: [String: Data], name: String) in
      outputs[name]?.count { $0 == 0x0a }
    }
    #expect(count(open, "metrics") == count(hidden, "metrics"))
    #expect(count(open, "feedback") == count(hidden, "feedback"))
  }

  /// What a replay leaves on the disk of predictions that wait: RocksDB's blocks and its log.
  ///
  /// A block that LZ4 packs has a text that comes for the first time as it stands.
  private static func spilled(hides: Bool) throws -> (state: Data, pending: Data) {
    let folder = try TemporaryFolder()
    let limits = "limits: {pending: 1000, spilled: 100000}\n"
    let waiting = monitor.replacing("horizon: 1h", with: "horizon: 30d")
    let text = try folder.write(limits + waiting + (hides ? pii : ""), as: "monitor.yaml")
    _ = try folder.write(hides ? "0123456789abcdef0123456789abcdef\n" : "", as: "key")
    let events = try folder.write(stream(isReference: true), as: "events")
    for arguments in [
      ["profile", "-q", "-m", text, events, "-o", folder.path("profile")],
      ["replay", "-q", "-m", text, events, "--state", folder.path("state")],
    ] {
      let done = try LeewayProcess.run(arguments)
      #expect([0, 2].contains(done.code), "\(done.errors)")
    }
    var found = (state: Data(), pending: Data())
    let state = folder.path("state")
    for name in try FileManager.default.subpathsOfDirectory(atPath: state) {
      let bytes = FileManager.default.contents(atPath: state + "/" + name) ?? Data()
      if name.contains("/") { found.pending += bytes } else { found.state += bytes }
    }
    return found
  }

  @Test func `a planted value is not among the predictions that wait on the disk`() throws {
    let open = try Self.spilled(hides: false)
    #expect(try Self.tells(open.pending))
    let hidden = try Self.spilled(hides: true)
    #expect(hidden.pending.count > 1000)
    #expect(hidden.pending.range(of: Data("hmac:".utf8)) != nil)
    #expect(try !Self.tells(hidden.pending))
    #expect(try !Self.tells(hidden.state))
  }

  @Test func `what is packed is found`() throws {
    let folder = try TemporaryFolder()
    let plain = try folder.write(String(repeating: "a \(Self.mark) ", count: 20), as: "plain")
    for tool in ["gzip", "zstd"] {
      let process = Process()
      process.executableURL = URL(filePath: "/usr/bin/env")
      process.arguments = [tool, "-c", plain]
      let pipe = Pipe()
      process.standardOutput = pipe
      process.standardError = FileHandle.nullDevice
      try process.run()
      let packed = pipe.fileHandleForReading.readDataToEndOfFile()
      process.waitUntilExit()
      let found = try Self.unpacked(Data("before".utf8) + packed)
      #expect(found.contains { $0.range(of: Data(Self.mark.utf8)) != nil }, "\(tool)")
    }
  }

  @Test func `a state that was kept with another key is refused and stays as it was`() throws {
    let folder = try TemporaryFolder()
    let monitor = try folder.write(Self.monitor + Self.pii, as: "monitor.yaml")
    _ = try folder.write("0123456789abcdef0123456789abcdef\n", as: "key")
    let events = try folder.write(Self.stream(isReference: true), as: "events")
    let profile = ["profile", "-q", "--force", "-m", monitor, events, "-o", folder.path("profile")]
    #expect(try LeewayProcess.run(profile).code == 0)
    let replay = ["replay", "-q", "-m", monitor, events, "--state", folder.path("state")]
    #expect([0, 2].contains(try LeewayProcess.run(replay).code))
    let file = URL(filePath: folder.path("state/state"))
    let kept = try Data(contentsOf: file)

    _ = try folder.write("fedcba9876543210fedcba9876543210\n", as: "key")
    let unknown = try LeewayProcess.run(replay)
    #expect(unknown.code != 0 && unknown.errors.contains("the profile was made with another key"))
    #expect(try LeewayProcess.run(profile).code == 0)
    let refused = try LeewayProcess.run(replay)
    #expect(refused.code != 0)
    #expect(refused.errors.contains("the state was kept with another key of pii"))
    #expect(try Data(contentsOf: file) == kept)

    _ = try folder.write("0123456789abcdef0123456789abcdef\n", as: "key")
    #expect(try LeewayProcess.run(profile).code == 0)
    #expect([0, 2].contains(try LeewayProcess.run(replay).code))
  }
}
