internal import Ingest
internal import Monitoring
package import Standing

/// A replay that is looked at: how fast it goes, and how it stands.
package struct LiveReplay: Sendable {
  /// How it stood when last looked at.
  package private(set) var snapshot: Snapshot?
  /// Whether all is read and judged.
  package private(set) var hasEnded = false
  /// Whether events are ahead of the time that may have passed.
  package private(set) var isAhead = false

  /// Event seconds a second; `nil`: as fast as it goes.
  private let speed: Double?
  private var standing = Standing()
  /// The event time and the time at which the pace began; anew after a halt.
  private var origin: (clock: Int64, now: Int64)?
  private var renewedAt: Int64?
  private var hasNews = true

  /// How often the picture is renewed, in nanoseconds.
  private static let interval: Int64 = 100_000_000

  /// A replay of which nothing was read yet.
  ///
  /// - Parameter speed: Event seconds a second; `nil`: as fast as it goes.
  package init(speed: Double?) {
    self.speed = speed
  }

  /// Forgets the pace: after a halt events go on where they were.
  package mutating func halt(now: Int64) {
    origin = nil
    isAhead = false
  }

  /// Reads on, as far as the speed allows.
  package mutating func advance(_ pipeline: inout Pipeline, now: Int64) {
    guard !hasEnded else { return }
    isAhead = lead(pipeline, now: now) > 0
    guard !isAhead else { return }
    hasNews = true
    if pipeline.hasEnded {
      repeat { standing.insert(pipeline.finish().engine) } while pipeline.hasBacklog
      hasEnded = true
      renewedAt = nil
    } else {
      standing.insert(pipeline.runRound().engine)
      if origin == nil { origin = pipeline.clock.map { ($0, now) } }
    }
  }

  /// Looks at how it stands, a few times a second.
  package mutating func renew(_ pipeline: borrowing Pipeline, now: Int64) {
    guard hasNews, renewedAt.map({ now - $0 >= Self.interval }) ?? true else { return }
    renewedAt = now
    hasNews = false
    snapshot = standing.snapshot(pipeline, hasEnded: hasEnded)
  }

  /// How long nothing is to be read, in milliseconds.
  package func pause(_ pipeline: borrowing Pipeline, now: Int64) -> Int {
    if isAhead { return Int(min(100, max(1, lead(pipeline, now: now) / 1_000_000))) }
    return pipeline.isQuiet ? 50 : 0
  }

  /// By how many nanoseconds events are ahead of the pace.
  private func lead(_ pipeline: borrowing Pipeline, now: Int64) -> Int64 {
    guard let speed, let origin, let clock = pipeline.clock else { return 0 }
    let due = Double(clock - origin.clock) / speed
    return Int64(min(due, 1e18)) - (now - origin.now)
  }
}
