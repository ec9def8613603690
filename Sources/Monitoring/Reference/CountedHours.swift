internal import Events
internal import Sketches

/// An hour of the past, or of the week: encoded counts by key.
struct CountedHour: Sendable, Equatable {
  /// The hour since 1970, or of the week.
  let hour: Int
  let keys: [GroupKey]
  /// The encoded counts of each key.
  let sums: [[UInt8]]
}

extension CountedHour {
  /// What was counted in an hour, with the keys in their order.
  init(hour: Int, _ counts: HourCountsByKey) {
    let groups = counts.sorted { $0.key < $1.key }
    self.init(hour: hour, keys: groups.map(\.key), sums: groups.map { $0.value.encoded() })
  }
}

/// Hours, in nanoseconds and of the week.
enum HourOfWeek {
  /// The length of an hour.
  static let nanoseconds: Int64 = 3_600_000_000_000
  /// The hours of a week.
  static let count = 168

  /// The hour since 1970 that a time lies in.
  static func hour(of time: Int64) -> Int { Int(floorDivide(time, nanoseconds)) }

  /// The hour of the week, from 0 on Monday at midnight; 1970 began on a Thursday.
  ///
  /// - Parameters:
  ///   - hour: An hour of UTC since 1970.
  ///   - zone: By whose clocks: the hour in which it begins there; `nil` for UTC.
  /// - Returns: In `0..<count`.
  static func slot(of hour: Int, in zone: CivilZone?) -> Int {
    let local = zone.map { Self.hour(of: $0.local(of: Int64(hour) * nanoseconds)) } ?? hour
    return Int(floorModulo(Int64(local + 72), Int64(count)))
  }
}

/// The closed panes rolled up to hours.
///
/// A pane belongs to the hour in which it starts. Hours are kept as long as a window's reference
/// may still need them.
struct CountedHours: Sendable {
  /// The hours with events, in order.
  private(set) var hours: [CountedHour] = []
  /// The first whole hour of the stream; `nil` before the first pane.
  private(set) var coveredFrom: Int?
  /// Hours before this one are forgotten.
  private(set) var keptFrom = Int.min

  private var openHour: Int?
  private var open: HourCountsByKey = [:]

  /// Takes in a closed pane; panes come in increasing order.
  ///
  /// - Parameters:
  ///   - pane: The pane.
  ///   - outer: What lies outside the profile's range under a key of it.
  ///   - width: The panes' width in nanoseconds.
  ///   - plan: What is computed.
  mutating func add(
    _ pane: ClosedPane,
    outer: (GroupKey) -> [OuterSums],
    width: Int64,
    _ plan: Plan
  ) {
    let start = Int64(pane.index) * width
    let hour = HourOfWeek.hour(of: start)
    assert(
      openHour.map { $0 <= hour } ?? true,
      "a pane of the hour \(hour) is added after the hour \(openHour ?? 0)"
    )
    if coveredFrom == nil { coveredFrom = HourOfWeek.hour(of: start - 1) + 1 }
    if hour != openHour { seal() }
    openHour = hour
    for (key, bytes) in zip(pane.keys, pane.sums) {
      open[key, default: HourCounts(plan)].add(sums: bytes, outer: outer(key))
    }
  }

  private mutating func seal() {
    guard let openHour else { return }
    hours.append(CountedHour(hour: openHour, open))
    open = [:]
  }

  /// Forgets the hours before one.
  mutating func drop(before hour: Int) {
    guard hour > keptFrom else { return }
    keptFrom = hour
    hours.removeFirst(position(of: hour))
  }

  /// The sealed hours of a range.
  func hours(in range: Range<Int>) -> ArraySlice<CountedHour> {
    let first = position(of: range.lowerBound)
    return hours[first..<Swift.max(first, position(of: range.upperBound))]
  }

  /// The position of the first hour at or after one.
  private func position(of hour: Int) -> Int {
    var low = 0
    var high = hours.count
    while low < high {
      let middle = (low + high) / 2
      if hours[middle].hour < hour { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

extension CountedHours: Restorable {
  func encode(into writer: inout ByteWriter, _ plan: Plan) {
    writer.write(varint: UInt64(hours.count))
    for hour in hours { hour.encode(into: &writer) }
    writer.write(coveredFrom)
    writer.write(keptFrom)
    writer.write(openHour)
    CountedHour(hour: openHour ?? 0, open).encode(into: &writer)
  }

  mutating func restore(
    from reader: inout ByteReader,
    _ restoration: inout Restoration
  ) throws(CodingError) {
    for _ in 0..<(try reader.readCount(limit: reader.remaining)) {
      let start = reader.offset
      let hour = try CountedHour(from: &reader, restoration.mapping)
      guard hours.last.map({ $0.hour < hour.hour }) ?? true else { throw .invalid(offset: start) }
      hours.append(hour)
    }
    coveredFrom = try reader.read()
    keptFrom = try reader.read()
    openHour = try reader.read()
    let last = try CountedHour(from: &reader, restoration.mapping)
    open.add(last, restoration.plan)
    if !restoration.mapping.keepsPanes { self = CountedHours() }
  }
}
