internal import Connectors
package import Ingest
package import Monitoring
internal import Records
internal import Specification

/// A member of a fleet at work: agents that share out the partitions of topics, and give one verdict.
///
/// Each member counts its partitions and tells in the fleet's topic what it has counted of complete
/// panes. One of them adds that up and judges. All that outlives a process is in that topic.
///
/// Its 11 properties are who counts, who judges, who writes, and what was said.
package struct Fleet: ~Copyable {
  /// What is computed.
  package let plan: Plan
  private let log: FleetLog
  private let member: FleetMember
  private let judge: FleetJudge
  private var outputs: OutputSet
  /// After how long all is kept again, in nanoseconds.
  private let interval: Int64
  private var refusals = RefusalNotes()
  /// When all was kept last, or could not be, on the monotonic clock.
  private var triedAt = Int64.min
  /// What judges the agent itself; nobody keeps how it stands.
  private var watch: AgentWatch
  /// When it began, on the monotonic clock.
  private let startedAt = monotonicNanoseconds()
  /// What is to be said of the agent itself.
  private var notes: [String] = []

  /// How long after it failed keeping is tried again, in nanoseconds.
  static let retryInterval: Int64 = 1_000_000_000

  /// Logs in, and opens the outputs; nothing is read yet.
  ///
  /// - Parameters:
  ///   - plan: What is computed.
  ///   - request: What is read and written, with the fleet's topic.
  /// - Throws: `SessionError.notShared` where the monitor or the request is not one of a fleet's,
  ///   `stream` where the cluster or an output refuses.
  package init(_ plan: Plan, _ request: Session.Request) throws(SessionError) {
    guard let topic = request.fleet, let subscription = request.names.topics else {
      throw .notShared("it needs a source of topics: add one to sources")
    }
    try Self.check(plan, request)
    let options = request.pipeline
    let (log, member, judge) = try SessionError.wrapping { () throws(StreamError) in
      let log = try FleetLog(subscription.settings, topic: topic, StateOwner(plan.monitor))
      let member = try FleetMember(subscription, log, plan, options)
      return (log, member, try FleetJudge(subscription.judging(topic), log, plan, options))
    }
    let opened = try SessionError.wrapping { () throws(StreamError) in
      try OutputSet(request.outputs)
    }
    self.plan = plan
    self.log = log
    self.member = member
    self.judge = judge
    outputs = opened
    interval = request.stateInterval
    watch = request.watch
  }

  /// Sees whether a monitor and a request are of use in a fleet.
  private static func check(_ plan: Plan, _ request: Session.Request) throws(SessionError) {
    if plan.countsEvents {
      throw .notShared("windows of a number of events need one stream: use windows of time")
    }
    if plan.dropsRepeats {
      throw .notShared(
        "repeats are dropped where all are seen: write `duplicates: count`, or let one agent read all"
      )
    }
    if !request.names.paths.isEmpty || !request.names.logs.isEmpty {
      throw .notShared("only topics are shared out: leave out the files and logs")
    }
    if request.state != nil {
      throw .notShared("all is kept in its topic: leave out --state")
    }
  }

  // MARK: Rounds

  /// Counts and judges what has come, and writes what is to be said.
  ///
  /// - Parameter now: The clocks.
  /// - Throws: `SessionError.stream` where an output or the cluster refuses.
  package mutating func round(_ now: AgentTime) throws(SessionError) {
    do throws(StreamError) {
      try member.serve()
      try outputs.write(RoundOutput(letters: member.count(now)))
      try judge.serve(now.monotonic)
      var round = RoundOutput()
      round.engine = judge.judge(now, of: member.streams)
      try outputs.write(round)
      try judgeItself(now)
      try outputs.flush()
      try keepWhatIsDue(now)
    } catch {
      throw .stream(error)
    }
  }

  /// Keeps what is due, where all that was said is out.
  private mutating func keepWhatIsDue(_ now: AgentTime) throws(StreamError) {
    let mustCount = member.mustKeep(now.monotonic, every: interval)
    let mustJudge = judge.mustKeep(now.monotonic, every: interval)
    guard mustCount || mustJudge else { return }
    let isLeaving = member.mustHandOver || judge.mustHandOver
    guard isLeaving || now.monotonic >= triedAt.addingSaturated(Self.retryInterval) else { return }
    triedAt = now.monotonic
    let isOut = try outputs.settle() == 0
    if mustCount { try member.keep(now, isOut: isOut) }
    if mustJudge { try judge.keep(now.monotonic, isOut: isOut) }
  }

  /// Whether there is more to do at once.
  package var isBusy: Bool { member.isReadable || judge.isReadable }

  /// The descriptors that can be read once something has come.
  package var wakeDescriptors: [Int32] { [member.consumer.wakeDescriptor, judge.wakeDescriptor] }

  /// Keeps all, leaves the groups, and ends the outputs.
  ///
  /// - Throws: `SessionError.stream` where an output or the cluster refuses.
  package mutating func end() throws(SessionError) {
    let now = AgentTime.now
    do throws(StreamError) {
      try say(watch.end(now))
      try outputs.flush()
      let isOut = try outputs.settle() == 0
      try member.keep(now, isOut: isOut, waits: true)
      try judge.keep(now.monotonic, isOut: isOut, waits: true)
      member.close()
      judge.close()
      try outputs.finish()
    } catch {
      throw .stream(error)
    }
  }

  /// Goes on in the files that have the outputs' names now.
  ///
  /// - Returns: Why some could not be opened.
  package mutating func reopen() -> [String] { outputs.reopen().map(\.description) }

  // MARK: What is said

  /// What was read so far.
  package var tally: StreamTally { member.tally }

  /// What was mended of the files that are added to, a sentence each.
  package var mended: [String] { outputs.mended }

  /// Hands over what is to be said, a sentence each.
  package mutating func takeNotes(_ now: Int64) -> [String] {
    defer { notes = [] }
    return notes + member.takeNotes() + judge.takeNotes() + outputs.takeNotes()
      + refusals.take(member.tally, now: now)
  }

  /// How the member stands: what it reads, and what it knows of all streams where it judges.
  ///
  /// - Parameter now: The clocks.
  /// - Returns: A line each, as pairs of names and values (logfmt).
  package func figures(_ now: AgentTime) -> String {
    let figures = agentFigures(now)
    var agent = FigureLine("agent")
    agent.add(figures.monitors[0].list.merging(figures.own))
    agent.add("judges", judge.verdict == nil ? "no" : "yes")
    return ([agent.text] + member.figureLines + judge.figureLines(plan, now)).joined(
      separator: "\n"
    )
  }

  /// The same in numbers.
  private func agentFigures(_ now: AgentTime) -> AgentFigures {
    var figures = AgentFigures()
    let waiting = max(outputs.unacknowledged, log.unacknowledged)
    figures.own.setOwn(waiting, since: startedAt, now)
    figures.own.set(member.consumer.figures)
    var list = FigureList(tally)
    list.set(clock: member.clock, now)
    figures.monitors = [(plan.monitor.model, list)]
    return figures
  }

  /// Judges the rules on the agent itself, where it is time.
  private mutating func judgeItself(_ now: AgentTime) throws(StreamError) {
    guard watch.isDue(now: now.monotonic) else { return }
    let figures = agentFigures(now)
    try say(watch.judge(figures, now))
  }

  private mutating func say(_ alerts: [Alert]) throws(StreamError) {
    guard !alerts.isEmpty else { return }
    notes += alerts.compactMap(\.sentence)
    try outputs.write(RoundOutput(alerts: alerts))
  }
}

extension KafkaSubscription {
  /// What whoever judges reads: the fleet's topic, in a group of its own.
  fileprivate func judging(_ topic: String) -> KafkaSubscription {
    let group = settings.properties["group.id"] ?? ""
    return KafkaSubscription(
      settings: settings.with(["group.id": group + ".verdict"]),
      topics: [topic],
      start: .earliest
    )
  }
}

extension Int64 {
  /// The sum; the greatest number where it is not representable.
  fileprivate func addingSaturated(_ other: Int64) -> Int64 {
    let (sum, isOverflown) = addingReportingOverflow(other)
    return isOverflown ? .max : sum
  }
}
