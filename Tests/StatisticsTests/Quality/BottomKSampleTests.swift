import Foundation
import TestSupport
import Testing

@testable import Statistics

/// A sample of a pane of a size that is kept.
@Suite struct BottomKSampleTests {
  private typealias Candidate = BottomKSample.Candidate

  private static func candidates(
    _ random: inout SeededGenerator,
    count: Int,
    _ weight: (Int) -> Double
  ) -> [Candidate] {
    // Every fifth is of a segment, which its id tells.
    (0..<count).map {
      Candidate(hash: random.next(), weight: weight($0), id: $0 % 5 == 0 ? 1 : 0)
    }
  }

  @Test func `the sample is the k smallest ranks, and the next one gives each its chance`() {
    let step = UInt64(1) << 60  // a sixteenth of all hashes
    let candidates = [
      Candidate(hash: 8 * step, weight: 1, id: 1),  // rank 1/2
      Candidate(hash: 4 * step, weight: 0.4, id: 2),  // 5/8
      Candidate(hash: 8 * step, weight: 4, id: 3),  // 1/8
      Candidate(hash: 12 * step, weight: 1, id: 4),  // 3/4
    ]
    let sample = BottomKSample(candidates, size: 2)
    #expect(sample.members.map(\.candidate.id) == [3, 1])
    #expect(abs(sample.threshold - 0.625) < 1e-12)
    #expect(sample.members[0].inclusion == 1)
    #expect(abs(sample.members[1].inclusion - 0.625) < 1e-12)
    #expect(sample.population == 4)
  }

  @Test func `as many candidates as asked for, or fewer, are all sampled for sure`() {
    let few = (0..<3).map { Candidate(hash: UInt64($0) << 60, weight: 1, id: UInt64($0)) }
    for size in [3, 5] {
      let sample = BottomKSample(few, size: size)
      #expect(sample.members.map(\.inclusion) == [1, 1, 1])
      #expect(sample.threshold == .infinity)
    }
    #expect(BottomKSample(few, size: 0).members.isEmpty)
    #expect(BottomKSample(size: 3).members.isEmpty)
  }

  @Test func `equal ranks are told apart by hash, then by id`() {
    let same = [3, 1, 2].map { Candidate(hash: 77, weight: 2, id: $0) }
    #expect(BottomKSample(same, size: 2).members.map(\.candidate.id) == [1, 2])
    // Both hashes are in one step of 2⁵³.
    let near = [(78, 1), (77, 2)].map { Candidate(hash: $0, weight: 2, id: $1) }
    #expect(near[0].rank == near[1].rank)
    #expect(BottomKSample(near, size: 1).members.map(\.candidate.id) == [2])
  }

  @Test func `no order and no split of the candidates changes the sample`() {
    var random = SeededGenerator(seed: 31)
    let all = Self.candidates(&random, count: 300) { Double($0 % 7 + 1) }
    let sample = BottomKSample(all, size: 20)
    #expect(BottomKSample(all.shuffled(using: &random), size: 20) == sample)
    for cut in [0, 1, 150, 299, 300] {
      var part = BottomKSample(all[..<cut], size: 20)
      part.merge(BottomKSample(all[cut...], size: 20))
      #expect(part == sample, "cut at \(cut)")
    }
  }

  @Test func `what was kept goes on as if nothing had been`() throws {
    var random = SeededGenerator(seed: 34)
    let all = Self.candidates(&random, count: 60) { Double($0 % 7 + 1) }
    for count in [0, 10, 11, 40] {
      var sample = BottomKSample(all[..<count], size: 10)
      var restored = try #require(
        BottomKSample(size: 10, population: count, first: sample.first)
      )
      #expect(restored == sample)
      for candidate in all[count...] {
        sample.insert(candidate)
        restored.insert(candidate)
      }
      #expect(restored == sample)
    }
    let first = BottomKSample(all, size: 10).first
    #expect(BottomKSample(size: 10, population: 60, first: first.reversed()) == nil)
    #expect(BottomKSample(size: 9, population: 60, first: first) == nil)
    #expect(BottomKSample(size: 10, population: 60, first: Array(first.dropLast())) == nil)
    let more = BottomKSample(all, size: 20).first
    #expect(BottomKSample(size: 10, population: more.count, first: more) == nil)
    #expect(BottomKSample(size: 10, population: -1, first: []) == nil)
  }

  @Test func `the inverse chances add up to the population, also when sizes and weights change`() {
    var random = SeededGenerator(seed: 32)
    var (sum, segment) = (0.0, 0.0)
    let replays = 400
    for _ in 0..<replays {
      // Three panes; an alert before the second raises a segment's weight, the budget shrinks.
      for (size, raised) in [(40, 1.0), (25, 6), (10, 6)] {
        let candidates = Self.candidates(&random, count: 300) { index in
          (index % 5 == 0 ? raised : 1) * (0.5 + Double(index % 3))
        }
        for member in BottomKSample(candidates, size: size).members {
          sum += 1 / member.inclusion
          if member.candidate.id != 0 { segment += 1 / member.inclusion }
        }
      }
    }
    let population = sum / Double(replays)
    #expect(abs(population / 900 - 1) < 0.02, "\(population)")
    let part = segment / Double(replays)
    #expect(abs(part / 180 - 1) < 0.02, "\(part)")
  }
}

/// The interval of a mean loss from a bottom-k sample of 200.
@Suite struct BottomKCoverageTests {
  /// 2,000 replays with LEEWAY_SOAK, else a fifth as many of smaller windows.
  private static let isSoak = ProcessInfo.processInfo.environment["LEEWAY_SOAK"] != nil
  private static let replays = isSoak ? 2000 : 400
  private static let count = isSoak ? 5000 : 1000

  @Test(arguments: [0.3, 0.05, 0.01], [false, true])
  func `the interval of a sample of 200 holds the rate in 94 % and more`(
    rate: Double,
    isShifted: Bool
  ) throws {
    var random = SeededGenerator(seed: 33)
    var window = SampledWindow(&random, count: Self.count, rate: rate, isShifted: isShifted)
    var (held, width, normalWidth, bias) = (0, 0.0, 0.0, 0.0)
    for replay in 0..<Self.replays {
      if replay % 40 == 0 {
        window = SampledWindow(
          &random,
          count: Self.count,
          rate: rate,
          isShifted: isShifted
        )
      }
      let sample = window.bottomKSample(&random)
      let interval = try #require(sample.estimate().interval)
      let mean = try #require(sample.difference)
      if interval.contains(window.rate) { held += 1 }
      width += interval.upperBound - interval.lowerBound
      normalWidth += 2 * 1.959963984540054 * mean.variance.squareRoot()
      bias += (mean.value - window.rate) / Double(Self.replays)
    }
    #expect(Double(held) >= 0.94 * Double(Self.replays), "\(held) of \(Self.replays)")
    #expect(abs(bias) < 0.05 * rate, "\(bias)")
    if rate == 0.3 { #expect(width <= 1.3 * normalWidth, "\(width / normalWidth)") }
  }
}
