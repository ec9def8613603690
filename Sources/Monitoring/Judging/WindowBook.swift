internal import Events
internal import Expressions
internal import Records
internal import Sketches
internal import Specification

/// The windows of a monitor, and the rules that are judged in them.
struct WindowBook: Sendable, Judge {
  /// In the monitor's order.
  var windows: [WatchedWindow]
  /// The rules with a condition, and the state of their alerts.
  var rules = RuleBook()
  /// How far each signal moved in each window.
  private(set) var movements: MovementTable
  /// The values of the strata's field that were in a window and in no reference, by name.
  private(set) var unmatchedStrata: Set<String> = []
  /// How many windows of each kind were judged, and cut.
  private(set) var tallies: [WindowTally]
  /// The parts of the traffic beside each other, where they are looked at.
  private(set) var parts: PartTable?
  private let keepsNewest: Bool

  init(_ plan: Plan, keepsNewest: Bool, parts watching: PartWatching) {
    parts = watching == .none || plan.dimensions.isEmpty ? nil : PartTable(plan, watching)
    windows = plan.monitor.windows.indices.map { WatchedWindow($0, plan) }
    movements = MovementTable(plan)
    tallies = plan.monitor.windows.map { WindowTally(window: $0.name) }
    self.keepsNewest = keepsNewest
  }

  var nextBoundary: Int? { windows.compactMap(\.state.nextBoundary).min() }

  /// The first pane that windows still need.
  var oldestPane: Int { windows.map(\.state.oldestPane).min() ?? .max }

  /// The boundary at which the windows are judged last that hold events of a stream that has ended.
  func nextBoundary(endedAfter lastPane: Int) -> Int? {
    windows.filter { !$0.state.isBeyond(lastPane) }.compactMap(\.state.nextBoundary).min()
  }

  /// Counts the events of a closed pane by the parts of the traffic.
  mutating func countParts(_ pane: PaneCounts, _ plan: Plan) { parts?.add(pane, plan) }

  mutating func add(_ pane: PaneCounts) {
    for index in windows.indices { windows[index].state.begin(at: pane.index) }
  }

  /// Wakes the windows whose rules ask for lines that were refused, of which a pane has some and no
  /// event.
  mutating func wake(at pane: Int, _ plan: Plan) {
    guard plan.paneWidth != nil else { return }
    for index in windows.indices where plan.windows[index].asksForRefused {
      windows[index].state.begin(at: pane)
    }
  }

  mutating func judge(at boundary: Int, _ context: JudgingContext) -> Judgement {
    var judgement = Judgement()
    let history = context.store.history
    for index in windows.indices where windows[index].state.nextBoundary == boundary {
      if let lastPane = context.endedAfter, windows[index].state.isBeyond(lastPane) { continue }
      windows[index].state.advance(history, plan: context.plan)
      if windows[index].state.isEmpty {
        if holdsRefused(index, context) {
          judgeRefused(window: index, context, into: &judgement)
        } else if history.panes(in: boundary..<Int.max).isEmpty {
          windows[index].state.sleep()
          continue
        }
      } else {
        judge(window: index, context, into: &judgement)
        judgement.time = max(judgement.time, windows[index].state.bounds(history).end)
      }
      windows[index].state.step()
    }
    return judgement
  }

  /// Judges one window where it stands.
  private mutating func judge(
    window index: Int,
    _ context: JudgingContext,
    into judgement: inout Judgement
  ) {
    let (plan, store) = (context.plan, context.store)
    judgement.windows += 1
    windows[index].moveReference(store, plan)
    // A period that the stream's end has cut says nothing of the whole one.
    let isOpen = windows[index].state.isOpen(after: context.endedAfter)
    let isCut = store.cuts(windows[index].state.panes, endedAfter: context.endedAfter, plan)
    tallies[index].judged += 1
    if isCut { tallies[index].cut += 1 }
    let named = windows[index].state.parts(plan)
    var judgedParts: [JudgedPart] = []
    let start = windows[index].state.bounds(store.history).start
    let noticesParts = !isOpen && self.parts?.isDue(in: index, from: start) == true
    for (name, keys) in named {
      let wanted = wantedStatistics(in: index, name, context)
      guard wanted != nil || noticesParts else { continue }
      let part = windows[index].state.part(name, keys, plan)
      var judged = windows[index].judgement(of: part, wanted, store, plan)
      judged.isCut = isCut
      if noticesParts { compare(judged, plan) }
      guard wanted != nil else { continue }
      windows[index].remember(judged, context)
      if context.measuring.includes(name) {
        judgement.measured.append(judged.measured(isOpen: isOpen, plan))
      }
      if name == .whole { note(judged, isOpen: isOpen, plan) }
      judgedParts.append(judged)
    }
    judgement.reports += rules.judge(judgedParts, plan)
    let absent = rules.parts(in: index, plan).subtracting(named.map(\.name))
    for name in absent.sorted() {
      let part = windows[index].state.part(name, [], plan)
      judgement.reports += rules.end(windows[index].judgement(of: part, nil, store, plan), plan)
    }
    windows[index].forgetPast(store, plan)
  }

  /// Keeps what a part of the traffic was found to be beside the others.
  private mutating func compare(_ judged: JudgedPart, _ plan: Plan) {
    if judged.part.name == .whole { parts?.begin(judged) } else { parts?.insert(judged, plan) }
  }

  /// Keeps what the whole traffic was found to be.
  private mutating func note(_ judged: JudgedPart, isOpen: Bool, _ plan: Plan) {
    let index = judged.windowIndex
    unmatchedStrata.formUnion(judged.part.reference.unmatched.map(\.name))
    if !isOpen { movements.insert(judged, plan) }
    if keepsNewest, !isOpen || windows[index].newest == nil { windows[index].newest = judged }
  }

  /// The statistics that are worked out for a part of the traffic; `nil` when nobody asks for it.
  private func wantedStatistics(
    in window: Int,
    _ part: PartName,
    _ context: JudgingContext
  ) -> WantedStatistics? {
    if context.measuring.includes(part) { return context.measuring.statistics }
    if part == .whole { return WantedStatistics([.drift]) }
    let isJudged = context.plan.windows[window].rules.contains { $0.scope.contains(part) }
    return isJudged ? WantedStatistics([]) : nil
  }
}

extension WindowBook {
  /// Whether a window without events holds lines that were refused, and a rule asks for them.
  private func holdsRefused(_ index: Int, _ context: JudgingContext) -> Bool {
    let plan = context.plan
    guard plan.paneWidth != nil, plan.windows[index].asksForRefused else { return false }
    return !context.store.refused.sum(in: windows[index].state.panes).isEmpty
  }

  /// Judges a window in which all lines were refused: by the rules that ask for them, and no others.
  private mutating func judgeRefused(
    window index: Int,
    _ context: JudgingContext,
    into judgement: inout Judgement
  ) {
    let (plan, store) = (context.plan, context.store)
    let state = windows[index].state
    var judged = windows[index].judgement(of: state.part(.whole, [], plan), nil, store, plan)
    judged.isCut = store.cuts(state.panes, endedAfter: context.endedAfter, plan)
    judgement.windows += 1
    judgement.time = max(judgement.time, judged.end)
    tallies[index].judged += 1
    if judged.isCut { tallies[index].cut += 1 }
    if context.measuring.includes(.whole) {
      let isOpen = state.isOpen(after: context.endedAfter)
      judgement.measured.append(judged.measuredRefused(isOpen: isOpen, plan))
    }
    judgement.reports += rules.judge([judged], plan, only: \.asksForRefused)
  }

  /// What a window is known by in a state: in another zone other days are summed, and others are
  /// earlier.
  private static func identity(of window: WatchedWindow, _ plan: Plan) -> String {
    let (name, kind) = (window.state.specification.name, window.state.specification.kind)
    return "\(name) \(kind)" + (plan.monitor.zone.map { " in \($0.name)" } ?? "")
  }

  func encode(into writer: inout ByteWriter, _ plan: Plan) {
    writer.write(varint: UInt64(windows.count))
    for window in windows {
      writer.write(Self.identity(of: window, plan))
      window.state.encode(into: &writer)
      window.past.encode(into: &writer, plan)
    }
    rules.encode(into: &writer, plan)
  }

  /// Takes over what `encode` wrote, as far as the plan still has it.
  mutating func restore(
    from reader: inout ByteReader,
    _ store: PaneStore,
    _ restoration: inout Restoration
  ) throws(CodingError) {
    let plan = restoration.plan
    var missing = Set(windows.indices)
    for _ in 0..<(try reader.readCount(limit: reader.remaining)) {
      let name: String = try reader.read()
      let index = windows.firstIndex { name == Self.identity(of: $0, plan) }
      guard var own = index.map({ windows[$0] }) ?? windows.first else {
        throw .invalid(offset: reader.offset)
      }
      let history = index != nil && restoration.mapping.keepsPanes ? store.history : PaneHistory()
      try own.state.restore(from: &reader, history, plan)
      try own.past.restore(from: &reader, &restoration)
      guard let index else {
        restoration.note("the window \(name) is gone: what it held is dropped")
        continue
      }
      missing.remove(index)
      if restoration.mapping.keepsPanes {
        windows[index] = own
      } else {
        windows[index].past = own.past
      }
    }
    for index in missing.sorted() {
      let name = windows[index].state.specification.name
      restoration.note("the window \(name) is new: it begins with what is known of its time")
      if let last = store.lastPane { windows[index].state.begin(at: last + 1) }
    }
    try rules.restore(from: &reader, &restoration)
  }
}
