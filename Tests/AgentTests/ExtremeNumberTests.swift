import Foundation
import Ingest
import Records
import TestSupport
import Testing

@testable import Agent
@testable import Monitoring
@testable import Specification

/// Numbers at the ends of the doubles: what is profiled is read again, and everything is a number.
@Suite struct ExtremeNumberTests {
  private static let text = """
    model: m
    events: {prediction: {time: {field: ts, unit: s}, features: [{field: x, type: number}, {field: y, type: number}]}}
    windows: {hour: 1h}
    slide: 1h
    """

  /// Kinds of values, each as a number of a seed.
  static let kinds: [@Sendable (inout SeededGenerator) -> Double] = [
    { random in
      let value = Double(bitPattern: random.next())
      return value.isFinite ? value : 0
    },
    { random in Double(random.next() % 40) * Double.leastNonzeroMagnitude },
    { random in [.greatestFiniteMagnitude, -.greatestFiniteMagnitude][Int(random.next() % 2)] },
    { random in random.next() % 500 == 0 ? 1e160 : Double(random.next() % 50) },
    { random in
      random.next() % 500 == 0 ? .greatestFiniteMagnitude : Double(random.next() % 50)
    },
    { random in random.next() % 100 == 0 ? -0x1p63 : Double(random.next() % 1000) / 7 },
    { random in Double(random.next() % 1000) * 1e-165 },
    { random in .greatestFiniteMagnitude * (0.5 + Double(random.next() % 100) / 200) },
  ]

  private static func lines(
    _ count: Int,
    at time: Int,
    _ x: (inout SeededGenerator) -> Double,
    _ y: (inout SeededGenerator) -> Double,
    using random: inout SeededGenerator
  ) -> String {
    (0..<count).map { index in
      "{\"ts\":\(time + 5 * index),\"x\":\(x(&random)),\"y\":\(y(&random))}\n"
    }.joined()
  }

  @Test(arguments: 0..<16)
  func `every profile of finite numbers is read again, and all that is said of them is finite`(
    seed: Int
  ) throws {
    var random = SeededGenerator(seed: UInt64(seed))
    let (x, y) = (Self.kinds[seed % 8], Self.kinds[(seed * 3 + 1) % 8])
    let loaded = Monitor.load(bytes: Array(Self.text.utf8), file: "m.yaml", environment: [:])
    let monitor = try #require(loaded.monitor)
    var sample = try SampleStream()
    defer { try? FileManager.default.removeItem(at: sample.folder) }
    let reference = Self.lines(900, at: 1_600_000_000, x, y, using: &random)
    var profiling = try Profiling(monitor, paths: [try sample.write([reference], as: "r")])
    while profiling.readChunk() != nil {}
    let profile = try profiling.finish()
    #expect(try Profile(decoding: profile.encoded()) == profile)
    for text in [ProfileReport.text(profile), ProfileReport.json(profile)] {
      #expect(!text.contains("inf") || text.contains("info"), "\(text)")
      #expect(!text.contains("nan") && !text.contains("null"), "\(text)")
    }
    sample.plan = try Plan(monitor: monitor, profile: profile)
    // The same kinds the other way round: far outside the reference.
    let stream = Self.lines(1500, at: 1_700_000_000, y, x, using: &random)
    let path = try sample.write([stream], as: "s")
    let metrics = String(
      decoding: try sample.run([path], threads: 1, batch: 512).metrics,
      as: UTF8.self
    )
    #expect(metrics.contains("wasserstein"))
    let valueless = metrics.split(separator: "\n").filter { $0.contains("\"value\":null") }
    #expect(valueless.isEmpty, "\(valueless.prefix(3).joined(separator: "\n"))")
  }

  @Test func `mean and deviation of extreme values are those of the values scaled down`() throws {
    for exponent in [-1060, -600, 0, 600, 1016] {
      var builder = ProfileBuilder(try #require(Self.monitor))
      let scale = Double(sign: .plus, exponent: exponent, significand: 1)
      let lines = (0..<300).map { "{\"ts\":\($0),\"x\":\(Double(1 + $0 % 100) * scale),\"y\":1}\n" }
      let bytes = Array(lines.joined().utf8) + [UInt8](repeating: 0, count: 64)
      unsafe bytes.withUnsafeBytes { all in
        let chunk = unsafe UnsafeRawBufferPointer(rebasing: all[..<(bytes.count - 64)])
        var position = StreamPosition()
        _ = unsafe builder.take(chunk, at: ChunkOrigin(order: 0, offset: 0), after: &position)
      }
      let signal = try #require(try builder.finish().signal(named: "x"))
      guard case .number(let number) = signal.reference else { continue }
      // Subnormal numbers have fewer digits.
      let tolerance = exponent < -1020 ? 1e-3 : 1e-12
      #expect(abs(number.summary.mean / scale - 50.5) < tolerance * 50)
      #expect(abs(number.summary.standardDeviation / scale - 28.866070047722118) < tolerance * 50)
    }
  }

  private static var monitor: Monitor? {
    Monitor.load(bytes: Array(text.utf8), file: "m.yaml", environment: [:]).monitor
  }
}
