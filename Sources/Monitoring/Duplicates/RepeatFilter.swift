internal import Expressions
public import Specification

/// What is known of held events once they were decided on.
public struct SiftedEvents: Sendable, Equatable {
  /// The first ones of their ids, in the order in which they were decided on.
  public internal(set) var counted: [HeldEvent] = []
  /// Those whose id and version came before.
  public internal(set) var repeats: [HeldEvent] = []
}

/// Tells the first events of their ids from those that repeat them, where repeats are dropped.
public struct RepeatFilter: Sendable {
  private var recent: RecentIDs
  /// How many were repeats so far.
  public private(set) var repeats = 0
  /// The bytes of held lines beyond which some are decided on early.
  private let byteLimit: Int
  /// How many were decided on before all had come that could be earlier.
  public private(set) var hurried = 0

  /// `nil` where the monitor drops none.
  public init?(_ monitor: Monitor, byteLimit: Int = HeldEvents.byteLimit) {
    guard let duplicates = monitor.prediction.duplicates, duplicates.drops else { return nil }
    self.byteLimit = byteLimit
    recent = RecentIDs(horizon: duplicates.horizon.nanoseconds, limit: monitor.limits.pending)
  }

  /// Decides on what a counter holds, and lets it count what is no repeat.
  ///
  /// - Parameters:
  ///   - time: Those that are due before it, in nanoseconds since 1970; `nil` for all.
  ///   - counter: What holds them.
  public mutating func release<Counter: EventCounter & ~Copyable>(
    before time: Int64?,
    from counter: inout Counter
  ) {
    var held = counter.takeHeld(before: time)
    if counter.heldBytes > byteLimit {
      let rest = counter.takeHeld(before: nil)
      hurried += rest.count
      held += rest
    }
    guard !held.isEmpty else { return }
    let sifted = recent.sift(held)
    repeats += sifted.repeats.count
    counter.count(sifted.counted)
  }
}

extension RecentIDs {
  /// Tells the first events of their ids from those that repeat them.
  ///
  /// - Parameter held: Events of which none is due before those of an earlier call, in any order.
  /// - Returns: Both kinds.
  mutating func sift(_ held: [HeldEvent]) -> SiftedEvents {
    var sifted = SiftedEvents()
    for event in held.sorted() {
      if insert(event.id, version: event.version, at: max(event.due, newest)) {
        sifted.repeats.append(event)
      } else {
        sifted.counted.append(event)
      }
    }
    return sifted
  }
}
