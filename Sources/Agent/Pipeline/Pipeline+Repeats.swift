internal import Monitoring

/// Where repeats are dropped: between rounds, before panes are taken.
extension Pipeline {
  /// Decides on the events that workers hold, and counts those that are no repeats.
  ///
  /// - Parameter time: Those that are due before it, in nanoseconds since 1970; `nil` for all.
  mutating func releaseHeld(before time: Int64?) {
    guard plan.dropsRepeats else { return }
    let held = crew.takeHeld(before: time)
    guard !held.events.isEmpty else { return }
    let sifted = engine.sift(held.events, hurried: held.hurried)
    engine.note(crew.count(sifted))
  }
}
