internal import Sketches

/// The times of a stream's last events, in the order in which they came.
///
/// Each has a number: how many came before it.
struct RecentTimes: Sendable, Equatable {
  /// How many came in all.
  private(set) var total = 0
  private var times: [Int64]

  /// How many are kept, a power of two.
  ///
  /// Two thirds of so many are not the producers with a fast clock, even where these are every
  /// second one and take turns by chance: that has a probability of 5·10⁻⁷ at a given event.
  static let capacity = 256

  init() {
    times = [Int64](repeating: 0, count: Self.capacity)
  }

  /// The numbers of those that are kept.
  var numbers: Range<Int> { max(0, total - Self.capacity)..<total }

  /// The time of one that is kept.
  subscript(number: Int) -> Int64 { times[number & (Self.capacity - 1)] }

  /// Adds the newest.
  @inline(__always)
  mutating func append(_ time: Int64) {
    times[total & (Self.capacity - 1)] = time
    total &+= 1
  }

  /// The time that each of the last so many has reached; `nil` when fewer came.
  func least(ofLast count: Int) -> Int64? {
    guard total >= count, count > 0 else { return nil }
    return (total - count..<total).map { self[$0] }.min()
  }

  /// The time that so many of those that are kept have reached, where it is beyond another.
  ///
  /// - Complexity: O(1) as a sum over all that are kept; a sort where there is such a time.
  func reached(by count: Int, beyond time: Int64) -> Int64? {
    guard count > 0, numbers.count(where: { self[$0] > time }) >= count else { return nil }
    let sorted = numbers.map { self[$0] }.sorted()
    return sorted[sorted.count - count]
  }

  /// How far one gets from a time towards another, over those that are kept, in steps of at most
  /// a length.
  func climb(from start: Int64, to end: Int64, step: Int64) -> Int64 {
    var reached = start
    for time in numbers.map({ self[$0] }).sorted() where time > reached && time <= end {
      guard time - reached <= step else { break }
      reached = time
    }
    return reached
  }

  /// How many of those after a number have reached a time, and how many have not.
  func followers(of number: Int, reaching time: Int64) -> (reaching: Int, others: Int) {
    let after = max(number + 1, numbers.lowerBound)..<max(total, number + 1)
    let reaching = after.count { self[$0] >= time }
    return (reaching, after.count - reaching)
  }
}

extension RecentTimes: ByteCodable {
  /// Layout: how many came in all, then those that are kept, in their order.
  func encode(into writer: inout ByteWriter) {
    writer.write(total)
    writer.write(numbers.map { self[$0] })
  }

  init(from reader: inout ByteReader) throws(CodingError) {
    self.init()
    let start = reader.offset
    let total: Int = try reader.read()
    let kept: [Int64] = try reader.read()
    guard total >= 0, kept.count == min(total, Self.capacity) else {
      throw .invalid(offset: start)
    }
    self.total = total - kept.count
    for time in kept { append(time) }
  }
}
