import Records
import Testing

@testable import Monitoring

/// Bins of a number that are empty on both sides.
@Suite struct OccupiedBinTests {
  private static let text = """
    model: m
    events: {prediction: {time: {field: ts, unit: s}, features: [x, y]}}
    windows: {hour: {size: 1h, slide: 1h}}
    """

  /// The statistics of `x` and `y`: fifty values of the reference, so many of the window.
  private static func values(
    _ statistic: String,
    of count: Int,
    _ values: @escaping (Int) -> (x: Int, y: Int)
  ) throws -> [Double?] {
    let monitor = try monitor(text)
    let lines = { (start: Int, count: Int) in
      (0..<count).map { index in
        let (x, y) = values(index)
        return "{\"ts\":\(start + index),\"x\":\(x),\"y\":\(y)}"
      }
    }
    let reference = try profile(lines(0, 50), monitor).profile
    var feeding = Feeding(try Plan(monitor: monitor, profile: reference))
    feeding.feed(lines(1_600_002_000, count))
    feeding.finish()
    let measured = try #require(feeding.output.measured.first { $0.isWhole })
    return ["x", "y"].map { name -> Double? in
      let own = measured.measurements.first { $0.signal == name && $0.statistic == statistic }
      return own?.value.value
    }
  }

  @Test(arguments: [35, 98, 1000])
  func `the index of a flag is that of its inverse`(count: Int) throws {
    for statistic in ["psi", "drift"] {
      let both = try Self.values(statistic, of: count) { index in
        let flag = index % 50 == 3 ? 0 : 1
        return (flag, 1 - flag)
      }
      let own = try #require(both[0])
      let inverse = try #require(both[1])
      #expect(abs(own - inverse) < 1e-12, "\(own), \(inverse)")
    }
  }

  @Test(arguments: [1, 2, 20, 1000])
  func `a constant that is still the same has an index of 0 however few events there are`(
    count: Int
  ) throws {
    #expect(try Self.values("psi", of: count) { _ in (5, 0) } == [0, 0])
    #expect(try Self.values("drift", of: count) { _ in (5, 0) } == [0, 0])
  }

  @Test func `a handful of events has no index, and drift no index beside its bound`() throws {
    let few = try Self.values("psi", of: 29) { ($0 % 9, $0 % 7) }
    #expect(few == [nil, nil])
    #expect(try Self.values("drift", of: 29) { ($0 % 9, $0 % 7) } == [0, 0])
    #expect(try Self.values("psi", of: 30) { ($0 % 9, $0 % 7) }.allSatisfy { $0 != nil })
  }
}
