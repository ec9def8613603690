import Events
import Sketches
import TestSupport
import Testing

@testable import Monitoring

/// Profiles whose checksum is right and whose content is not.
@Suite struct ProfileDamageTests {
  private static let text =
    ProfileTests.text + """

      slide: 30m
      reference: {profile: p, strata: segment, same_hour: 1w}
      rules:
        - {alert: Drift, expr: drift(*) > 0.1}
      """

  private static func sample(_ count: Int = 300) throws -> (Profile, [String]) {
    var random = SeededGenerator(seed: 5)
    let lines = ProfileTests.lines(&random, count)
    let monitor = try monitor(text)
    let first = try profile(lines, monitor).profile
    var table = try ReferenceTableBuilder(monitor, first)
    var position = StreamPosition()
    unsafe withChunk(lines) { chunk in
      _ = unsafe table.take(chunk, at: ChunkOrigin(order: 0, offset: 0), after: &position)
    }
    let finished = table.finish()
    return (try #require(finished), lines)
  }

  struct Damage: Sendable, CustomTestStringConvertible {
    var name: String
    var place: String
    var make: @Sendable (inout Profile) -> Void
    var testDescription: String { name }
  }

  private static func number(
    _ profile: inout Profile,
    _ change: (inout NumericReference) -> Void
  ) {
    let index = profile.signals.firstIndex { $0.name == "f.number" } ?? 0
    guard case .number(var number) = profile.signals[index].reference else { return }
    change(&number)
    profile.signals[index].reference = .number(number)
  }

  static let damages = [
    Damage(name: "it ends before it begins", place: "the period") { $0.end = $0.start - 1 },
    Damage(name: "a time of no century", place: "the period") { $0.end = .max },
    Damage(name: "endless events", place: "the events") { $0.events = 1 << 60 },
    Damage(name: "a segment twice", place: "segment f.text") {
      $0.segments[0].path = $0.segments[1].path
    },
    Damage(name: "a segment's value twice", place: "segment segment") {
      $0.table = nil
      $0.segments[0].values[1] = $0.segments[0].values[0]
    },
    Damage(name: "endless events of a segment", place: "segment segment") {
      $0.segments[0].events = [1 << 49, 1 << 49, 1, 1]
    },
    Damage(name: "a signal twice", place: "signal f.number") {
      $0.table = nil
      $0.signals.append($0.signals[1])
    },
    Damage(name: "a signal at another field", place: "signal f.number") {
      $0.signals[1].path = FieldPath(["g"])
    },
    Damage(name: "a wildcard as a field", place: "signal score") {
      let index = $0.signals.firstIndex { $0.name == "score" } ?? 0
      $0.signals[index].path = FieldPath(["f"], isWildcard: true)
    },
    Damage(name: "endless missing values", place: "signal f.number") {
      $0.signals[1].missing = .max
    },
    Damage(name: "counts whose sum overflows", place: "signal f.number") {
      number(&$0) { number in
        number.counts = number.counts.map { _ in (1 << 50) - 1 }
      }
    },
    Damage(name: "a segment with more than all have", place: "signal f.number") {
      number(&$0) { $0.segmentCounts[0][0][3] += 1000 }
    },
    Damage(name: "counts of a segment whose sum overflows", place: "signal f.number") {
      number(&$0) { number in
        number.segmentCounts[0][0] = number.counts.map { _ in 1 << 62 }
      }
    },
    Damage(name: "quantiles that decrease", place: "signal f.number") {
      number(&$0) { $0.summary.p90 = $0.summary.p50 - 1 }
    },
    Damage(name: "an error of ranks beyond all ranks", place: "signal f.number") {
      number(&$0) { $0.rankError = 2 }
    },
    Damage(name: "endless values", place: "signal f.number") {
      number(&$0) { $0.summary.count = 1 << 62 }
    },
  ]

  @Test(arguments: damages)
  func `what no profile says is refused at its place`(_ damage: Damage) throws {
    var profile = try Self.sample().0
    #expect(throws: Never.self) { try Profile(decoding: profile.encoded()) }
    damage.make(&profile)
    let bytes = profile.encoded()
    let error = #expect(throws: ProfileError.self) { try Profile(decoding: bytes) }
    guard case .contradiction(let place, let problem) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(place == damage.place)
    #expect("\(ProfileError.contradiction(place, problem))".contains(place))
  }

  /// The bytes of a profile with another payload.
  private static func bytes(_ payload: [UInt8], version: UInt64) -> [UInt8] {
    var writer = ByteWriter()
    writer.write(raw: Array("leewayP\n".utf8))
    writer.write(varint: version)
    writer.write(fixed64: UInt64(payload.count))
    writer.write(raw: payload)
    writer.write(fixed64: StableHash.hash(payload.span))
    return writer.bytes
  }

  private static func quality(_ segments: [SegmentProfile]) -> ReferenceQuality {
    ReferenceQuality(
      predictions: 300,
      labelled: 200,
      calibration: .line(scores: [0.1, 0.4, 0.9], probabilities: [0, 0.25, 1]),
      segmentCalibrations: segments.map { $0.values.map { _ in .shared } },
      measures: [.init(name: "accuracy", value: 0.9, low: 0.8, high: nil)]
    )
  }

  @Test(arguments: [UInt64](0..<8))
  func `a profile with any bytes changed is refused, or a stream is judged by it`(
    seed: UInt64
  ) throws {
    var (profile, _) = try Self.sample()
    let monitor = try monitor(Self.text)
    // Every other one knows of outcomes, too.
    let version: UInt64 = seed.isMultiple(of: 2) ? 2 : 3
    if version == 3 { profile.quality = Self.quality(profile.segments) }
    let whole = profile.encoded()
    let payload = Array(whole[17..<(whole.count - 8)])
    var random = SeededGenerator(seed: seed)
    let events = ProfileTests.lines(&random, 60).enumerated().map { index, line in
      line.replacing("\(1_600_000_000 + index)", with: "\(1_600_000_000 + 100 * index)")
    }
    var read = 0
    for _ in 0..<40 {
      var damaged = payload
      for _ in 0..<1 + random.below(3) {
        let place = random.below(damaged.count)
        switch random.below(8) {
        case 0: damaged.insert(UInt8(random.below(256)), at: place)
        case 1: damaged.remove(at: place)
        case 2:
          let bytes = (0..<8).map { _ in UInt8(random.below(2) * 255) }
          damaged.replaceSubrange(place..<min(place + 8, damaged.count), with: bytes)
        case 3: damaged[place] ^= 1 << UInt8(random.below(8))
        default: damaged[place] = UInt8(random.below(256))
        }
      }
      let bytes = Self.bytes(damaged, version: version)
      guard let profile = try? Profile(decoding: bytes) else { continue }
      #expect(try Profile(decoding: profile.encoded()) == profile)
      guard let plan = try? Plan(monitor: monitor, profile: profile) else { continue }
      var feeding = Feeding(plan)
      feeding.feed(events)
      feeding.close()
      read += 1
    }
    #expect(read > 0)
  }

  @Test func `a wildcard's member that is called as the model's own signal is left out`() throws {
    let monitor = try monitor(
      """
      model: m
      events:
        prediction:
          {time: {field: ts, unit: s}, score: p, features: "*", latency: {field: l, unit: ms}, segments: [score]}
      windows: {hour: 1h}
      """
    )
    let lines = (0..<50).map { index in
      "{\"ts\":\(index),\"p\":0.5,\"l\":\(index),\"score\":1,\"latency\":2,\"events\":3,\"x\":4}"
    }
    let profile = try profile(lines, monitor).profile
    #expect(profile.signals.map(\.name) == ["l", "x", "score", "latency"])
    #expect(try Profile(decoding: profile.encoded()) == profile)
  }
}
