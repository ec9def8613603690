import Foundation
import Statistics
import TestSupport
import Testing

@testable import Sketches

/// Wasserstein distances of skewed samples and of samples with values far away, beside exact ones.
@Suite struct DistantValueTests {
  struct Stream: Sendable, CustomTestStringConvertible {
    var name: String
    var value: @Sendable (inout SeededGenerator, _ isWindow: Bool) -> Double
    var testDescription: String { name }
  }

  private static func uniform(_ random: inout SeededGenerator) -> Double {
    (Double(random.next() >> 11) + 0.5) * 0x1p-53
  }

  private static func normal(_ random: inout SeededGenerator) -> Double {
    (-2 * log(uniform(&random))).squareRoot() * cos(2 * .pi * uniform(&random))
  }

  static let streams = [
    Stream(name: "Pareto 1.2") { random, isWindow in
      pow(uniform(&random), -1 / 1.2) * (isWindow ? 1.2 : 1)
    },
    Stream(name: "log-normal, deviation 3") { random, isWindow in
      exp(3 * normal(&random) + (isWindow ? 0.2 : 0))
    },
    Stream(name: "integers") { random, isWindow in
      (400 * uniform(&random) * uniform(&random) * (isWindow ? 1.1 : 1)).rounded()
    },
    Stream(name: "a sentinel") { random, isWindow in
      uniform(&random) < (isWindow ? 0.02 : 0.01) ? -999 : 50 + 10 * normal(&random)
    },
    Stream(name: "the least 64-bit integer") { random, isWindow in
      uniform(&random) < (isWindow ? 0.02 : 0.01) ? -0x1p63 : 50 + 10 * normal(&random)
    },
    Stream(name: "two clusters") { random, isWindow in
      (uniform(&random) < 0.5 ? 0 : 1e6) + normal(&random) + (isWindow ? 0.3 : 0)
    },
    Stream(name: "two clusters of other shares") { random, isWindow in
      (uniform(&random) < (isWindow ? 0.3 : 0.5) ? 0 : 1e12) + 1000 * normal(&random)
    },
    Stream(name: "two clusters and a window between them") { random, isWindow in
      isWindow ? 3e5 + 1e4 * normal(&random) : (uniform(&random) < 0.5 ? 0 : 1e6) + normal(&random)
    },
    Stream(name: "two clusters and a tenth of the window between them") { random, isWindow in
      isWindow && uniform(&random) < 0.1
        ? 9e5 + 1e3 * normal(&random) : (uniform(&random) < 0.5 ? 0 : 1e6) + normal(&random)
    },
    Stream(name: "the window's values over all of a gap") { random, isWindow in
      isWindow ? 1e6 * uniform(&random) : (uniform(&random) < 0.3 ? 0 : 1e6) + normal(&random)
    },
    Stream(name: "Cauchy") { random, isWindow in
      normal(&random) / normal(&random) + (isWindow ? 0.1 : 0)
    },
    Stream(name: "cents against euros, with one value of a million") { random, isWindow in
      !isWindow && uniform(&random) < 0.001
        ? 1e6 : (50 + 10 * normal(&random)) * (isWindow ? 100 : 1)
    },
    Stream(name: "one reference value of a million") { random, isWindow in
      !isWindow && uniform(&random) < 0.001 ? 1e6 : 50 + 10 * normal(&random)
    },
  ]

  /// The exact distance: the area between the distribution functions.
  private static func exact(_ left: [Double], _ right: [Double]) -> Double {
    let (a, b) = (left.sorted(), right.sorted())
    let points = (a + b).sorted()
    var (i, j, sum) = (0, 0, 0.0)
    for (point, next) in zip(points, points.dropFirst()) {
      while i < a.count, a[i] <= point { i += 1 }
      while j < b.count, b[j] <= point { j += 1 }
      sum += (next - point) * abs(Double(i) / Double(a.count) - Double(j) / Double(b.count))
    }
    return sum
  }

  @Test(arguments: streams, [UInt64](1...2))
  func `the distance is within 1 % of its own or 0.1 % of the window's deviation`(
    _ stream: Stream,
    seed: UInt64
  ) throws {
    var random = SeededGenerator(seed: seed)
    for count in [1200, 2500, 10_000] {
      let reference = (0..<count).map { _ in stream.value(&random, false) }
      let current = (0..<(count / 5)).map { _ in stream.value(&random, true) }
      var summary = RankSummary()
      for value in reference { summary.insert(value) }
      summary.sort()
      let grid = try #require(ReferenceGrid(reference: summary))
      let cells = { (values: [Double]) in
        var cells = [UInt64](repeating: 0, count: grid.cellCount)
        for value in values { cells[grid.bins.cell(of: value)] += 1 }
        return cells
      }
      let gaps = ReferenceGaps(grid, counts: cells(reference))
      var unusual = UnusualValues()
      unsafe current.withUnsafeBufferPointer { unsafe unusual.insert(contentsOf: $0, in: gaps) }
      let distance = try #require(
        wassersteinDistance(
          edges: grid.edges,
          reference: GridSample(cells: cells(reference)),
          current: GridSample(
            cells: cells(current),
            sumBelow: current.reduce(0) { $0 + max(0, grid.minimum - $1) },
            sumAbove: current.reduce(0) { $0 + max(0, $1 - grid.maximum) }
          ),
          isAtom: grid.isAtom,
          meanDifference: current.reduce(0, +) / Double(current.count)
            - reference.reduce(0, +) / Double(count),
          places: { unusual.places(inCell: $0, of: gaps) }
        )
      )
      let exact = Self.exact(reference, current)
      let mean = current.reduce(0, +) / Double(current.count)
      let variance = current.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(current.count)
      let allowed = max(0.01 * exact, 0.001 * variance.squareRoot())
      #expect(abs(distance - exact) <= allowed, "\(count): \(distance), exactly \(exact)")
    }
  }
}
