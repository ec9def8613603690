internal import Connectors
internal import Events
internal import Ingest
internal import Monitoring
internal import Specification

/// The part of a fleet that judges, in the one member to which its group gives the topic.
///
/// Its 10 properties are who reads, what judges, and what was said.
final class FleetJudge {
  private let consumer: KafkaConsumer
  private let log: FleetLog
  private let plans: [Plan]
  private let options: PipelineOptions
  /// What judges, for each monitor; empty in all members but one.
  private var verdicts: [FleetVerdict] = []
  private var assembler: FleetAssembler
  private var keptAt = Int64.min
  private var notes: [String] = []
  private var toldUnreadable = 0
  /// The streams of which it was said that nothing is told, for each monitor.
  private var toldUnheard: [[String]]

  /// How many records of the topic are taken at a time.
  static let recordLimit = 256

  /// A member that has not joined yet.
  init(
    _ subscription: KafkaSubscription,
    _ log: FleetLog,
    _ plans: [Plan],
    _ options: PipelineOptions
  ) throws(StreamError) {
    consumer = try KafkaConsumer(subscription)
    consumer.awaitsPlaces = true
    self.log = log
    self.plans = plans
    self.options = options
    assembler = FleetAssembler(log.owners)
    toldUnheard = plans.map { _ in [] }
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
      for index in verdicts.indices { verdicts[index].noteHole() }
    }
  }

  /// Goes on where the member that judged before has kept it.
  ///
  /// - Returns: Whether it was done; else it is to be tried again.
  private func takeOver(_ now: Int64) throws(StreamError) -> Bool {
    guard let told = consumer.committed([partition])?.first else { return false }
    var fresh = plans.map { FleetVerdict($0, options) }
    var place: Int64 = 0
    let words = told.remark.split(separator: " ")
    if words.count == 2, let start = Int64(words[0]), let number = UInt64(words[1]) {
      var found = plans.map { _ in VerdictState?.none }
      try log.read(from: start) { entry, monitor in
        guard case .verdict(let state) = entry, state.number == number else { return true }
        found[monitor] = state
        return found.contains { $0 == nil }
      }
      // All were kept at one place.
      place = found.compactMap { $0?.place }.min() ?? 0
      for monitor in plans.indices { resume(&fresh[monitor], monitor, found[monitor], now) }
    }
    assembler = FleetAssembler(log.owners)
    let begun = max(place, try log.ends().low)
    partition.begin(at: begun)
    for monitor in fresh.indices { fresh[monitor].place = begun }
    verdicts = fresh
    keptAt = now
    return true
  }

  private func resume(
    _ verdict: inout FleetVerdict,
    _ monitor: Int,
    _ state: VerdictState?,
    _ now: Int64
  ) {
    do {
      guard let state else {
        verdict.noteHole()
        return note(
          "what was judged is not in \(log.topic) any more: it is judged anew from what is there",
          monitor
        )
      }
      for sentence in try verdict.resume(state, now: now) { note(sentence, monitor) }
    } catch {
      verdict.noteHole()
      note(
        "what was judged is of another version of leeway: it is judged anew from what "
          + "\(log.topic) has",
        monitor
      )
    }
  }

  /// Notes a sentence on a monitor, which names the model where there are several.
  private func note(_ sentence: String, _ monitor: Int) {
    notes.append(plans.count > 1 ? "\(plans[monitor].monitor.model): \(sentence)" : sentence)
  }

  /// Takes what the members have told since the last time, and judges it.
  ///
  /// - Parameters:
  ///   - now: The clocks.
  ///   - streams: The streams that are there.
  /// - Returns: What is to be said of each monitor.
  func judge(_ now: AgentTime, of streams: [String]) -> [EngineOutput] {
    guard judges, consumer.givenPartitions.isEmpty, !consumer.isPaused else { return [] }
    if !hasBacklog {
      for record in partition.records(limit: Self.recordLimit) {
        guard case (.report(let report), let monitor)? = assembler.take(record) else { continue }
        do {
          try verdicts[monitor].take(report, now: now.monotonic)
        } catch {
          note("\(report.stream): what is told of it is of another version of leeway", monitor)
          verdicts[monitor].noteHole()
        }
      }
      let place = assembler.firstOffset ?? partition.next ?? 0
      for monitor in verdicts.indices { verdicts[monitor].place = place }
    }
    return verdicts.indices.map { monitor in
      verdicts[monitor].expect(streams)
      let output = verdicts[monitor].judge(now)
      noteUnheard(monitor, now.monotonic)
      let late = verdicts[monitor].takeLateEvents()
      if late > 0 {
        note("\(late) events came when their windows were judged: they are in none", monitor)
      }
      return output
    }
  }

  private func noteUnheard(_ monitor: Int, _ now: Int64) {
    let unheard = verdicts[monitor].unheard(now)
    guard unheard != toldUnheard[monitor] else { return }
    toldUnheard[monitor] = unheard
    guard let first = unheard.first else { return }
    note(
      "\(first)\(unheard.count > 1 ? " and \(unheard.count - 1) more" : ""): no member has told of it "
        + "for \(FleetVerdict.goneLimit / 60_000_000_000) minutes, and no window ends without it: see "
        + "which member has it",
      monitor
    )
  }

  /// Whether this is the member that judges.
  var judges: Bool { !verdicts.isEmpty }

  private var hasBacklog: Bool { verdicts.contains(where: \.hasBacklog) }

  /// Whether there is more to judge at once.
  var isReadable: Bool {
    judges && (hasBacklog || !consumer.isPaused && partition.isReadable)
  }

  /// Whether how all stands is to be kept now.
  func mustKeep(_ now: Int64, every interval: Int64) -> Bool {
    guard consumer.givenPartitions.isEmpty else { return false }
    return consumer.mustHandOver || judges && now - keptAt >= interval
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
        if !partition.isAssigned { verdicts = [] }
      }
    }
    guard isOut, judges, !consumer.isLost, let place = place() else { return }
    let number = UInt64.random(in: .min ... .max)
    for (monitor, verdict) in verdicts.enumerated() {
      try log.append(.verdict(verdict.state(number: number)), of: monitor)
    }
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

  /// What is known of all streams for a monitor, a line each; nothing where this member does not judge.
  ///
  /// - Parameters:
  ///   - monitor: The monitor's number.
  ///   - model: Its model; `nil` where there is only one.
  ///   - now: The clocks.
  /// - Returns: The lines.
  func figureLines(of monitor: Int, model: String?, _ now: AgentTime) -> [String] {
    guard judges else { return [] }
    return verdicts[monitor].streams.sorted { $0.key < $1.key }.map { name, standing in
      var line = FigureLine("told")
      if let model { line.add("model", model) }
      line.add("name", name)
      if let through = standing.through, let width = plans[monitor].paneWidth {
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
