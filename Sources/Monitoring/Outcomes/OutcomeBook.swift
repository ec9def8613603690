internal import Events
internal import Expressions
internal import Records
internal import Specification

/// Predictions and their outcomes, joined by id; judged in windows of the predictions' times.
///
/// Panes come in order, each sorted, so that what is joined does not depend on who counted it. The
/// clock of outcomes is the time of the last outcome in a pane that is complete: while none comes,
/// nothing expires, and silence means nothing.
///
/// Its 16 properties are the parts of one join: who waits, what is known, and who is told of it.
struct OutcomeBook: Sendable {
  let settings: Settings
  /// The open windows, in order.
  var windows: [QualityWindow] = []
  private var names = KeyNames()
  var index = IDIndex()
  /// Those that memory has no room for; `nil` where they have no other place.
  var disk: SpilledPredictions?
  /// The outcomes whose prediction has not come.
  var waiting = WaitingOutcomes()
  /// The time of the last outcome, in nanoseconds since 1970; `nil` before the first.
  var outcomeClock: Int64?
  var tally = OutcomeTally()
  var rules = QualityRules()
  /// What is told of predictions whose time is up.
  var mature: MatureOutcomes
  /// How labels arrive, as predictions whose time is up tell.
  var arrivals: ArrivalHistory
  /// The newest window whose outcomes are all there.
  var complete: CompleteCohort?
  /// What goes to those who label and train; `nil` where nothing does.
  var feedback: FeedbackBook?
  var nextBoundary: Int?
  /// The last pane that was taken in.
  var lastPane: Int?
  /// The newest window whose outcomes are known well enough, as it was judged last; where numbers are
  /// handed out, with what can be drawn of its scores.
  var newest: (measured: MeasuredPart, scores: ScoreStanding?)?

  /// How outcomes are held against predictions.
  var quality: QualitySpecification { settings.quality }
  /// The keys of the rows.
  var keys: [GroupKey] { names.all }

  /// `nil` where the monitor reads no outcomes.
  ///
  /// - Parameters:
  ///   - plan: What is computed.
  ///   - store: Where predictions wait that memory has no room for; `nil` where they cannot.
  init?(_ plan: Plan, _ store: (any PendingStore)?) {
    guard let outcomes = plan.outcomes else { return nil }
    self.init(outcomes.quality, slidePanes: outcomes.slidePanes, plan, store)
  }

  /// A book to read another one into, of a monitor that reads no outcomes any more.
  init(reading plan: Plan) { self.init(.unread, slidePanes: 1, plan, nil) }

  private init(
    _ quality: QualitySpecification,
    slidePanes: Int,
    _ plan: Plan,
    _ store: (any PendingStore)?
  ) {
    let limits = plan.monitor.limits
    // Rows that leave early are looked for at each news of theirs: they stay in memory.
    if limits.spilled > 0, !plan.monitor.feedback.isEarly {
      disk = store.map { SpilledPredictions(store: $0, memory: limits.pending) }
    }
    settings = Settings(
      quality: quality,
      slidePanes: slidePanes,
      paneWidth: plan.paneWidth ?? 1,
      estimates: plan.probability(in: .whole) != nil,
      versionDimension: plan.dimensions.firstIndex { $0.segment == nil },
      asks: plan.monitor.feedback.relabel != nil,
      isEarly: plan.monitor.feedback.isEarly,
      predictions: limits.pending + (disk == nil ? 0 : limits.spilled),
      outcomes: limits.pending,
      windows: Int(2 * quality.horizon.nanoseconds / quality.window.nanoseconds) + 16
    )
    mature = MatureOutcomes(plan)
    arrivals = ArrivalHistory(
      horizon: quality.horizon.nanoseconds,
      isCorrected: quality.isCorrected
    )
    feedback = FeedbackBook(plan)
  }

  /// Whether something is to be judged.
  var isPending: Bool { windows.contains(where: \.isDirty) || mature.hasNews }

  /// Takes in what a pane brought; panes come in increasing order, sorted.
  ///
  /// - Parameters:
  ///   - pane: The pane.
  ///   - raised: By how much alerts raise the chance of parts of the traffic to be asked for.
  ///   - plan: What is computed.
  mutating func add(_ pane: JoinPane, raising raised: [PartName: Double], _ plan: Plan) {
    lastPane = pane.index
    fetch(pane)
    var drawn: [FeedbackBook.Drawn] = []
    let moved = pane.keys.map { place(of: $0) }
    tally.unnamed += pane.unnamed
    let hasTraits = pane.hasTraits
    for var prediction in pane.predictions {
      prediction.key = moved[Int(prediction.key)]
      let traits = hasTraits ? pane.traits(prediction) : []
      if let one = insert(prediction, pane.payload(prediction), traits, raised) {
        drawn.append(one)
      }
    }
    if !drawn.isEmpty {
      let start = Int64(pane.index) * settings.paneWidth
      ask(drawn, in: start..<start + settings.paneWidth, plan)
    }
    for outcome in pane.outcomes { insert(outcome) }
    storeFetched()
    if let last = pane.outcomes.last, last.time > outcomeClock ?? .min {
      outcomeClock = last.time
      expire()
    }
    noteComplete(before: pane.index)
    spillOver()
    if isPending {
      let slides = floorDivide(Int64(pane.index), Int64(settings.slidePanes)) + 1
      let next = Int(slides) * settings.slidePanes
      nextBoundary = nextBoundary ?? next
    }
  }

  /// Lets windows be told when the last of their predictions are there, if anything can be.
  private mutating func noteComplete(before pane: Int) {
    let time = Int64(pane) * settings.paneWidth
    for index in windows.indices
    where windows[index].judgedRows < windows[index].count {
      guard settings.estimates || windows[index].revision > 0 else { continue }
      if end(of: windows[index]) <= time { windows[index].isDirty = true }
    }
  }

  /// The place of a key among those of the rows.
  mutating func place(of key: GroupKey) -> Int32 { names.place(of: key) }

  // MARK: Joining

  /// Lets a prediction wait for its outcome.
  ///
  /// - Returns: The prediction as one whose label may be asked for; `nil` where it may not.
  private mutating func insert(
    _ prediction: PredictionRow,
    _ payload: [UInt8],
    _ traits: ArraySlice<Float>,
    _ raised: [PartName: Double]
  ) -> FeedbackBook.Drawn? {
    var prediction = prediction
    var isKnown = false
    var isFirst = true
    var sibling: JoinedRow?
    var shared: Ballots?
    index.candidates(prediction.id) { place in
      let other = self[place]
      guard other.prediction.id == prediction.id else { return }
      isFirst = false
      if other.prediction.version == prediction.version { isKnown = true }
      if other.isShared {
        sibling = other
        shared = ballots(at: place)
      }
    }
    guard !isKnown else {
      tally.duplicates += 1
      return nil
    }
    if index.count >= settings.predictions { crowdOut(sparing: number(of: prediction.time)) }
    guard index.count < settings.predictions else {
      tally.unkept += 1
      return nil
    }
    tally.predictions += 1
    let window = openWindow(of: prediction.time)
    let mayLeave = !payload.isEmpty
    if prediction.payload >= 0 {
      prediction.payload = Int32(windows[window].payloads.count)
      windows[window].payloads.append(payload)
      if !traits.isEmpty { windows[window].traits += traits }
    }
    var row = JoinedRow(prediction: prediction)
    let cast = meet(&row, sibling, shared)
    if row.isLabelled { windows[window].isDirty = true }
    let place = windows[window].count
    windows[window].rows.append(row)
    if !cast.all.isEmpty { windows[window].ballots[place] = cast }
    index.insert(
      prediction.id,
      IDIndex.Place(
        window: Int32(windows[window].index),
        row: UInt32(place)
      )
    )
    if settings.isEarly, row.isLabelled { windows[window].noteNews(of: place) }
    // One request an id, whichever version.
    guard mayLeave, isFirst, settings.asks else { return nil }
    let part = raised.isEmpty ? nil : raisedPart(of: prediction.key, raised)
    return FeedbackBook.Drawn(
      candidate: RelabelSampler.Candidate(
        id: prediction.id,
        doubt: feedback?.doubt(prediction),
        raise: part.map { raised[$0] ?? 1 } ?? 1
      ),
      window: window,
      row: place,
      raisedBy: part
    )
  }

  /// Lets what waits for a prediction, or is known of another version's of its id, be of it.
  ///
  /// - Returns: What was said of it, where it matters who says it.
  private mutating func meet(
    _ row: inout JoinedRow,
    _ sibling: JoinedRow?,
    _ shared: Ballots?
  ) -> Ballots {
    var cast = Ballots()
    for outcome in waiting.take(row.prediction.id, version: row.prediction.version) {
      Self.update(&row, &cast, outcome, settings.quality, &tally)
    }
    // Another version's prediction of the same id shares its outcome.
    if let shared {
      Self.share(shared, &row, &cast, settings.quality, &tally)
    } else if !row.isLabelled, let sibling {
      row.label = sibling.label
      row.labelTime = sibling.labelTime
      row.isShared = true
      tally.labelled += 1
    }
    return cast
  }

  /// The part of the traffic by which a key is raised most.
  private func raisedPart(of key: Int32, _ raised: [PartName: Double]) -> PartName? {
    let values = keys[Int(key)].values
    let own = values.indices.map { PartName.part(dimension: $0, values[$0]) }
    return own.filter { raised[$0] != nil }.max { (raised[$0] ?? 0, $1) < (raised[$1] ?? 0, $0) }
  }

  private mutating func insert(_ outcome: OutcomeRow) {
    tally.outcomes += 1
    // Most ids are of one version: only others need a list.
    var first: IDIndex.Place?
    var others: [IDIndex.Place] = []
    index.candidates(outcome.id) { place in
      let prediction = self[place].prediction
      guard prediction.id == outcome.id,
        outcome.version == 0 || outcome.version == prediction.version
      else { return }
      if first == nil { first = place } else { others.append(place) }
    }
    guard let first else {
      tally.forgotten += waiting.insert(outcome, limit: settings.outcomes)
      return
    }
    take(outcome, at: first)
    for place in others { take(outcome, at: place) }
  }

  /// Lets an outcome be of the prediction of a place.
  private mutating func take(_ outcome: OutcomeRow, at place: IDIndex.Place) {
    guard let window = position(of: Int(place.window)) else { return }
    guard Int(place.row) >= windows[window].spilled else {
      takeFetched(outcome, at: place, window)
      return
    }
    if windows[window].take(outcome, row: Int(place.row), settings.quality, &tally) {
      windows[window].isDirty = true
      if settings.isEarly { windows[window].noteNews(of: Int(place.row)) }
    }
  }

  private subscript(place: IDIndex.Place) -> JoinedRow {
    guard let window = position(of: Int(place.window)) else {
      preconditionFailure("a prediction is in the window \(place.window), which is not open")
    }
    let row = Int(place.row) - windows[window].spilled
    if row >= 0 { return windows[window].rows[row] }
    guard let fetched = disk?.fetched[place] else {
      preconditionFailure("a row of the window \(place.window) was not read")
    }
    return fetched.row
  }

  // MARK: Windows

  /// The position of an open window.
  func position(of number: Int) -> Int? {
    var (low, high) = (0, windows.count)
    while low < high {
      let middle = (low + high) / 2
      if windows[middle].index < number { low = middle + 1 } else { high = middle }
    }
    return low < windows.count && windows[low].index == number ? low : nil
  }

  /// The position of the window of a prediction; it is opened where it is new.
  mutating func openWindow(of time: Int64) -> Int {
    let number = number(of: time)
    if let position = position(of: number) { return position }
    let position = windows.firstIndex { $0.index > number } ?? windows.count
    windows.insert(QualityWindow(index: number), at: position)
    if windows.count(where: { !$0.isCrowdedOut }) > settings.windows { crowdOut(sparing: number) }
    return position
  }

  /// The number of the window of a time.
  func number(of time: Int64) -> Int {
    Int(floorDivide(time, settings.quality.window.nanoseconds))
  }

  /// The window whose time is up first gives way to another, where there is one.
  private mutating func crowdOut(sparing number: Int) {
    let first = windows.firstIndex { !$0.isCrowdedOut && $0.index != number }
    guard let first else { return }
    windows[first].isCrowdedOut = true
    windows[first].isDirty = true
    forget(windows[first])
    tally.crowdedOut += 1
  }

  mutating func forget(_ window: QualityWindow) {
    guard window.spilled == 0 else {
      index.removeAll(in: Int32(window.index))
      return
    }
    for (row, joined) in window.rows.enumerated() {
      index.remove(
        joined.prediction.id,
        IDIndex.Place(window: Int32(window.index), row: UInt32(row))
      )
    }
  }

  /// The name of a prediction's version; `nil` without one, and of one beyond the limit of versions.
  private func versionName(of prediction: PredictionRow) -> String? {
    guard let dimension = settings.versionDimension,
      case .value(let bytes) = keys[Int(prediction.key)].values[dimension]
    else { return nil }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Lets predictions expire whose time is up by the clock of outcomes.
  private mutating func expire() {
    guard let clock = outcomeClock else { return }
    let due = clock.saturatingSubtract(settings.quality.horizon.nanoseconds)
    for window in windows.indices {
      guard start(of: windows[window]) <= due else { break }
      expire(window, due: due)
    }
    tally.unmatched += waiting.expire(before: due)
  }

  private mutating func expire(_ window: Int, due: Int64) {
    var next = windows[window].expired
    let findsVersions = mature.findsVersions
    if next < windows[window].count { bringBack(window) }
    while next < windows[window].count {
      var row = windows[window].rows[next]
      guard row.prediction.time < due else { break }
      if row.isSilence, settings.quality.silenceIsNegative {
        row.label = 0
        row.isSilent = true
        windows[window].rows[next] = row
        windows[window].isDirty = true
        tally.silent += 1
      }
      if findsVersions { mature.note(versionName(of: row.prediction), at: row.prediction.time) }
      mature.insert(row)
      arrivals.insert(row)
      next += 1
    }
    windows[window].expired = next
    if isOver(windows[window]) { windows[window].isDirty = true }
  }

  /// Whether no outcome of the window's predictions is waited for any more.
  func isOver(_ window: QualityWindow) -> Bool {
    guard !window.isCrowdedOut, let clock = outcomeClock else { return window.isCrowdedOut }
    return clock.saturatingSubtract(settings.quality.horizon.nanoseconds) >= end(of: window)
  }
}
