internal import Records

/// How many labels were asked for, by the quality windows of their predictions.
struct RequestHistory: Sendable {
  /// The requests by the start of the window, in nanoseconds since 1970.
  private(set) var counts: [Int64: Int] = [:]
  /// The requests by their reason.
  private(set) var reasons: [String: Int] = [:]
  /// A window's length, in nanoseconds.
  let length: Int64

  init(length: Int64) { self.length = max(1, length) }

  mutating func insert(_ request: RelabelRequest) {
    reasons[request.reason, default: 0] += 1
    counts[request.time - position(request.time), default: 0] += 1
    guard counts.count > QualityHistory.windowLimit, let oldest = counts.keys.min() else { return }
    counts[oldest] = nil
  }

  /// How far into its window a time is, in nanoseconds.
  private func position(_ time: Int64) -> Int64 { (time % length + length) % length }
}
