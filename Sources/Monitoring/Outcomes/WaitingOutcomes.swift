internal import Sketches

/// Outcomes whose prediction has not come, in the order in which they came.
struct WaitingOutcomes: Sendable, Equatable {
  private var queue: [OutcomeRow] = []
  private var head = 0
  /// How many outcomes of an id wait.
  private var waiting: [EventID: [OutcomeRow]] = [:]
  /// How many wait.
  private(set) var count = 0

  /// Lets an outcome wait.
  ///
  /// - Parameters:
  ///   - outcome: The outcome.
  ///   - limit: How many may wait.
  /// - Returns: How many were forgotten for it: those that have waited longest.
  mutating func insert(_ outcome: OutcomeRow, limit: Int) -> Int {
    queue.append(outcome)
    waiting[outcome.id, default: []].append(outcome)
    count += 1
    var forgotten = 0
    while count > limit, dropFirst() { forgotten += 1 }
    return forgotten
  }

  /// Hands over the outcomes of a prediction.
  ///
  /// - Parameters:
  ///   - id: Its id.
  ///   - version: The hash of its version.
  /// - Returns: Those that are of every version, or of this one.
  mutating func take(_ id: EventID, version: UInt64) -> [OutcomeRow] {
    guard let all = waiting[id] else { return [] }
    let own = all.filter { $0.version == 0 || $0.version == version }
    let others = all.filter { $0.version != 0 && $0.version != version }
    waiting[id] = others.isEmpty ? nil : others
    count -= own.count
    return own
  }

  /// Forgets the outcomes whose time has passed, as far as the first that has not.
  ///
  /// - Returns: How many still waited.
  mutating func expire(before time: Int64) -> Int {
    var expired = 0
    while head < queue.count, queue[head].time < time { expired += dropFirst() ? 1 : 0 }
    return expired
  }

  /// Forgets the first of the queue.
  ///
  /// - Returns: Whether it still waited.
  private mutating func dropFirst() -> Bool {
    guard head < queue.count else { return false }
    let outcome = queue[head]
    head += 1
    if head > queue.count / 2 {
      queue.removeFirst(head)
      head = 0
    }
    guard let place = waiting[outcome.id]?.firstIndex(of: outcome) else { return false }
    waiting[outcome.id]?.remove(at: place)
    if waiting[outcome.id]?.isEmpty == true { waiting[outcome.id] = nil }
    count -= 1
    return true
  }
}

extension WaitingOutcomes: ByteCodable {
  func encode(into writer: inout ByteWriter) {
    // What was taken since is left out.
    var left = waiting
    let rows = queue[head...].filter { outcome in
      guard let place = left[outcome.id]?.firstIndex(of: outcome) else { return false }
      left[outcome.id]?.remove(at: place)
      return true
    }
    writer.write(Array(rows))
  }

  init(from reader: inout ByteReader) throws(CodingError) {
    for outcome in try reader.read() as [OutcomeRow] { _ = insert(outcome, limit: .max) }
  }
}
