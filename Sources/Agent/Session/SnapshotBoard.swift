package import Connectors
internal import Ingest
package import Monitoring
internal import Records
internal import Specification
internal import Standing

/// Keeps a snapshot file up to date: written beside it and renamed, so that a reader finds all or
/// nothing of it.
package struct SnapshotBoard: Sendable {
  private let path: String
  private var standing = Standing()
  private var postedAt: Int64 = 0

  /// How often the file is renewed, in nanoseconds.
  private static let interval: Int64 = 1_000_000_000

  /// A file that is not written yet.
  package init(path: String) {
    self.path = path
  }

  /// Takes over what an earlier process left firing and open; of use before anything is taken in.
  package mutating func resume(_ pipeline: borrowing Pipeline) {
    standing = Standing(resuming: pipeline.engine)
  }

  /// The file that is written and then renamed.
  package static func part(of path: String) -> String { path + ".part" }

  /// Takes in what the engine said.
  package mutating func insert(_ output: EngineOutput) { standing.insert(output) }

  /// Whether the file is to be renewed.
  package func isDue(now: Int64) -> Bool { now - postedAt >= Self.interval }

  /// How long until then; at least one.
  package func milliseconds(now: Int64) -> Int32 {
    Int32(clamping: max(1, (postedAt + Self.interval - now + 999_999) / 1_000_000))
  }

  /// Writes how things stand.
  ///
  /// - Throws: `StreamError` when the file cannot be written.
  package mutating func post(_ pipeline: borrowing Pipeline, hasEnded: Bool) throws(StreamError) {
    try OutputStream.replace(
      path,
      with: standing.snapshot(pipeline, hasEnded: hasEnded).bytes,
      by: Self.part(of: path),
      reachesDisk: false
    )
    postedAt = monotonicNanoseconds()
  }
}

extension Standing {
  /// How a pipeline stands.
  func snapshot(_ pipeline: borrowing Pipeline, hasEnded: Bool) -> Snapshot {
    var standing = self
    standing.look(at: pipeline.engine)
    let plan = pipeline.engine.plan
    var snapshot = Snapshot(
      standing,
      model: plan.monitor.model,
      reference: plan.profile.contentHash
    )
    snapshot.hasEnded = hasEnded
    snapshot.clock = pipeline.latestTime
    snapshot.events = pipeline.tally.events
    snapshot.ignored = pipeline.tally.ignored
    snapshot.refused = pipeline.tally.refusedLines
    snapshot.untold = pipeline.tally.refusalWords
    return snapshot
  }
}
