import Foundation
import Testing
import TestSupport

/// Both stories that ship, at their rules, give the same alerts and incidents however they are read.
@Suite struct StoryDeterminismTests {
  /// The payments from the latency incident to the campaign, and what one thread says of them.
  struct Part {
    let lines: [Data]
    let stream: String
    let alerts: Data

    static let shared = Result { try Part() }

    private init() throws {
      let payments = try Payments.shared.get()
      stream = payments.folder.path("part")
      try Payments.generate(["--from", "33d16h", "--until", "35d12h"], to: stream)
      lines = try Data(contentsOf: URL(filePath: stream)).split(separator: 0x0a)
      alerts = try payments.alerts(of: [stream])
    }
  }

  @Test func `there is something to compare`() throws {
    let alerts = String(decoding: try Part.shared.get().alerts, as: UTF8.self)
    for name in ["Slow", "LatencyBurn", "AvailabilityBurn"] {
      for state in ["firing", "resolved"] {
        let some = alerts.contains("\"alert\":\"\(name)\",\"state\":\"\(state)\"")
        #expect(some, "no \(name) is \(state)")
      }
    }
    #expect(alerts.contains("\"cause\":\"mix\""))
    for state in ["opened", "updated", "closed"] {
      #expect(alerts.contains("\"state\":\"\(state)\""), "no incident is \(state)")
    }
  }

  @Test(arguments: [
    [], ["--threads", "2"], ["--threads", "3"], ["--batch", "1"], ["--batch", "7"],
    ["--batch", "4096"], ["--threads", "3", "--batch", "7"], ["--threads", "2", "--batch", "1"],
  ])
  func `threads and batches change no byte`(options: [String]) throws {
    let part = try Part.shared.get()
    let alerts = try Payments.shared.get().alerts(of: [part.stream] + options)
    #expect(alerts == part.alerts, "\(options)")
  }

  @Test(arguments: [UInt64](1...2))
  func `payments in another order within the lateness change no byte`(seed: UInt64) throws {
    let part = try Part.shared.get()
    let payments = try Payments.shared.get()
    let path = payments.folder.path("shuffled-\(seed)")
    let moved = try Self.shuffle(part.lines, within: 59, seed: seed, to: path)
    #expect(moved > part.lines.count / 2, "seed \(seed): only \(moved) lines moved")
    #expect(try payments.alerts(of: [path]) == part.alerts, "seed \(seed)")
    let threaded = try payments.alerts(of: [path, "--threads", "3", "--batch", "7"])
    #expect(threaded == part.alerts, "seed \(seed), three threads")
  }

  @Test func `the whole of the payments says the same to three threads`() throws {
    let payments = try Payments.shared.get()
    let stream = payments.folder.path("whole")
    try Payments.generate(["--from", Payments.start], to: stream)
    defer { try? FileManager.default.removeItem(atPath: stream) }
    #expect(try payments.alerts(of: [stream, "--threads", "3"]) == payments.story.bytes)
  }

  /// Writes the lines with each of them delayed by less than so many seconds.
  ///
  /// - Returns: How many lines are elsewhere then.
  private static func shuffle(
    _ lines: [Data],
    within delay: Double,
    seed: UInt64,
    to path: String
  ) throws -> Int {
    var random = SeededGenerator(seed: seed)
    let keyed = lines.indices.map { index in
      (index: index, key: seconds(lines[index]) + random.uniform() * delay)
    }
    let order = keyed.sorted { $0.key < $1.key }.map(\.index)
    var text = Data()
    for index in order {
      text.append(lines[index])
      text.append(0x0a)
    }
    try text.write(to: URL(filePath: path))
    return zip(order, 0...).count { $0 != $1 }
  }

  /// Seconds on a calendar whose months have 31 days: never less apart than the real ones.
  private static func seconds(_ line: Data) -> Double {
    guard let key = line.firstRange(of: Data("\"ts\":\"".utf8)) else { return 0 }
    let bytes = line[key.upperBound...].prefix { $0 != UInt8(ascii: "Z") }
    let parts = String(decoding: bytes, as: UTF8.self).split { "-T:".contains($0) }
      .compactMap { Double($0) }
    guard parts.count == 6 else { return 0 }
    let days = (parts[0] * 12 + parts[1]) * 31 + parts[2]
    return ((days * 24 + parts[3]) * 60 + parts[4]) * 60 + parts[5]
  }

  // MARK: Flights

  /// The whole of the flights at the rules that ship, whose reference is not that of other tests.
  struct Year {
    let profile: String
    let folder: TemporaryFolder
    let lines: [Data]
    let alerts: Data

    static let monitor = Repository.path("rules/flights.yaml")
    static let shared = Result { try Year() }

    private init() throws {
      folder = try TemporaryFolder()
      profile = folder.path("profile")
      let outcome = try LeewayProcess.run([
        "profile", "-q", "-m", Self.monitor, Flights.reference, Flights.referenceLabels,
        "-o", profile,
      ])
      #expect(outcome.code == 0, "\(outcome.errors)")
      lines = try Repository.unpacked(Flights.stream).split(separator: 0x0a)
      alerts = try Self.replay([Flights.stream, Flights.labels], profile, folder)
    }

    func replay(_ arguments: [String]) throws -> Data {
      try Self.replay(arguments, profile, folder)
    }

    private static func replay(
      _ arguments: [String],
      _ profile: String,
      _ folder: TemporaryFolder
    ) throws -> Data {
      let path = folder.path(UUID().uuidString)
      let outcome = try LeewayProcess.run(
        ["replay", "-q", "-m", monitor, "--profile", profile, "--alerts", path] + arguments
      )
      #expect(outcome.code == 0, "\(arguments): \(outcome.errors)")
      return try Data(contentsOf: URL(filePath: path))
    }
  }

  @Test(arguments: [
    ["--threads", "2"], ["--threads", "3", "--batch", "7"], ["--batch", "1"], ["--batch", "4096"],
  ])
  func `the flights say the same to any number of threads`(options: [String]) throws {
    let year = try Year.shared.get()
    #expect(String(decoding: year.alerts, as: UTF8.self).contains("\"type\":\"incident\""))
    #expect(String(decoding: year.alerts, as: UTF8.self).contains("\"RanksWorse\""))
    let told = try year.replay([Flights.stream, Flights.labels] + options)
    #expect(told == year.alerts, "\(options)")
  }

  @Test func `flights in another order within the lateness change no byte`() throws {
    let year = try Year.shared.get()
    let path = year.folder.path("shuffled")
    let moved = try Self.shuffle(year.lines, within: 6 * 3600 - 1, seed: 3, to: path)
    #expect(moved > 1000, "only \(moved) lines moved")
    #expect(try year.replay([path, Flights.labels, "--threads", "2"]) == year.alerts)
  }
}
