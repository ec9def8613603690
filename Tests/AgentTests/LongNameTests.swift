import Connectors
import Foundation
import Ingest
import Records
import TestSupport
import Testing

@testable import Agent
@testable import Monitoring
@testable import Specification

/// Versions, segments and fields whose names are longer than a name may be.
@Suite struct LongNameTests {
  private static let text = """
    model: m
    events:
      prediction:
        time: ts
        version: v
        segments: [group]
        features: "f.*"
    windows: {hour: 1h}
    slide: 15m
    """

  private static func event(_ time: Int, _ version: String, _ group: String, _ x: Int) -> String {
    let key = String(repeating: "k", count: 300)
    return "{\"ts\":\(time),\"v\":\"\(version)\",\"group\":\"\(group)\","
      + "\"f\":{\"x\":\(x % 17),\"\(key)\":1}}\n"
  }

  private static let long = String(repeating: "né", count: 70_000)

  /// Profiles 600 events, 200 of which have a long segment, and replays 400, half of which do.
  private static func run(threads: Int, batch: Int) throws -> (SampleStream.Result, Profile) {
    let folder = try TemporaryFolder().url
    let loaded = Monitor.load(bytes: Array(text.utf8), file: "m.yaml", environment: [:])
    let monitor = try #require(loaded.monitor)
    let reference = folder.appending(path: "reference")
    let lines = (0..<600).map { index in
      event(1_600_000_000 + index, "1", index % 3 == 0 ? long : "short", index)
    }
    try Data(lines.joined().utf8).write(to: reference)
    var profiling = try Profiling(monitor, paths: [reference.path])
    while profiling.readChunk() != nil {}
    #expect(profiling.tally.shortenedValues == 200)
    #expect(profiling.tally.overlongMembers == 600)
    let profile = try profiling.finish()
    let stream = folder.appending(path: "stream")
    let events = (0..<400).map { index in
      let version = index < 390 ? "1" : long + "\(index % 2)"
      return event(1_700_000_000 + 30 * index, version, index % 2 == 0 ? long : "short", index)
    }
    try Data(events.joined().utf8).write(to: stream)
    var sample = try SampleStream()
    sample.plan = try Plan(monitor: monitor, profile: profile)
    return (try sample.run([stream.path], threads: threads, batch: batch), profile)
  }

  @Test func `a long value of a version or segment goes by its beginning and a hash`() throws {
    let (result, profile) = try Self.run(threads: 1, batch: 512)
    let name = String(decoding: try #require(profile.segments[0].values.first), as: UTF8.self)
    #expect(name.utf8.count <= DimensionValue.bytesMax)
    #expect(name.hasPrefix("nénéné"))
    #expect(name.dropLast(16).hasSuffix("né…") || name.dropLast(16).hasSuffix("n…"))
    #expect(profile.segments[0].events == [200, 400])
    let metrics = String(decoding: result.metrics, as: UTF8.self)
    #expect(metrics.contains("\"segment\":\"group=\(name)\""))
    let versions = Set(metrics.matches(of: /"version":"([^"]*)"/).map { String($0.1) })
    #expect(versions.count == 3)
    #expect(versions.allSatisfy { $0.utf8.count <= DimensionValue.bytesMax })
    #expect(!metrics.contains("__other__"))
    // 200 of the segment, ten of the version.
    #expect(result.tally.shortenedValues == 210)
    #expect(result.tally.overlongMembers == 400)
    #expect(result.summary.contains("values of versions or segments that are too long: 210"))
    #expect(result.summary.contains("longer than 256 bytes, so not watched: 400 in all events"))
    for (threads, batch) in [(1, 7), (3, 64)] {
      let other = try Self.run(threads: threads, batch: batch).0
      #expect(other.metrics == result.metrics)
      #expect(other.summary == result.summary)
    }
  }

  @Test func `a shortened name differs where the values differ, and cuts no character`() throws {
    for length in [256, 257, 258, 259, 260, 1000] {
      for character in ["a", "é", "…", "😀"] {
        let value = Array(String(repeating: character, count: length).utf8)
        guard let name = DimensionValue.shortened(value) else {
          #expect(value.count <= 256)
          continue
        }
        #expect(value.count > 256)
        #expect(name.count <= 256 && name.count > 256 - 4)
        #expect(String(validating: name, as: UTF8.self) != nil)
        #expect(DimensionValue.shortened(name) == nil)
        #expect(DimensionValue.shortened(value + [0x62]) != name)
      }
    }
  }
}
