internal import Connectors
internal import Glibc
internal import Ingest
package import Monitoring
internal import Records

/// What a monitor computes, by a name of its own among those that are watched together.
package struct NamedPlan: Sendable {
  /// The name: that of its file, without the ending.
  package let name: String
  /// What is computed.
  package let plan: Plan

  /// A plan and its name.
  package init(_ name: String, _ plan: Plan) {
    self.name = name
    self.plan = plan
  }
}

/// The streams of a session, whoever reads them.
extension Session {
  /// Does something with the streams; of use between rounds.
  func withStreams<R: Sendable>(_ body: (inout StreamSet) -> R) -> R {
    guard let shared else { return watched[0].pipeline.crew.withStreams(body) }
    return shared.withStreams(body)
  }

  /// Waits until a stream or the given descriptor has something to read, or time has passed.
  ///
  /// - Parameters:
  ///   - descriptor: Such as that of signals.
  ///   - milliseconds: How long to wait at most.
  /// - Returns: Whether the descriptor has something.
  package func wait(for descriptor: Int32, milliseconds: Int32) -> Bool {
    guard !isHeld else {
      var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      return unsafe poll(&request, 1, Self.heldWait) > 0
    }
    let isAwaited = outputs.outbox?.patience != nil
    let milliseconds = isAwaited ? min(Self.heldWait, milliseconds) : milliseconds
    return withStreams { $0.wait(for: descriptor, milliseconds: milliseconds) }
  }

  /// How long to wait at most while records wait for a state or a cluster, in milliseconds.
  private static let heldWait: Int32 = 100

  /// Reads on for all monitors, where several read the same; to be called before their rounds.
  package func read() {
    guard let shared else { return }
    let clocks = watched.map { $0.pipeline.crew.positions.map(\.clock) }
    shared.observe(
      clocks: (0..<withStreams { $0.streams.count }).map { index in
        clocks.compactMap { $0[index] }.max()
      }
    )
    shared.withStreams { $0.allowGrowth(!watched.contains { $0.plan.countsEvents }) }
    shared.read()
    for one in watched {
      guard let reader = one.reader else { continue }
      for source in shared.sources(of: reader, from: one.pipeline.streamCount) {
        one.pipeline.add(source)
      }
    }
  }

  /// Whether a monitor has something to count or to judge that is at hand: the others wait for it.
  package func isBehind(_ one: Watched) -> Bool {
    shared != nil && (one.pipeline.hasBacklog || !one.pipeline.isQuiet && !one.pipeline.hasEnded)
  }

  /// Reads no further: what is held of a last line counts as at the end of its stream.
  package func endInput() { withStreams { $0.endInput() } }

  /// Whether every stream has ended, and what was read is judged.
  package var hasEnded: Bool {
    withStreams { $0.hasEnded } && watched.allSatisfy { $0.pipeline.hasEnded }
  }

  /// Whether something is to be judged that was read.
  package var hasBacklog: Bool { watched.contains { $0.pipeline.hasBacklog } }

  /// Why streams broke, in words: what came before was counted.
  package var failures: [String] { withStreams { $0.failures.map(\.description) } }

  /// What of the topics' records was passed over, in words; nothing where nothing was.
  package var passedOver: String? {
    guard let figures = withStreams(\.topicFigures), figures.empty + figures.repeated > 0 else {
      return nil
    }
    return "passed over: \(counted(figures.empty, "record")) without a value, "
      + "\(counted(figures.repeated, "record")) that came again"
  }
}
