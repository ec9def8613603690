import Foundation
import TestSupport
import Testing

/// `leeway run -c FOLDER`: several monitors in one process.
@Suite struct MonitorFolderTests {
  private let folder: TemporaryFolder
  /// The lines of three models, one after the other, and of nobody.
  private let lines: [String]
  static let models = ["a", "b", "c"]

  init() throws {
    folder = try TemporaryFolder()
    lines = Self.lines(2400, seed: 5, from: 1_700_100_000)
    try FileManager.default.createDirectory(
      atPath: folder.path("rules"),
      withIntermediateDirectories: true
    )
    let reference = Self.lines(1500, seed: 4, from: 1_700_000_000).filter { $0.contains("\"x\"") }
    let file = try folder.write(reference.joined(separator: "\n"), as: "reference")
    for model in Self.models {
      let monitor = try folder.write(Self.monitor(model), as: "rules/\(model).yaml")
      let made = try LeewayProcess.run(
        ["profile", "-q", "-m", monitor, file, "-o", folder.path("\(model).leeway")]
      )
      #expect(made.code == 0, "\(made.errors)")
    }
  }

  /// A monitor of the events of one model.
  static func monitor(_ model: String) -> String {
    """
    model: \(model)
    events:
      prediction:
        when: model == "\(model)"
        id: id
        time: {field: ts, unit: s}
        score: score
        features: [x]
    windows: {hour: {size: 1h, slide: 10m}}
    reference: {profile: ../\(model).leeway}
    rules: [{alert: Drift, expr: drift(score) > 0.1, severity: page}]
    """
  }

  /// Events of three models in turn, with lines that nobody can read, and some that one cannot.
  ///
  /// The scores of `b` move in the second half.
  static func lines(_ count: Int, seed: UInt64, from start: Int) -> [String] {
    var random = SeededGenerator(seed: seed)
    var lines: [String] = []
    for index in 0..<count {
      for model in models {
        let number = Double.random(in: 0..<1, using: &random)
        let score = model == "b" && index > count / 2 ? number.squareRoot() : number * number
        lines.append(
          "{\"model\":\"\(model)\",\"id\":\"\(model)\(index)\",\"ts\":\(start + index * 30),"
            + "\"score\":\(score),\"x\":\(Double.random(in: 0..<1, using: &random))}"
        )
      }
      if index % 500 == 7 { lines.append("not json") }
      if index % 700 == 9 { lines.append("{\"model\":\"c\",\"id\":\"z\",\"score\":1}") }
    }
    return lines
  }

  private func write(_ lines: [String], as name: String) throws -> String {
    try folder.write(lines.joined(separator: "\n") + "\n", as: name)
  }

  private func outputs(_ name: String) -> [String] {
    [
      "--metrics", folder.path("metrics-\(name)"), "--alerts", folder.path("alerts-\(name)"),
      "--dead-letters", folder.path("letters-\(name)"),
    ]
  }

  private func written(_ kind: String, _ names: [String]) throws -> [String] {
    try names.flatMap { name in
      try text(of: folder.path("\(kind)-\(name)")).split(separator: "\n").map(String.init)
    }
  }

  /// Each monitor's records, one monitor run after the other.
  private func alone(_ streams: [String]) throws {
    for model in Self.models {
      let monitor = folder.path("rules/\(model).yaml")
      let run = try LeewayProcess.run(["run", "-q", "-m", monitor] + outputs(model) + streams)
      #expect(run.code == 0, "\(run.errors)")
    }
  }

  @Test(arguments: [1, 3])
  func `each monitor says what it says alone, and a line is one dead letter for all`(
    threads: Int
  ) throws {
    let streams = try [
      write(lines.enumerated().filter { $0.0 % 3 != 1 }.map(\.1), as: "one"),
      write(lines.enumerated().filter { $0.0 % 3 == 1 }.map(\.1), as: "two"),
    ]
    try alone(streams)
    let run = try LeewayProcess.run(
      ["run", "-c", folder.path("rules"), "--threads", "\(threads)"] + outputs("all") + streams
    )
    #expect(run.code == 0, "\(run.errors)")
    for kind in ["metrics", "alerts"] {
      let expected = try written(kind, Self.models)
      #expect(try written(kind, ["all"]).sorted() == expected.sorted(), "\(kind)")
    }
    // Each monitor's records are in the order in which it wrote them alone.
    let metrics = try written("metrics", ["all"]).filter { $0.contains("\"model\":\"b\"") }
    #expect(try metrics == written("metrics", ["b"]))
    #expect(try written("alerts", ["all"]).contains { $0.contains("\"state\":\"firing\"") })
    let letters = try written("letters", ["all"])
    #expect(try Set(letters) == Set(written("letters", Self.models)))
    #expect(Set(letters).count == letters.count && letters.count == 9)
    #expect(run.errors.contains("a, b, c: refused as syntax"), "\(run.errors)")
    #expect(run.errors.contains("\nc: refused as time_missing"), "\(run.errors)")
    #expect(run.errors.contains("\nb: end of input: 2400 predictions"), "\(run.errors)")
  }

  @Test func `a monitor that cannot be read is told of, and the others are watched`() throws {
    _ = try folder.write("model: d\nwindow: 1h\n", as: "rules/d.yaml")
    _ = try folder.write(Self.monitor("a"), as: "rules/again.yaml")
    _ = try folder.write("tests: []\n", as: "rules/a.test.yaml")
    let stream = try write(lines, as: "one")
    let run = try LeewayProcess.run(
      ["run", "-c", folder.path("rules")] + outputs("all") + [stream]
    )
    #expect(run.code == 0, "\(run.errors)")
    #expect(run.errors.contains("rules/d.yaml:2:1"), "\(run.errors)")
    #expect(
      run.errors.contains("again.yaml: model a is that of")
        || run.errors.contains("a.yaml: model a is that of"),
      "\(run.errors)"
    )
    #expect(run.errors.contains("not watched: "), "\(run.errors)")
    for model in Self.models { #expect(run.errors.contains("watching \(model), reference")) }
  }

  @Test func `a folder without a monitor that can be watched is an error`() throws {
    let empty = folder.path("empty")
    try FileManager.default.createDirectory(atPath: empty, withIntermediateDirectories: true)
    let none = try LeewayProcess.run(["run", "-c", empty])
    #expect(none.code == 1 && none.errors.contains("no monitor (NAME.yaml) in the folder"))
    _ = try folder.write("model: 3\n", as: "empty/bad.yaml")
    let bad = try LeewayProcess.run(["run", "-c", empty])
    #expect(bad.code == 1 && bad.errors.contains("none of 1 monitor can be watched"))
    let both = try LeewayProcess.run(["run", "-c", folder.path("rules"), "-m", "x.yaml"])
    #expect(both.code == 64 && both.errors.contains("leave -m out"), "\(both.errors)")
  }

  @Test(arguments: [UInt64](1...2))
  func `with a state, a file that grows is watched in pieces to the bytes of one run`(
    seed: UInt64
  ) throws {
    let bytes = Array((lines.joined(separator: "\n") + "\n").utf8)
    let grown = folder.path("grown")
    var random = SeededGenerator(seed: seed)
    let cuts = (0..<12).map { _ in Int(random.next() % UInt64(bytes.count)) }.sorted()
    let command = ["run", "-q", "-c", folder.path("rules")]
    try Data(bytes).write(to: URL(filePath: grown))
    let state = { (name: String) in ["--state", self.folder.path("state-\(name)")] }
    _ = try LeewayProcess.run(command + outputs("whole") + state("whole") + [grown])
    for (index, cut) in (cuts + [bytes.count]).enumerated() {
      try Data(bytes[..<cut]).write(to: URL(filePath: grown))
      let threads = index.isMultiple(of: 2) ? "1" : "3"
      let run = try LeewayProcess.run(
        command + ["--threads", threads] + outputs("cut") + state("cut") + [grown]
      )
      #expect(run.code == 0, "\(run.errors)")
    }
    for kind in ["metrics", "alerts"] {
      let expected = try written(kind, ["whole"])
      #expect(try written(kind, ["cut"]).sorted() == expected.sorted(), "\(kind), seed \(seed)")
      #expect(!expected.isEmpty)
    }
    // A line that one monitor has refused before a restart, another may refuse behind it.
    let letters = try Set(written("letters", ["cut"]))
    let expected = try Set(written("letters", ["whole"]))
    #expect(letters.symmetricDifference(expected) == [])
  }

  @Test func `a monitor that was away goes on behind a hole, and calls lines by their numbers`()
    throws
  {
    let grown = folder.path("grown")
    let state = ["--state", folder.path("state")]
    let command = ["run", "-c", folder.path("rules")] + outputs("all") + state + [grown]
    func run(upTo count: Int) throws -> LeewayProcess.Outcome {
      try (lines[..<count].joined(separator: "\n") + "\n").write(
        toFile: grown,
        atomically: true,
        encoding: .utf8
      )
      let run = try LeewayProcess.run(command)
      #expect(run.code == 0, "\(run.errors)")
      return run
    }
    _ = try run(upTo: 2000)
    let (here, away) = (folder.path("rules/c.yaml"), folder.path("c.away"))
    try FileManager.default.moveItem(atPath: here, toPath: away)
    let second = try run(upTo: 4000)
    #expect(second.errors.contains("the state of model c is kept for its monitor"))
    try FileManager.default.moveItem(atPath: away, toPath: here)
    let third = try run(upTo: 7200)
    #expect(third.errors.contains("c: end of input: 1"), "\(third.errors)")
    let marked = try written("metrics", ["all"]).filter {
      $0.contains("\"model\":\"c\"") && $0.contains("\"cut\":true")
    }
    #expect(!marked.isEmpty)
    for line in try written("letters", ["all"]) where line.contains("time_missing") {
      let number = try #require(
        Int(ReportTests.Replay.member("line", of: Substring(line)) ?? "")
      )
      #expect(lines[number - 1].contains("\"z\""), "\(line)")
    }
  }

  /// Waits until an output has a text; a minute at most.
  private func wait(for words: String, in name: String) {
    waitAMinute { (try? text(of: folder.path(name)))?.contains(words) ?? false }
  }

  private func append(_ lines: ArraySlice<String>, to name: String) throws {
    let file = try FileHandle(forWritingTo: URL(filePath: folder.path(name)))
    try file.seekToEnd()
    try file.write(contentsOf: Data((lines.joined(separator: "\n") + "\n").utf8))
    try file.close()
  }

  @Test(arguments: [true, false])
  func `SIGHUP takes up what changed in the folder, and the others notice nothing`(
    hasState: Bool
  ) throws {
    let log = try write(Array(lines[..<4000]), as: "log")
    let rules = folder.path("rules")
    let state = hasState ? ["--state", folder.path("state")] : []
    let process = try LeewayProcess(
      ["run", "-c", rules, "--follow", log, "--snapshot", folder.path("snapshots")]
        + outputs("all") + state
    )
    wait(for: "\"model\":\"c\"", in: "metrics-all")
    // `a` is broken, `b` has another rule, `c` is gone, `d` is new and counts the events of `a`.
    _ = try folder.write("model: a\nwindow: 1h\n", as: "rules/a.yaml")
    let rule = "rules: [{alert: Other, expr: drift(score) > 0.1, severity: page}]"
    let kept = Self.monitor("b").split(separator: "\n").dropLast().joined(separator: "\n")
    _ = try folder.write("\(kept)\n\(rule)\n", as: "rules/b.yaml")
    try FileManager.default.removeItem(atPath: folder.path("rules/c.yaml"))
    let added = try folder.write(
      Self.monitor("a").replacing("model: a\n", with: "model: d\n")
        .replacing("a.leeway", with: "d.leeway"),
      as: "rules/d.yaml"
    )
    let made = try LeewayProcess.run(
      ["profile", "-q", "-m", added, folder.path("reference"), "-o", folder.path("d.leeway")]
    )
    #expect(made.code == 0, "\(made.errors)")
    process.send(SIGHUP)
    wait(for: "\"model\":\"d\"", in: "snapshots/d.json")
    try append(lines[4000...], to: "log")
    wait(for: "\"model\":\"d\"", in: "metrics-all")
    wait(for: "\"alert\":\"Other\"", in: "alerts-all")
    usleep(500_000)
    process.send(SIGTERM)
    let run = try process.wait()
    #expect(run.code == 0, "\(run.errors)")
    for words in [
      "rules/a.yaml:2:1", "rules/a.yaml: it is watched as it was", "c: it is watched no more",
      "watching d, reference", "\nb: stopped: 2400 predictions",
    ] {
      #expect(run.errors.contains(words), "\(words): \(run.errors)")
    }
    // What `a` and `b` count is what they count without any of it.
    _ = try folder.write(Self.monitor("a"), as: "rules/a.yaml")
    for model in ["a", "b"] {
      let alone = try LeewayProcess.run(
        ["run", "-q", "-m", folder.path("rules/\(model).yaml")] + outputs(model)
          + (hasState ? ["--state", folder.path("state-\(model)")] : []) + [log]
      )
      #expect(alone.code == 0, "\(alone.errors)")
      let own = try written("metrics", ["all"]).filter { $0.contains("\"model\":\"\(model)\"") }
      #expect(try own == written("metrics", [model]), "\(model)")
    }
    let metrics = try written("metrics", ["all"])
    let counts = ["b", "c"].map { model in
      metrics.count { $0.contains("\"model\":\"\(model)\"") }
    }
    #expect(counts[1] > 0 && 4 * counts[1] < 3 * counts[0], "\(counts)")
  }
}
