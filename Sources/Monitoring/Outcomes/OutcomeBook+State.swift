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
    for window in old { take(window, moved, isSameLength: isSameLength) }
    if restoration.mapping.keepsWidth {
      nextBoundary = next
    } else {
      lastPane = nil
      nextBoundary = isPending ? Int.min : nil
    }
  }
}

extension OutcomeBook {
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
