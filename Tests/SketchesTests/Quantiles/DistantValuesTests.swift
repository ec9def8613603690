import TestSupport
import Testing

@testable import Sketches

/// Order statistics of values outside of a usual range.
@Suite struct DistantValuesTests {
  private static func counted(_ values: [Double]) -> DistantValues {
    var distant = DistantValues()
    unsafe values.withUnsafeBufferPointer { values in
      unsafe distant.insert(contentsOf: values, outside: 10...20)
    }
    return distant
  }

  @Test func `each order statistic outside is within a bucket, each inside is left to the cells`() {
    var random = SeededGenerator(seed: 8)
    let values = (0..<500).map { _ in
      Double(bitPattern: (random.next() % 0x40) << 52 | 0x3F0 << 52 | random.next() >> 12)
        * (random.next() % 3 == 0 ? -1 : 1)
    }
    let distant = Self.counted(values)
    for (rank, value) in values.sorted().enumerated() {
      let order = distant.order(UInt64(rank), of: 500)
      if value >= 10, value <= 20 {
        #expect(order == nil)
      } else {
        #expect(order?.contains(value) == true, "\(value), \(String(describing: order))")
      }
    }
  }

  @Test func `the ends of the doubles are in buckets without an end`() {
    let values = [-Double.greatestFiniteMagnitude, -0x1p63, 15, 0x1p63, 1e200]
    let distant = Self.counted(values)
    for (rank, value) in values.enumerated() where value != 15 {
      #expect(distant.order(UInt64(rank), of: 5)?.contains(value) == true, "\(value)")
    }
  }

  @Test func `what was added and taken away leaves nothing, and bytes read back`() throws {
    var distant = Self.counted([1, 2, 300])
    let other = Self.counted([-5, 4000, 15])
    let alone = distant
    distant.merge(other)
    var writer = ByteWriter()
    distant.encode(into: &writer)
    var reader = ByteReader(writer.bytes)
    #expect(try DistantValues(from: &reader) == distant)
    distant.subtract(other)
    #expect(distant == alone)
    distant.subtract(alone)
    #expect(distant == DistantValues() && distant.isEmpty)
  }
}
