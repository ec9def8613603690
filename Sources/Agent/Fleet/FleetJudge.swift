internal import Connectors
internal import Events
internal import Ingest
internal import Monitoring

/// The part of a fleet that judges, in the one member to which its group gives the topic.
///
/// Its 10 properties are who reads, what judges, and what was said.
final class FleetJudge {
  private let consumer: KafkaConsumer
  private let log: FleetLog
  private let plan: Plan
  private let options: PipelineOptions
  /// What judges; `nil` in all members but one.
  private(set) var verdict: FleetVerdict?
  private var assembler: FleetAssembler
  private var keptAt = Int64.min
  private var notes: [String] = []
  private var toldUnreadable = 0
  /// The streams of which it was said that nothing is told.
  private var toldUnheard: [String] = []

  /// How many records of the topic are taken at a time.
  static let recordLimit = 256

  /// A member that has not joined yet.
  init(
    _ subscription: KafkaSubscription,
    _ log: FleetLog,
    _ plan: Plan,
    _ options: PipelineOptions
  ) throws(StreamError) {
    consumer = try KafkaConsumer(subscription)
    consumer.awaitsPlaces = true
    self.log = log
    self.plan = plan
    self.options = options
    assembler = FleetAssembler(log.owner)
  }

  private var partition: KafkaPartition { consumer.partitions[0] }

  /// Readable once something has come.
  var wakeDescriptor: Int32 { consumer.wakeDescriptor }

  /// Does what the group asks for; of use between rounds.
  ///
  /// - Parameter now: The monotonic clock.
  /// - Throws: `StreamError.kafka` where the group or the topic is of no use any more.
  func serve(_ now: Int64) throws(StreamError) {
    if !consumer.givenPartitions.isEmpty {
      do throws(StreamError) {
        guard try takeOver(now) else { return }
      } catch {
        guard case .kafka(let failure) = error else { throw error }
        notes.append("\(failure)")
        return
      }
    }
    consumer.serve()
    if let failure = consumer.failure { throw .kafka(failure) }
    if partition.isCut {
      partition.isCut = false
      verdict?.noteHole()
    }
  }

  /// Goes on where the member that judged before has kept it.
  ///
  /// - Returns: Whether it was done; else it is to be tried again.
  private func takeOver(_ now: Int64) throws(StreamError) -> Bool {
    guard let told = consumer.committed([partition])?.first else { return false }
    var verdict = FleetVerdict(plan, options)
    let words = told.remark.split(separator: " ")
    if words.count == 2, let place = Int64(words[0]), let number = UInt64(words[1]) {
      var found: VerdictState?
      try log.read(from: place) { entry in
        guard case .verdict(let state) = entry, state.number == number else { return true }
        found = state
        return false
      }
      resume(&verdict, found, now)
    }
    assembler = FleetAssembler(log.owner)
    partition.begin(at: max(verdict.place, try log.ends().low))
    self.verdict = verdict
    keptAt = now
    return true
  }

  private func resume(_ verdict: inout FleetVerdict, _ state: VerdictState?, _ now: Int64) {
    do {
      guard let state else {
        verdict.noteHole()
        notes.append(
          "what was judged is not in \(log.topic) any more: it is judged anew from what is there"
        )
        return
      }
      notes += try verdict.resume(state, now: now)
    } catch {
      verdict.noteHole()
      notes.append(
        "what was judged is of another version of leeway: it is judged anew from what "
          + "\(log.topic) has"
      )
    }
  }

  /// Takes what the members have told since the last time, and judges it.
  ///
  /// - Parameters:
  ///   - now: The clocks.
  ///   - streams: The streams that are there.
  /// - Returns: What is to be said.
  func judge(_ now: AgentTime, of streams: [String]) -> EngineOutput {
    guard verdict != nil, consumer.givenPartitions.isEmpty, !consumer.isPaused else {
      return EngineOutput()
    }
    if verdict?.hasBacklog == false {
      for record in partition.records(limit: Self.recordLimit) {
        guard case .report(let report) = assembler.take(record) else { continue }
        do {
          try verdict?.take(report, now: now.monotonic)
        } catch {
          notes.append("\(report.stream): what is told of it is of another version of leeway")
          verdict?.noteHole()
        }
      }
      verdict?.place = assembler.firstOffset ?? partition.next ?? 0
    }
    verdict?.expect(streams)
    let output = verdict?.judge(now) ?? EngineOutput()
    noteUnheard(now.monotonic)
    if let late = verdict?.takeLateEvents(), late > 0 {
      notes.append("\(late) events came when their windows were judged: they are in none")
    }
    return output
  }

  private func noteUnheard(_ now: Int64) {
    guard let unheard = verdict?.unheard(now), unheard != toldUnheard else { return }
    toldUnheard = unheard
    guard let first = unheard.first else { return }
    notes.append(
      "\(first)\(unheard.count > 1 ? " and \(unheard.count - 1) more" : ""): no member has told of it "
        + "for \(FleetVerdict.goneLimit / 60_000_000_000) minutes, and no window ends without it: see "
        + "which member has it"
    )
  }

  /// Whether there is more to judge at once.
  var isReadable: Bool {
    guard let verdict else { return false }
    return verdict.hasBacklog || !consumer.isPaused && partition.isReadable
  }

  /// Whether how all stands is to be kept now.
  func mustKeep(_ now: Int64, every interval: Int64) -> Bool {
    guard consumer.givenPartitions.isEmpty else { return false }
    return consumer.mustHandOver || verdict != nil && now - keptAt >= interval
  }

  /// Keeps how all stands, after all was written that was said; gives back what the group takes.
  ///
  /// - Parameters:
  ///   - now: The monotonic clock.
  ///   - isOut: Whether all that was said is where it can be read: else nothing is kept.
  ///   - waits: Whether to wait for the group's answer.
  /// - Throws: `StreamError.kafka` where nothing can be told any more.
  func keep(_ now: Int64, isOut: Bool, waits: Bool = false) throws(StreamError) {
    let isLeaving = consumer.mustHandOver
    defer {
      if isLeaving {
        consumer.handOver()
        if !partition.isAssigned { verdict = nil }
      }
    }
    guard isOut, let verdict, !consumer.isLost, let place = place() else { return }
    let number = UInt64.random(in: .min ... .max)
    try log.append(.verdict(verdict.state(number: number)))
    guard try log.settle() else { return }
    consumer.notePlaces()
    partition.remark = "\(place) \(number)"
    consumer.commit(waits: isLeaving || waits)
    keptAt = now
  }

  /// Whether the group takes the topic back.
  var mustHandOver: Bool { consumer.mustHandOver }

  private func place() -> Int64? {
    do {
      return try log.ends().high
    } catch {
      notes.append("\(error): nothing is kept meanwhile")
      return nil
    }
  }

  /// What is known of all streams, a line each; nothing where this member does not judge.
  func figureLines(_ plan: Plan, _ now: AgentTime) -> [String] {
    guard let verdict else { return [] }
    return verdict.streams.sorted { $0.key < $1.key }.map { name, standing in
      var line = FigureLine("told")
      line.add("name", name)
      if let through = standing.through, let width = plan.paneWidth {
        line.add("complete", Timestamp.format(Int64(through + 1) * width))
      }
      line.add("heard", standing.heard)
      line.add("age", seconds: now.monotonic - standing.toldAt)
      return line.text
    }
  }

  /// Leaves the group, after all was kept.
  func close() { consumer.close() }

  /// Hands over what is to be said, a sentence each.
  func takeNotes() -> [String] {
    defer { notes = [] }
    if assembler.unreadable > toldUnreadable {
      toldUnreadable = assembler.unreadable
      notes.append(
        "kafka topic \(log.topic) has records that are of no version that this one reads"
      )
    }
    return notes + consumer.takeNotes()
  }
}
