import Monitoring

/// A store of waiting predictions that is none on a disk, and can be damaged.
final class MemoryStore: PendingStore, @unchecked Sendable {
  // Unchecked: one test has it.

  private var kept: [UInt64: [UInt8]] = [:]
  /// How many times it was crossed.
  private(set) var crossings = 0
  /// How many rows were put in.
  private(set) var puts = 0
  /// Whether it takes nothing in any more.
  var isFull = false

  /// The keys of what it holds, in their order.
  var keys: [UInt64] { kept.keys.sorted() }

  func put(_ keys: [UInt64], _ rows: Rows) -> Bool {
    crossings += 1
    guard !isFull else { return false }
    puts += keys.count
    precondition(zip(keys, keys.dropFirst()).allSatisfy { $0 < $1 }, "keys are in their order")
    var from = 0
    for (key, end) in zip(keys, rows.ends) {
      kept[key] = Array(rows.bytes[from..<end])
      from = end
    }
    return true
  }

  func rows(_ keys: [UInt64]) -> Rows {
    crossings += 1
    precondition(zip(keys, keys.dropFirst()).allSatisfy { $0 < $1 }, "keys are in their order")
    var rows: Rows = ([], [])
    for key in keys {
      rows.bytes += kept[key] ?? []
      rows.ends.append(rows.bytes.count)
    }
    return rows
  }

  func rows(_ keys: Range<UInt64>) -> Rows { rows(Array(keys)) }

  func remove(_ keys: Range<UInt64>) {
    crossings += 1
    kept = kept.filter { !keys.contains($0.key) }
  }

  /// Changes what is held under a key.
  func damage(_ key: UInt64, to bytes: [UInt8]?) { kept[key] = bytes }
}
