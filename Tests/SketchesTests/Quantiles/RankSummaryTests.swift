import Testing

@testable import Sketches
import TestSupport

@Suite struct RankSummaryTests {
  /// Small limits, so that compaction happens early and often.
  private static func summary(_ values: [Double]) -> RankSummary {
    var summary = RankSummary(exactLimit: 2_048, capacity: 256)
    summary.insert(contentsOf: values.span)
    return summary
  }

  /// The greatest distance of an item's rank in `summary` from its rank in `sorted`.
  private static func greatestRankError(_ summary: RankSummary, _ sorted: [Double]) -> UInt64 {
    var (greatest, below, position) = (UInt64(0), UInt64(0), 0)
    for item in summary.sortedItems {
      while position < sorted.count, sorted[position] < item.value { position += 1 }
      greatest = max(greatest, UInt64(abs(Int(below) - position)))
      below += item.weight
    }
    return greatest
  }

  @Test func `type-7 quantiles as numpy computes them`() throws {
    // numpy.quantile([3, 1, 4, 1, 5, 9, 2, 6], [0, .1, .25, .5, .9, 1]), numpy 2.4.6
    let summary = Self.summary([3, 1, 4, 1, 5, 9, 2, 6])
    let quantiles = try #require(summary.quantiles([0, 0.1, 0.25, 0.5, 0.9, 1]))
    #expect(quantiles == [1, 1, 1.75, 3.5, 6.8999999999999995, 9])
  }

  @Test(arguments: Sample.all)
  func `beyond the limit every rank is within the bound`(sample: Sample) throws {
    for values in [sample.values(20_000), sample.values(20_000).sorted()] {
      let summary = Self.summary(values)
      let sorted = values.sorted()
      #expect(!summary.isExact)
      #expect(summary.sortedItems.reduce(0) { $0 + $1.weight } == 20_000)
      let error = Self.greatestRankError(summary, sorted)
      #expect(Double(error) <= summary.rankErrorBound * 20_000, "\(sample)")
      #expect(summary.rankErrorBound < 0.02, "\(sample): \(summary.rankErrorBound)")
      #expect(summary.quantile(0) == sorted[0] && summary.quantile(1) == sorted[19_999])
    }
  }

  @Test(arguments: Sample.all)
  func `merged summaries stay within their bound`(sample: Sample) {
    let values = sample.values(20_000)
    for parts in [2, 7, 40] {
      var merged = RankSummary(exactLimit: 2_048, capacity: 256)
      for part in 0..<parts {
        let range = part * 20_000 / parts..<(part + 1) * 20_000 / parts
        merged.merge(Self.summary(Array(values[range])))
      }
      #expect(merged.count == 20_000)
      let error = Self.greatestRankError(merged, values.sorted())
      #expect(Double(error) <= merged.rankErrorBound * 20_000, "\(sample), \(parts) parts")
      #expect(merged.rankErrorBound < 0.03, "\(merged.rankErrorBound)")
    }
  }

  @Test(arguments: Sample.all)
  func `quantiles never fall`(sample: Sample) throws {
    for count in [100, 20_000] {
      let summary = Self.summary(sample.values(count))
      let quantiles = try #require(summary.quantiles((0...500).map { Double($0) / 500 }))
      #expect(zip(quantiles, quantiles.dropFirst()).allSatisfy { $0 <= $1 })
    }
  }

  @Test func `memory beyond the limit is bounded`() {
    let summary = Self.summary(Distribution.normal.sample(100_000, seed: 1))
    let held = summary.pending.count + summary.levels.reduce(0) { $0 + $1.count }
    #expect(held <= 2_048 + 2 * 256 * summary.levels.count)
    #expect(summary.levels.count <= 9)
  }

  @Test func `decoding gives back a compacted summary`() throws {
    let summary = Self.summary(Distribution.normal.sample(30_000, seed: 2))
    let bytes = summary.encoded()
    let decoded = try RankSummary(decoding: bytes)
    #expect(decoded == summary)
    #expect(decoded.quantile(0.3) == summary.quantile(0.3))
  }

  @Test func `what is no number is skipped`() {
    let summary = Self.summary([.nan, 1, .infinity, -.infinity])
    #expect(summary.count == 1)
    #expect(summary.maximum == 1)
  }

  @Test(arguments: [10, 5_000, 20_000])
  func `sorting by radix is sorting`(count: Int) {
    var generator = SeededGenerator(seed: UInt64(count))
    var values = (0..<count).map { _ in Double(bitPattern: generator.next()) }.filter(\.isFinite)
    values += [
      0, .leastNonzeroMagnitude, -.leastNonzeroMagnitude, 1, -1, .greatestFiniteMagnitude,
      -.greatestFiniteMagnitude,
    ]
    var sorted = values
    RadixSort.sort(&sorted)
    #expect(sorted == values.sorted())
    let twice = values + values
    let order = RadixSort.order(of: twice)
    #expect(order == twice.indices.sorted { (twice[$0], $0) < (twice[$1], $1) })
  }
}
