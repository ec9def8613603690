internal import Connectors
internal import Ingest
internal import Monitoring
internal import Specification

/// Keeps the state of a session: takes it up at the start, writes it every minute and at the end.
struct StateKeeper: ~Copyable {
  private let store: StateStore
  private let owner: StateOwner
  private var keptAt: Int64
  /// Whether the last time it could not be kept.
  private var hasFailed = false
  /// The number of the folder that the last state names.
  private var pendingNumber: Int

  /// How often the state is written, in nanoseconds.
  static let interval: Int64 = 60_000_000_000

  /// Holds a folder, and lets a pipeline go on from what is in it.
  ///
  /// - Parameters:
  ///   - folder: The folder; it is made where there is none.
  ///   - pipeline: It has read nothing yet.
  ///   - notes: Receives what begins anew or was dropped, in words.
  /// - Throws: `SessionError.state`, or `stream` where a stream cannot be read.
  init(
    folder: String,
    resuming pipeline: inout Pipeline,
    notes: inout [String]
  ) throws(SessionError) {
    owner = StateOwner(pipeline.plan.monitor)
    keptAt = monotonicNanoseconds()
    var number = 0
    do {
      let opened = try StateStore(folder: folder)
      notes = try Self.takeUp(opened, &pipeline, &number)
      pendingNumber = number
      store = opened
    } catch {
      throw .state(error)
    }
  }

  private static func takeUp(
    _ store: borrowing StateStore,
    _ pipeline: inout Pipeline,
    _ number: inout Int
  ) throws(StateError) -> [String] {
    guard let (state, note) = try store.load() else { return [] }
    number = state.pending ?? 0
    let (own, kept) = (StateOwner(pipeline.plan.monitor), state.owner)
    guard kept.model == own.model else {
      throw .otherModel(path: store.file, model: own.model, got: kept.model)
    }
    guard kept.key == own.key else { throw .otherKey(path: store.file) }
    let pending = state.pending.map { PendingFolder(copy: $0, of: store.folder) }
    let notes = try resume(state.pipeline, pending, &pipeline, store.file)
    return (note.map { [$0] } ?? []) + notes
  }

  private static func resume(
    _ state: PipelineState,
    _ pending: PendingFolder?,
    _ pipeline: inout Pipeline,
    _ path: String
  ) throws(StateError) -> [String] {
    do {
      return try pipeline.resume(state, pending: pending)
    } catch {
      switch error {
      case .damaged: throw .damaged(path: path)
      case .stream(let error): throw .stream(error)
      case .shorter(let name, let offset): throw .shorterFile(name: name, offset: offset)
      }
    }
  }

  /// How long ago the state was kept, in nanoseconds of the monotonic clock.
  func age(now: Int64) -> Int64 { now - keptAt }

  /// Whether the state is to be written.
  func isDue(now: Int64) -> Bool { now - keptAt >= Self.interval }

  /// Notes that it is to be tried again a minute later.
  ///
  /// - Parameters:
  ///   - now: The monotonic clock, in nanoseconds.
  ///   - error: Why.
  /// - Returns: The same, where that is news.
  mutating func postpone(now: Int64, _ error: StateError) -> StateError? {
    keptAt = now
    defer { hasFailed = true }
    return hasFailed ? nil : error
  }

  /// Writes how a pipeline stands.
  ///
  /// - Returns: Why it could not; `nil` where it could, and where that was said before.
  mutating func keep(_ pipeline: borrowing Pipeline, now: Int64) -> StateError? {
    do {
      // The predictions first, under a number of their own: a state never names what is not there.
      let number = try copyPending(pipeline)
      try store.save(MonitorState(owner: owner, pipeline: pipeline.state, pending: number))
      PendingFolder.removeCopies(of: store.folder, except: number)
      keptAt = now
      hasFailed = false
      return nil
    } catch {
      return postpone(now: now, error)
    }
  }

  /// Copies the predictions that wait on the disk.
  ///
  /// - Returns: The number of the copy; `nil` where none waits.
  private mutating func copyPending(_ pipeline: borrowing Pipeline) throws(StateError) -> Int? {
    guard let pending = pipeline.pending, pipeline.engine.spilledPredictions > 0 else { return nil }
    do {
      try pending.copy(pendingNumber + 1)
    } catch {
      throw .stream(error)
    }
    pendingNumber += 1
    return pendingNumber
  }
}
