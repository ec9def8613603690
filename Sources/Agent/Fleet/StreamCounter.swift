internal import Expressions
internal import Ingest
internal import Monitoring
internal import Records
internal import Sketches
internal import Specification

/// Counts one stream of a fleet's, and says which of its panes are complete.
///
/// What it counts depends on no other stream, so that it can go on in any member.
///
/// Its 11 properties are the stream, its counts, and what was said of it.
final class StreamCounter {
  /// The stream's name.
  let name: String
  /// When it was given to this member.
  private let term: FleetTerm
  private let plan: Plan
  private let drains: Bool
  /// What counts it.
  let crew: Crew
  private var deliveries = Deliveries(streams: 1)
  private var letters = LetterQueue()
  /// When it last reported, on the monotonic clock; the least number before.
  private(set) var reportedAt = Int64.min
  /// Whether events were lost since it last reported.
  var isCut = false
  /// Whether what a clock decided, or somebody asked for, is to be told with the place to go on from.
  private var owesKept = false
  /// What was read so far.
  private(set) var tally = StreamTally()

  /// Counts a stream from its place on.
  ///
  /// - Parameters:
  ///   - source: The stream, whose lines have places.
  ///   - term: When it was given to this member.
  ///   - plan: What is computed.
  ///   - options: Batches.
  ///   - drains: Whether `count` counts all that is at hand, and not a part of it.
  init(
    _ source: any EventSource,
    term: FleetTerm,
    _ plan: Plan,
    _ options: PipelineOptions,
    drains: Bool = false
  ) {
    name = source.name
    self.drains = drains
    self.term = term
    self.plan = plan
    var own = options
    own.threads = 1
    crew = Crew(plan, OpenedStreams(shared: [source]), isLive: true, options: own)
  }

  /// Goes on from where the one who read the stream before has kept it; of use before anything was
  /// read.
  ///
  /// - Parameter kept: What was kept.
  /// - Throws: `CodingError` where it is none of this version; nothing is then changed.
  func resume(_ kept: KeptStream) throws(CodingError) {
    let opened = try kept.counts.opened(plan)
    isCut = !opened.isWhole
    crew.add(opened.counted)
    crew.begin(0, at: kept.source.position.inPanes(of: plan, from: opened.panes))
    crew.withStreams { $0.order = kept.chunks }
    letters.add(
      kept.source.letters.map {
        OrderedLetter(order: $0.order, source: 0, line: $0.line, letter: $0.letter)
      }
    )
    if kept.source.position.heard > 0 { deliveries.resume() }
    // A stream with places goes on at any.
    _ = try? crew.resume(0, as: kept.source)
  }

  /// Begins at an offset of which nothing was kept; of use before anything was read.
  func begin(at offset: Int64) {
    // A stream with places begins at any.
    _ = crew.withStreams { try? $0.streams[0].source.resume(at: Int(offset)) }
  }

  /// Counts what has come, on any thread.
  struct Round: Sendable {
    fileprivate let crew: Crew
    fileprivate let drains: Bool

    func run() {
      repeat { crew.runRound() } while drains && crew.withStreams(\.isReadable)
    }
  }

  /// What counts what has come; of use while nothing else is done with the counter.
  var round: Round { Round(crew: crew, drains: drains) }

  /// Whether there is more to count at once.
  var isReadable: Bool { crew.withStreams { $0.isReadable } }

  /// Takes the lines that could not be used.
  ///
  /// - Returns: The dead letters, in order.
  func takeLetters() -> [DeadLetter] {
    var found: [OrderedLetter] = []
    var total = StreamTally()
    crew.visit { worker in
      found += worker.takeLetters()
      total.add(worker.tally)
    }
    total.waiting = crew.positions[0].waitingEvents
    tally = total
    return letters.take(adding: found, crew.positions)
  }

  /// Says which panes are complete, where that is news or it is time to.
  ///
  /// - Parameters:
  ///   - now: The member's clocks.
  ///   - keeps: Whether what comes next is to go on from here, whatever is complete.
  /// - Returns: The report, without the streams that the member knows of; `nil` where there is nothing
  ///   to say.
  func report(_ now: AgentTime, keeps: Bool) -> StreamReport? {
    let idle = plan.monitor.idle.nanoseconds
    let isQuiet = crew.withStreams { streams in
      isCut = streams.serve() || isCut
      return streams.openStreams(now: now.monotonic, idle: idle).quiet == [0]
    }
    deliveries.observe(crew, open: [0], quiet: isQuiet ? [0] : [], now, plan)
    owesKept = owesKept || isQuiet || keeps
    let position = crew.positions[0]
    var end = plan.completion(position)
    if isQuiet {
      let time = now.wall - deliveries.allowance(of: [0])
      end = max(end ?? .min, plan.completion(at: time))
    }
    let complete = end.map { plan.lastPane(completeTo: min($0, now.wall)) }
    let isNews = complete.map { $0 > position.closedPane ?? .min } ?? false
    let isDue = reportedAt == .min || now.monotonic - reportedAt >= Self.interval
    guard isNews || keeps || isCut || isDue else { return nil }
    reportedAt = now.monotonic
    var report = StreamReport(stream: name, term: term, panes: plan.panes)
    if isNews, let complete {
      var counted = CountedPanes.nothing
      crew.visit { counted.add($0.counter.take(through: complete)) }
      crew.close(through: complete)
      report.counts = counted.isEmpty ? nil : CarriedCounts(counted, of: plan)
    }
    report.through = crew.positions[0].closedPane
    report.isByClock = isQuiet
    report.latest = crew.positions[0].endClock(plan)
    report.heard = position.heard
    report.isCut = isCut
    isCut = false
    if owesKept {
      report.kept = kept
      owesKept = false
    }
    return report
  }

  /// How often a stream is told of at least, in nanoseconds: who judges takes one for gone after many
  /// of them.
  static let interval: Int64 = 10_000_000_000

  /// What whoever reads the stream next goes on from.
  private var kept: KeptStream? {
    guard case .line(let next?) = crew.marks[0].kind else { return nil }
    let position = crew.positions[0].at(line: next)
    var source = SourceRecord(name: name, file: nil, position: position)
    source.letters = letters.withheld
    var counted = CountedPanes.nothing
    for part in crew.counted { counted.add(part) }
    return KeptStream(
      source: source,
      chunks: crew.withStreams { $0.order },
      counts: CarriedCounts(counted, of: plan)
    )
  }

  /// Where the stream stands.
  var position: StreamPosition { crew.positions[0] }
}
