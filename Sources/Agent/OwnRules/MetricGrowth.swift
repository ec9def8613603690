/// By how much a count has grown lately: `increase` of the rules on the agent.
///
/// Times are nanoseconds of the monotonic clock.
struct MetricGrowth: Sendable {
  /// The span is looked at through so many samples: it is exact to one of its steps.
  static let sampleLimit: Int64 = 60

  private let span: Int64
  /// What the count was, in order of time; the first one at the span's start, or where watching began.
  private var samples: [(time: Int64, value: Int64)] = []
  private var newest: (time: Int64, value: Int64)?

  /// A count that is watched from now on.
  ///
  /// - Parameters:
  ///   - span: The time that is looked back, in nanoseconds.
  ///   - base: What it was before the first number; `nil`: the same.
  init(over span: Int64, base: Int64?) {
    self.span = span
    newest = base.map { (.min, $0) }
  }

  /// Takes the count's number at a time.
  mutating func note(_ value: Int64, at time: Int64) {
    if samples.isEmpty { samples.append((time, newest?.value ?? value)) }
    // Who counts has begun anew.
    if let last = newest, value < last.value { samples = [(time, 0)] }
    newest = (time, value)
    if let last = samples.last, time - last.time >= max(span / Self.sampleLimit, 1) {
      samples.append((time, value))
    }
    while samples.count > 1, samples[1].time <= time - span { samples.removeFirst() }
  }

  /// By how much it has grown over the span, and whether it was watched for all of it.
  var value: (growth: Int64, isWhole: Bool)? {
    guard let newest, let first = samples.first else { return nil }
    return (newest.value - first.value, newest.time - first.time >= span)
  }
}
