import Testing

@testable import Sketches
import TestSupport

@Suite struct DistinctCountTests {
  /// Numbers whose bits differ in few places, which a weak hash would confuse.
  private static let grids: [(name: String, step: Double, start: Double)] = [
    ("integers", 1, 0), ("cents", 0.01, 0), ("powers of two", 0x1p-20, 1),
    ("far integers", 1, 1e15), ("tiny", 0x1p-1060, 0), ("thousands", 1_000, -5e6),
  ]

  @Test(arguments: grids.indices)
  func `the standard error is the stated one`(grid: Int) {
    let (name, step, start) = Self.grids[grid]
    for count in [100, 1_000, 3_000, 8_000] {
      var squares = 0.0
      let rounds = 30
      for round in 0..<rounds {
        let first = round * count
        let values = (first..<first + count).map { start + step * Double($0) }
        let error = DistinctCount(values).estimate / Double(count) - 1
        squares += error * error
      }
      // Of 30 rounds, the root mean square error exceeds 1.5 times its expectation once in 10^4.
      let error = (squares / Double(rounds)).squareRoot()
      #expect(error < 1.5 * DistinctCount.standardError, "\(name), \(count): \(error)")
    }
  }

  @Test func `small numbers are nearly exact`() {
    for count in 0...20 {
      let values = (0..<count).map { Double($0) * 0.1 }
      #expect(abs(DistinctCount(values).estimate - Double(count)) < 1.5, "\(count)")
    }
  }

  @Test func `values and hashes go to the same registers as one value at a time`() {
    let values = Distribution.normal.sample(500, seed: 1)
    var single = DistinctCount()
    for value in values { single.insert(value) }
    #expect(single == DistinctCount(values))
  }

  @Test func `the extremes of the registers give an estimate`() {
    var full = DistinctCount()
    for index in 0..<UInt64(DistinctCount.registerCount) { full.insert(hash: index << 54) }
    #expect(full.registers.allSatisfy { $0 == DistinctCount.maximumRegister })
    #expect(full.estimate > 1e15)
  }

  @Test(arguments: [UInt64(1), 2, 3])
  func `a sliding estimate equals that of merging the panes`(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    var sliding = SlidingDistinctCount()
    var panes: [Int: DistinctCount] = [:]
    var pane = Int(generator.next() % 1_000) - 500
    for _ in 0..<200 {
      pane += 1 + Int(generator.next() % 2)
      var count = DistinctCount()
      for _ in 0..<Int(generator.next() % 300) { count.insert(hash: generator.next()) }
      sliding.close(pane, count)
      panes[pane] = count
      sliding.drop(before: pane - 79)
      for length in [1, 7, 80] {
        let first = pane - length + 1
        var merged = DistinctCount()
        for (index, part) in panes where index >= first { merged.merge(part) }
        #expect(
          sliding.query(from: first, through: pane) == merged.estimate,
          "seed \(seed), pane \(pane), \(length) panes"
        )
      }
    }
  }

  @Test func `sliding memory stays near its bound`() {
    var generator = SeededGenerator(seed: 9)
    var sliding = SlidingDistinctCount()
    for pane in 0..<2_000 {
      var count = DistinctCount()
      for _ in 0..<300 { count.insert(hash: generator.next()) }
      sliding.close(pane, count)
      sliding.drop(before: pane - 1_439)
    }
    // Half as much again: how much an array may grow into is the allocator's to say.
    #expect(sliding.allocatedBytes <= 96 << 10, "\(sliding.allocatedBytes) bytes")
  }

  @Test func `panes far apart do not confuse the window`() {
    var sliding = SlidingDistinctCount()
    let one = DistinctCount([1])
    let two = DistinctCount([2, 3])
    sliding.close(-(1 << 40), one)
    sliding.close(0, two)
    sliding.close(1 << 33, one)
    #expect(sliding.query(from: 1 << 33, through: 1 << 33) == one.estimate)
    sliding.close((1 << 33) + 1, two)
    var both = one
    both.merge(two)
    #expect(sliding.query(from: 1 << 33, through: (1 << 33) + 1) == both.estimate)
    sliding.close(Int.max - 1, one)
    #expect(sliding.query(from: Int.max - 1, through: Int.max - 1) == one.estimate)
  }

  @Test func `decoding gives back a sliding count that goes on alike`() throws {
    var generator = SeededGenerator(seed: 11)
    var sliding = SlidingDistinctCount()
    #expect(try SlidingDistinctCount(decoding: sliding.encoded()) == sliding)
    func pane() -> DistinctCount {
      var count = DistinctCount()
      for _ in 0..<50 { count.insert(hash: generator.next()) }
      return count
    }
    for index in -20..<20 {
      sliding.close(index, pane())
      sliding.drop(before: index - 15)
    }
    let bytes = sliding.encoded()
    var decoded = try SlidingDistinctCount(decoding: bytes)
    #expect(decoded == sliding)
    let next = pane()
    decoded.close(20, next)
    sliding.close(20, next)
    #expect(decoded == sliding)
    #expect(decoded.query(from: 7, through: 20) == sliding.query(from: 7, through: 20))
    for length in stride(from: 0, to: bytes.count, by: 11) {
      #expect(throws: CodingError.self) {
        try SlidingDistinctCount(decoding: Array(bytes[..<length]))
      }
    }
    for _ in 0..<300 {
      var damaged = bytes
      damaged[Int(generator.next() % UInt64(bytes.count))] ^= 1 << UInt8(generator.next() % 8)
      guard var read = try? SlidingDistinctCount(decoding: damaged) else { continue }
      #expect(read.query(from: -20, through: read.latestPane ?? 0) >= 0)
      if let latest = read.latestPane, latest < 1_000 { read.close(1_000, next) }
    }
  }
}
