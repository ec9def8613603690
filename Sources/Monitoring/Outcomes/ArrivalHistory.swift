internal import Sketches
internal import Statistics

/// How labels have arrived: what is learnt of predictions whose time is up.
///
/// Delays are counted by half-years of the predictions' times, of which the newest two with mature
/// predictions are kept, so that a change of the delay is forgotten by and by.
struct ArrivalHistory: Sendable, Equatable {
  /// How long a prediction waits, in nanoseconds.
  let horizon: Int64
  /// The delays of each half-year by its number, in order.
  private(set) var halves: [Half] = []
  /// The positive labels of each cohort by the calendar.
  private(set) var calendar: ArrivalCalendar

  /// The delays of the predictions of half a year.
  struct Half: Sendable, Equatable {
    /// Its start over its length.
    let number: Int64
    var curve: LabelArrival
  }

  /// The length of a half, in nanoseconds: 26 weeks.
  private static let length = ArrivalCalendar.year / 2
  /// How many halves are kept.
  static let halfLimit = 2
  /// How many bins of ages there are, three a doubling.
  private static let bins = 48

  init(horizon: Int64) {
    self.horizon = max(horizon, 1)
    calendar = ArrivalCalendar(horizon: self.horizon)
  }

  /// The upper ends of the bins of ages, in seconds; the last one is the horizon.
  static func ages(horizon: Int64) -> [Double] {
    let steps = [1, 1.259_921_049_894_873_2, 1.587_401_051_968_199_4]
    let last = Double(horizon) / 1e9
    return (0..<bins).reversed().map { last / (Double(1 << ($0 / 3)) * steps[$0 % 3]) }
  }

  /// Curves of nothing.
  var emptyCurve: LabelArrival { LabelArrival(ages: Self.ages(horizon: horizon)) }

  /// The delays of all that is kept.
  var curve: LabelArrival { halves.reduce(emptyCurve) { $0 + $1.curve } }

  /// Takes in a prediction whose time is up; they come in any order.
  mutating func insert(_ row: JoinedRow) {
    calendar.insert(row)
    let number = floorDivide(row.prediction.time, Self.length)
    let place = halves.firstIndex { $0.number >= number } ?? halves.count
    if place == halves.count || halves[place].number != number {
      guard place > 0 || halves.count < Self.halfLimit else { return }
      halves.insert(Half(number: number, curve: emptyCurve), at: place)
    }
    halves[place].curve.insert(row)
    if halves.count > Self.halfLimit { halves.removeFirst() }
  }
}

extension LabelArrival {
  /// Counts a prediction with what is known of its outcome.
  mutating func insert(_ row: JoinedRow) {
    guard let delay = row.delay else { return insertSilent() }
    insert(isPositive: row.label == 1, age: Double(delay) / 1e9)
  }
}

extension JoinedRow {
  /// How long after the prediction its outcome was known, in nanoseconds, at least 0; `nil` where none
  /// has come.
  var delay: Int64? {
    guard isLabelled, !isSilent else { return nil }
    return max(0, labelTime.saturatingSubtract(prediction.time))
  }
}

/// Positive labels by the calendar: of each cohort how many came so many parts of a horizon later.
struct ArrivalCalendar: Sendable, Equatable {
  /// The length of a part, in nanoseconds.
  let width: Int64
  /// Of each cohort its predictions, and after them the labels by their lag.
  private(set) var cohorts: [Int64: [Int]] = [:]

  /// How many parts a horizon has.
  static let parts = 24
  /// From which lag on labels are of old predictions: the newest cohorts are left out.
  static let leastLag = 9
  /// How many parts are compared with those of a year ago.
  static let period: Int64 = 3
  /// A year of whole weeks, in nanoseconds.
  static let year: Int64 = 52 * 7 * 86_400 * 1_000_000_000
  /// How many cohorts are kept; with a horizon of less than 21 hours they are less than a year.
  static let cohortLimit = 10_000

  init(horizon: Int64) { width = max(1, horizon / Int64(Self.parts)) }

  /// How many parts a year has, rounded.
  var yearParts: Int64 { (Self.year + width / 2) / width }

  /// How many cohorts are of use: those of a year, a horizon and the period.
  private var kept: Int {
    Int(min(Int64(Self.cohortLimit), yearParts + Int64(Self.parts) + 2 * Self.period))
  }

  /// Counts a prediction and its positive label.
  mutating func insert(_ row: JoinedRow) {
    let cohort = floorDivide(row.prediction.time, width)
    if cohorts[cohort] == nil {
      cohorts[cohort] = [Int](repeating: 0, count: Self.parts + 2)
      if cohorts.count > kept, let first = cohorts.keys.min() { cohorts[first] = nil }
    }
    cohorts[cohort]?[0] += 1
    guard row.label == 1, !row.isSilent else { return }
    let lag = max(0, floorDivide(row.labelTime, width) - cohort)
    cohorts[cohort]?[1 + Int(min(lag, Int64(Self.parts)))] += 1
  }

  /// The predictions of each age and their labels in the parts before one.
  private func arrived(before part: Int64) -> [ArrivalBurst.Cell] {
    (Self.leastLag..<Self.parts).map { lag in
      var (exposure, arrivals) = (0, 0)
      for own in part - Self.period..<part {
        guard let cohort = cohorts[own - Int64(lag)] else { continue }
        exposure += cohort[0]
        arrivals += cohort[1 + lag]
      }
      return ArrivalBurst.Cell(exposure: exposure, arrivals: arrivals)
    }
  }

  /// Whether there are predictions of a year before those whose labels are old now.
  ///
  /// - Parameter clock: The time of the last outcome, in nanoseconds since 1970.
  /// - Returns: Whether it is worth while to look for a burst.
  func reachesBack(from clock: Int64) -> Bool {
    guard yearParts >= Self.period, let first = cohorts.keys.min() else { return false }
    return first < floorDivide(clock, width) - yearParts - Int64(Self.leastLag)
  }

  /// How fast labels of old predictions come, against a year ago.
  ///
  /// - Parameter clock: The time of the last outcome, in nanoseconds since 1970.
  /// - Returns: `nil` where that cannot be told.
  func burst(at clock: Int64) -> ArrivalBurst? {
    guard reachesBack(from: clock) else { return nil }
    let now = floorDivide(clock, width)
    return ArrivalBurst(
      now: arrived(before: now),
      yearBefore: arrived(before: now - yearParts)
    )
  }
}

extension ArrivalHistory: ByteCodable {
  func encode(into writer: inout ByteWriter) {
    writer.write(horizon)
    writer.write(varint: UInt64(halves.count))
    for half in halves {
      writer.write(half.number)
      writer.write(half.curve.positives)
      writer.write(half.curve.negatives)
      writer.write(half.curve.silent)
    }
    writer.write(varint: UInt64(calendar.cohorts.count))
    for (number, counts) in calendar.cohorts.sorted(by: { $0.key < $1.key }) {
      writer.write(number)
      writer.write(counts)
    }
  }

  init(from reader: inout ByteReader) throws(CodingError) {
    let start = reader.offset
    self.init(horizon: try reader.read())
    let ages = Self.ages(horizon: horizon)
    for _ in 0..<(try reader.readCount(limit: Self.halfLimit)) {
      let number: Int64 = try reader.read()
      let (positives, negatives): ([Int], [Int]) = (try reader.read(), try reader.read())
      let kept = LabelArrival(
        ages: ages,
        positives: positives,
        negatives: negatives,
        silent: try reader.read()
      )
      guard let kept, halves.allSatisfy({ $0.number < number }) else {
        throw .invalid(offset: start)
      }
      halves.append(Half(number: number, curve: kept))
    }
    try calendar.read(from: &reader)
  }
}

extension ArrivalCalendar {
  fileprivate mutating func read(from reader: inout ByteReader) throws(CodingError) {
    let start = reader.offset
    for _ in 0..<(try reader.readCount(limit: Self.cohortLimit)) {
      let number: Int64 = try reader.read()
      let counts: [Int] = try reader.read()
      guard counts.count == Self.parts + 2, counts.allSatisfy({ $0 >= 0 }) else {
        throw .invalid(offset: start)
      }
      cohorts[number] = counts
    }
  }
}
