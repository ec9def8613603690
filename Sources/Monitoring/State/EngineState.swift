package import Specification
public import Sketches

/// All of an engine that changes, as bytes under names: what outlives the process.
///
/// Encoded after any step, read into an engine of the same monitor and profile, it goes on as if
/// nothing had been: the same bytes come out. An engine of another monitor or profile takes over
/// what it has, too; what it counts otherwise begins anew, and what it lacks is dropped and named.
///
///     layout of the counts │ rules │ queue │ store │ windows and rules │ budgets │ silence │ desk │ duplicates │ held events
public struct EngineState: Sendable, Equatable {
  /// The hash of the profile that it was compared with.
  public let profile: String
  let bytes: [UInt8]
}

extension EngineState: ByteCodable {
  /// Layout: the profile's hash, then a length and the engine's bytes.
  public func encode(into writer: inout ByteWriter) {
    writer.write(profile)
    writer.write(varint: UInt64(bytes.count))
    writer.write(raw: bytes)
  }

  /// Reads what ``encode(into:)`` wrote.
  public init(from reader: inout ByteReader) throws(CodingError) {
    profile = try reader.read()
    bytes = try reader.readBytes(limit: .max)
  }
}

/// What came of taking over a state, beside the engine.
public struct RestoredState: Sendable {
  /// What was counted of panes that are not complete.
  public let open: [CountedPanes]
  /// What begins anew or was dropped because the plan counts otherwise, in words.
  public let notes: [String]
  /// The panes in which places were told.
  package let panes: PaneScheme
}

extension Engine {
  /// All that changes, as it stands between two steps.
  ///
  /// - Parameter open: What each worker counted of panes that are not complete, which is kept with
  ///   it.
  /// - Returns: The state; its size is that of the windows' panes.
  public func state(holding open: [CountedPanes] = []) -> EngineState {
    var writer = ByteWriter()
    writer.write(CountsLayout(plan))
    writer.write(plan.ruleDefinitions)
    queue.encode(into: &writer, plan)
    store.encode(into: &writer, plan)
    windows.encode(into: &writer, plan)
    budgets.encode(into: &writer, plan)
    silence.encode(into: &writer, plan)
    writer.write(outcomes != nil)
    outcomes?.encode(into: &writer, plan)
    desk.encode(into: &writer, plan)
    writer.write(varint: UInt64(open.count))
    for panes in open { panes.encode(into: &writer, plan) }
    // Last, so that a state of a monitor without it reads as before.
    duplicates?.encode(into: &writer, plan)
    if let duplicates, plan.dropsRepeats {
      duplicates.encodeDropped(into: &writer)
      writer.write(open.flatMap(\.held.all).sorted())
    }
    return EngineState(profile: plan.profile.contentHash, bytes: writer.bytes)
  }

  /// Goes on where another engine stood; of use before anything was enqueued.
  ///
  /// - Parameters:
  ///   - state: What that engine's `state` gave.
  ///   - pending: Where predictions waited that its memory had no room for, as they stood then.
  /// - Returns: What was counted of panes that are not complete, and what begins anew or was dropped
  ///   because this plan counts otherwise.
  /// - Throws: `CodingError` where the bytes are none; the engine is then as it was.
  public mutating func restore(
    _ state: EngineState,
    pending: (any PendingStore)? = nil
  ) throws(CodingError) -> RestoredState {
    var reader = ByteReader(state.bytes)
    let layout: CountsLayout = try reader.read()
    let rules: [String: UInt64] = try reader.read()
    let mapping = CountsMapping(from: layout, to: plan)
    var restoration = Restoration(plan, mapping, rules: rules, pending: pending)
    restoration.noteChanges(since: state.profile)
    var restored = self
    try restored.queue.restore(from: &reader, &restoration)
    try restored.store.restore(from: &reader, &restoration)
    try restored.windows.restore(from: &reader, restored.store, &restoration)
    try restored.budgets.restore(from: &reader, &restoration)
    try restored.silence.restore(from: &reader, &restoration)
    if try reader.read() as Bool {
      // One that the monitor has no use for is read all the same.
      var outcomes = restored.outcomes ?? OutcomeBook(reading: plan)
      try outcomes.restore(from: &reader, &restoration)
      if restored.outcomes != nil { restored.outcomes = outcomes }
    }
    try restored.desk.restore(from: &reader, &restoration)
    var open: [CountedPanes] = []
    for _ in 0..<(try reader.readCount(limit: reader.remaining)) {
      open.append(try CountedPanes(from: &reader, mapping))
    }
    if reader.remaining > 0 {
      var duplicates = restored.duplicates ?? DuplicateBook(reading: plan)
      try duplicates.restore(from: &reader, &restoration)
      if reader.remaining > 0 {
        try duplicates.restoreDropped(from: &reader, &restoration)
        var held = CountedPanes()
        for event in try reader.read() as [HeldEvent] { held.held.append(event) }
        open.append(held)
      }
      if restored.duplicates != nil { restored.duplicates = duplicates }
    }
    try reader.finish()
    self = restored
    return RestoredState(open: open, notes: restoration.notes, panes: layout.panes)
  }
}

extension Restoration {
  /// Says what the new plan counts otherwise.
  fileprivate mutating func noteChanges(since profile: String) {
    keepsProfile = profile == plan.profile.contentHash
    if !keepsProfile {
      note("the profile is another one: windows are compared with it from now on")
    }
    if !mapping.keepsWidth {
      note("the windows cut time otherwise: all windows and budgets begin anew")
    } else if !mapping.keepsPanes {
      note("the segments or the version are others: all windows begin anew")
    }
    let before = Set(mapping.old.signals.map(\.name))
    let now = Set(mapping.new.signals.map(\.name))
    for name in mapping.new.signals.map(\.name) where !mapping.keeps(name) {
      note(
        before.contains(name)
          ? "\(name) is counted otherwise: it begins anew" : "\(name) is new: it begins now"
      )
    }
    for name in before.subtracting(now).sorted() { note("\(name) is gone: it is dropped") }
  }
}
