internal import Events
internal import Expressions
internal import Specification

/// Where an objective's events are read and counted.
struct BudgetCounting: Sendable {
  /// The columns that `good` reads.
  let goodSlots: [Int]
  /// The columns that `valid` reads.
  let validSlots: [Int]
  /// Where its counts start in a pane's.
  let base: Int
  /// Whether it judges requests and not their rows.
  let isOfRequest: Bool

  /// How many counts an objective has.
  static let width = 3

  var good: Int { base }
  /// The events that are not good, the unjudged ones among them.
  var bad: Int { base + 1 }
  /// The bad events for which `good` was unknown.
  var unjudged: Int { base + 2 }
}

/// What an event is to an objective, a byte a row: the truth of `good`, or that it does not count.
enum BudgetOutcome {
  static let bad = Truth.no
  /// Bad, too, since nobody knows that it is good.
  static let unjudged = Truth.unknown
  static let good = Truth.yes
  /// The event is not valid.
  static let uncounted = Truth.yes + 1
}

/// Counting good and bad events.
extension Shard {
  /// Counts the runs of a batch for every objective.
  ///
  /// - Parameters:
  ///   - runs: The rows.
  ///   - requests: Those of them that stand for a request each.
  ///   - chunk: The bytes that were decoded.
  mutating func countBudgets(
    _ runs: [CountingRun],
    _ requests: [CountingRun],
    _ chunk: UnsafeRawBufferPointer
  ) {
    for (slo, counting) in zip(plan.monitor.slos, plan.budgets) {
      unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: batch.columns.rowCount) {
        outcomes in
        guard let base = outcomes.baseAddress else { return }
        unsafe base.initialize(repeating: BudgetOutcome.bad, count: batch.columns.rowCount)
        unsafe judge(slo, counting, chunk, into: base)
        for run in counting.isOfRequest ? requests : runs { unsafe count(base, counting, run) }
      }
    }
  }

  /// Judges every row: each gets a `BudgetOutcome`.
  private func judge(
    _ slo: SLOSpecification,
    _ counting: BudgetCounting,
    _ chunk: UnsafeRawBufferPointer,
    into outcomes: UnsafeMutablePointer<UInt8>
  ) {
    let rows = batch.columns.rowCount
    let goodColumns = unsafe counting.goodSlots.map { unsafe batch.columns.cells($0) }
    unsafe slo.good.judge(columns: goodColumns, rowCount: rows, chunk: chunk, into: outcomes)
    guard let valid = slo.valid else { return }
    let validColumns = unsafe counting.validSlots.map { unsafe batch.columns.cells($0) }
    unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: rows) { mask in
      guard let base = mask.baseAddress else { return }
      unsafe base.initialize(repeating: 0, count: rows)
      unsafe valid.evaluate(columns: validColumns, rowCount: rows, chunk: chunk, into: base)
      for row in 0..<rows where unsafe base[row] == 0 {
        unsafe outcomes[row] = BudgetOutcome.uncounted
      }
    }
  }

  private mutating func count(
    _ outcomes: UnsafeMutablePointer<UInt8>,
    _ counting: BudgetCounting,
    _ run: CountingRun
  ) {
    var good = 0
    var unjudged = 0
    var uncounted = 0
    if placed.isContiguous, run.rows.count == batch.columns.rowCount {
      for row in 0..<run.rows.count {
        let outcome = unsafe outcomes[row]
        good += outcome == BudgetOutcome.good ? 1 : 0
        unjudged += outcome == BudgetOutcome.unjudged ? 1 : 0
        uncounted += outcome == BudgetOutcome.uncounted ? 1 : 0
      }
    } else {
      for index in run.rows {
        let outcome = unsafe outcomes[Int(scratch.order[index])]
        good += outcome == BudgetOutcome.good ? 1 : 0
        unjudged += outcome == BudgetOutcome.unjudged ? 1 : 0
        uncounted += outcome == BudgetOutcome.uncounted ? 1 : 0
      }
    }
    unsafe counted.open[run.pane].groups[run.group].sums.counts.withUnsafeMutableBufferPointer {
      counts in
      guard let base = counts.baseAddress else { return }
      unsafe base[counting.good] += UInt64(good)
      unsafe base[counting.bad] += UInt64(run.rows.count - good - uncounted)
      unsafe base[counting.unjudged] += UInt64(unjudged)
    }
  }
}
