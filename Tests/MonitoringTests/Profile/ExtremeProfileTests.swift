import Records
import TestSupport
import Testing

@testable import Monitoring

/// Profiles of numbers at the ends of what a double holds.
@Suite struct ExtremeProfileTests {
  /// Doubles of any magnitude: random bits, and the ends themselves.
  private static func doubles(_ count: Int, seed: UInt64) -> [Double] {
    var random = SeededGenerator(seed: seed)
    let ends: [Double] = [
      .greatestFiniteMagnitude, -.greatestFiniteMagnitude, .leastNonzeroMagnitude,
      -.leastNonzeroMagnitude, .leastNormalMagnitude, 0, -0.0, -0x1p63, 0x1p63, 1e200, 1, -1,

    ]
    return (0..<count).map { index in
      if seed % 3 == 0 || index % 7 == 0 { return ends[Int(random.next() % UInt64(ends.count))] }
      if seed % 3 == 1 { return Double(random.next() % 100) }
      while true {
        let value = Double(bitPattern: random.next())
        if value.isFinite { return value }
      }
    }
  }

  @Test(arguments: UInt64(1)...40)
  func `every profile that is written is read`(seed: UInt64) throws {
    let monitor = try monitor(
      """
      model: m
      events: {prediction: {time: {field: ts, unit: s}, features: [{field: x, type: number}]}}
      windows: {hour: {size: 1h, slide: 1h}}
      """
    )
    for count in [1, 2, 3, 40, 700] {
      let values = Self.doubles(count, seed: seed &* 31 &+ UInt64(count))
      let lines = values.enumerated().map { "{\"ts\":\($0.offset),\"x\":\($0.element)}" }
      let built = try profile(lines, monitor).profile
      let read = try Profile(decoding: built.encoded())
      #expect(read == built)
      guard case .number(let number) = built.signals[0].reference else { continue }
      #expect(number.usual.lowerBound >= number.summary.minimum)
      #expect(number.usual.upperBound <= number.summary.maximum)
      _ = built.sentinelNotes
      var feeding = Feeding(try Plan(monitor: monitor, profile: read))
      feeding.feed(
        values.enumerated().map { "{\"ts\":\(1_600_002_000 + $0.offset),\"x\":\($0.element)}" }
      )
      feeding.finish()
      let measured = try #require(feeding.output.measured.first { $0.isWhole })
      for measurement in measured.measurements {
        #expect(measurement.value.value.isFinite, "\(measurement)")
      }
    }
  }
}
