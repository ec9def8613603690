import Statistics
import TestSupport
import Testing

@Suite struct ReferenceSharesTests {
  @Test func `whole samples keep their counts`() throws {
    let counts: [UInt64] = [3, 0, 17, 1, 0, 979, 0]
    let shares = try #require(ReferenceShares(counts: counts))
    #expect(shares.counts == counts)
    #expect(shares.size == 1000)
    #expect(ReferenceShares(counts: [0, 0]) == nil)
  }

  /// By hand: shares (1·2 + ½·2)/(1·4 + ½·4) and (1·2 + ½·2)/6; (4 + 2)²/(4 + 1) = 7.2.
  @Test func `half an hour counts half and is worth less`() throws {
    let shares = try #require(ReferenceShares(weighted: [(1, [2, 2]), (0.5, [2, 2])]))
    #expect(shares.shares == [0.5, 0.5])
    #expect(abs(shares.size - 7.2) < 1e-12)
  }

  @Test(arguments: [UInt64(1), 2, 3, 4])
  func `running sums of counts are those of the shares to one event`(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let counts = (0..<300).map { _ in random.next() % 50 }
    var shares = try #require(ReferenceShares(counts: counts))
    shares.size = Double(100 + random.next() % 1000)
    var exact = 0.0
    var rounded = 0.0
    for (share, count) in zip(shares.shares, shares.counts) {
      exact += share * shares.size
      rounded += Double(count)
      #expect(abs(exact - rounded) <= 0.5 + 1e-6, "seed \(seed)")
    }
    #expect(rounded == shares.size.rounded())
  }

  @Test func `a part like its pool is drawn by the full strength, one unlike it hardly`() throws {
    let pool = try #require(ReferenceShares(counts: [5000, 3000, 2000]))
    let alike = try #require(ReferenceShares(counts: [51, 29, 20]))
    let drawn = ReferenceShares.shrunk(alike, toward: pool, strength: 200, bins: [1, 2, 3])
    #expect(drawn.size == 100)
    #expect(abs(drawn.shares[0] - (0.51 * 100 + 0.5 * 200) / 300) < 1e-12)
    let unlike = try #require(ReferenceShares(counts: [0, 100, 900]))
    let kept = ReferenceShares.shrunk(unlike, toward: pool, strength: 200, bins: [1, 2, 3])
    #expect(kept.size == 1000)
    #expect(abs(kept.shares[2] - 0.9) < 0.002)
  }

  @Test func `a pool of few events draws no more than it has`() throws {
    let pool = try #require(ReferenceShares(counts: [2, 2]))
    let part = try #require(ReferenceShares(counts: [3, 1]))
    let drawn = ReferenceShares.shrunk(part, toward: pool, strength: 200, bins: [1, 2])
    #expect(abs(drawn.shares[0] - (3.0 + 2) / 8) < 1e-12)
  }

  /// By hand: r = .25·(.5, .5) + .75·(.1, .9) = (.2, .8); Kish 1/(.0625/100 + .5625/400) = 492.3;
  /// V = .0625/100·(.25/.2 + .25/.8) + .5625/400·(.09/.2 + .09/.8) = .0017676, 1/V = 565.7.
  @Test func `a mix has the window's shares of strata and an honest size`() throws {
    let first = try #require(ReferenceShares(counts: [50, 50]))
    let second = try #require(ReferenceShares(counts: [40, 360]))
    let mixed = try #require(ReferenceShares.mixed([(10, first), (30, second)]))
    #expect(abs(mixed.shares[0] - 0.2) < 1e-12)
    #expect(abs(mixed.size - 1 / (0.0625 / 100 + 0.5625 / 400)) < 1e-9)
    // Nearly all of the first bin comes from few events.
    let rare = try #require(ReferenceShares(counts: [5, 5]))
    let common = try #require(ReferenceShares(counts: [0, 100_000]))
    let uneven = try #require(ReferenceShares.mixed([(1, rare), (9, common)]))
    let variance = 0.01 * 0.25 / 10
    #expect(abs(uneven.size - 0.05 * 0.95 / variance) < 1e-6)
    #expect(uneven.size < 1 / (0.01 / 10 + 0.81 / 100_000))
    #expect(ReferenceShares.mixed([(0, rare)]) == nil)
  }

  @Test func `the counts of a sample are rounded halves away from 0`() throws {
    for counts in [[1, 1], [1, 0, 2, 1], [7, 5, 3, 1, 0, 0, 1], [1 << 54, 3]] as [[UInt64]] {
      for weight in [0.5, 1, 1.5, 0.3] {
        let shares = try #require(ReferenceShares(weighted: [(weight, counts), (0.5, counts)]))
        let total = max(1, shares.size.rounded())
        var (sum, before) = (0.0, 0.0)
        let expected = shares.shares.map { share in
          sum += share
          let end = max(before, (min(sum, 1) * total).rounded())
          defer { before = end }
          return UInt64(end - before)
        }
        #expect(shares.counts == expected, "\(counts) weight \(weight)")
      }
    }
  }

  @Test func `a mix of strata with one bin is worth what Kish says`() throws {
    let one = try #require(ReferenceShares(counts: [100]))
    let other = try #require(ReferenceShares(counts: [300]))
    let mix = try #require(
      ReferenceShares.mixed([(weight: 1, reference: one), (weight: 1, reference: other)])
    )
    #expect(abs(mix.size - 300) < 1e-9)
  }
}
