internal import Events
internal import Records

/// Which dead letters were written of late: a line that several monitors refuse for the same reason
/// is one dead letter.
struct ToldLetters {
  private struct Key: Hashable {
    let source: String
    let line: Int
    let offset: Int
    let reason: Refusal
  }

  private var newer: Set<Key> = []
  private var older: Set<Key> = []

  /// How many letters are remembered at least.
  ///
  /// Monitors are handed the same lines in one go, so that they refuse them soon after each other.
  static let rememberedLimit = 1 << 16

  /// The letters that were not among those that came before.
  ///
  /// - Parameter letters: Of one monitor, in their order.
  /// - Returns: The new ones, in their order.
  mutating func new(_ letters: [DeadLetter]) -> [DeadLetter] {
    letters.filter { letter in
      let key = Key(
        source: letter.source,
        line: letter.line,
        offset: letter.offset,
        reason: letter.reason
      )
      guard !older.contains(key), newer.insert(key).inserted else { return false }
      if newer.count == Self.rememberedLimit { (older, newer) = (newer, []) }
      return true
    }
  }
}
