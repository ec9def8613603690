internal import Expressions

/// Writes the events of a described stream, one line after the other, in order of time.
///
/// Memory does not depend on the stream's length. The lines depend on the description, the changes
/// that are left out, and nothing else; an event that a left-out change does not touch is the same
/// with and without it.
///
/// - **Complexity**: O(fields) an event.
public struct StreamGenerator {
  private let specification: StreamSpecification
  private let layout: EventLayout
  private var sampler: EventSampler
  private let times: Range<Int64>
  /// The start of the random numbers that say when events come.
  private let purpose: UInt64
  /// The changes of the rate, and those that are left out.
  private let rateChanges: [(change: StreamChange, factor: Double)]
  /// Candidates a second: no rate is greater.
  private let candidateRate: Double
  /// The candidate that is looked at next.
  private var candidate = 0
  /// Nanoseconds since the start at which the last candidate stood.
  private var elapsed = 0.0
  /// What an even stream has saved up towards its next event.
  private var credit = 0.0
  /// Events written so far.
  public private(set) var events = 0

  /// The start of a stream.
  ///
  /// - Parameters:
  ///   - specification: The stream.
  ///   - without: Names of changes that do not happen.
  ///   - times: Events outside are left out; nanoseconds since 1970. `nil` for all.
  public init(
    _ specification: StreamSpecification,
    without: Set<String> = [],
    times: Range<Int64>? = nil
  ) {
    self.specification = specification
    layout = EventLayout(specification)
    sampler = EventSampler(specification, without: without)
    let all = specification.start..<specification.end
    self.times = times.map { $0.clamped(to: all) } ?? all
    purpose = Draws.purpose("arrivals", seed: specification.seed)
    rateChanges = specification.rateChanges.filter { !without.contains($0.change.name) }
    // Left-out changes count here, so that candidates are the same with and without them.
    candidateRate = specification.greatestRate
  }

  /// Appends the next event as a line.
  ///
  /// - Parameter line: Receives the line with its end.
  /// - Returns: Whether there was one; the stream has ended when not.
  public mutating func next(into line: inout [UInt8]) -> Bool {
    while let (event, time) = nextEvent() {
      guard time >= times.lowerBound else { continue }
      sampler.draw(event: event, time: time)
      layout.write(sampler, event: event, time: time, to: &line)
      events += 1
      return true
    }
    return false
  }

  /// The next event's number and time.
  ///
  /// A Poisson process whose rate varies is one of the greatest rate of which each event is kept
  /// with the probability rate/greatest rate.
  ///
  /// - **Source**: Lewis, Shedler, "Simulation of nonhomogeneous Poisson processes by thinning",
  ///   Naval Research Logistics Quarterly 26 (1979).
  private mutating func nextEvent() -> (event: Int, time: Int64)? {
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
      guard time < times.upperBound else { return nil }
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
