import TestSupport
import Testing

@testable import Sketches

/// Order statistics of values outside of a usual range, and of those in gaps.
@Suite struct UnusualValuesTests {
  private static func counted(_ values: [Double]) -> UnusualValues {
    var unusual = UnusualValues()
    unsafe values.withUnsafeBufferPointer { values in
      unsafe unusual.insert(contentsOf: values, outside: 10...20)
    }
    return unusual
  }

  @Test func `each order statistic outside is within a bucket, each inside is left to the cells`() {
    var random = SeededGenerator(seed: 8)
    let values = (0..<500).map { _ in
      Double(bitPattern: (random.next() % 0x40) << 52 | 0x3F0 << 52 | random.next() >> 12)
        * (random.next() % 3 == 0 ? -1 : 1)
    }
    let unusual = Self.counted(values)
    for (rank, value) in values.sorted().enumerated() {
      let order = unusual.order(UInt64(rank), of: 500)
      if value >= 10, value <= 20 {
        #expect(order == nil)
      } else {
        #expect(order?.contains(value) == true, "\(value), \(String(describing: order))")
      }
    }
  }

  @Test func `the ends of the doubles are in buckets without an end`() {
    let values = [-Double.greatestFiniteMagnitude, -0x1p63, 15, 0x1p63, 1e200]
    let unusual = Self.counted(values)
    for (rank, value) in values.enumerated() where value != 15 {
      #expect(unusual.order(UInt64(rank), of: 5)?.contains(value) == true, "\(value)")
    }
  }

  @Test func `what was added and taken away leaves nothing, and bytes read back`() throws {
    var unusual = Self.counted([1, 2, 300])
    let other = Self.counted([-5, 4000, 15])
    let alone = unusual
    unusual.merge(other)
    var writer = ByteWriter()
    unusual.encode(into: &writer)
    var reader = ByteReader(writer.bytes)
    #expect(try UnusualValues(from: &reader) == unusual)
    unusual.subtract(other)
    #expect(unusual == alone)
    unusual.subtract(alone)
    #expect(unusual == UnusualValues() && unusual.isEmpty)
  }

  /// A thousand values below 1, nine hundred above 999, and the gap between.
  private static func gaps() throws -> (grid: ReferenceGrid, gaps: ReferenceGaps, cell: Int) {
    let values = (0..<1000).map { Double($0) / 1000 } + (0..<900).map { 999 + Double($0) / 1000 }
    var summary = RankSummary()
    for value in values { summary.insert(value) }
    summary.sort()
    let grid = try #require(ReferenceGrid(reference: summary))
    var counts = [UInt64](repeating: 0, count: grid.cellCount)
    for value in values { counts[grid.bins.cell(of: value)] += 1 }
    let gaps = ReferenceGaps(grid, counts: counts)
    let cell = grid.bins.cell(of: 500)
    #expect(gaps.edges(ofCell: cell) ?? (0, 0) == (0.999, (999.0).nextDown))
    return (grid, gaps, cell)
  }

  @Test func `values in a gap are known by their distance from its nearer end`() throws {
    let (grid, gaps, cell) = try Self.gaps()
    var random = SeededGenerator(seed: 3)
    let values = (0..<300).map { _ in
      0.999 + 998 * Double(random.next() >> 11) * 0x1p-53 * (random.next() % 2 == 0 ? 1 : 1e-4)
    }
    var unusual = UnusualValues()
    unsafe (values + [0.5, 999.5, 2000]).withUnsafeBufferPointer { values in
      unsafe unusual.insert(contentsOf: values, in: gaps)
    }
    let sorted = values.sorted()
    for (rank, value) in sorted.enumerated() {
      #expect(grid.bins.cell(of: value) == cell)
      let order = try #require(unusual.order(UInt64(rank), ofCell: cell, in: gaps))
      // The share of a width is rounded.
      let slack = 1e-12 * abs(value)
      #expect(order.lowerBound - slack <= value && value <= order.upperBound + slack)
      let distance = min(value - 0.999, 999 - value)
      #expect(order.upperBound - order.lowerBound <= 0.016 * distance + slack, "\(value)")
    }
    #expect(unusual.order(300, ofCell: cell, in: gaps) == nil)
    #expect(unusual.order(0, ofCell: cell + 1, in: gaps) == nil)
    let places = unusual.places(inCell: cell, of: gaps)
    #expect(places.reduce(0) { $0 + $1.count } == 300)
    #expect(places.map(\.value) == places.map(\.value).sorted())
  }

  @Test func `what was added to gaps and taken away leaves nothing, and bytes read back`() throws {
    let (_, gaps, cell) = try Self.gaps()
    func counted(_ values: [Double]) -> UnusualValues {
      var unusual = UnusualValues()
      unsafe values.withUnsafeBufferPointer { unsafe unusual.insert(contentsOf: $0, in: gaps) }
      return unusual
    }
    let one = counted([1, 400, 998.5])
    let other = counted([2, 400, 600])
    var both = one
    both.merge(other)
    #expect(both.places(inCell: cell, of: gaps).map(\.count) == [1, 1, 2, 1, 1])
    #expect(try UnusualValues(decoding: both.encoded()) == both)
    both.subtract(other)
    #expect(both == one)
    both.subtract(one)
    #expect(both.isEmpty && both == UnusualValues())
  }

  @Test func `gaps as wide as the doubles are counted too`() throws {
    var summary = RankSummary()
    let ends = [-Double.greatestFiniteMagnitude, Double.greatestFiniteMagnitude]
    for value in ends { summary.insert(value) }
    summary.sort()
    let grid = try #require(ReferenceGrid(reference: summary))
    var counts = [UInt64](repeating: 0, count: grid.cellCount)
    for value in ends { counts[grid.bins.cell(of: value)] += 1 }
    let gaps = ReferenceGaps(grid, counts: counts)
    let values = [-1e308, 1e307]
    var unusual = UnusualValues()
    unsafe values.withUnsafeBufferPointer { unsafe unusual.insert(contentsOf: $0, in: gaps) }
    for value in values {
      let cell = grid.bins.cell(of: value)
      let (low, high) = try #require(gaps.edges(ofCell: cell))
      let place = try #require(unusual.places(inCell: cell, of: gaps).first)
      let distance = min(value / 2 - low / 2, high / 2 - value / 2)
      #expect(place.count == 1 && abs(place.value - value) / 2 <= 0.0078 * distance)
    }
  }
}
