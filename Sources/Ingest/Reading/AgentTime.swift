internal import Glibc

/// The agent's own clocks at a moment; `run` alone has them.
public struct AgentTime: Sendable, Equatable {
  /// For how long things take: never set, in nanoseconds.
  public var monotonic: Int64
  /// The time of day, in nanoseconds since 1970.
  public var wall: Int64

  /// A moment.
  public init(monotonic: Int64, wall: Int64) {
    self.monotonic = monotonic
    self.wall = wall
  }

  /// This moment.
  public static var now: AgentTime {
    var time = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &time)
    let wall = Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    return AgentTime(monotonic: monotonicNanoseconds(), wall: wall)
  }
}
