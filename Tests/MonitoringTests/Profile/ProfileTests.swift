import Events
import Sketches
import Testing

@testable import Monitoring
import TestSupport

/// What a profile holds, and that its bytes hold it.
@Suite struct ProfileTests {
  static func lines(_ random: inout SeededGenerator, _ count: Int) -> [String] {
    (0..<count).map { index in
      var members = ["\"ts\":\(1_600_000_000 + index)", "\"score\":\(random.uniform())"]
      members.append("\"decision\":\(random.below(2))")
      members.append("\"segment\":\"s\(random.below(4))\"")
      let features = [
        "\"number\":\(random.below(50))", "\"text\":\"t\(random.below(9))\"",
        "\"flag\":\(random.below(2) == 0)", "\"rare\":\(random.below(9) == 0 ? "1.5" : "null")",
      ]
      members.append("\"f\":{\(features.joined(separator: ","))}")
      return "{\(members.joined(separator: ","))}"
    }
  }

  static let text = """
    model: m
    events:
      prediction:
        time: {field: ts, unit: s}
        score: score
        decision: decision
        features: f.*
        segments: [segment, f.text]
    windows: {hour: 1h}
    """

  private static func sample(seed: UInt64, _ count: Int = 800) throws -> Profile {
    var random = SeededGenerator(seed: seed)
    return try profile(lines(&random, count), monitor(text)).profile
  }

  @Test(arguments: [UInt64](1...5)) func `bytes give the same profile again`(seed: UInt64) throws {
    let profile = try Self.sample(seed: seed)
    let bytes = profile.encoded()
    let decoded = try Profile(decoding: bytes)
    #expect(decoded == profile)
    #expect(decoded.encoded() == bytes)
    #expect(decoded.contentHash == profile.contentHash)
    #expect(decoded.contentHash.count == 16)
    #expect(try Self.sample(seed: seed + 10).contentHash != profile.contentHash)
  }

  @Test func `any damage is refused`() throws {
    let bytes = try Self.sample(seed: 1, 200).encoded()
    var random = SeededGenerator(seed: 77)
    for length in stride(from: 0, to: bytes.count, by: max(1, bytes.count / 200)) {
      #expect(throws: ProfileError.self) { try Profile(decoding: Array(bytes[..<length])) }
    }
    for _ in 0..<400 {
      var damaged = bytes
      for _ in 0..<1 + random.below(3) {
        damaged[random.below(bytes.count)] ^= UInt8(1 + random.below(255))
      }
      guard damaged != bytes else { continue }
      #expect(throws: ProfileError.self) { try Profile(decoding: damaged) }
    }
    #expect(throws: ProfileError.self) { try Profile(decoding: bytes + [0]) }
  }

  @Test func `damage under a right checksum is refused or harmless`() throws {
    let bytes = try Self.sample(seed: 2, 200).encoded()
    var random = SeededGenerator(seed: 78)
    let head = bytes.count - 8 - Int(clamping: try Self.payloadLength(bytes))
    var refused = 0
    for _ in 0..<400 {
      var payload = Array(bytes[head..<(bytes.count - 8)])
      for _ in 0..<1 + random.below(4) {
        payload[random.below(payload.count)] = UInt8(random.below(256))
      }
      var writer = ByteWriter()
      writer.write(raw: Array(bytes[..<head]))
      writer.write(raw: payload)
      writer.write(fixed64: StableHash.hash(payload.span))
      do {
        let profile = try Profile(decoding: writer.bytes)
        #expect(!profile.encoded().isEmpty)
      } catch {
        refused += 1
      }
    }
    #expect(refused > 50)
  }

  private static func payloadLength(_ bytes: [UInt8]) throws -> UInt64 {
    var reader = ByteReader(Array(bytes[9..<17]))
    return try reader.readFixed64()
  }

  @Test func `types are those of most values unless the monitor says so`() throws {
    let lines = (0..<100).map { index in
      let mixed = index < 60 ? "\(index)" : "\"t\(index)\""
      let text = index < 30 ? "\(index)" : "\"t\(index % 3)\""
      let members = [
        "\"mixed\":\(mixed)", "\"text\":\(text)", "\"flag\":\(index % 3 == 0)",
        "\"code\":\(index % 5)", "\"empty\":null", "\"object\":{}", "\"late\":\"\"",
      ]
      return "{\"ts\":\(index),\"f\":{\(members.joined(separator: ","))}}"
    }
    let declared = Self.text.replacing(
      "features: f.*",
      with: "features: [f.*, {field: f.code, type: category}]"
    )
    .replacing("    segments: [segment, f.text]\n", with: "")
    .replacing("    decision: decision\n", with: "")
    .replacing("    score: score\n", with: "")
    let (profile, refused, empty) = try profile(lines, monitor(declared))
    #expect(refused.isEmpty)
    #expect(empty.sorted() == ["f.empty"])
    #expect(profile.signals.map(\.name) == ["f.code", "f.flag", "f.late", "f.mixed", "f.text"])
    let code = try #require(profile.signal(named: "f.code"))
    #expect(code.counts == [20, 20, 20, 20, 20])
    let flag = try #require(profile.signal(named: "f.flag"))
    guard case .category(let booleans) = flag.reference else {
      Issue.record("a flag is no number")
      return
    }
    #expect(booleans.isBoolean)
    #expect(booleans.counts == [66, 34])
    #expect(profile.signal(named: "f.late")?.counts == [100])
    let mixed = try #require(profile.signal(named: "f.mixed"))
    #expect(mixed.invalid == 40)
    #expect(mixed.counts.reduce(0, +) == 60)
    let text = try #require(profile.signal(named: "f.text"))
    #expect(text.invalid == 30)
    #expect(text.counts.reduce(0, +) == 70)
  }

  @Test(arguments: [1, 7, 100])
  func `a member that appears late was missing before`(chunkLines: Int) throws {
    let lines = (0..<100).map { index in
      let more = index >= 90 ? ",\"late\":\(index)" : ""
      return "{\"ts\":\(index),\"score\":1,\"decision\":1,\"segment\":\"a\","
        + "\"f\":{\"text\":\"x\"\(more)}}"
    }
    let profile = try profile(lines, monitor(Self.text), chunkLines: chunkLines).profile
    let late = try #require(profile.signal(named: "f.late"))
    #expect(late.missing == 90)
    #expect(late.counts.reduce(0, +) == 10)
    #expect(profile.events == 100)
    #expect(profile.signal(named: "f.text")?.counts == [100])
  }

  @Test func `segments of a profile add up to the whole`() throws {
    let profile = try Self.sample(seed: 4)
    #expect(profile.segments.map(\.path.description) == ["segment", "f.text"])
    for (index, segment) in profile.segments.enumerated() {
      #expect(segment.events.reduce(0, +) == profile.events)
      for signal in profile.signals {
        var sum = [UInt64](repeating: 0, count: signal.counts.count)
        for value in segment.values.indices {
          let counts = try #require(signal.counts(segment: index, value: value))
          for (cell, count) in counts.enumerated() { sum[cell] += count }
        }
        #expect(sum == signal.counts, "\(signal.name) by \(segment.path)")
      }
    }
  }

  @Test func `nothing to profile is said so`() throws {
    let monitor = try monitor(Self.text)
    #expect(throws: ProfileError.noEvents) { try profile(["nonsense", "{}"], monitor) }
    #expect(throws: ProfileError.noSignals) { try profile(["{\"ts\":1}"], monitor) }
  }
}
