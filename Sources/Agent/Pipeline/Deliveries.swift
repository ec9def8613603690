internal import Ingest
internal import Monitoring

/// When live streams delivered what, by the agent's clocks.
struct Deliveries {
  /// How long after their times each stream's events come.
  private var delays: [DeliveryDelay]
  /// The predictions that were heard so far.
  private var heard = 0
  /// When one last came, on the monotonic clock; `nil` before the first.
  private var heardAt: Int64?
  /// The agent's clock at the first round.
  private var startedAt: Int64?
  /// Whether an earlier process has heard events.
  private var isResumed = false

  init(streams: Int) {
    delays = Array(repeating: DeliveryDelay(), count: streams)
  }

  /// Takes note of one more stream.
  mutating func addStream() { delays.append(DeliveryDelay()) }

  /// Goes on where another process has heard events: it is since this one began that none has come.
  mutating func resume() { isResumed = true }

  /// For how long no event has come, in nanoseconds; `nil` before the first.
  func silence(_ now: AgentTime) -> Int64? { heardAt.map { now.monotonic - $0 } }

  /// By how much longer than others' windows those of some streams stay open.
  func allowance(of streams: [Int]) -> Int64 { streams.map { delays[$0].allowance }.max() ?? 0 }

  /// Takes note of what came in a round, and counts what waits in quiet streams.
  ///
  /// An event that the agent's clock says is not in the future is not ahead: the window that it is in
  /// may be about to end.
  ///
  /// - Parameters:
  ///   - crew: What reads the streams.
  ///   - open: The streams that have not ended.
  ///   - quiet: Those of them that deliver nothing.
  ///   - now: The agent's clocks.
  ///   - plan: What is computed.
  mutating func observe(
    _ crew: Crew,
    open: Set<Int>,
    quiet: Set<Int>,
    _ now: AgentTime,
    _ plan: Plan
  ) {
    let start = startedAt ?? now.wall
    startedAt = start
    if isResumed {
      heardAt = now.monotonic
      isResumed = false
    }
    for index in delays.indices {
      if let earliest = crew.takeEarliest(of: index) {
        delays[index].observe(earliest: earliest, now: now.wall, start: start)
      }
      guard open.contains(index), quiet.contains(index) else { continue }
      delays[index].endDelivery()
      crew.settle(index) { $0.settle(upTo: now.wall, plan) }
    }
    let before = heard
    heard = crew.positions.reduce(0) { $0 + $1.heard }
    if heard > before { heardAt = now.monotonic }
  }
}
