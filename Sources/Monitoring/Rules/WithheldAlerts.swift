internal import Records
internal import Sketches

/// The alerts that wait in an incident or ended unsent, in the order in which they came.
///
/// Those that a record lists stand apart; as one of them leaves, the next one takes its place. Of
/// those behind them that no longer wait only the last are remembered, the others are counted.
struct WithheldAlerts {
  /// The first ones, as many as a record lists.
  private(set) var listed: [Incident.Member] = []
  /// Those behind them.
  private var members: [String: Incident.Member] = [:]
  /// The same, in their order.
  private var behind = NameQueue()
  /// Those of them that no longer wait, in the order in which they ended.
  private var ended = NameQueue()
  /// How many are counted and not remembered.
  private var forgottenCount = 0

  /// How many there are.
  var count: Int { listed.count + members.count + forgottenCount }

  /// How many are remembered one by one.
  var rememberedCount: Int { listed.count + members.count }

  /// Whether an alert is among those that are remembered.
  func contains(_ fingerprint: String) -> Bool {
    members[fingerprint] != nil || listed.contains { $0.fingerprint == fingerprint }
  }

  /// Takes in an alert that waits.
  ///
  /// - Returns: Whether it was not among those that are remembered.
  mutating func insert(_ member: Incident.Member) -> Bool {
    let name = member.fingerprint
    if contains(name) {
      ended.remove(name)
      return false
    }
    if listed.count < Incident.listed {
      listed.append(member)
    } else {
      members[name] = member
      behind.append(name)
    }
    return true
  }

  /// Notes that an alert that may be among them no longer waits.
  mutating func end(_ fingerprint: String) {
    if members[fingerprint] != nil { ended.append(fingerprint) }
  }

  /// Lets an alert go that may be among them.
  mutating func remove(_ fingerprint: String) {
    if members.removeValue(forKey: fingerprint) != nil {
      behind.remove(fingerprint)
      ended.remove(fingerprint)
    } else if let place = listed.firstIndex(where: { $0.fingerprint == fingerprint }) {
      listed.remove(at: place)
      moveUp()
    }
  }

  /// Forgets which they were that ended first, where they are more than a limit.
  mutating func forgetEnded(beyond limit: Int) {
    while ended.count > limit, let name = ended.popFirst() {
      members[name] = nil
      behind.remove(name)
      forgottenCount += 1
    }
  }

  private mutating func moveUp() {
    guard let name = behind.popFirst(), let member = members.removeValue(forKey: name) else {
      return
    }
    ended.remove(name)
    listed.append(member)
  }
}

extension WithheldAlerts: ByteCodable {
  /// Layout: those that are remembered, in the order in which they came; the names of those behind
  /// the listed ones that ended; how many are only counted.
  func encode(into writer: inout ByteWriter) {
    writer.write(listed + behind.names.compactMap { members[$0] })
    writer.write(ended)
    writer.write(varint: UInt64(forgottenCount))
  }

  init(from reader: inout ByteReader) throws(CodingError) {
    let all: [Incident.Member] = try reader.read()
    for member in all { _ = insert(member) }
    ended = try reader.read()
    forgottenCount = try reader.readCount(limit: AlertTally.countMax)
  }
}
