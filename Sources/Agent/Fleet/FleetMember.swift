internal import Connectors
internal import Dispatch
internal import Events
internal import Ingest
internal import Monitoring
internal import Records
internal import Specification

/// The part of a fleet's streams that this process counts, as its group shares them out.
///
/// A stream that is given to it goes on where its last reader has kept it, which the topic says. What
/// is read is told before the group hears of it.
///
/// Its 10 properties are who reads, what is counted, and what was said.
final class FleetMember {
  let consumer: KafkaConsumer
  private let log: FleetLog
  private let plans: [Plan]
  private let options: PipelineOptions
  /// The streams that are counted, by their names.
  private var streamsCounted: [String: CountedStream] = [:]
  /// The stream that is read first in the next round.
  private var turn = 0
  /// When all was last kept, on the monotonic clock; `nil` where it is to be kept at once.
  private var keptAt: Int64?
  private var notes: [String] = []
  /// How often the group has begun anew.
  private var era: Int64 = 0
  /// What each monitor read of streams that others have now.
  private var past: [StreamTally]

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
    past = plans.map { _ in StreamTally() }
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
      guard let stream = streamsCounted.removeValue(forKey: name(partition)) else { continue }
      for (monitor, counter) in stream.counters.enumerated() { past[monitor].add(counter.tally) }
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
      for (monitor, plan) in plans.enumerated() {
        var report = StreamReport(stream: name(partition), term: term(partition), panes: plan.panes)
        report.mark = mark
        try log.append(.report(report), of: monitor)
      }
    }
    guard try log.settle() else { return false }
    let places = told.compactMap { Int64($0.remark) }
    let found = try streams(given.map(name), mark: mark, from: places.min() ?? 0)
    for (index, partition) in consumer.partitions.enumerated()
    where given.contains(where: { $0 === partition }) {
      let place = told[index]
      let known = plans.indices.map { found[StreamKey(stream: name(partition), monitor: $0)] }
      if let other = known.compactMap({ $0 }).max(by: { $0.term < $1.term }),
        other.term > term(partition)
      {
        let offset = known.compactMap { $0?.kept?.line }.min() ?? place.offset
        return begin(era: other.term.era + 1, at: offset, of: partition)
      }
      begin(partition, place, known.map { $0?.kept })
    }
    keptAt = nil
    return true
  }

  /// When a partition was given to this member.
  private func term(_ partition: KafkaPartition) -> FleetTerm {
    FleetTerm(era: era, generation: partition.generation)
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
  ///   - kept: What was kept of it for each monitor.
  private func begin(
    _ partition: KafkaPartition,
    _ told: (offset: Int64?, remark: String),
    _ kept: [KeptStream?]
  ) {
    let name = name(partition)
    let stream = CountedStream(
      TopicSource(partition, of: consumer),
      term: term(partition),
      plans,
      options
    )
    streamsCounted[name] = stream
    for (monitor, counter) in stream.counters.enumerated() {
      let words = plans.count > 1 ? "\(name): \(plans[monitor].monitor.model)" : name
      if let kept = kept[monitor] {
        do {
          try counter.resume(kept)
        } catch {
          note("\(words): what was kept of it is of another version of leeway: its windows are cut")
          counter.isCut = true
          if let offset = told.offset { counter.begin(at: offset) }
        }
      } else if let offset = told.offset {
        counter.begin(at: offset)
        guard !told.remark.isEmpty else { continue }
        counter.isCut = true
        note("\(words): nothing that was kept of it is in \(log.topic): its windows are cut")
      }
    }
  }

  /// A stream as a monitor counts it.
  private struct StreamKey: Hashable {
    let stream: String
    let monitor: Int
  }

  /// What was told of streams last.
  ///
  /// - Parameters:
  ///   - names: The streams.
  ///   - mark: That of our word, behind which nothing counts.
  ///   - place: Where in the topic to look.
  /// - Returns: The greatest term, and what was kept.
  /// - Throws: `StreamError.kafka` where the topic cannot be read.
  private func streams(
    _ names: [String],
    mark: UInt64,
    from place: Int64
  ) throws(StreamError) -> [StreamKey: ToldStream] {
    var open = Set(
      names.flatMap { name in plans.indices.map { StreamKey(stream: name, monitor: $0) } }
    )
    var found: [StreamKey: ToldStream] = [:]
    try log.read(from: place) { entry, monitor in
      guard case .report(let report) = entry else { return true }
      let key = StreamKey(stream: report.stream, monitor: monitor)
      guard open.contains(key) else { return true }
      if report.mark == mark {
        open.remove(key)
        return !open.isEmpty
      }
      found[key, default: ToldStream(term: report.term)].take(report)
      return true
    }
    return found
  }

  // MARK: Counting

  /// Counts what has come, and tells which panes are complete.
  ///
  /// - Parameter now: The clocks.
  /// - Returns: The lines that could not be used, for each monitor.
  /// - Throws: `StreamError.kafka` where nothing can be told any more.
  func count(_ now: AgentTime) throws(StreamError) -> [[DeadLetter]] {
    var letters = plans.map { _ in [DeadLetter]() }
    guard !consumer.isPaused else { return letters }
    countStreams()
    for (_, stream) in streamsCounted.sorted(by: { $0.key < $1.key }) {
      for (monitor, counter) in stream.counters.enumerated() {
        letters[monitor] += counter.takeLetters()
        if let report = counter.report(now, keeps: false) {
          try log.append(.report(report), of: monitor)
        }
      }
    }
    return letters
  }

  /// Counts a part of what has come, on all threads; each stream has its turn to be read first.
  private func countStreams() {
    let names = streamsCounted.keys.sorted()
    var space = SharedStreams.byteLimit
    var rounds: [StreamCounter.Round] = []
    for index in names.indices where space > 0 {
      guard let stream = streamsCounted[names[(turn + index) % names.count]] else { continue }
      space -= stream.read(upTo: space)
      rounds += stream.counters.filter(\.isReadable).map(\.round)
    }
    turn += 1
    let found = rounds
    let workers = min(options.threads, found.count)
    guard workers > 1 else { return found.forEach { $0.run() } }
    DispatchQueue.concurrentPerform(iterations: workers) { worker in
      for index in stride(from: worker, to: found.count, by: workers) { found[index].run() }
    }
  }

  /// Whether there is more to count at once.
  var isReadable: Bool { !consumer.isPaused && streamsCounted.values.contains(where: \.isReadable) }

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
    return !streamsCounted.isEmpty && (keptAt.map { now - $0 >= interval } ?? true)
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
      let counters = streamsCounted[name(partition)]?.counters ?? []
      for (monitor, counter) in counters.enumerated() {
        guard let report = counter.report(now, keeps: true) else { continue }
        try log.append(.report(report), of: monitor)
      }
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

  /// What a monitor has read so far.
  func tally(of monitor: Int) -> StreamTally {
    var tally = past[monitor]
    for stream in streamsCounted.values { tally.add(stream.counters[monitor].tally) }
    return tally
  }

  /// How far the events are that a monitor has counted; `nil` where none bears out a time.
  func clock(of monitor: Int) -> Int64? {
    streamsCounted.values.compactMap { $0.counters[monitor].position.clock }.max()
  }

  /// Where each stream stands for a monitor, a line each.
  ///
  /// - Parameters:
  ///   - monitor: The monitor's number.
  ///   - model: Its model; `nil` where there is only one.
  /// - Returns: The lines.
  func figureLines(of monitor: Int, model: String?) -> [String] {
    streamsCounted.sorted { $0.key < $1.key }.map { name, stream in
      let position = stream.counters[monitor].position
      var line = FigureLine("stream")
      if let model { line.add("model", model) }
      line.add("name", name)
      line.add("lines", position.lines)
      line.add("events", position.events)
      if let clock = position.clock { line.add("clock", Timestamp.format(clock)) }
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
