internal import Records
internal import Sketches

/// The alerts that wait in an incident, in the order in which they came.
///
/// Those that a record lists stand apart; as one of them leaves, the next one that still waits takes
/// its place. What left further behind is skipped when its turn comes, so that a change costs
/// constant amortised work.
struct WithheldAlerts {
  /// The first ones, as many as a record lists.
  private(set) var listed: [Incident.Member] = []
  /// Those behind them, by their turns; also some that have left.
  private var queue: [(turn: Int, member: Incident.Member)] = []
  /// How many of the queue have moved up or were skipped.
  private var served = 0
  private var turns: [String: Int] = [:]
  private var nextTurn = 0

  /// How many there are.
  var count: Int { turns.count }

  /// Whether an alert is among them.
  func contains(_ fingerprint: String) -> Bool { turns[fingerprint] != nil }

  /// Takes in an alert.
  ///
  /// - Returns: Whether it was not among them.
  mutating func insert(_ member: Incident.Member) -> Bool {
    guard turns[member.fingerprint] == nil else { return false }
    turns[member.fingerprint] = nextTurn
    if listed.count < Incident.listed {
      listed.append(member)
    } else {
      queue.append((nextTurn, member))
    }
    nextTurn += 1
    return true
  }

  /// Lets an alert go that may be among them.
  mutating func remove(_ fingerprint: String) {
    guard turns.removeValue(forKey: fingerprint) != nil else { return }
    if let place = listed.firstIndex(where: { $0.fingerprint == fingerprint }) {
      listed.remove(at: place)
      moveUp()
    }
    guard queue.count > 2 * (turns.count + Incident.listed) else { return }
    queue = queue.dropFirst(served).filter { turns[$0.member.fingerprint] == $0.turn }
    served = 0
  }

  private mutating func moveUp() {
    while served < queue.count, listed.count < Incident.listed {
      let (turn, member) = queue[served]
      served += 1
      if turns[member.fingerprint] == turn { listed.append(member) }
    }
  }
}

extension WithheldAlerts: ByteCodable {
  /// Layout: those that wait, in the order in which they came.
  func encode(into writer: inout ByteWriter) {
    let behind = queue.dropFirst(served).filter { turns[$0.member.fingerprint] == $0.turn }
    writer.write(listed + behind.map(\.member))
  }

  init(from reader: inout ByteReader) throws(CodingError) {
    let members: [Incident.Member] = try reader.read()
    for member in members { _ = insert(member) }
  }
}
