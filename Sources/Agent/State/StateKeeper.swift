internal import Connectors
internal import Ingest
internal import Monitoring
internal import Records
internal import Specification

/// Keeps the state of a session: takes it up at the start, writes it now and then and at the end.
///
/// Its 10 properties are where it is kept, what of it nobody watches, and how the last writing went.
struct StateKeeper: ~Copyable {
  private let store: StateStore
  /// States of models that are not watched now; they are kept as they were left.
  private var others: [MonitorState]
  /// The agent's own alerts that fired when the state was taken up.
  let alerts: [Alert]
  /// The records that were to be written in transactions when the state was taken up.
  let outbox: OutboxState?
  /// The bytes of the state's file; `nil` before it was written.
  private var bytes: Int?
  /// When the state was last on the disk, and when it was last tried to be, on the monotonic clock.
  private var keptAt: Int64
  private var triedAt: Int64
  /// The state that is being written.
  private var writing: StateWriting?
  /// Whether the last time it could not be kept.
  private var hasFailed = false

  /// After how long the state is written again, in nanoseconds.
  private let interval: Int64

  /// The same, unless it is said otherwise.
  static let interval: Int64 = 60_000_000_000

  /// Holds a folder, and lets monitors go on from what is in it.
  ///
  /// - Parameters:
  ///   - folder: The folder; it is made where there is none.
  ///   - watched: The monitors, which have read nothing yet.
  ///   - interval: After how long it is written again, in nanoseconds.
  ///   - notes: Receives what begins anew or was dropped, in words.
  /// - Throws: `SessionError.state`, or `stream` where a stream cannot be read.
  init(
    folder: String,
    resuming watched: [Watched],
    every interval: Int64,
    notes: inout [String]
  ) throws(SessionError) {
    self.interval = interval
    keptAt = monotonicNanoseconds()
    triedAt = keptAt
    do {
      let opened = try StateStore(folder: folder)
      let taken = try Self.takeUp(opened, watched)
      try Self.makeFolders(watched, of: folder)
      notes = taken.notes
      others = taken.others
      alerts = taken.alerts
      outbox = taken.outbox
      store = opened
    } catch {
      throw .state(error)
    }
  }

  /// Lets monitors go on where the last process left them, those that it watched last before others.
  private static func takeUp(
    _ store: borrowing StateStore,
    _ watched: [Watched]
  ) throws(StateError) -> (
    others: [MonitorState], alerts: [Alert], outbox: OutboxState?, notes: [String]
  ) {
    guard let (state, note) = try store.load() else { return ([], [], nil, []) }
    var notes = note.map { [$0] } ?? []
    var others: [MonitorState] = []
    var known: Watched?
    for monitor in state.monitors {
      guard let one = watched.first(where: { $0.model == monitor.owner.model }) else {
        others.append(monitor)
        continue
      }
      known = known ?? one
      notes += try resume(one, from: monitor, of: store)
    }
    if watched.count == 1, others.count == 1, known == nil {
      let (model, other) = (watched[0].model, others[0].owner.model)
      throw .otherModel(path: store.file, model: model, got: other)
    }
    if let other = others.first?.owner.model {
      let more = others.count > 1 ? " and of \(counted(others.count - 1, "other"))" : ""
      notes.append("\(store.file): the state of model \(other)\(more) is kept for its monitor")
    }
    if let known { numberLines(watched, as: known) }
    return (others, state.alerts, state.outbox, notes)
  }

  /// Lets a monitor go on from a state of its model.
  private static func resume(
    _ one: Watched,
    from state: MonitorState,
    of store: borrowing StateStore
  ) throws(StateError) -> [String] {
    guard state.owner == StateOwner(one.plan.monitor) else { throw .otherKey(path: store.file) }
    one.copyNumber = state.pending ?? 0
    let pending = state.pending.map { PendingFolder(copy: $0, of: one.folder ?? store.folder) }
    return try resume(state.pipeline, pending, &one.pipeline, store.file)
  }

  /// Lets a monitor go on that comes while others are watched, from a state that is kept for it.
  ///
  /// - Parameters:
  ///   - one: The monitor.
  ///   - others: Those that are watched, whose lines it counts on.
  /// - Returns: What begins anew or was dropped, in words.
  /// - Throws: `StateError` where it cannot; its state is kept still.
  mutating func takeBack(_ one: Watched, beside others: [Watched]) throws(StateError) -> [String] {
    var notes: [String] = []
    let place = self.others.firstIndex { $0.owner.model == one.model }
    if let place { notes = try Self.resume(one, from: self.others[place], of: store) }
    try Self.makeFolders([one], of: store.folder)
    if let known = others.first { Self.numberLines([one], as: known) }
    if let place { self.others.remove(at: place) }
    return notes
  }

  /// Keeps the state of a monitor that is not watched any more.
  ///
  /// - Parameter one: The monitor, between two rounds.
  /// - Throws: `StateError` where its predictions cannot be copied.
  mutating func leave(_ one: Watched) throws(StateError) { others.append(try Self.state(of: one)) }

  /// Lets monitors that have not read a file so far call its lines as those that have.
  private static func numberLines(_ watched: [Watched], as known: Watched) {
    for (index, mark) in known.pipeline.crew.marks.enumerated() {
      switch mark.kind {
      case .pipe, .line: continue
      case .file, .followed: break
      }
      let lines = known.pipeline.crew.positions[index].lines
      for one in watched where one !== known {
        let position = one.pipeline.crew.positions[index]
        one.pipeline.crew.begin(index, at: position.at(line: lines))
      }
    }
  }

  /// Makes the folders in which predictions of several monitors wait, one for each.
  private static func makeFolders(
    _ watched: [Watched],
    of folder: String
  ) throws(StateError) {
    for case let own? in watched.map(\.folder) where own != folder {
      do {
        try makeFolder(at: own)
      } catch {
        throw .stream(error)
      }
    }
  }

  /// Lets a pipeline go on from a state.
  ///
  /// - Parameters:
  ///   - state: The state.
  ///   - pending: The predictions that waited on the disk; `nil` where none did.
  ///   - pipeline: It has read nothing yet.
  ///   - path: By what the state is called.
  /// - Returns: What begins anew or was dropped, in words.
  /// - Throws: `StateError` where the state is damaged, or a stream cannot be read.
  static func resume(
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

  /// Why nobody goes on with records that another process was to write in transactions; `nil` where
  /// the same name does, or none are left.
  func unwritten(_ left: OutboxState, by name: String?) -> StateError? {
    guard left.count > 0, left.name != name else { return nil }
    return .unwritten(path: store.file, records: left.count, name: left.name)
  }

  /// How long ago the state was kept, in nanoseconds of the monotonic clock.
  func age(now: Int64) -> Int64 { now - keptAt }

  /// The bytes of the state's file; `nil` before it was written.
  func length() -> Int? { bytes }

  /// Whether the state is to be written.
  ///
  /// - Parameters:
  ///   - now: The monotonic clock, in nanoseconds.
  ///   - patience: How long records wait for it, in nanoseconds; `nil` where none do.
  /// - Returns: The same.
  func isDue(now: Int64, patience: Int64?) -> Bool {
    let wait = hasFailed ? interval : min(patience ?? interval, interval)
    return writing == nil && now - triedAt >= wait
  }

  /// Notes that it is to be tried again later.
  ///
  /// - Parameters:
  ///   - now: The monotonic clock, in nanoseconds.
  ///   - error: Why.
  /// - Returns: The same, where that is news.
  mutating func postpone(now: Int64, _ error: StateError) -> StateError? {
    triedAt = now
    defer { hasFailed = true }
    return hasFailed ? nil : error
  }

  /// Lets the next failure be news, whatever was said before.
  mutating func forgetFailure() { hasFailed = false }

  /// Begins to write how monitors stand.
  ///
  /// - Parameters:
  ///   - watched: All of them, between two rounds: each has counted what was read.
  ///   - alerts: The agent's own alerts that fire.
  ///   - outbox: The records that are written in transactions; `nil` where none are.
  ///   - now: The monotonic clock, in nanoseconds.
  /// - Returns: Why it could not; `nil` where it could, and where that was said before.
  mutating func begin(
    _ watched: [Watched],
    _ alerts: [Alert],
    _ outbox: OutboxState?,
    now: Int64
  ) -> StateError? {
    triedAt = now
    do {
      // The predictions first, under a number of their own: a state never names what is not there.
      var states: [MonitorState] = []
      for one in watched { states.append(try Self.state(of: one)) }
      let folder = store.folder
      let copies = zip(watched, states).map { ($0.folder ?? folder, $1.pending) }
      let state = AgentState(monitors: states + others, alerts: alerts, outbox: outbox)
      writing = StateWriting(state, in: folder, copies: copies, now: now)
      return nil
    } catch {
      return postpone(now: now, error)
    }
  }

  /// What became of a state that was being written.
  enum Outcome {
    /// None was, or it is not done.
    case open
    /// It is on the disk.
    case kept
    /// It could not be; why, where that is news.
    case failed(StateError?)
  }

  /// Sees what became of the state that is being written.
  ///
  /// - Parameter waits: Whether to wait until it is done.
  /// - Returns: The same once.
  mutating func finish(waits: Bool) -> Outcome {
    guard let done = writing, let result = done.result(waits: waits) else { return .open }
    writing = nil
    switch result {
    case .success(let length):
      bytes = length
      for copy in done.copies { PendingFolder.removeCopies(of: copy.folder, except: copy.number) }
      keptAt = done.begunAt
      hasFailed = false
      return .kept
    case .failure(let error):
      return .failed(postpone(now: done.begunAt, error))
    }
  }

  /// How a monitor stands, its predictions copied.
  private static func state(of one: Watched) throws(StateError) -> MonitorState {
    MonitorState(
      owner: StateOwner(one.plan.monitor),
      pipeline: one.pipeline.state,
      pending: try copyPending(one)
    )
  }

  /// Copies the predictions that wait on the disk.
  ///
  /// - Returns: The number of the copy; `nil` where none waits.
  private static func copyPending(_ one: Watched) throws(StateError) -> Int? {
    guard one.pipeline.engine.spilledPredictions > 0, let pending = one.pipeline.pending else {
      return nil
    }
    do {
      try pending.copy(one.copyNumber + 1)
    } catch {
      throw .stream(error)
    }
    one.copyNumber += 1
    return one.copyNumber
  }
}
