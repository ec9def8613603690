import Testing

@testable import Monitoring
import TestSupport

@Suite struct BudgetWindowTests {
  private static let steps: [(panes: Int, step: Int)] = [
    (1, 1), (4_320, 1), (4_321, 2), (8_640, 2), (43_200, 10), (259_200, 60), (2_592_000, 600),
  ]

  @Test(arguments: steps)
  func `a bucket has the fewest panes that keep the buckets few`(panes: Int, step: Int) {
    #expect(BudgetWindow(panes: panes).step == step)
  }

  @Test(arguments: [UInt64](1...4))
  func `a window holds just the panes that it says it covers`(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    for size in [1, 5, 60, 4_320, 9_001, 50_000] {
      var window = BudgetWindow(panes: size)
      var panes: [(index: Int, counts: BudgetCounts)] = []
      var index = -5 * size
      for _ in 0..<400 {
        index += 1 + random.below(random.below(20) == 0 ? 2 * size : size / 50 + 2)
        let bad = random.below(4)
        let counts = BudgetCounts(
          good: random.below(5),
          bad: bad,
          unjudged: random.below(bad + 1)
        )
        panes.append((index, counts))
        window.add(counts, pane: index)
        let boundary = index + 1 + random.below(3)
        // Only boundaries before the next pane are asked for.
        index = boundary
        window.advance(to: boundary)
        let start = window.start(of: boundary)
        #expect(start <= boundary - size && start > boundary - size - window.step)
        var expected = BudgetCounts()
        for pane in panes where pane.index >= start && pane.index < boundary {
          expected += pane.counts
        }
        #expect(window.sums == expected, "size \(size), seed \(seed)")
        guard let departure = window.nextDeparture else {
          #expect(expected.events == 0)
          continue
        }
        let oldest = panes.first { $0.index >= start && $0.counts.events > 0 }?.index ?? .max
        #expect(window.start(of: departure) > oldest, "size \(size), seed \(seed)")
        #expect(window.start(of: departure - 1) <= oldest, "size \(size), seed \(seed)")
      }
    }
  }
}
