/// What is known of a source's stream before a batch: what placing its rows depends on.
///
/// It is handed from batch to batch in the order of the stream, whichever worker counts them, so
/// that which events are late does not depend on threads or batch sizes.
public struct StreamPosition: Sendable, Equatable {
  /// The largest event time that was accepted, in nanoseconds since 1970; `nil` before the first.
  public var clock: Int64?
  /// Whether a second event has agreed with the clock: a first event alone may be of a bad clock.
  ///
  /// Until then nothing is closed, and an event far from it sets the clock anew.
  public var isClockConfirmed = false
  /// The lines before the batch.
  public var lines = 0
  /// The predictions that were accepted.
  public var events = 0
  /// How many predictions in a row were refused because they were too far ahead.
  public var farFutureRun = 0
  /// The last pane that was judged; an event in it or before it is late.
  ///
  /// The stream's own clock says so first, except where the stream was idle and did not hold it.
  public var closedPane: Int?

  /// The start of a stream.
  public init() {}

  /// The event times that are counted, in nanoseconds since 1970: the years 1824 to 2116.
  ///
  /// Sums and differences of two of them are representable; others are `time_invalid`.
  public static let usableTimes: ClosedRange<Int64> = -(1 << 62)...(1 << 62) - 1

  /// After so many events in a row far ahead of the clock, the stream is believed to have moved on.
  ///
  /// A handful of bad clocks never closes a window; a real gap costs this many dead letters.
  public static let farFutureRunLimit = 100
}
