internal import Events
internal import Ingest
internal import Monitoring
internal import Sketches
internal import Specification

/// The one engine of a fleet: adds up what its members say of their streams, and judges.
///
/// It is a function of the fleet's topic, read in order; only silence is told by a clock. So it does
/// not matter which member has it, and one that goes on from an earlier place says the same again.
///
/// Its 10 properties are the engine, what it was told, and what it has said.
struct FleetVerdict {
  private(set) var engine: Engine
  /// Where the topic is read on.
  var place: Int64 = 0
  /// What was told of each stream.
  private(set) var streams: [String: StreamStanding] = [:]
  /// What was counted of panes that are complete in their own stream, and not yet in all.
  private var waiting = CountedPanes.nothing
  /// The last pane that was given to the engine.
  private(set) var judged: Int?
  /// Events that came when their windows were judged.
  private(set) var lateEvents = 0
  /// Whether the engine has more to judge at once.
  private(set) var hasBacklog = false
  /// The streams that are there.
  private var expected: Set<String> = []
  /// When it first judged in this process, on the monotonic clock.
  private var begunAt: Int64?
  /// When a prediction was last told of, on the monotonic clock.
  private var heardAt: Int64?

  /// Nothing told yet.
  ///
  /// - Parameters:
  ///   - plan: What is computed.
  ///   - options: Which numbers are handed out.
  init(_ plan: Plan, _ options: PipelineOptions) {
    engine = Engine(plan, measuring: options.measuring)
  }

  private var plan: Plan { engine.plan }

  /// For how long nothing is told of a stream that is gone, in nanoseconds.
  static let goneLimit: Int64 = 600_000_000_000

  /// Takes what a member says of a stream.
  ///
  /// - Parameters:
  ///   - report: What it says.
  ///   - now: The monotonic clock.
  /// - Throws: `CodingError` where its counts are none.
  mutating func take(_ report: StreamReport, now: Int64) throws(CodingError) {
    var standing = streams[report.stream] ?? StreamStanding(term: report.term)
    guard report.term >= standing.term else { return }
    standing.term = report.term
    standing.toldAt = now
    defer { streams[report.stream] = standing }
    var isCut = report.isCut
    if let counts = report.counts {
      var opened = try counts.opened(plan)
      isCut = isCut || !opened.isWhole
      if let through = standing.through { _ = opened.counted.take(through: through) }
      if let judged { lateEvents += opened.counted.take(through: judged).events }
      waiting.add(opened.counted)
    }
    if isCut { engine.noteHole(after: latest) }
    if let through = own(report.through, of: report.panes) {
      standing.through = max(through, standing.through ?? through)
      standing.isByClock = report.isByClock
    }
    if let time = report.latest { standing.latest = max(time, standing.latest ?? time) }
    // Who takes a stream over has counted nothing yet.
    guard report.mark == 0 else { return }
    if report.heard > standing.heard { heardAt = now }
    standing.heard = report.heard
  }

  /// The latest time of an event of any stream.
  private var latest: Int64? { streams.values.compactMap(\.latest).max() }

  /// Lets windows wait for streams before anything is told of them.
  ///
  /// - Parameter names: The streams that are known to be there.
  mutating func expect(_ names: [String]) { expected = Set(names) }

  /// The streams that windows wait for: those that are there, and those that were told of lately.
  private func awaited(_ now: Int64) -> [String] {
    let told = streams.filter { now - $0.value.toldAt < Self.goneLimit }.keys
    return expected.union(told).sorted()
  }

  /// The streams of which nothing was told for so long that something is wrong.
  ///
  /// - Parameter now: The monotonic clock.
  /// - Returns: Their names, in order.
  func unheard(_ now: Int64) -> [String] {
    awaited(now).filter { name in
      now - (streams[name]?.toldAt ?? begunAt ?? now) >= Self.goneLimit
    }
  }

  /// The last pane that is complete in all streams; `nil` where one has none.
  ///
  /// Where clocks alone say so, because nothing comes anywhere, it is none behind the windows that hold
  /// the last events: what comes after a longer gap counts.
  private func complete(_ now: Int64) -> Int? {
    let awaited = awaited(now).map { streams[$0] }
    let through = awaited.compactMap { $0?.through }
    guard through.count == awaited.count, let last = through.min() else { return nil }
    guard awaited.allSatisfy({ $0?.isByClock ?? false }) else { return last }
    let ends = [
      latest.map(plan.endOfWindows(after:)),
      waiting.lastRefusedPane.flatMap(plan.endOfWindows(holding:)),
    ]
    guard let end = ends.compactMap({ $0 }).max() else { return nil }
    return min(last, plan.lastPane(completeTo: plan.completion(at: end)))
  }

  /// Judges what is complete, until the output is full.
  ///
  /// - Parameter now: The clocks, for silence.
  /// - Returns: What is to be said.
  mutating func judge(_ now: AgentTime) -> EngineOutput {
    var output = EngineOutput()
    begunAt = begunAt ?? now.monotonic
    if !hasBacklog, let complete = complete(now.monotonic), complete > judged ?? .min {
      engine.enqueue([waiting.take(through: complete)], through: complete)
      judged = complete
    }
    repeat { hasBacklog = engine.step(into: &output) } while hasBacklog && !output.isFull
    guard !hasBacklog, !plan.monitor.silenceRules.isEmpty, let heardAt, let latest else {
      return output
    }
    let elapsed = now.monotonic - heardAt
    if elapsed > 0 { engine.noteSilence(since: latest, until: latest + elapsed, into: &output) }
    return output
  }

  /// Hands over how many events came when their windows were judged, since this was last asked.
  mutating func takeLateEvents() -> Int {
    defer { lateEvents = 0 }
    return lateEvents
  }

  /// Takes note that entries of the topic were lost.
  mutating func noteHole() { engine.noteHole(after: latest) }

  /// How all stands.
  ///
  /// - Parameter number: By which the state is found in the topic.
  /// - Returns: What another member goes on from.
  func state(number: UInt64) -> VerdictState {
    VerdictState(
      number: number,
      place: place,
      engine: engine.state(holding: [waiting]),
      streams: streams,
      judged: judged
    )
  }

  /// A pane of a monitor's as this one has it.
  private func own(_ pane: Int?, of panes: PaneScheme) -> Int? {
    pane.flatMap { plan.panes.lastPane(through: $0, of: panes) }
  }

  /// Goes on where another member stood.
  ///
  /// - Parameters:
  ///   - state: What it has kept.
  ///   - now: The monotonic clock.
  /// - Returns: What begins anew because this plan counts otherwise, in words.
  /// - Throws: `CodingError` where it is no state of this version.
  mutating func resume(_ state: VerdictState, now: Int64) throws(CodingError) -> [String] {
    let restored = try engine.restore(state.engine)
    for counted in restored.open { waiting.add(counted) }
    place = state.place
    streams = state.streams.mapValues { standing in
      var standing = standing
      standing.toldAt = now
      standing.through = own(standing.through, of: restored.panes)
      return standing
    }
    judged = own(state.judged, of: restored.panes)
    if streams.values.contains(where: { $0.heard > 0 }) { heardAt = now }
    return restored.notes
  }
}

/// What was told of a stream of a fleet's.
struct StreamStanding {
  /// When the member that reads it was given it.
  var term: FleetTerm
  /// When it was told of last, on the monotonic clock of this process.
  var toldAt: Int64 = 0
  /// The last pane that is complete; `nil` while none is.
  var through: Int?
  /// Whether a member's clock says so.
  var isByClock = false
  /// The latest event time, in nanoseconds since 1970.
  var latest: Int64?
  /// How many predictions were heard.
  var heard = 0
}

/// What whoever judges has kept: the engine, and what it was told of each stream.
struct VerdictState {
  /// By which the group finds it.
  let number: UInt64
  /// Where the topic is read on.
  let place: Int64
  let engine: EngineState
  let streams: [String: StreamStanding]
  /// The last pane that was given to the engine.
  let judged: Int?
}

extension StreamStanding: ByteCodable {
  func encode(into writer: inout ByteWriter) {
    writer.write(term)
    writer.write(through)
    writer.write(isByClock)
    writer.write(latest)
    writer.write(heard)
  }

  init(from reader: inout ByteReader) throws(CodingError) {
    term = try reader.read()
    through = try reader.read()
    isByClock = try reader.read()
    latest = try reader.read()
    heard = try reader.read()
  }
}

extension VerdictState: ByteCodable {
  func encode(into writer: inout ByteWriter) {
    writer.write(fixed64: number)
    writer.write(place)
    writer.write(engine)
    writer.write(streams)
    writer.write(judged)
  }

  init(from reader: inout ByteReader) throws(CodingError) {
    number = try reader.readFixed64()
    place = try reader.read()
    engine = try reader.read()
    streams = try reader.read()
    judged = try reader.read()
  }
}
