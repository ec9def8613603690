import TestSupport
import Testing

@testable import Sketches

/// The range of a reference's usual values.
@Suite struct ReferenceBulkTests {
  /// A grid of some values with its counts.
  private static func grid(_ values: [Double]) throws -> (ReferenceGrid, [UInt64]) {
    var summary = RankSummary()
    for value in values { summary.insert(value) }
    summary.sort()
    let grid = try #require(ReferenceGrid(reference: summary))
    var counts = [UInt64](repeating: 0, count: grid.cellCount)
    for value in values { counts[grid.bins.cell(of: value)] += 1 }
    return (grid, counts)
  }

  private static let usual = (0..<3000).map { Double($0 * 7919 % 3001) / 100 }

  @Test func `without outliers it is the whole range`() throws {
    for values in [Self.usual, [5], [5, 7], [0, 1, 1, 1, 0, 1]] {
      let (grid, counts) = try Self.grid(values)
      #expect(grid.bulk(counts) == grid.minimum...grid.maximum)
    }
  }

  @Test(arguments: [-0x1p63, 1e15, 9.2e18, 1e200, Double.greatestFiniteMagnitude, -99_999])
  func `a sentinel is outside, however many values have it`(sentinel: Double) throws {
    for count in [1, 30, 6000] {
      let (grid, counts) = try Self.grid(
        Self.usual + [Double](repeating: sentinel, count: count)
      )
      let bulk = grid.bulk(counts)
      #expect(bulk.lowerBound >= -1 && bulk.upperBound <= 31, "\(count): \(bulk)")
      #expect(bulk.lowerBound <= 0.5 && bulk.upperBound >= 29.5, "\(count): \(bulk)")
    }
    let (grid, counts) = try Self.grid([0, 1, 1, 0, sentinel, 0, 1])
    #expect(grid.bulk(counts) == 0...1)
  }

  @Test func `two clusters are both usual`() throws {
    let (grid, counts) = try Self.grid(Self.usual + Self.usual.map { $0 + 1e9 })
    #expect(grid.bulk(counts) == grid.minimum...grid.maximum)
  }

  @Test func `at most 250 values have a cell each`() throws {
    let values = (0..<900).map { Double($0 * $0 % 251) / 4 }
    let (grid, counts) = try Self.grid(values)
    for (cell, count) in counts.enumerated() where count > 0 {
      // The least one is alone in the first cell.
      #expect(grid.isAtom[cell] || cell == 0, "cell \(cell)")
    }
  }
}
