import Connectors
import Events
import Ingest
import Records
import Sketches
import TestSupport
import Testing

@testable import Agent
@testable import Monitoring
@testable import Specification

/// One verdict of several members, whoever counts what and whoever goes away: what they tell each other
/// in a list, without a cluster.
@Suite struct FleetVerdictTests {
  /// A stream of lines that is read as far as it is let.
  final class LineSource: EventSource {
    let name: String
    private let lines: [String]
    private var next = 0
    /// How far it may be read.
    var limit = 0
    /// Whether nothing comes beyond the limit, as far as is known.
    var isCaughtUp = false

    init(_ name: String, _ lines: [String]) {
      self.name = name
      self.lines = lines
    }

    func next(into chunk: inout LineChunk, target: Int, waits: Bool) -> Bool {
      guard next < min(limit, lines.count) else { return false }
      let end = min(next + 40, limit, lines.count)
      let offset = lines[..<next].reduce(0) { $0 + $1.utf8.count + 1 }
      chunk.fill(Array((lines[next..<end].joined(separator: "\n") + "\n").utf8), at: offset)
      next = end
      return true
    }

    var isAtEnd: Bool { false }
    var wake: SourceWake { next < min(limit, lines.count) ? .now : .signal(0) }
    var isLagging: Bool { !isCaughtUp }
    var mark: SourceMark { .line(next) }

    func resume(at offset: Int) -> Bool {
      next = offset
      return true
    }
  }

  let sample: SampleStream
  let streams: [[String]]
  static let count = 4
  var options = PipelineOptions()
  /// A time by which every pane of the sample is over.
  let now = AgentTime(monotonic: 1, wall: 1_800_000_000_000_000_000)

  init() throws {
    sample = try SampleStream()
    var streams = Array(repeating: [String](), count: Self.count)
    for (index, line) in sample.lines.enumerated() { streams[index * 7 % Self.count].append(line) }
    self.streams = streams
    options.measuring = .everything
    options.keepsLetters = true
  }

  static func name(_ index: Int) -> String { "kafka:sample[\(index)]" }

  /// What is said: metric records, alerts, and dead letters, each once.
  struct Said: Equatable {
    var metrics: Set<String> = []
    var alerts: Set<String> = []
    var letters: Set<String> = []

    mutating func add(_ output: EngineOutput) {
      let lines = String(decoding: output.metricRecords, as: UTF8.self)
      metrics.formUnion(lines.split(separator: "\n").map(String.init))
      for notice in output.notices {
        var writer = JSONWriter()
        notice.write(to: &writer)
        alerts.insert(String(decoding: writer.bytes, as: UTF8.self))
      }
    }
  }

  /// A member that counts a stream, until it goes away.
  struct Member {
    let source: LineSource
    let counter: StreamCounter
  }

  /// What members have told, in order.
  final class Log {
    var entries: [FleetEntry] = []

    /// As records of a topic, and back.
    func append(_ entry: FleetEntry, _ owner: StateOwner) {
      var assembler = FleetAssembler([owner])
      for record in FleetParts.records(of: entry, owner, writer: 1, number: 1) {
        let whole = KafkaRecord(offset: 0, time: 0, value: record)
        if let (entry, _) = assembler.take(whole) { entries.append(entry) }
      }
    }
  }

  /// A member that goes on where the one before has kept a stream.
  func member(_ index: Int, generation: Int32, _ log: Log) throws -> Member {
    let source = LineSource(Self.name(index), streams[index])
    let counter = StreamCounter(
      source,
      term: FleetTerm(generation: generation),
      sample.plan,
      options
    )
    var told = ToldStream(term: FleetTerm(generation: 0))
    for case .report(let report) in log.entries where report.stream == source.name {
      told.take(report)
    }
    if let kept = told.kept { try counter.resume(kept) }
    return Member(source: source, counter: counter)
  }

  /// What one member says that reads all and never goes away.
  private func calm() throws -> Said {
    let log = Log()
    var said = Said()
    for index in 0..<Self.count {
      let member = try member(index, generation: 1, log)
      member.source.limit = .max
      while member.counter.isReadable { member.counter.round.run() }
      said.letters.formUnion(member.counter.takeLetters().map { "\($0)" })
      if let report = member.counter.report(now, keeps: true) {
        log.append(.report(report), StateOwner(sample.plan.monitor))
      }
    }
    var verdict = FleetVerdict(sample.plan, options)
    verdict.expect((0..<Self.count).map(Self.name))
    try judge(&verdict, log.entries[...], into: &said)
    return said
  }

  private func judge(
    _ verdict: inout FleetVerdict,
    _ entries: ArraySlice<FleetEntry>,
    into said: inout Said
  ) throws {
    for case .report(let report) in entries { try verdict.take(report, now: now.monotonic) }
    repeat { said.add(verdict.judge(now)) } while verdict.hasBacklog
  }

  /// Each of four streams is at a member that may be killed, go away in order, or stop and speak again
  /// behind its successor; whoever judges may be killed, too, and goes on from what it has kept.
  @Test(arguments: 0..<12)
  func `members that come, go and are killed say what one says that stays`(seed: Int) throws {
    let calm = try calm()
    let owner = StateOwner(sample.plan.monitor)
    var random = SeededGenerator(seed: UInt64(seed))
    let log = Log()
    var said = Said()
    var generation: Int32 = 1
    var members = try (0..<Self.count).map { try member($0, generation: 1, log) }
    var stopped: [Member] = []
    var verdict = FleetVerdict(sample.plan, options)
    var place = 0
    var kept: (state: VerdictState, place: Int)?
    func tell(_ member: Member, keeps: Bool = false) {
      for letter in member.counter.takeLetters() { said.letters.insert("\(letter)") }
      guard let report = member.counter.report(now, keeps: keeps) else { return }
      log.append(.report(report), owner)
    }
    while members.contains(where: { $0.source.limit < streams.map(\.count).max() ?? 0 }) {
      let index = Int.random(in: 0..<Self.count, using: &random)
      members[index].source.limit += Int.random(in: 1..<300, using: &random)
      while members[index].counter.isReadable { members[index].counter.round.run() }
      tell(members[index], keeps: Int.random(in: 0..<4, using: &random) == 0)
      switch Int.random(in: 0..<12, using: &random) {
      case 0...2:
        // Killed, left in order, or stopped to wake later.
        generation += 1
        let limit = members[index].source.limit
        let way = Int.random(in: 0..<3, using: &random)
        if way == 0 { tell(members[index], keeps: true) }
        if way == 1 { stopped.append(members[index]) }
        members[index] = try member(index, generation: generation, log)
        members[index].source.limit = limit
        // What it takes over is told at once.
        tell(members[index], keeps: true)
      case 3 where !stopped.isEmpty:
        let one = stopped.removeLast()
        one.source.limit += 500
        while one.counter.isReadable { one.counter.round.run() }
        tell(one, keeps: true)
      case 4:
        kept = (verdict.state(number: 1), place)
      case 5:
        verdict = FleetVerdict(sample.plan, options)
        place = kept?.place ?? 0
        if let kept { _ = try verdict.resume(kept.state, now: now.monotonic) }
      default: break
      }
      let end = Int.random(in: place...log.entries.count, using: &random)
      verdict.expect((0..<Self.count).map(Self.name))
      try judge(&verdict, log.entries[place..<end], into: &said)
      place = end
    }
    for member in members {
      while member.counter.isReadable { member.counter.round.run() }
      tell(member, keeps: true)
    }
    try judge(&verdict, log.entries[place...], into: &said)
    #expect(calm.metrics.count > 500 && calm.alerts.count > 1 && calm.letters.count > 100)
    for (name, one, other) in [
      ("metrics", said.metrics, calm.metrics), ("alerts", said.alerts, calm.alerts),
      ("letters", said.letters, calm.letters),
    ] {
      let lost = other.subtracting(one).sorted()
      let more = one.subtracting(other).sorted()
      #expect(lost.isEmpty, "\(name): \(lost.count) lost, such as \(lost[0])")
      #expect(more.isEmpty, "\(name): \(more.count) others, such as \(more[0])")
    }
  }

  /// The same counts, by one pipeline that reads all streams.
  @Test func `a fleet says what one agent says of the same streams`() throws {
    let paths = try streams.enumerated().map { try sample.write($1, as: "part-\($0)") }
    var plain = try Pipeline(
      sample.plan,
      StreamNames(paths),
      isLive: false,
      options: options
    )
    var said = Said()
    while !plain.hasEnded { said.add(plain.runRound().engine) }
    let calm = try calm()
    // It knows that the streams have ended, and judges their last windows, too.
    #expect(calm.metrics.isSubset(of: said.metrics) && calm.alerts.isSubset(of: said.alerts))
    #expect(calm.metrics.count > 500)
  }

  /// An alert of silence begins when no event has come for so long, whoever reads the streams.
  @Test func `a stream that is taken over in silence is silent still`() throws {
    let text = SampleStream.monitorText + "\n  - {alert: Quiet, silence: 10m}\n"
    let loaded = Monitor.load(bytes: Array(text.utf8), file: "quiet.yaml", environment: [:])
    let plan = try Plan(monitor: #require(loaded.monitor), profile: sample.plan.profile)
    let minute: Int64 = 60_000_000_000
    var verdict = FleetVerdict(plan, options)
    verdict.expect([Self.name(0)])
    let source = LineSource(Self.name(0), streams[0])
    source.limit = 200
    let first = StreamCounter(source, term: FleetTerm(generation: 1), plan, options)
    while first.isReadable { first.crew.runRound() }
    let report = try #require(first.report(now, keeps: true))
    try verdict.take(report, now: now.monotonic)
    var said = Said()
    for passed in 1...12 {
      let later = AgentTime(
        monotonic: now.monotonic + Int64(passed) * minute,
        wall: now.wall + Int64(passed) * minute
      )
      if passed == 8 {
        var mark = StreamReport(
          stream: Self.name(0),
          term: FleetTerm(generation: 2),
          panes: plan.panes
        )
        mark.mark = 7
        try verdict.take(mark, now: later.monotonic)
        let next = LineSource(Self.name(0), streams[0])
        next.limit = 200
        let second = StreamCounter(next, term: FleetTerm(generation: 2), plan, options)
        try second.resume(try #require(report.kept))
        let again = try #require(second.report(later, keeps: true))
        try verdict.take(again, now: later.monotonic)
      }
      said.add(verdict.judge(later))
      #expect(said.alerts.contains { $0.contains("\"alert\":\"Quiet\"") } == (passed >= 10))
    }
  }

  @Test func `no window ends before each stream that is there was told of`() throws {
    let log = Log()
    for index in 0..<(Self.count - 1) {
      let member = try member(index, generation: 1, log)
      member.source.limit = .max
      while member.counter.isReadable { member.counter.round.run() }
      if let report = member.counter.report(now, keeps: true) {
        log.append(.report(report), StateOwner(sample.plan.monitor))
      }
    }
    var verdict = FleetVerdict(sample.plan, options)
    verdict.expect((0..<Self.count).map(Self.name))
    var said = Said()
    try judge(&verdict, log.entries[...], into: &said)
    #expect(said.metrics.isEmpty && verdict.judged == nil)
    let later = now.monotonic + FleetVerdict.goneLimit
    #expect(verdict.unheard(later).contains(Self.name(Self.count - 1)))
  }

  /// A member that was started anew with another monitor, while others have the old one.
  @Test(arguments: [("15m", "5m"), ("15m", "30m")])
  func `what a member counts in other panes cuts windows and makes nothing late`(
    own: String,
    other: String
  ) throws {
    let text = SampleStream.monitorText.replacing(
      "slide: \(own)\n",
      with: "slide: \(other)\n"
    ).replacing("slide: \(own)}", with: "slide: \(other)}")
    let loaded = Monitor.load(bytes: Array(text.utf8), file: "other.yaml", environment: [:])
    let monitor = try #require(loaded.monitor)
    let changed = try Plan(monitor: monitor, profile: sample.plan.profile)
    #expect(changed.panes != sample.plan.panes)
    let log = Log()
    for index in 0..<Self.count {
      let source = LineSource(Self.name(index), streams[index])
      source.limit = 700
      let before = StreamCounter(source, term: FleetTerm(generation: 1), sample.plan, options)
      while before.isReadable { before.crew.runRound() }
      let first = try #require(before.report(now, keeps: true))
      log.append(.report(first), StateOwner(sample.plan.monitor))
      let next = LineSource(Self.name(index), streams[index])
      next.limit = .max
      let after = StreamCounter(next, term: FleetTerm(generation: 2), changed, options)
      try after.resume(try #require(first.kept))
      while after.isReadable { after.crew.runRound() }
      let second = try #require(after.report(now, keeps: true))
      #expect(second.isCut)
      // Those of the sample alone, which are of 1970.
      let old = streams[index].dropFirst(700).count { $0.hasSuffix("\"ts\":1}") }
      #expect(after.takeLetters().count { $0.reason == .late } == old)
      log.append(.report(second), StateOwner(sample.plan.monitor))
    }
    for plan in [sample.plan, changed] {
      var verdict = FleetVerdict(plan, options)
      verdict.expect((0..<Self.count).map(Self.name))
      var said = Said()
      try judge(&verdict, log.entries[...], into: &said)
      // All streams end within a minute of each other.
      let end = try #require(verdict.judged.map { Int64($0 + 1) * (plan.paneWidth ?? 0) })
      #expect(end > 1_700_015_000_000_000_000 && end < 1_700_020_000_000_000_000)
      #expect(said.metrics.count > 100)
    }
  }

  @Test func `a stream in which nothing comes holds nobody`() throws {
    let log = Log()
    for index in 0..<Self.count {
      let member = try member(index, generation: 1, log)
      member.source.limit = index == 0 ? 0 : .max
      member.source.isCaughtUp = true
      while member.counter.isReadable { member.counter.round.run() }
      // After an hour the clock says that what comes is late.
      let later = AgentTime(monotonic: .max / 2, wall: now.wall)
      if let report = member.counter.report(later, keeps: false) {
        #expect(report.isByClock && report.kept != nil)
        log.append(.report(report), StateOwner(sample.plan.monitor))
      }
    }
    var verdict = FleetVerdict(sample.plan, options)
    verdict.expect((0..<Self.count).map(Self.name))
    var said = Said()
    try judge(&verdict, log.entries[...], into: &said)
    #expect(said.metrics.count > 300)
  }
}
