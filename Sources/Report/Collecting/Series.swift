internal import Records

/// One number over time: every window, the least and the greatest of each stretch in long streams.
struct Series: Sendable {
  /// The number in one window.
  struct Sample: Equatable, Sendable {
    var value: StatisticValue
    /// The window's start and end, in nanoseconds since 1970.
    var start: Int64
    var end: Int64
  }

  /// The windows.
  private(set) var columns: Columns
  /// The least value of each column.
  private(set) var least: [Double] = []
  /// The greatest value of each column.
  private(set) var most: [Double] = []
  /// The fewest events or values behind a value of each column.
  private(set) var counts: [Int] = []
  /// The first sample.
  let first: Sample
  /// The last sample.
  private(set) var last: Sample
  /// The first sample with the least value.
  private(set) var lowest: Sample
  /// The first sample with the greatest value.
  private(set) var highest: Sample

  /// The most columns: about what a screen can show.
  static let columnLimit = 512

  init(_ sample: Sample, limit: Int = columnLimit) {
    columns = Columns(limit: limit)
    first = sample
    last = sample
    lowest = sample
    highest = sample
    append(sample)
  }

  mutating func append(_ sample: Sample) {
    let number = sample.value.value
    last = sample
    if number < lowest.value.value { lowest = sample }
    if number > highest.value.value { highest = sample }
    let step = columns.append(end: sample.end)
    for _ in 0..<step.joins {
      least = joinPairs(least, min)
      most = joinPairs(most, max)
      counts = joinPairs(counts, min)
    }
    if step.begins {
      least.append(number)
      most.append(number)
      counts.append(sample.value.n)
    } else {
      let index = least.count - 1
      least[index] = min(least[index], number)
      most[index] = max(most[index], number)
      counts[index] = min(counts[index], sample.value.n)
    }
  }
}
