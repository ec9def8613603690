import Sketches
import Testing
import TestSupport

@Suite struct CountCodingTests {
  /// Counts of every width, dense and sparse.
  private static func counts(_ length: Int, seed: UInt64) -> [UInt64] {
    var generator = SeededGenerator(seed: seed)
    var bits = UInt64(0)
    return (0..<length).map { index in
      if index % 5 == 0 { bits = generator.next() % 65 }
      let isZero = generator.next() % 3 == 0
      return isZero || bits == 0 ? 0 : generator.next() >> (64 - bits)
    }
  }

  private static func encoded(_ counts: [UInt64]) -> [UInt8] {
    var writer = ByteWriter()
    writer.write(counts: counts)
    return writer.bytes
  }

  /// Adds or subtracts through pointers, with guards on both sides that must not change.
  private static func combine(
    _ bytes: [UInt8],
    with cells: [UInt64],
    adding: Bool
  ) throws -> [UInt64] {
    var guarded = [0xAAAA] + cells + [0xBBBB]
    var reader = ByteReader(bytes)
    try unsafe guarded.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      if adding {
        unsafe try reader.addCounts(cells.count, into: base + 1)
      } else {
        unsafe try reader.subtractCounts(cells.count, from: base + 1)
      }
    }
    try reader.finish()
    #expect(guarded.first == 0xAAAA && guarded.last == 0xBBBB)
    return Array(guarded.dropFirst().dropLast())
  }

  @Test(arguments: 0..<40)
  func `counts come back, add and subtract`(length: Int) throws {
    for seed in UInt64(0)..<30 {
      let counts = Self.counts(length * 3, seed: seed)
      let bytes = Self.encoded(counts)
      var reader = ByteReader(bytes)
      #expect(try reader.readCounts(counts.count) == counts, "seed \(seed)")
      try reader.finish()
      let more = Self.counts(length * 3, seed: seed + 1_000)
      let others = zip(counts, more).map { min($1, .max - $0) }
      let sums = zip(counts, others).map { $0 + $1 }
      #expect(try Self.combine(bytes, with: others, adding: true) == sums, "seed \(seed)")
      #expect(try Self.combine(bytes, with: sums, adding: false) == others, "seed \(seed)")
    }
  }

  @Test(arguments: [1, 9, 20, 40, 60])
  func `what was never added cannot be taken away`(bits: Int) async {
    await #expect(processExitsWith: .failure) { [bits] in
      _ = try Self.combine(Self.encoded([0, 1 << bits]), with: [0, 1 << bits - 1], adding: false)
    }
  }

  @Test func `truncated and damaged counts never trap`() {
    var generator = SeededGenerator(seed: 3)
    for seed in UInt64(0)..<20 {
      let counts = Self.counts(77, seed: seed)
      let bytes = Self.encoded(counts)
      for length in 0..<bytes.count {
        #expect(throws: CodingError.self) {
          try Self.combine(Array(bytes[..<length]), with: counts, adding: true)
        }
      }
      for _ in 0..<200 {
        var damaged = bytes
        damaged[Int(generator.next() % UInt64(bytes.count))] ^= 1 << UInt8(generator.next() % 8)
        var reader = ByteReader(damaged)
        // Accepted or refused: either way without a trap, and never past the end.
        _ = try? reader.readCounts(77)
        #expect(reader.remaining >= 0)
      }
    }
  }

  @Test func `a pane of few events is small`() {
    #expect(Self.encoded([UInt64](repeating: 0, count: 256)).count == 16)
    var generator = SeededGenerator(seed: 5)
    var busy = [UInt64](repeating: 0, count: 256)
    for _ in 0..<2_000 { busy[Int(generator.next() % 256)] += 1 }
    #expect(Self.encoded(busy).count <= 160)
  }

  @Test func `filling that is not zero is refused`() {
    // Three counts of one bit in a block of eight: the other five bits have to be 0.
    #expect(throws: CodingError.invalid(offset: 0)) {
      var reader = ByteReader([0x01, 0b0000_1111])
      _ = try reader.readCounts(3)
    }
    #expect(throws: CodingError.invalid(offset: 0)) {
      var reader = ByteReader([0x11, 0b0000_0111])
      _ = try reader.readCounts(3)
    }
    #expect(throws: CodingError.invalid(offset: 0)) {
      var reader = ByteReader([0x0E] + [UInt8](repeating: 0, count: 64))
      _ = try reader.readCounts(8)
    }
  }
}
