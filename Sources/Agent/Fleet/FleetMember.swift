internal import Connectors
internal import Dispatch
internal import Events
internal import Ingest
internal import Monitoring
internal import Records

/// The part of a fleet's streams that this process counts, as its group shares them out.
///
/// A stream that is given to it goes on where its last reader has kept it, which the topic says. What
/// is read is told before the group hears of it.
///
/// Its 9 properties are who reads, what is counted, and what was said.
final class FleetMember {
  let consumer: KafkaConsumer
  private let log: FleetLog
  private let plan: Plan
  private let options: PipelineOptions
  /// The streams that are counted, by their names.
  private(set) var counters: [String: StreamCounter] = [:]
  /// When all was last kept, on the monotonic clock; `nil` where it is to be kept at once.
  private var keptAt: Int64?
  private var notes: [String] = []
  /// How often the group has begun anew.
  private var era: Int64 = 0
  /// What was read of streams that others have now.
  private var past = StreamTally()

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
  }

  /// Does what the group asks for; of use between rounds.
  ///
  /// - Throws: `StreamError.kafka` where the group or the topic is of no use any more.
  func serve() throws(StreamError) {
    let given = consumer.givenPartitions
    if !given.isEmpty {
      do throws(StreamError) {
        guard try takeOver(given) else { return }
      } catch {
        guard case .kafka(let failure) = error else { throw error }
        // It is tried again, as long as nobody answers.
        note("\(failure)")
        return
      }
    }
    consumer.serve()
    forgetLost()
    if let failure = consumer.failure { throw .kafka(failure) }
  }

  /// Counts streams no more that are not ours any more, of which nobody asked to have them back.
  private func forgetLost() {
    guard !consumer.mustHandOver else { return }
    let given = consumer.givenPartitions
    forget(consumer.partitions.filter { one in !one.isAssigned && !given.contains { $0 === one } })
  }

  private func forget(_ partitions: [KafkaPartition]) {
    for partition in partitions {
      if let counter = counters.removeValue(forKey: name(partition)) { past.add(counter.tally) }
    }
  }

  private func name(_ partition: KafkaPartition) -> String {
    partition.name
  }

  /// The names of all streams that are known.
  var streams: [String] { consumer.partitions.map(name) }

  // MARK: Taking over

  /// Takes streams over: says so in the topic, and goes on where those who read them have kept them.
  ///
  /// What the one before wrote is in the topic before our word; what it writes behind it is of a lesser
  /// number, and nobody takes it.
  ///
  /// - Returns: Whether it was done; else it is to be tried again.
  private func takeOver(_ given: [KafkaPartition]) throws(StreamError) -> Bool {
    guard let told = consumer.committed(consumer.partitions) else { return false }
    let mark = UInt64.random(in: 1 ... .max)
    for partition in given {
      let term = FleetTerm(era: era, generation: partition.generation)
      var report = StreamReport(stream: name(partition), term: term, panes: plan.panes)
      report.mark = mark
      try log.append(.report(report))
    }
    guard try log.settle() else { return false }
    let places = told.compactMap { Int64($0.remark) }
    let found = try streams(given.map(name), mark: mark, from: places.min() ?? 0)
    for (index, partition) in consumer.partitions.enumerated()
    where given.contains(where: { $0 === partition }) {
      let (place, stream) = (told[index], found[name(partition)])
      if let stream, stream.term > FleetTerm(era: era, generation: partition.generation) {
        let offset = stream.kept.map { Int64($0.source.position.lines) } ?? place.offset
        return begin(era: stream.term.era + 1, at: offset, of: partition)
      }
      begin(partition, place, stream?.kept)
    }
    keptAt = nil
    return true
  }

  /// Begins a new era, where the group numbers its sharings-out anew; it takes the place of a partition
  /// only from a member that has it.
  ///
  /// - Returns: That taking over is to be tried again.
  private func begin(era: Int64, at offset: Int64?, of partition: KafkaPartition) -> Bool {
    guard let offset = offset ?? consumer.ends(of: partition)?.low,
      consumer.accepts(partition, at: offset)
    else { return false }
    note("the group \(consumer.group) begins anew: what was kept of its streams goes on")
    self.era = era
    return false
  }

  /// Lets a partition begin.
  ///
  /// - Parameters:
  ///   - partition: The partition.
  ///   - told: What the group was told of it.
  ///   - kept: What was kept of it.
  private func begin(
    _ partition: KafkaPartition,
    _ told: (offset: Int64?, remark: String),
    _ kept: KeptStream?
  ) {
    let name = name(partition)
    var counter = counter(partition)
    defer { counters[name] = counter }
    if let kept {
      do {
        return try counter.resume(kept)
      } catch {
        note("\(name): what was kept of it is of another version of leeway: its windows are cut")
        counter = self.counter(partition)
        counter.isCut = true
      }
    }
    guard let offset = told.offset else { return }
    partition.begin(at: offset)
    guard !told.remark.isEmpty, kept == nil else { return }
    counter.isCut = true
    note("\(name): what was kept of it is not in \(log.topic) any more: its windows are cut")
  }

  private func counter(_ partition: KafkaPartition) -> StreamCounter {
    StreamCounter(
      TopicSource(partition, of: consumer),
      term: FleetTerm(era: era, generation: partition.generation),
      plan,
      options
    )
  }

  /// What was told of streams last.
  ///
  /// - Parameters:
  ///   - names: The streams.
  ///   - mark: That of our word, behind which nothing counts.
  ///   - place: Where in the topic to look.
  /// - Returns: The greatest term, and what was kept, by the streams' names.
  /// - Throws: `StreamError.kafka` where the topic cannot be read.
  private func streams(
    _ names: [String],
    mark: UInt64,
    from place: Int64
  ) throws(StreamError) -> [String: ToldStream] {
    var open = Set(names)
    var found: [String: ToldStream] = [:]
    try log.read(from: place) { entry in
      guard case .report(let report) = entry, open.contains(report.stream) else { return true }
      if report.mark == mark {
        open.remove(report.stream)
        return !open.isEmpty
      }
      found[report.stream, default: ToldStream(term: report.term)].take(report)
      return true
    }
    return found
  }

  // MARK: Counting

  /// Counts what has come, and tells which panes are complete.
  ///
  /// - Parameter now: The clocks.
  /// - Returns: The lines that could not be used.
  /// - Throws: `StreamError.kafka` where nothing can be told any more.
  func count(_ now: AgentTime) throws(StreamError) -> [DeadLetter] {
    guard !consumer.isPaused else { return [] }
    let crews = counters.values.filter(\.isReadable).map(\.crew)
    let workers = min(options.threads, crews.count)
    if workers == 1 {
      for crew in crews { crew.runRound() }
    } else if workers > 1 {
      DispatchQueue.concurrentPerform(iterations: workers) { worker in
        for index in stride(from: worker, to: crews.count, by: workers) { crews[index].runRound() }
      }
    }
    var letters: [DeadLetter] = []
    for name in counters.keys.sorted() {
      guard let counter = counters[name] else { continue }
      letters += counter.takeLetters()
      if let report = counter.report(now, keeps: false) { try log.append(.report(report)) }
    }
    return letters
  }

  /// Whether there is more to count at once.
  var isReadable: Bool { !consumer.isPaused && counters.values.contains(where: \.isReadable) }

  // MARK: Keeping

  /// Whether all is to be kept now.
  ///
  /// - Parameters:
  ///   - now: The monotonic clock.
  ///   - interval: After how long.
  /// - Returns: Whether the group takes streams back, or it is time.
  func mustKeep(_ now: Int64, every interval: Int64) -> Bool {
    guard consumer.givenPartitions.isEmpty else { return false }
    if consumer.mustHandOver { return true }
    return !counters.isEmpty && (keptAt.map { now - $0 >= interval } ?? true)
  }

  /// Whether the group takes streams back.
  var mustHandOver: Bool { consumer.mustHandOver }

  /// Keeps all streams in the topic, and tells the group how far they are read; gives back what it
  /// takes.
  ///
  /// - Parameters:
  ///   - now: The clocks.
  ///   - isOut: Whether all that was said is where it can be read: else nothing is kept.
  ///   - waits: Whether to wait for the group's answer.
  /// - Throws: `StreamError.kafka` where nothing can be told any more.
  func keep(_ now: AgentTime, isOut: Bool, waits: Bool = false) throws(StreamError) {
    let isLeaving = consumer.mustHandOver
    defer { if isLeaving { handOver() } }
    guard isOut, !consumer.isLost, let place = place() else { return }
    let own = consumer.partitions.filter(\.isAssigned)
    for partition in own {
      let report = counters[name(partition)]?.report(now, keeps: true)
      if let report { try log.append(.report(report)) }
    }
    guard try log.settle() else {
      note("kafka topic \(log.topic): nobody acknowledges: nothing is kept meanwhile")
      return
    }
    consumer.notePlaces()
    for partition in own { partition.remark = "\(place)" }
    consumer.commit(waits: isLeaving || waits)
    // Of a stream that has no place yet nothing could be kept.
    let isWhole = own.allSatisfy { $0.next != nil }
    keptAt = isWhole ? now.monotonic : nil
  }

  /// Where the topic ends; `nil`, with a note, where nobody answers.
  private func place() -> Int64? {
    do {
      return try log.ends().high
    } catch {
      note("\(error): nothing is kept meanwhile")
      return nil
    }
  }

  private func handOver() {
    consumer.handOver()
    forget(consumer.partitions.filter { !$0.isAssigned })
  }

  /// What was read so far.
  var tally: StreamTally {
    var tally = past
    for counter in counters.values { tally.add(counter.tally) }
    return tally
  }

  /// How far the events are that it reads; `nil` where none bears out a time.
  var clock: Int64? { counters.values.compactMap(\.position.clock).max() }

  /// Where each stream stands, a line each.
  var figureLines: [String] {
    counters.sorted { $0.key < $1.key }.map { name, counter in
      var line = FigureLine("stream")
      line.add("name", name)
      line.add("lines", counter.position.lines)
      line.add("events", counter.position.events)
      if let clock = counter.position.clock { line.add("clock", Timestamp.format(clock)) }
      return line.text
    }
  }

  /// Leaves the group, after all was kept.
  func close() { consumer.close() }

  private func note(_ sentence: String) { notes.append(sentence) }

  /// Hands over what is to be said, a sentence each.
  func takeNotes() -> [String] {
    defer { notes = [] }
    return notes + consumer.takeNotes() + log.takeNotes()
  }
}
