/// How long after their times a live source's events come.
///
/// A source may hand on what it has every hour. Once it is quiet, windows must not end by the agent's
/// clock before what belongs to them can have come: they wait for as long as events of the last two
/// deliveries came after their times. What is older than the agent was waiting for it, and says
/// nothing of that.
package struct DeliveryDelay: Sendable, Equatable {
  /// The longest delay of the newest delivery, and of the one before it, in nanoseconds.
  private var newest: Int64 = 0
  private var before: Int64 = 0
  private var isQuiet = true

  /// Nothing delivered yet.
  package init() {}

  /// Takes note of a round in which the source delivered.
  ///
  /// - Parameters:
  ///   - earliest: The earliest time among its events.
  ///   - now: The agent's clock.
  ///   - start: The agent's clock when it started.
  package mutating func observe(earliest: Int64, now: Int64, start: Int64) {
    if isQuiet {
      before = newest
      newest = 0
      isQuiet = false
    }
    newest = max(newest, now - max(earliest, start))
  }

  /// Takes note of the source being quiet.
  package mutating func endDelivery() { isQuiet = true }

  /// How much longer than others' windows the source's stay open.
  package var allowance: Int64 { max(newest, before) }
}
