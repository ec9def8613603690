internal import Expressions
internal import Sketches
internal import Specification

extension OutcomeBook: Restorable {
  func encode(into writer: inout ByteWriter, _ plan: Plan) {
    writer.write(plan.outcomes?.quality.window.nanoseconds ?? 0)
    writer.write(keys)
    writer.write(windows)
    writer.write(waiting)
    writer.write(outcomeClock)
    writer.write(tally)
    writer.write(nextBoundary)
    writer.write(lastPane)
    rules.encode(into: &writer, plan)
    mature.encode(into: &writer)
    encodeSampler(into: &writer)
    writer.write(arrivals)
    writer.write(complete != nil)
    if let complete { writer.write(complete) }
  }

  /// Takes over what was written; where windows are of another length now, predictions move into
  /// those of today.
  mutating func restore(
    from reader: inout ByteReader,
    _ restoration: inout Restoration
  ) throws(CodingError) {
    let length: Int64 = try reader.read()
    let start = reader.offset
    let oldKeys: [GroupKey] = try reader.read()
    let old: [QualityWindow] = try reader.read()
    waiting = try reader.read()
    outcomeClock = try reader.read()
    tally = try reader.read()
    let next: Int? = try reader.read()
    lastPane = try reader.read()
    try rules.restore(from: &reader, &restoration)
    try mature.restore(from: &reader, &restoration)
    try restoreSampler(from: &reader)
    try restoreArrivals(from: &reader, &restoration)
    let isSameLength = length == restoration.plan.outcomes?.quality.window.nanoseconds
    if !isSameLength {
      restoration.note("quality.window is of another length: its windows are judged anew")
      complete = nil
    }
    guard old.allSatisfy({ $0.rows.allSatisfy { $0.prediction.key < oldKeys.count } }) else {
      throw .invalid(offset: start)
    }
    let moved = oldKeys.map { place(of: restoration.key($0)) }
    let damaged = tally.damaged
    for window in old { take(window, moved, isSameLength, restoration.pending) }
    if tally.damaged > damaged {
      restoration.note(
        "damaged on the disk: \(tally.damaged - damaged) predictions that waited for an outcome; "
          + "the others go on"
      )
    }
    if restoration.mapping.keepsWidth {
      nextBoundary = next
    } else {
      lastPane = nil
      nextBoundary = isPending ? Int.min : nil
    }
  }
}

extension OutcomeBook {
  /// Takes in a window of an earlier process.
  ///
  /// - Parameters:
  ///   - window: Its predictions.
  ///   - moved: The places of its keys.
  ///   - isSameLength: Whether windows are as long as they were.
  ///   - store: What has those of its predictions that it does not.
  private mutating func take(
    _ window: QualityWindow,
    _ moved: [Int32],
    _ isSameLength: Bool,
    _ store: (any PendingStore)?
  ) {
    var judged = window.judgedRows
    if store == nil {
      tally.damaged += window.spilled
      judged = max(0, judged - window.spilled)
    }
    for start in stride(from: 0, to: window.spilled, by: SpilledPredictions.batch) {
      guard let store else { break }
      let places = start..<min(start + SpilledPredictions.batch, window.spilled)
      for (place, stored) in zip(places, stored(window, places, in: store)) {
        if let stored, Int(stored.row.prediction.key) < moved.count,
          !isSameLength || number(of: stored.row.prediction.time) == window.index
        {
          take(stored, place, of: window, moved, isSameLength)
        } else {
          tally.damaged += 1
          if place < window.judgedRows { judged -= 1 }
        }
      }
      spillOver()
    }
    for place in window.spilled..<window.count {
      take(window.stored(place), place, of: window, moved, isSameLength)
    }
    spillOver()
    guard isSameLength, let position = position(of: window.index) else { return }
    windows[position].revision = window.revision
    windows[position].judgedRows = judged
    windows[position].isDirty = window.isDirty || judged < window.judgedRows
    windows[position].isCrowdedOut = window.isCrowdedOut
  }

  /// Takes in a prediction that stood at a place of a window of an earlier process.
  private mutating func take(
    _ stored: StoredRow,
    _ place: Int,
    of window: QualityWindow,
    _ moved: [Int32],
    _ isSameLength: Bool
  ) {
    var stored = stored
    stored.row.prediction.key = moved[Int(stored.row.prediction.key)]
    if stored.row.prediction.payload >= 0, stored.traits.count != quality.leakage.count {
      stored.traits = [Float](repeating: .nan, count: quality.leakage.count)
    }
    let isNews = stored.row.isNews && settings.isEarly
    stored.row.isNews = false
    let position = openWindow(of: stored.row.prediction.time)
    windows[position].append(stored)
    if isNews { windows[position].noteNews(of: windows[position].rows.count - 1) }
    let count = windows[position].count
    if place < window.emitted { windows[position].emitted = count }
    if place < window.expired { windows[position].expired = count }
    if !isSameLength, stored.row.isLabelled { windows[position].isDirty = true }
    guard !window.isCrowdedOut else { return }
    index.insert(
      stored.row.prediction.id,
      IDIndex.Place(window: Int32(windows[position].index), row: UInt32(count - 1))
    )
  }

  /// Takes over how labels have arrived, where predictions wait as long as they did.
  fileprivate mutating func restoreArrivals(
    from reader: inout ByteReader,
    _ restoration: inout Restoration
  ) throws(CodingError) {
    let kept: ArrivalHistory = try reader.read()
    if try reader.read() as Bool {
      let cohort: CompleteCohort = try reader.read()
      complete = cohort
    }
    if kept.horizon == arrivals.horizon, (kept.calendar == nil) == (arrivals.calendar == nil) {
      arrivals = kept
    } else {
      restoration.note("quality.horizon or silence is another: how labels arrive is learnt anew")
    }
  }
}

extension Restoration {
  /// A key as the plan's dimensions have it; a dimension that is new has no value.
  fileprivate func key(_ key: GroupKey) -> GroupKey {
    var values = [DimensionValue](repeating: .absent, count: plan.dimensions.count)
    for (index, value) in key.values.enumerated() {
      if let place = mapping.dimension(index) { values[place] = value }
    }
    return GroupKey(values: values)
  }
}
