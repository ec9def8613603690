import Testing

@testable import Statistics
import TestSupport

@Suite struct BudgetTests {
  private static let hour: Int64 = 3_600
  private static let day: Int64 = 86_400

  // MARK: The table

  /// Sloth's factor `percent · period in hours / 100 / long window in hours`
  /// (`internal/alert/window.go`) of its windows of `google-30d.yaml` and `google-28d.yaml`.
  private static let factors: [(days: Int64, factors: [Double])] = [
    (30, [14.4, 6, 3, 1]), (28, [13.44, 5.6, 2.8, 28.0 * 24 * 10 / 100 / 72]),
  ]

  @Test(arguments: factors)
  func `the four tiers are Sloth's`(days: Int64, factors: [Double]) {
    let table = StandardBurnTier.table(period: days * Self.day, count: 4)
    #expect(table.map(\.long) == [Self.hour, 6 * Self.hour, Self.day, 3 * Self.day])
    #expect(table.map(\.short) == [300, 1_800, 2 * Self.hour, 6 * Self.hour])
    #expect(table.map(\.urgency) == [.page, .page, .ticket, .ticket])
    #expect(table.map(\.percent) == [2, 5, 10, 10])
    for (tier, factor) in zip(table, factors) {
      #expect(abs(tier.burnRate(period: days * Self.day) - factor) < 1e-12)
    }
  }

  @Test func `three tiers are the workbook's recommended ones`() {
    let table = StandardBurnTier.table(period: 30 * Self.day)
    #expect(table.map { $0.burnRate(period: 30 * Self.day) } == [14.4, 6, 1])
    #expect(table.map(\.long) == [Self.hour, 6 * Self.hour, 3 * Self.day])
  }

  @Test(arguments: [7, 14, 27, 32, 60, 90] as [Int64])
  func `the windows of other periods scale and the limits stay`(days: Int64) {
    let table = StandardBurnTier.table(period: days * Self.day, count: 4)
    for (tier, limit) in zip(table, [14.4, 6, 3, 1]) {
      #expect(relativeError(tier.burnRate(period: days * Self.day), limit) < 1e-3)
      #expect(tier.short < tier.long)
    }
  }

  @Test func `twelve hours have windows of seconds`() {
    let table = StandardBurnTier.table(period: 12 * Self.hour)
    #expect(table.map(\.long) == [60, 360, 4_320])
    #expect(table.map(\.short) == [5, 30, 360])
  }

  @Test func `a second's period has windows of a second and does not trap`() {
    #expect(
      StandardBurnTier.table(period: 1, count: 4).allSatisfy { $0.long == 1 && $0.short == 1 }
    )
  }

  // MARK: The budget

  @Test func `burn is the bad share over the budget`() throws {
    let budget = ErrorBudget(share: 0.001)
    #expect(budget.burnRate(bad: 0, of: 5) == 0)
    #expect(budget.burnRate(bad: 0, of: 0) == nil)
    #expect(budget.burnRate(bad: 144, of: 10_000) == 0.0144 / 0.001)
    #expect(budget.left(bad: 0, of: 10) == 1)
    #expect(budget.left(bad: 0, of: 0) == nil)
    #expect(try #require(budget.left(bad: 3, of: 1_000)) < -1.9)
  }

  @Test func `exhaustion is when what is left is spent`() {
    // Half of a 30-day budget at a burn rate of 14.4 lasts 25 hours.
    let seconds = ErrorBudget.timeToExhaustion(left: 0.5, burnRate: 14.4, period: 2_592_000)
    #expect(seconds == 90_000)
    #expect(ErrorBudget.timeToExhaustion(left: -0.1, burnRate: 14.4, period: 1) == 0)
    #expect(ErrorBudget.timeToExhaustion(left: 0, burnRate: 0, period: 1) == 0)
    #expect(ErrorBudget.timeToExhaustion(left: 0.5, burnRate: 0, period: 1) == nil)
  }

  // MARK: Wilson's interval

  @Test func `Wilson's intervals are those of SciPy and statsmodels`() throws {
    let table = try GoldenTable("wilson.csv")
    #expect(table.rows.count == 64)
    for row in table.rows {
      let interval = try #require(
        WilsonInterval(hits: Int(row[0]), of: Int(row[1]), confidence: row[2])
      )
      #expect(abs(interval.lower - row[3]) <= 1e-12, "\(row)")
      #expect(abs(interval.upper - row[4]) <= 1e-12, "\(row)")
    }
  }

  @Test func `no trials have no interval`() {
    #expect(WilsonInterval(hits: 0, of: 0) == nil)
    #expect(BurnGuard.interval(bad: 0, of: 0) == nil)
  }

  @Test func `one failure in ten events confirms nothing`() {
    let budget = ErrorBudget(share: 0.001)
    for limit in [14.4, 6, 3, 1, 0.1] {
      #expect(!BurnGuard.confirms(bad: 1, of: 10, beyond: limit, budget: budget))
      #expect(!BurnGuard.confirms(bad: 9, of: 9, beyond: limit, budget: budget))
    }
    #expect(BurnGuard.confirms(bad: 10, of: 10, beyond: 14.4, budget: budget))
  }

  @Test(arguments: [UInt64](1...3))
  func `the guard never confirms what is not beyond the limit`(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    for _ in 0..<2_000 {
      let events = 1 + Int(random.next() % 5_000)
      let bad = Int(random.next() % UInt64(events + 1))
      let budget = ErrorBudget(share: Double(1 + random.next() % 500) / 1_000)
      let limit = Double(random.next() % 200) / 10
      guard BurnGuard.confirms(bad: bad, of: events, beyond: limit, budget: budget) else {
        continue
      }
      let burn = budget.burnRate(bad: bad, of: events) ?? 0
      #expect(burn > limit, "seed \(seed): \(bad) of \(events), \(budget.share), \(limit)")
    }
  }
}
