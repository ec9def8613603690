import Testing

@testable import Sketches
import TestSupport

@Suite struct MomentsTests {
  private static func moments(_ values: [Double], _ scale: MomentScale) -> Moments {
    var moments = Moments(scale: scale)
    unsafe values.withUnsafeBufferPointer { unsafe moments.insert(contentsOf: $0) }
    return moments
  }

  /// A spread of magnitudes that fills many levels.
  private static func wild(_ count: Int, seed: UInt64) -> [Double] {
    var generator = SeededGenerator(seed: seed)
    return (0..<count).map { _ in
      let exponent = Int(generator.next() % 2_040) - 1_020
      let sign: FloatingPointSign = generator.next() % 2 == 0 ? .plus : .minus
      return Double(sign: sign, exponent: exponent, significand: 1 + generator.uniform())
    }
  }

  @Test(arguments: Sample.all)
  func `mean and deviation agree with two passes on the scale of the data`(
    sample: Sample
  ) throws {
    let values = sample.values(5_000)
    let sorted = values.sorted()
    let scale = MomentScale(minimum: sorted[0], maximum: sorted[4_999])
    let moments = Self.moments(values, scale)
    let exact = try #require(ExactMoments(values))
    let range = sorted[4_999] - sorted[0]
    #expect(moments.count == 5_000)
    #expect(abs(try #require(moments.mean) - exact.mean) <= 1e-12 * range + 1e-15 * abs(exact.mean))
    #expect(abs(try #require(moments.standardDeviation) - exact.deviation) <= 1e-11 * range)
  }

  @Test func `a column of equal values has that mean and no deviation`() {
    for value in [5.0, 0.1, -1e-300, 1e280, 1e17, -0.0, 123_456_789.125] {
      let moments = Self.moments(
        [Double](repeating: value, count: 1_000),
        MomentScale(minimum: value, maximum: value)
      )
      #expect(moments.standardDeviation == 0, "\(value)")
      #expect(moments.mean == value, "\(value)")
    }
  }

  @Test func `nothing cancels far from zero`() throws {
    // 1e9 ± 1e-3: the textbook formula in doubles has no digit left.
    let values = (0..<1_000).map { 1e9 + ($0 % 2 == 0 ? 0.0009765625 : -0.0009765625) }
    let moments = Self.moments(values, MomentScale(minimum: 1e9 - 1, maximum: 1e9 + 1))
    #expect(moments.mean == 1e9)
    #expect(moments.standardDeviation == 0.0009765625)
  }

  @Test(arguments: [UInt64(1), 2, 3])
  func `any finite double has a place`(seed: UInt64) throws {
    let scale = MomentScale(minimum: 0, maximum: 1)
    let values = Self.wild(3_000, seed: seed) + [.greatestFiniteMagnitude, -1e308, 5e-300]
    let moments = Self.moments(values, scale)
    #expect(moments.count == UInt64(values.count))
    var generator = SeededGenerator(seed: seed)
    #expect(Self.moments(values.shuffled(using: &generator), scale) == moments, "seed \(seed)")
    let mean = try #require(moments.mean)
    let exact = values.reduce(0) { $0 + $1 / Double(values.count) }
    #expect(abs(mean - exact) <= 1e-9 * 1.7e308 / Double(values.count))
    #expect(try #require(moments.standardDeviation) > 1e305)
    #expect(try Moments(decoding: moments.encoded()) == moments)
  }

  @Test func `equal outliers have no deviation either`() {
    let moments = Self.moments(
      [Double](repeating: 1e200, count: 100),
      MomentScale(minimum: 0, maximum: 1)
    )
    #expect(moments.standardDeviation == 0)
    #expect(abs((moments.mean ?? 0) / 1e200 - 1) < 0x1p-38)
  }

  @Test func `the mean of opposite greatest values is finite`() {
    let scale = MomentScale(minimum: 0, maximum: 1)
    let greatest = Double.greatestFiniteMagnitude
    #expect(Self.moments([greatest, greatest], scale).mean?.isFinite == true)
    #expect(Self.moments([greatest, -greatest], scale).mean == 0)
    let spread = Self.moments([greatest, -greatest], scale).standardDeviation ?? 0
    #expect(abs(spread / greatest - 1) < 1e-9)
  }

  @Test(arguments: [UInt64(1), 2, 3])
  func `subtracting takes back what was merged`(seed: UInt64) {
    let scale = MomentScale(minimum: -1, maximum: 1)
    let first = Self.moments(Self.wild(200, seed: seed), scale)
    let second = Self.moments(Self.wild(300, seed: seed + 100) + [0.5, 2, -1e9], scale)
    var sum = first
    sum.merge(second)
    sum.subtract(second)
    #expect(sum == first, "seed \(seed)")
    sum.subtract(first)
    #expect(sum == Moments(scale: scale), "seed \(seed)")
  }

  @Test(arguments: [0.5, 1e9])
  func `values that were never added cannot be taken away`(value: Double) async {
    await #expect(processExitsWith: .failure) { [value] in
      let scale = MomentScale(minimum: -1, maximum: 1)
      var sum = Self.moments([0.25], scale)
      sum.subtract(Self.moments([value, value], scale))
    }
  }

  @Test func `what is no number is skipped`() {
    let moments = Self.moments([.nan, 2, .infinity], MomentScale(minimum: 0, maximum: 4))
    #expect(moments.count == 1)
    #expect(moments.mean == 2)
  }

  @Test func `scales of every range are possible`() {
    let greatest = Double.greatestFiniteMagnitude
    let ranges: [(Double, Double)] = [
      (-greatest, greatest), (0, .leastNonzeroMagnitude), (0, 0), (greatest, greatest),
      (-greatest, -greatest), (1e280, 1.0000001e280), (-1, 1e-300), (1e9, 1e9 + 1e-6),
    ]
    for (low, high) in ranges {
      let moments = Self.moments([low, high], MomentScale(minimum: low, maximum: high))
      let middle = low / 2 + high / 2
      let mean = moments.mean ?? .nan
      let range = high / 2 - low / 2
      // Half the range of the doubles is the least step's limit, hence the second term.
      #expect(abs(mean - middle) <= 1e-11 * range + 1e-15 * abs(middle) + 1e-300, "\(low) \(high)")
    }
  }

  @Test func `impossible sums are refused when read`() {
    var writer = ByteWriter()
    MomentScale(exponent: 0).encode(into: &writer)
    writer.write(varint: 2)
    writer.write(wideZigzag: 10)
    writer.write(wideVarint: 49)
    writer.write(varint: 0)
    let bytes = writer.bytes
    // (Σu)² = 100 exceeds n · Σu² = 98.
    #expect(throws: CodingError.self) { try Moments(decoding: bytes) }
  }

  @Test func `distances outside the range are summed, and sums subtract`() {
    var sums = OuterSumsProperty()
    sums.insert(contentsOf: [-3, -1, 0, 20, 20.5, 40])
    #expect(sums.sums.belowSum == 2)
    #expect(sums.sums.aboveSum == 20.5)
    #expect(sums.sums.belowCount == 1 && sums.sums.aboveCount == 2)
    var more = sums
    more.insert(contentsOf: [1e308, -1e308])
    var difference = more.sums
    difference.subtract(sums.sums)
    #expect(abs(difference.aboveSum / 1e308 - 1) < 1e-9)
    more.sums.subtract(difference)
    #expect(more == sums)
  }
}
