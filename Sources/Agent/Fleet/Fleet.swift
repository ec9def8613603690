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
/// Its 12 properties are who counts, who judges, who writes, and what was said.
package struct Fleet: ~Copyable {
  /// What is computed, at least one.
  package let plans: [Plan]
  private let log: FleetLog
  private let member: FleetMember
  private let judge: FleetJudge
  private var outputs: OutputSet
  /// After how long all is kept again, in nanoseconds.
  private let interval: Int64
  private var refusals: [RefusalNotes]
  /// What was written of lines that several monitors refuse.
  private var toldLetters = ToldLetters()
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
  ///   - plans: What is computed; at least one, each of a model of its own.
  ///   - request: What is read and written, with the fleet's topic.
  /// - Throws: `SessionError.notShared` where a monitor or the request is not one of a fleet's,
  ///   `stream` where the cluster or an output refuses.
  package init(_ plans: [Plan], _ request: Session.Request) throws(SessionError) {
    guard let topic = request.fleet, let subscription = request.names.topics.first else {
      throw .notShared("it needs a source of topics: add one to sources")
    }
    for plan in plans { try Self.check(plan, request, names: plans.count > 1) }
    let options = request.pipeline
    let (log, member, judge) = try SessionError.wrapping { () throws(StreamError) in
      let log = try FleetLog(
        subscription.settings,
        topic: topic,
        plans.map { StateOwner($0.monitor) }
      )
      let member = try FleetMember(subscription, log, plans, options)
      return (log, member, try FleetJudge(subscription.judging(topic), log, plans, options))
    }
    let opened = try SessionError.wrapping { () throws(StreamError) in
      try OutputSet(request.outputs)
    }
    self.plans = plans
    refusals = plans.map { _ in RefusalNotes() }
    self.log = log
    self.member = member
    self.judge = judge
    outputs = opened
    interval = request.stateInterval
    watch = request.watch
  }

  /// Sees whether a monitor and a request are of use in a fleet.
  private static func check(
    _ plan: Plan,
    _ request: Session.Request,
    names: Bool
  ) throws(SessionError) {
    let who = names ? "\(plan.monitor.model): " : ""
    if plan.countsEvents {
      throw .notShared(who + "windows of a number of events need one stream: use windows of time")
    }
    if plan.dropsRepeats {
      throw .notShared(
        who
          + "repeats are dropped where all are seen: write `duplicates: count`, or let one agent read all"
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
      for letters in try member.count(now) {
        try outputs.write(
          RoundOutput(letters: plans.count > 1 ? toldLetters.new(letters) : letters)
        )
      }
      try judge.serve(now.monotonic)
      for output in judge.judge(now, of: member.streams) {
        var round = RoundOutput()
        round.engine = output
        try outputs.write(round)
      }
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

  /// Judges the agent itself by other rules from now on.
  ///
  /// - Parameters:
  ///   - other: What has the rules, and the name of the agent.
  ///   - now: The clocks.
  /// - Throws: `SessionError.stream` where an output refuses.
  package mutating func judgeItself(
    by other: AgentWatch,
    _ now: AgentTime
  ) throws(SessionError) {
    do throws(StreamError) {
      try say(watch.goOn(by: other, now))
    } catch {
      throw .stream(error)
    }
  }

  // MARK: What is said

  /// What was read so far, for each monitor.
  package var tallies: [StreamTally] { plans.indices.map(member.tally) }

  /// What was mended of the files that are added to, a sentence each.
  package var mended: [String] { outputs.mended }

  /// Hands over what is to be said, a sentence each.
  package mutating func takeNotes(_ now: Int64) -> [String] {
    defer { notes = [] }
    let found = plans.indices.map { refusals[$0].take(member.tally(of: $0), now: now) }
    return notes + member.takeNotes() + judge.takeNotes() + outputs.takeNotes()
      + RefusalNotes.joined(found, plans.map(\.monitor.model))
  }

  /// How the member stands: what it reads, and what it knows of all streams where it judges.
  ///
  /// - Parameter now: The clocks.
  /// - Returns: A line each, as pairs of names and values (logfmt).
  package func figures(_ now: AgentTime) -> String {
    let figures = agentFigures(now)
    var agent = FigureLine("agent")
    if plans.count > 1 {
      agent.add("monitors", plans.count)
      agent.add(figures.own)
    } else {
      agent.add(figures.monitors[0].list.merging(figures.own))
    }
    agent.add("judges", judge.judges ? "yes" : "no")
    var lines = [agent.text]
    for (monitor, known) in figures.monitors.enumerated() {
      let model = plans.count > 1 ? known.model : nil
      if model != nil {
        var line = FigureLine("monitor")
        line.add("model", known.model)
        line.add(known.list)
        lines.append(line.text)
      }
      lines += member.figureLines(of: monitor, model: model)
      lines += judge.figureLines(of: monitor, model: model, now)
    }
    return lines.joined(separator: "\n")
  }

  /// The same in numbers.
  private func agentFigures(_ now: AgentTime) -> AgentFigures {
    var figures = AgentFigures()
    let waiting = max(outputs.unacknowledged, log.unacknowledged)
    figures.own.setOwn(waiting, since: startedAt, now)
    figures.own.set(member.consumer.figures)
    figures.monitors = plans.enumerated().map { monitor, plan in
      var list = FigureList(member.tally(of: monitor))
      list.set(clock: member.clock(of: monitor), now)
      return (plan.monitor.model, list)
    }
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
