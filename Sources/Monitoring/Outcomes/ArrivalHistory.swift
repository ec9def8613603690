internal import Events
internal import Sketches
internal import Statistics

/// How labels have arrived: what is learnt of predictions whose time is up.
///
/// Delays are counted by half-years of the predictions' times, of which the newest two with mature
/// predictions are kept, so that a change of the delay is forgotten by and by.
struct ArrivalHistory: Sendable, Equatable {
  /// How long a prediction waits, in nanoseconds.
  let horizon: Int64
  /// A curve of nothing, by the bins of all others.
  let emptyCurve: LabelArrival
  /// The delays of each half-year by its number, in order.
  private(set) var halves: [Half] = []
  /// The positive labels of each cohort by the calendar; `nil` where nothing is corrected.
  private(set) var calendar: ArrivalCalendar?

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

  /// - Parameters:
  ///   - horizon: How long a prediction waits, in nanoseconds.
  ///   - isCorrected: Whether labels to come are worked in, so that a burst matters.
  init(horizon: Int64, isCorrected: Bool) {
    self.horizon = max(horizon, 1)
    emptyCurve = LabelArrival(ages: Self.ages(horizon: self.horizon))
    calendar = isCorrected ? ArrivalCalendar(horizon: self.horizon) : nil
  }

  /// The upper ends of the bins of ages, in seconds; the last one is the horizon.
  static func ages(horizon: Int64) -> [Double] {
    let steps = [1, 1.259_921_049_894_873_2, 1.587_401_051_968_199_4]
    let last = Double(horizon) / 1e9
    return (0..<bins).reversed().map { last / (Double(1 << ($0 / 3)) * steps[$0 % 3]) }
  }

  /// The delays of all that is kept.
  var curve: LabelArrival { halves.reduce(emptyCurve) { $0 + $1.curve } }

  /// Takes in a prediction whose time is up; they come in any order.
  mutating func insert(_ row: JoinedRow) {
    calendar?.insert(row)
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
  /// The predictions of one part of a horizon.
  struct Cohort: Sendable, Equatable {
    /// Its start over the length of a part.
    let number: Int64
    var predictions = 0
    /// The positive labels by how many parts later they came; the last has those of the horizon's end.
    var labels = [Int](repeating: 0, count: ArrivalCalendar.parts + 1)
  }

  /// The length of a part, in nanoseconds.
  let width: Int64
  /// The newest cohorts that have predictions, in order.
  fileprivate(set) var cohorts: [Cohort] = []

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
    let number = floorDivide(row.prediction.time, width)
    guard let place = place(of: number) else { return }
    cohorts[place].predictions += 1
    guard row.label == 1, !row.isSilent else { return }
    let lag = max(0, floorDivide(row.labelTime, width) - number)
    cohorts[place].labels[Int(min(lag, Int64(Self.parts)))] += 1
  }

  /// The place of a cohort, which is made where there is none; `nil` of one that is too old to be kept.
  ///
  /// Rows come nearly in order, so that it is looked for from the end.
  private mutating func place(of number: Int64) -> Int? {
    var place = cohorts.count
    while place > 0, cohorts[place - 1].number > number { place -= 1 }
    if place > 0, cohorts[place - 1].number == number { return place - 1 }
    guard cohorts.count == kept else {
      cohorts.insert(Cohort(number: number), at: place)
      return place
    }
    guard place > 0 else { return nil }
    cohorts.insert(Cohort(number: number), at: place)
    cohorts.removeFirst()
    return place - 1
  }

  private func cohort(_ number: Int64) -> Cohort? {
    var (low, high) = (0, cohorts.count)
    while low < high {
      let middle = (low + high) / 2
      if cohorts[middle].number < number { low = middle + 1 } else { high = middle }
    }
    return low < cohorts.count && cohorts[low].number == number ? cohorts[low] : nil
  }

  /// The predictions of each age and their labels in the parts before one.
  private static func arrived(
    before part: Int64,
    in calendars: [ArrivalCalendar]
  ) -> [ArrivalBurst.Cell] {
    (leastLag..<parts).map { lag in
      var (exposure, arrivals) = (0, 0)
      for own in part - period..<part {
        for calendar in calendars {
          guard let cohort = calendar.cohort(own - Int64(lag)) else { continue }
          exposure += cohort.predictions
          arrivals += cohort.labels[lag]
        }
      }
      return ArrivalBurst.Cell(exposure: exposure, arrivals: arrivals)
    }
  }

  /// Whether there are predictions of a year before those whose labels are old now.
  ///
  /// - Parameter clock: The time of the last outcome, in nanoseconds since 1970.
  /// - Returns: Whether it is worth while to look for a burst.
  func reachesBack(from clock: Int64) -> Bool {
    guard yearParts >= Self.period, let first = cohorts.first?.number else { return false }
    return first < floorDivide(clock, width) - yearParts - Int64(Self.leastLag)
  }

  /// How fast labels of old predictions come, against a year ago.
  ///
  /// - Parameters:
  ///   - clock: The time of the last outcome, in nanoseconds since 1970.
  ///   - open: The predictions whose time is not up yet.
  /// - Returns: `nil` where that cannot be told.
  func burst(at clock: Int64, with open: ArrivalCalendar) -> ArrivalBurst? {
    let now = floorDivide(clock, width)
    return ArrivalBurst(
      now: Self.arrived(before: now, in: [self, open]),
      yearBefore: Self.arrived(before: now - yearParts, in: [self, open])
    )
  }
}

extension ArrivalHistory: ByteCodable {
  func encode(into writer: inout ByteWriter) {
    writer.write(horizon)
    writer.write(calendar != nil)
    writer.write(varint: UInt64(halves.count))
    for half in halves {
      writer.write(half.number)
      writer.write(half.curve.positives)
      writer.write(half.curve.negatives)
      writer.write(half.curve.silent)
    }
    let cohorts = calendar?.cohorts ?? []
    writer.write(varint: UInt64(cohorts.count))
    for cohort in cohorts {
      writer.write(cohort.number)
      writer.write(cohort.predictions)
      writer.write(cohort.labels)
    }
  }

  init(from reader: inout ByteReader) throws(CodingError) {
    let start = reader.offset
    let horizon: Int64 = try reader.read()
    self.init(horizon: horizon, isCorrected: try reader.read())
    for _ in 0..<(try reader.readCount(limit: Self.halfLimit)) {
      let number: Int64 = try reader.read()
      let (positives, negatives): ([Int], [Int]) = (try reader.read(), try reader.read())
      let kept = LabelArrival(
        ages: emptyCurve.ages,
        positives: positives,
        negatives: negatives,
        silent: try reader.read()
      )
      guard let kept, halves.last?.number ?? .min < number else { throw .invalid(offset: start) }
      halves.append(Half(number: number, curve: kept))
    }
    for _ in 0..<(try reader.readCount(limit: ArrivalCalendar.cohortLimit)) {
      let number: Int64 = try reader.read()
      let predictions: Int = try reader.read()
      let labels: [Int] = try reader.read()
      guard labels.count == ArrivalCalendar.parts + 1, labels.allSatisfy({ $0 >= 0 }),
        predictions >= 0, calendar?.cohorts.last?.number ?? .min < number
      else { throw .invalid(offset: start) }
      calendar?.cohorts.append(
        ArrivalCalendar.Cohort(number: number, predictions: predictions, labels: labels)
      )
    }
  }
}
