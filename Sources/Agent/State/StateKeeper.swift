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
    do {
      let opened = try StateStore(folder: folder)
      notes = try Self.takeUp(opened, &pipeline)
      store = opened
    } catch {
      throw .state(error)
    }
  }

  private static func takeUp(
    _ store: borrowing StateStore,
    _ pipeline: inout Pipeline
  ) throws(StateError) -> [String] {
    guard let state = try store.load() else { return [] }
    let (own, kept) = (StateOwner(pipeline.plan.monitor), state.owner)
    guard kept.model == own.model else {
      throw .otherModel(path: store.file, model: own.model, got: kept.model)
    }
    guard kept.key == own.key else { throw .otherKey(path: store.file) }
    return try resume(state.pipeline, &pipeline, store.file)
  }

  private static func resume(
    _ state: PipelineState,
    _ pipeline: inout Pipeline,
    _ path: String
  ) throws(StateError) -> [String] {
    do {
      return try pipeline.resume(state)
    } catch {
      switch error {
      case .damaged: throw .damaged(path: path)
      case .stream(let error): throw .stream(error)
      case .shorter(let name, let offset): throw .shorterFile(name: name, offset: offset)
      }
    }
  }

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
      try store.save(MonitorState(owner: owner, pipeline: pipeline.state))
      keptAt = now
      hasFailed = false
      return nil
    } catch {
      return postpone(now: now, error)
    }
  }
}
