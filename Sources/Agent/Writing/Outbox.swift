internal import Connectors
internal import Dispatch
internal import Glibc
internal import Ingest
internal import Records

/// Records on their way to topics in transactions, each there once.
///
/// What a session writes is gathered. A state takes it in under the number of a transaction; once the
/// state is on the disk the transaction is written, on a thread of its own, and its mark is committed
/// with it. So whoever goes on from the state learns from the cluster which of its records are there.
///
/// Its 11 properties are the way to the topics, what waits, and how far it has come.
final class Outbox {
  /// What the thread has to say.
  private struct Progress {
    /// The number of the last transaction that is there.
    var written: Int
    /// Why no more can be written.
    var failure: StreamError?
    var notes: [String] = []
    /// Whether a cluster that does not answer is waited for no longer.
    var isGivingUp = false
  }

  private let name: String
  private let place: String
  private let transactions: Locked<KafkaTransactions>
  private let progress: Locked<Progress>
  private let queue = DispatchQueue(label: "leeway.outbox")
  /// What no state has taken in.
  private var open = OutboxBatch()
  /// What a state has taken in and was not known to be written then, in order.
  private var sealed: [OutboxBatch]
  /// The last transaction before these.
  private var known: OutboxMark?
  /// This process among those of its name.
  private let process = UInt64.random(in: .min ... .max)
  /// The number of the last transaction that there is, and of the last that was handed over.
  private var number: Int
  private var handedOver: Int

  /// After how long a state takes records in, where the one before is written, in nanoseconds.
  static let interval: Int64 = 1_000_000_000
  /// How many bytes of records wait before nothing more is read.
  static let byteLimit = 16 << 20

  /// Goes on where another process stood: what that has not written is written.
  ///
  /// - Parameters:
  ///   - outputs: The cluster and the topics.
  ///   - name: The transactional id.
  ///   - earlier: What the state says; `nil` where there is none.
  /// - Throws: `StreamError.kafka`, as `KafkaTransactions`.
  init(_ outputs: TopicOutputs, name: String, after earlier: OutboxState?) throws(StreamError) {
    let kinds = RecordKind.allCases.compactMap { outputs.topics[$0] }
    let more = Set((earlier?.batches ?? []).flatMap(\.topics)).subtracting(kinds).sorted()
    let transactions = try KafkaTransactions(outputs.settings, name: name, topics: kinds + more)
    let last = transactions.lastRemark.flatMap { OutboxMark(remark: $0) }
    // Under another name nothing was left.
    let ours = earlier.flatMap { $0.name == name ? $0 : nil }
    let left = ours?.left(after: last) ?? (batches: [], isCertain: true)
    self.name = name
    place = transactions.place
    known = last
    sealed = left.batches
    number = max(last?.number ?? 0, ours?.number ?? 0)
    // Others may have written more transactions than we know of.
    handedOver = (left.batches.first?.number ?? number + 1) - 1
    progress = Locked(Progress(written: handedOver))
    self.transactions = Locked(transactions)
    let note = Self.note(sealed, left.isCertain, isForgotten: last == nil)
    progress.withLock { $0.notes = note.map { ["\(place): \($0)"] } ?? [] }
    handOver()
  }

  /// What is to be said of what another process has left; `nil` for nothing.
  private static func note(
    _ left: [OutboxBatch],
    _ isCertain: Bool,
    isForgotten: Bool
  ) -> String? {
    let count = left.reduce(0) { $0 + $1.count }
    let records =
      "\(counted(count, "record")) of the state \(count == 1 ? "is" : "are") written now"
    guard !isCertain else { return left.isEmpty ? nil : records }
    if isForgotten {
      return left.isEmpty
        ? nil
        : "the cluster knows of no transaction any more: \(records), and may be there twice"
    }
    return
      "the last transaction there is none that the state knows of: another agent has the name, "
      + "too, or the state is an older one, and what was written since comes again"
      + (left.isEmpty ? "" : ": \(records), and may be there twice")
  }

  // MARK: The session's side

  /// Takes a record.
  func add(to topic: String, key: String, value: ArraySlice<UInt8>) {
    open.add(to: topic, key: key, value: value)
  }

  /// How many records are not known to be written.
  var count: Int { unwritten.reduce(open.count) { $0 + $1.count } }

  /// How long after the last one a state is to take in what was gathered, in nanoseconds; `nil` where
  /// it need not: a transaction waits for the one before.
  var patience: Int64? {
    if isHalfFull { return 0 }
    return open.count > 0 && unwritten.isEmpty ? Self.interval : nil
  }

  /// Whether so much waits that nothing more is to be read.
  var isFull: Bool { byteCount >= Self.byteLimit }

  private var isHalfFull: Bool { open.byteCount >= Self.byteLimit / 2 }
  private var byteCount: Int { unwritten.reduce(open.byteCount) { $0 + $1.byteCount } }

  private var unwritten: ArraySlice<OutboxBatch> {
    let written = progress.withLock(\.written)
    return sealed.drop { $0.number <= written }
  }

  /// What a state takes in: all that is not known to be written.
  func seal() -> OutboxState {
    let left = Array(unwritten)
    known = sealed.dropLast(left.count).last?.mark ?? known
    sealed = left
    if open.count > 0 {
      number += 1
      open.mark = OutboxMark(number: number, process: process)
      sealed.append(open)
      open = OutboxBatch()
    }
    return OutboxState(name: name, known: known, batches: sealed)
  }

  /// Lets what states have taken in be written; of use when the last of them is on the disk.
  func handOver() {
    for batch in sealed where batch.number > handedOver {
      guard let remark = batch.mark?.remark else { continue }
      queue.async { [transactions, progress] in
        Self.write(batch, remark, transactions, progress)
      }
    }
    handedOver = number
  }

  /// Sees what went wrong.
  ///
  /// - Throws: `StreamError.kafka` where records cannot be written at all.
  func check() throws(StreamError) {
    if let failure = progress.withLock(\.failure) { throw failure }
  }

  /// Waits until all that was handed over is written.
  ///
  /// - Parameter milliseconds: How long at most; after it nothing more is written.
  /// - Returns: Whether all is.
  /// - Throws: `StreamError.kafka` where records cannot be written at all.
  func finish(milliseconds: Int) throws(StreamError) -> Bool {
    let done = DispatchSemaphore(value: 0)
    queue.async { done.signal() }
    if done.wait(timeout: .now() + .milliseconds(milliseconds)) == .timedOut {
      progress.withLock { $0.isGivingUp = true }
      done.wait()
    }
    try check()
    guard !unwritten.isEmpty else { return true }
    let left = counted(unwritten.reduce(0) { $0 + $1.count }, "record")
    progress.withLock { $0.notes.append("\(place): \(left) wait in the state for the next start") }
    return false
  }

  /// Hands over what is to be said, a sentence each.
  func takeNotes() -> [String] {
    progress.withLock { progress in
      defer { progress.notes = [] }
      return progress.notes
    }
  }

  // MARK: The thread

  /// Writes a transaction, until it is there or nobody waits for it.
  private static func write(
    _ batch: OutboxBatch,
    _ remark: String,
    _ transactions: Locked<KafkaTransactions>,
    _ progress: Locked<Progress>
  ) {
    while progress.withLock({ $0.failure == nil && !$0.isGivingUp }) {
      do throws(StreamError) {
        switch try attempt(batch, remark, transactions, progress) {
        case .committed: return progress.withLock { $0.written = batch.number }
        case .aborted: usleep(pause)
        case .abandoned: return
        }
      } catch {
        progress.withLock { $0.failure = error }
      }
    }
  }

  /// How long a transaction that was aborted waits before it is tried anew, in microseconds.
  private static let pause: UInt32 = 500_000

  private static func attempt(
    _ batch: OutboxBatch,
    _ remark: String,
    _ transactions: Locked<KafkaTransactions>,
    _ progress: Locked<Progress>
  ) throws(StreamError) -> KafkaTransactions.Outcome {
    try transactions.withLock { writer throws(StreamError) in
      let writer = writer
      func tell() { progress.withLock { $0.notes += writer.takeNotes() } }
      defer { tell() }
      func givesUp() -> Bool {
        tell()
        return progress.withLock(\.isGivingUp)
      }
      return try writer.write(remark, givesUp: givesUp) { producer throws(StreamError) in
        try batch.forEach { topic, key, value throws(StreamError) in
          try producer.send(to: topic, key: key, value: value[...])
        }
      }
    }
  }
}

/// Records of one kind as messages of a Kafka topic, each with its key, in transactions.
final class OutboxSink: RecordSink {
  private let outbox: Outbox
  private let topic: String
  private var batch = RecordBatch(wantsKeys: true)

  init(_ outbox: Outbox, topic: String) {
    self.outbox = outbox
    self.topic = topic
  }

  let mended: String? = nil

  func write(
    _ count: Int,
    _ fill: @escaping @Sendable (inout RecordBatch) -> Void
  ) throws(StreamError) {
    batch.hold(fill)
    batch.forEach { key, value in outbox.add(to: topic, key: key, value: value) }
  }

  func flush(waits: Bool) throws(StreamError) { try outbox.check() }

  var unacknowledged: Int { outbox.count }

  func finish() throws(StreamError) { try outbox.check() }

  func reopen() throws(StreamError) {}
}
