internal import Expressions
internal import Sketches
internal import Specification

/// The join beyond memory: the rows of the oldest windows wait in a store.
///
/// A window's first rows are in the store, those behind them in memory. What is judged is read
/// whole, what expires or leaves is brought back: no figure knows where a row was.
extension OutcomeBook {
  /// How many predictions wait in the store.
  var spilledCount: Int { windows.reduce(0) { $0 + $1.spilled } }

  private var hasSpilled: Bool { windows.contains { $0.spilled > 0 } }

  /// Reads the rows that a pane may meet.
  mutating func fetch(_ pane: JoinPane) {
    guard let store = disk?.store, hasSpilled else { return }
    while true {
      let places = spilledPlaces(pane)
      var damaged: Set<Int32> = []
      let rows = store.rows(places.map(\.key))
      var from = 0
      for (place, end) in zip(places, rows.ends) {
        if let row = storedRow(rows.bytes, from..<end, in: Int(place.window)) {
          disk?.fetched[place] = row
        } else {
          damaged.insert(place.window)
        }
        from = end
      }
      guard !damaged.isEmpty else { return }
      // Places change where rows are lost: all is looked for anew.
      disk?.fetched = [:]
      for window in damaged.sorted() {
        if let position = position(of: Int(window)) { bringBack(position) }
      }
    }
  }

  /// Where in the store there may be what a pane meets, in the order of the keys.
  private func spilledPlaces(_ pane: JoinPane) -> [IDIndex.Place] {
    var places: Set<IDIndex.Place> = []
    let note = { (place: IDIndex.Place) in
      guard let position = position(of: Int(place.window)),
        Int(place.row) < windows[position].spilled
      else { return }
      places.insert(place)
    }
    for prediction in pane.predictions { index.candidates(prediction.id, note) }
    for outcome in pane.outcomes { index.candidates(outcome.id, note) }
    return places.sorted { $0.key < $1.key }
  }

  /// A row of a window; `nil` where the bytes are none, or one that cannot be of it.
  private func storedRow(_ bytes: [UInt8], _ range: Range<Int>, in window: Int) -> StoredRow? {
    guard let stored = StoredRow(bytes, range),
      number(of: stored.row.prediction.time) == window,
      stored.row.prediction.key < keys.count
    else { return nil }
    return stored
  }

  /// Lets an outcome be of a prediction that was read from the store.
  mutating func takeFetched(_ outcome: OutcomeRow, at place: IDIndex.Place, _ window: Int) {
    guard var stored = disk?.fetched[place] else { return }
    let wasLabelled = stored.row.isLabelled
    let hasChanged = Self.update(&stored.row, &stored.ballots, outcome, quality, &tally)
    stored.isChanged = true
    if Int(place.row) >= windows[window].expired, wasLabelled != stored.row.isLabelled {
      windows[window].spilledLabelled += wasLabelled ? -1 : 1
    }
    if hasChanged { windows[window].isDirty = true }
    disk?.fetched[place] = stored
  }

  /// Puts what a pane changed back into the store.
  mutating func storeFetched() {
    guard let disk, !disk.fetched.isEmpty else { return }
    let changed = disk.fetched.filter(\.value.isChanged).map { ($0.key.key, $0.value) }
    self.disk?.fetched = [:]
    var batch = RowBatch()
    for (key, row) in changed.sorted(by: { $0.0 < $1.0 }) {
      batch.append(key, row)
      if batch.count == SpilledPredictions.batch, !batch.put(into: disk.store) { return }
    }
    _ = batch.put(into: disk.store)
  }

  /// Lets the oldest windows' predictions wait in the store, where memory has no room for all.
  ///
  /// More go than must, so that it is not done in each pane.
  mutating func spillOver() {
    guard let disk, index.count > disk.memory else { return }
    var held = windows.reduce(0) { $0 + $1.rows.count }
    guard held > disk.memory else { return }
    for position in windows.indices where held > disk.memory - disk.memory / 8 {
      let count = windows[position].rows.count
      guard count > 0, !isExpiring(windows[position]) else { continue }
      guard spill(position, to: disk.store) else { return }
      held -= count
    }
  }

  /// Whether predictions of a window expire or leave now: they would be brought back at once.
  private func isExpiring(_ window: QualityWindow) -> Bool {
    guard let clock = outcomeClock else { return false }
    let due = clock.saturatingSubtract(quality.horizon.nanoseconds)
    return start(of: window) <= due && window.expired < window.count
      || feedback?.specification.hasRows == true && window.emitted < window.expired
  }

  /// - Returns: Whether the store took them; else they stay.
  private mutating func spill(_ position: Int, to store: any PendingStore) -> Bool {
    let window = windows[position]
    var batch = RowBatch()
    var labelled = 0
    for (offset, row) in window.rows.enumerated() {
      let place = window.spilled + offset
      if row.isLabelled, place >= window.expired { labelled += 1 }
      batch.append(IDIndex.Place.key(window: window.index, row: place), window.stored(place))
      if batch.count == SpilledPredictions.batch, !batch.put(into: store) { return false }
    }
    guard batch.put(into: store) else { return false }
    windows[position].spilled = window.count
    windows[position].spilledLabelled += labelled
    windows[position].rows = []
    windows[position].payloads = []
    windows[position].traits = []
    windows[position].ballots = [:]
    return true
  }

  /// A window with all of its rows, in memory.
  ///
  /// Where rows of it are damaged, it is brought back without them.
  mutating func whole(at position: Int) -> QualityWindow {
    guard windows[position].spilled > 0, let store = disk?.store else { return windows[position] }
    var (window, lost) = read(windows[position], store)
    if lost > 0 {
      tally.damaged += lost
      window.isDirty = window.isDirty || window.revision > 0
      index.removeAll(in: Int32(window.index))
      if !window.isCrowdedOut {
        for (row, joined) in window.rows.enumerated() {
          index.insert(
            joined.prediction.id,
            IDIndex.Place(window: Int32(window.index), row: UInt32(row))
          )
        }
      }
      replace(position, by: window, store)
    }
    return window
  }

  /// Takes the rows of a window into memory again.
  mutating func bringBack(_ position: Int) {
    guard windows[position].spilled > 0, let store = disk?.store else { return }
    let window = whole(at: position)
    if windows[position].spilled > 0 { replace(position, by: window, store) }
  }

  private mutating func replace(
    _ position: Int,
    by window: QualityWindow,
    _ store: any PendingStore
  ) {
    windows[position] = window
    store.remove(IDIndex.Place.keys(ofWindow: window.index))
  }

  /// Reads a window's rows, those in memory behind them.
  ///
  /// - Returns: The window, and how many rows of it are damaged.
  private func read(
    _ window: QualityWindow,
    _ store: any PendingStore
  ) -> (QualityWindow, lost: Int) {
    var whole = window
    whole.empty()
    whole.rows.reserveCapacity(window.count)
    var lost = 0
    for start in stride(from: 0, to: window.spilled, by: SpilledPredictions.batch) {
      let places = start..<min(start + SpilledPredictions.batch, window.spilled)
      let rows = store.rows(IDIndex.Place.keys(ofWindow: window.index, rows: places))
      var from = 0
      for (place, end) in zip(places, rows.ends) {
        if let stored = storedRow(rows.bytes, from..<end, in: window.index) {
          whole.append(stored)
        } else {
          lost += 1
          if place < window.expired { whole.expired -= 1 }
          if place < window.emitted { whole.emitted -= 1 }
          if place < window.judgedRows { whole.judgedRows -= 1 }
        }
        from = end
      }
    }
    for place in window.spilled..<window.count { whole.append(window.stored(place)) }
    return (whole, lost)
  }

  /// Removes what the store has of a window that is over.
  func removeSpilled(_ window: QualityWindow) {
    if window.spilled > 0 { disk?.store.remove(IDIndex.Place.keys(ofWindow: window.index)) }
  }

  /// The rows that an earlier process's window had in its store.
  ///
  /// - Parameters:
  ///   - window: The window, without them.
  ///   - places: Which ones.
  ///   - store: That process's store.
  /// - Returns: A row for each place; `nil` where it is damaged.
  func stored(
    _ window: QualityWindow,
    _ places: Range<Int>,
    in store: any PendingStore
  ) -> [StoredRow?] {
    let rows = store.rows(IDIndex.Place.keys(ofWindow: window.index, rows: places))
    var from = 0
    return rows.ends.map { end in
      defer { from = end }
      return StoredRow(rows.bytes, from..<end)
    }
  }
}

extension QualityWindow {
  /// A row in memory, with all that is kept of it.
  func stored(_ place: Int) -> StoredRow {
    let row = rows[place - spilled]
    return StoredRow(
      row: row,
      payload: row.prediction.payload < 0 ? [] : payloads[Int(row.prediction.payload)],
      traits: traits(at: Int(row.prediction.payload)),
      ballots: ballots[place] ?? Ballots()
    )
  }

  /// Adds a row behind the others.
  mutating func append(_ stored: StoredRow) {
    var row = stored.row
    if row.prediction.payload >= 0 {
      row.prediction.payload = Int32(payloads.count)
      payloads.append(stored.payload)
      traits += stored.traits
    }
    if !stored.ballots.all.isEmpty { ballots[count] = stored.ballots }
    rows.append(row)
  }

  /// Removes the rows, and nothing of what is known of the window.
  fileprivate mutating func empty() {
    (rows, payloads, traits, ballots) = ([], [], [], [:])
    (spilled, spilledLabelled) = (0, 0)
  }
}

extension IDIndex.Place {
  /// The keys of a window's rows.
  fileprivate static func keys(ofWindow window: Int, rows: Range<Int>? = nil) -> Range<UInt64> {
    let first = key(window: window, row: rows?.lowerBound ?? 0)
    return first..<key(window: window, row: rows?.upperBound ?? Int(UInt32.max))
  }
}
