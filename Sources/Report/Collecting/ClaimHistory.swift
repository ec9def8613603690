internal import Records

/// How the verdict on the framing's claim changed.
struct ClaimHistory: Sendable {
  /// The newest changes, in order of time.
  private(set) var changes: [ClaimRecord] = []
  /// How many older ones are forgotten.
  private(set) var forgotten = 0

  /// The most changes; of more the oldest are forgotten.
  static let limit = 64

  mutating func insert(_ record: ClaimRecord) {
    changes.append(record)
    guard changes.count > Self.limit else { return }
    changes.removeFirst()
    forgotten += 1
  }
}
