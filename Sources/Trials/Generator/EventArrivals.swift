internal import Expressions

/// When the events of a described stream come.
///
/// A Poisson process whose rate varies is one of the greatest rate of which each event is kept with
/// the probability rate/greatest rate.
///
/// - **Source**: Lewis, Shedler, "Simulation of nonhomogeneous Poisson processes by thinning", Naval
///   Research Logistics Quarterly 26 (1979).
struct EventArrivals {
  private let specification: StreamSpecification
  /// The start of the random numbers that say when events come.
  private let purpose: UInt64
  /// The changes of the rate that happen.
  private let rateChanges: [(change: StreamChange, factor: Double)]
  /// Candidates a second: no rate is greater.
  private let candidateRate: Double
  /// The candidate that is looked at next.
  private var candidate = 0
  /// Nanoseconds since the start at which the last candidate stood.
  private var elapsed = 0.0
  /// What an even stream has saved up towards its next event.
  private var credit = 0.0

  /// The start of a stream.
  ///
  /// - Parameters:
  ///   - specification: The stream.
  ///   - without: Names of changes that do not happen.
  init(_ specification: StreamSpecification, without: Set<String>) {
    self.specification = specification
    purpose = Draws.purpose("arrivals", seed: specification.seed)
    rateChanges = specification.rateChanges.filter { !without.contains($0.change.name) }
    // Left-out changes count here, so that candidates are the same with and without them.
    candidateRate = specification.greatestRate
  }

  /// The next event's number and time; `nil` where it would be as late as a limit.
  mutating func next(before limit: Int64) -> (event: Int, time: Int64)? {
    guard candidateRate > 0 else { return nil }
    let length = Double(specification.duration.nanoseconds)
    while true {
      let number = candidate
      candidate += 1
      var draws = Draws(purpose, event: number)
      // An even stream's events stand in the middle of their shares of time.
      let gap = specification.rate.isEven ? (number == 0 ? 0.5 : 1) : draws.exponential()
      elapsed += gap / candidateRate * 1e9
      guard elapsed < length else { return nil }
      let exact = specification.start + Int64(elapsed)
      let time = exact - exact % 1_000_000
      guard time < limit else { return nil }
      let share = rate(at: time) / candidateRate
      if specification.rate.isEven {
        credit += share
        // Shares of a third add up to a little less than 1.
        guard credit >= 1 - 1e-9 else { continue }
        credit -= 1
        return (number, time)
      }
      if draws.uniform() < share { return (number, time) }
    }
  }

  private func rate(at time: Int64) -> Double {
    var rate = specification.rate.perSecond * specification.rate.season.factor(at: time)
    for (change, factor) in rateChanges {
      rate *= 1 + (factor - 1) * change.strength(at: time)
    }
    return rate
  }
}
