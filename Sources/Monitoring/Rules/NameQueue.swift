internal import Sketches

/// Names in the order in which they came, each once, of which any may leave.
///
/// What left is skipped when its turn comes, so that a change costs constant amortised work.
struct NameQueue {
  /// By their turns; also some that have left.
  private var entries: [(turn: Int, name: String)] = []
  /// How many of the entries have been taken out or skipped.
  private var served = 0
  private var turns: [String: Int] = [:]
  private var nextTurn = 0

  /// How many there are.
  var count: Int { turns.count }

  /// All of them, in their order.
  var names: [String] {
    entries.dropFirst(served).filter { turns[$0.name] == $0.turn }.map(\.name)
  }

  /// Puts a name behind the others; one that is there stays where it is.
  mutating func append(_ name: String) {
    guard turns[name] == nil else { return }
    turns[name] = nextTurn
    entries.append((nextTurn, name))
    nextTurn += 1
  }

  /// Lets a name go that may be there.
  mutating func remove(_ name: String) {
    guard turns.removeValue(forKey: name) != nil else { return }
    tidy()
  }

  /// Takes out the first name; `nil` when there is none.
  mutating func popFirst() -> String? {
    while served < entries.count {
      let (turn, name) = entries[served]
      served += 1
      guard turns[name] == turn else { continue }
      turns[name] = nil
      tidy()
      return name
    }
    return nil
  }

  /// Drops what has left, once it is more than what is there.
  private mutating func tidy() {
    guard entries.count > 2 * (turns.count + 32) else { return }
    entries = entries.dropFirst(served).filter { turns[$0.name] == $0.turn }
    served = 0
  }
}

extension NameQueue: ByteCodable {
  /// Layout: the names, in their order.
  func encode(into writer: inout ByteWriter) { writer.write(names) }

  init(from reader: inout ByteReader) throws(CodingError) {
    let names: [String] = try reader.read()
    for name in names { append(name) }
  }
}
