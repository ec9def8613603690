internal import Dispatch
internal import Ingest
internal import Monitoring
internal import Records

/// A state on its way to the disk, on a thread of its own: what is read meanwhile does not wait for
/// the disk.
final class StateWriting: Sendable {
  /// When it was begun, on the monotonic clock, in nanoseconds.
  let begunAt: Int64
  /// The copies of waiting predictions that it names, each with its folder; `nil` where it names none.
  let copies: [(folder: String, number: Int?)]
  private let outcome = Locked<Result<Int, StateError>?>(nil)
  private let group = DispatchGroup()

  /// Begins to write.
  ///
  /// - Parameters:
  ///   - state: What is kept.
  ///   - folder: The folder of the state, which the caller holds until this has ended.
  ///   - copies: The copies of waiting predictions that they name.
  ///   - now: The monotonic clock.
  init(
    _ state: AgentState,
    in folder: String,
    copies: [(folder: String, number: Int?)],
    now: Int64
  ) {
    begunAt = now
    self.copies = copies
    DispatchQueue.global().async(group: group) { [outcome] in
      let result = Result { () throws(StateError) in try StateStore.save(state, in: folder) }
      outcome.withLock { $0 = result }
    }
  }

  /// What became of it.
  ///
  /// - Parameter waits: Whether to wait until it is done.
  /// - Returns: The bytes of its file; `nil` while it is not done.
  func result(waits: Bool) -> Result<Int, StateError>? {
    if waits { group.wait() }
    return outcome.withLock { $0 }
  }
}
