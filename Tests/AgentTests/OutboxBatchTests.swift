import Sketches
import TestSupport
import Testing

@testable import Agent

/// Records that wait in a state for their transaction.
@Suite struct OutboxBatchTests {
  private struct Record: Equatable {
    let topic: String
    let key: String
    let value: [UInt8]
  }

  private func records(_ count: Int, _ random: inout SeededGenerator) -> [Record] {
    (0..<count).map { index in
      let size = Int.random(in: 0..<300, using: &random)
      return Record(
        topic: "topic-\(Int.random(in: 0..<4, using: &random))",
        key: index % 5 == 0 ? "" : "schlüssel \(index)",
        value: (0..<size).map { _ in UInt8.random(in: 0...255, using: &random) }
      )
    }
  }

  private func batch(_ number: Int, _ records: [Record]) -> OutboxBatch {
    var batch = OutboxBatch()
    batch.mark = OutboxMark(number: number, process: 7)
    for record in records { batch.add(to: record.topic, key: record.key, value: record.value[...]) }
    return batch
  }

  private func records(of batch: OutboxBatch) -> [Record] {
    var found: [Record] = []
    batch.forEach { topic, key, value in
      found.append(Record(topic: topic, key: String(decoding: key, as: UTF8.self), value: value))
    }
    return found
  }

  @Test func `what was added comes back in its order, through a state too`() throws {
    var random = SeededGenerator(seed: 3)
    for round in 0..<50 {
      let all = (1...3).map { _ in records(round, &random) }
      let batches = all.enumerated().map { batch(7 + $0.offset, $0.element) }
      let state = OutboxState(name: "agent", known: OutboxMark(remark: "6 f"), batches: batches)
      let read = try OutboxState(decoding: state.encoded())
      #expect(read.name == "agent" && read.known == state.known && read.count == 3 * round)
      #expect(read.batches.map(\.number) == [7, 8, 9])
      #expect(read.batches.map(records(of:)) == all)
      #expect(batches.map(\.count) == read.batches.map(\.count))
    }
  }

  @Test func `a remark says which transaction it is, or nothing`() {
    let mark = OutboxMark(number: 12, process: 0xfeed)
    #expect(mark.remark == "12 feed" && OutboxMark(remark: "12 feed") == mark)
    for remark in [
      "", "12", "x feed", "-3 feed", "0 feed", "12 feed 1", "12 xyz", "99999999999999999999 feed",
      "1 fffffffffffffffff",
    ] {
      #expect(OutboxMark(remark: remark) == nil, "\(remark)")
    }
  }

  @Test func `what is left is told by the last transaction that is there`() {
    let known = OutboxMark(number: 3, process: 1)
    let batches = [4, 5, 6].map { batch($0, [Record(topic: "t", key: "k", value: [1])]) }
    let state = OutboxState(name: "a", known: known, batches: batches)
    func left(_ last: OutboxMark?) -> [Int] { state.left(after: last).batches.map(\.number) }
    #expect(left(known) == [4, 5, 6] && left(batches[0].mark) == [5, 6])
    #expect(left(batches[2].mark) == [])
    for last in [known, batches[0].mark, batches[1].mark, batches[2].mark] {
      #expect(state.left(after: last).isCertain)
    }
    // Of a twin, of an earlier or a later process, or forgotten.
    for (number, process) in [(5, UInt64(8)), (3, 7), (2, 1), (9, 7)] {
      let (left, isCertain) = state.left(after: OutboxMark(number: number, process: process))
      #expect(left.count == 3 && !isCertain)
    }
    #expect(left(nil) == [4, 5, 6] && !state.left(after: nil).isCertain)
    let first = OutboxState(name: "a", known: nil, batches: batches)
    #expect(first.left(after: nil).isCertain && first.left(after: nil).batches.count == 3)
    #expect(!first.left(after: known).isCertain)
  }

  @Test func `numbers that are in no order are refused`() {
    for numbers in [[2, 2], [3, 2], [0, 1], [-4]] {
      let batches = numbers.map { batch($0, [Record(topic: "t", key: "k", value: [1])]) }
      let state = OutboxState(name: "agent", known: nil, batches: batches)
      #expect(throws: CodingError.self, "\(numbers)") {
        _ = try OutboxState(decoding: state.encoded())
      }
    }
    let unmarked = OutboxState(name: "a", known: nil, batches: [OutboxBatch()])
    #expect(throws: CodingError.self) { _ = try OutboxState(decoding: unmarked.encoded()) }
  }

  @Test func `bytes that were changed are refused or are other records, and end no process`() {
    var random = SeededGenerator(seed: 4)
    let batches = [batch(1, records(9, &random)), batch(2, records(3, &random))]
    let good = OutboxState(name: "agent", known: nil, batches: batches).encoded()
    var refused = 0
    for _ in 0..<4_000 {
      var bytes = good
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        bytes[Int.random(in: 0..<bytes.count, using: &random)] = .random(
          in: 0...255,
          using: &random
        )
      }
      guard let read = try? OutboxState(decoding: bytes) else {
        refused += 1
        continue
      }
      #expect(read.batches.map { records(of: $0).count } == read.batches.map(\.count))
    }
    #expect(refused > 100)
    for length in 0..<good.count {
      #expect(throws: CodingError.self) { _ = try OutboxState(decoding: Array(good[..<length])) }
    }
  }
}
