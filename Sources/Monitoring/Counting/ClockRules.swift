internal import Events
internal import Expressions
public import Specification

/// What a stream's clock goes by: the monitor's `lateness` and `future`, and how wide panes are.
public struct ClockRules: Sendable, Equatable {
  /// How much later than others an event may come, in nanoseconds.
  public var lateness: Int64
  /// How far ahead of the clock an event may be without waiting for others, in nanoseconds.
  public var future: Int64
  /// The width of a pane in nanoseconds; `nil` where panes are so many events: nothing is late.
  public var paneWidth: Int64?

  /// Rules of their parts.
  public init(lateness: Int64, future: Int64, paneWidth: Int64?) {
    self.lateness = lateness
    self.future = future
    self.paneWidth = paneWidth
  }

  /// What the clock of a reference's stream goes by, in which nothing is late.
  public init(ofReference monitor: Monitor) {
    self.init(
      lateness: monitor.lateness.nanoseconds,
      future: monitor.future.nanoseconds,
      paneWidth: nil
    )
  }

  /// How far one event alone moves the clock.
  var reach: Int64 { lateness }

  /// How long after its end, by the stream's clock, a pane is complete.
  ///
  /// A producer that is ahead by less than the reach moves the clock by less than that: with the
  /// reach added, others keep all of the lateness.
  var patience: Int64 { lateness > Int64.max / 2 ? .max : lateness + reach }

  /// Whether the pane of a time is complete when the clock stands at another.
  func isOver(_ time: Int64, at clock: Int64) -> Bool {
    guard let paneWidth, clock - time > patience else { return false }
    return clock - (floorDivide(time, paneWidth) + 1) * paneWidth >= patience
  }
}

extension Plan {
  /// What a stream's clock goes by.
  public var clockRules: ClockRules {
    ClockRules(
      lateness: monitor.lateness.nanoseconds,
      future: monitor.future.nanoseconds,
      paneWidth: paneWidth
    )
  }
}
