import Sketches
import Testing

@Suite struct BottomHashRecordTests {
  @Test func `a million distinct values leave a bounded, exact record`() {
    var record = BottomHashRecord()
    for value in 0..<100_000 {
      record.insert(Array("v\(value)".utf8), count: UInt64(value % 7 + 1))
    }
    #expect(record.entries.count == BottomHashRecord.limit)
    #expect(!record.isComplete)
    for entry in record.entries {
      let number = Int(String(decoding: entry.bytes.dropFirst(), as: UTF8.self)) ?? -1
      #expect(entry.count == UInt64(number % 7 + 1))
    }
    #expect(abs(record.distinctEstimate / 100_000 - 1) < 3 * 0.127)
  }

  @Test func `long values are cut but not confused`() {
    var record = BottomHashRecord()
    let start = [UInt8](repeating: 120, count: 300)
    record.insert(start + [1])
    record.insert(start + [2])
    record.insert(start + [2])
    #expect(record.entries.map(\.count).sorted() == [1, 2])
    #expect(record.entries.allSatisfy { $0.bytes.count == BottomHashRecord.valueBytesLimit })
  }

  @Test func `the most frequent come first`() {
    var record = BottomHashRecord()
    for (value, count) in [("a", 3), ("b", 9), ("", 1)] {
      record.insert(Array(value.utf8), count: UInt64(count))
    }
    let values = record.mostFrequent.map { String(decoding: $0.bytes, as: UTF8.self) }
    #expect(values == ["b", "a", ""])
    #expect(record.total == 13)
  }
}
