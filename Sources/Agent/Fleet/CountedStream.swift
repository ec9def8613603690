internal import Ingest
internal import Monitoring

/// One stream of a fleet's as its member counts it: for each monitor, and read once for all.
final class CountedStream {
  /// What counts it for each monitor, in their order.
  let counters: [StreamCounter]
  /// What reads it for all; `nil` where the only monitor does so itself.
  private let shared: SharedStreams?

  /// Counts a stream from its place on, which its counters say.
  ///
  /// - Parameters:
  ///   - source: The stream, whose lines have places.
  ///   - term: When it was given to this member.
  ///   - plans: What is computed, at least one.
  ///   - options: Batches.
  init(
    _ source: any EventSource,
    term: FleetTerm,
    _ plans: [Plan],
    _ options: PipelineOptions
  ) {
    guard plans.count > 1 else {
      shared = nil
      counters = plans.map { StreamCounter(source, term: term, $0, options) }
      return
    }
    let shared = SharedStreams([source], groups: .none, rowsPerBatch: options.batch, workers: 1)
    self.shared = shared
    counters = plans.map { plan in
      // One source goes in, so one comes out.
      let own = shared.addReader(plan).sources.first ?? source
      return StreamCounter(own, term: term, plan, options, drains: true)
    }
  }

  /// Reads on for all monitors, where several read it; of use when all have counted what they had.
  ///
  /// - Parameter limit: About how many bytes at most.
  /// - Returns: How many were read.
  func read(upTo limit: Int) -> Int {
    guard let shared else { return 0 }
    shared.observe(clocks: [counters.compactMap(\.position.clock).max()])
    return shared.read(upTo: limit)
  }

  /// Whether there is more to count at once.
  var isReadable: Bool {
    shared?.withStreams(\.isReadable) ?? false || counters.contains(where: \.isReadable)
  }
}
