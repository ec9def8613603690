internal import Events
internal import Expressions
internal import Sketches
internal import Specification
internal import Statistics

/// What a value of the past is asked of: a statistic of a signal, judged in one way.
struct PastSubject: Hashable, Sendable {
  let signal: String
  let statistic: StatisticName
  /// How drift is judged; `nil` for every other statistic.
  let criterion: DriftCriterion?
}

/// Values of one window's earlier ends: what `before` and `change` compare with.
///
/// They are numbers, not counts: a few bytes a window's end. How far back they go is known from the
/// rules.
///
/// - **Memory**: 16 bytes a value, 32 of one whose own events tell its bounds, at most ``limit`` values of one statistic in one part of the
///   traffic, and ``totalLimit`` of all together: beyond, a value is not kept and what asks for it
///   later is unknown.
struct PastValues: Sendable {
  fileprivate struct Key: Hashable {
    let part: PartName
    let subject: PastSubject
  }

  /// The most values of one statistic in one part of the traffic: two weeks of minutes.
  static let limit = PastBounds.values
  /// The most values of one window.
  static let totalLimit = 1 << 21

  private var series: [Key: PastSeries] = [:]
  private var count = 0
  /// How many series there are when it is next looked for those that nobody needs any more.
  private var sweepSize = Self.sweepMinimum
  /// Below so many series nobody looks.
  private static let sweepMinimum = 64
  /// How far back the last window before a moment may lie, in nanoseconds.
  private let slack: PastSlack
  /// The zone of days; `nil` for UTC.
  private let zone: CivilZone?
  /// The most by which the clocks of a zone are put back or forward, in nanoseconds.
  private static let clockChangeMax: Int64 = 7_200_000_000_000

  init(_ window: WindowSpecification, zone: CivilZone? = nil) {
    slack = PastSlack(window)
    self.zone = zone
  }

  /// The moment so long before another: where days are whole, at the same time by the clocks.
  private func moment(_ ago: Int64, before time: Int64) -> Int64 {
    guard let zone, ago % TimeSpan.days(1).nanoseconds == 0 else { return time - ago }
    return zone.time(ofLocal: zone.local(of: time) - ago)
  }

  /// Keeps a value, and forgets what is older than anybody asks for.
  ///
  /// - Parameters:
  ///   - value: The value; `nil` where there is none.
  ///   - subject: What it is of.
  ///   - part: The part of the traffic.
  ///   - time: The window's end, not earlier than the last one's.
  ///   - longest: The longest time back that anybody asks for, in nanoseconds.
  mutating func record(
    _ value: Estimate?,
    of subject: PastSubject,
    in part: PartName,
    at time: Int64,
    longest: Int64
  ) {
    let key = Key(part: part, subject: subject)
    var own = series.removeValue(forKey: key) ?? PastSeries()
    let before = own.count
    let change = zone == nil ? 0 : Self.clockChangeMax
    own.forget(before: time - longest - slack.length(longest) - change)
    if let value, own.count < Self.limit, count + own.count - before < Self.totalLimit {
      own.append(value, at: time)
    }
    count += own.count - before
    if own.count > 0 { series[key] = own }
  }

  /// The value of the last window that had ended at a moment, and not long before it.
  func estimate(_ query: PastQuery, in part: PartName, at time: Int64) -> Estimate? {
    let target = moment(query.ago, before: time)
    return series[Key(part: part, subject: query.subject)]?
      .last(atOrBefore: target, notBefore: target - slack.length(query.ago))
  }

  /// How a number varied in earlier windows; `nil` while they are too few.
  func spread(
    _ windows: SpreadWindows,
    of subject: PastSubject,
    in part: PartName,
    at time: Int64
  ) -> WindowSpread? {
    guard let own = series[Key(part: part, subject: subject)] else { return nil }
    return windows.spread { ago in
      let target = moment(ago, before: time)
      return own.last(atOrBefore: target, notBefore: target - slack.length(ago))?.value
    }
  }

  /// Forgets the series to which nothing was added for long.
  ///
  /// - Complexity: O(1) a call on average: all are looked through once they are twice as many as were
  ///   left the last time.
  mutating func forget(silentSince time: Int64) {
    guard series.count >= sweepSize else { return }
    for (key, own) in series.filter({ $0.value.lastTime < time }) {
      series[key] = nil
      count -= own.count
    }
    sweepSize = max(Self.sweepMinimum, 2 * series.count)
  }
}

/// How long before a moment the last window may have ended that counts as the one of that moment.
private struct PastSlack: Sendable {
  /// One step of the window; `nil` of a window of events, which has none.
  private let step: Int64?

  init(_ window: WindowSpecification) {
    switch window.kind {
    case .sliding(_, let slide): step = slide.nanoseconds - 1
    case .calendar(.day): step = TimeSpan.days(1).nanoseconds - 1
    case .calendar(.week): step = TimeSpan.days(7).nanoseconds - 1
    case .calendar(.month): step = TimeSpan.days(31).nanoseconds - 1
    case .events: step = nil
    }
  }

  func length(_ ago: Int64) -> Int64 { step ?? ago }
}

/// Values by time, in increasing order.
struct PastSeries: Sendable {
  private var times: [Int64] = []
  private var values: [Double] = []
  /// The standard errors of means, and NaN of shares and of numbers without bounds; empty where all
  /// are that.
  private var errors: [Double] = []
  /// The events of shares, the degrees of freedom of means, and 0; empty as the errors are.
  private var sizes: [Double] = []
  /// The index of the first value that is not forgotten.
  private var first = 0
  /// The most events that a size of a state is believed to be.
  private static let sizeLimit = 0x1p50

  var count: Int { times.count - first }
  var lastTime: Int64 { times.last ?? Int64.min }

  mutating func append(_ estimate: Estimate, at time: Int64) {
    assert(lastTime <= time, "a value of \(time) is kept after one of \(lastTime)")
    let (error, size) = Self.parts(of: estimate.basis)
    if size > 0 || !sizes.isEmpty {
      if sizes.isEmpty {
        errors = values.map { _ in .nan }
        sizes = values.map { _ in 0 }
      }
      errors.append(error)
      sizes.append(size)
    }
    times.append(time)
    values.append(estimate.value)
  }

  mutating func forget(before time: Int64) {
    while first < times.count, times[first] < time { first += 1 }
    guard first > 64, 2 * first > times.count else { return }
    times.removeFirst(first)
    values.removeFirst(first)
    if !sizes.isEmpty {
      errors.removeFirst(first)
      sizes.removeFirst(first)
    }
    first = 0
  }

  /// A basis as two numbers; that of a spread is of the windows before it, and not kept.
  private static func parts(of basis: Estimate.Basis) -> (error: Double, size: Double) {
    switch basis {
    case .none, .spread: (.nan, 0)
    case .share(let trials): (.nan, Double(trials))
    case .mean(let error, let degrees): (error, Double(degrees))
    }
  }

  private func basis(at index: Int) -> Estimate.Basis {
    guard !sizes.isEmpty, sizes[index] > 0 else { return .none }
    let (error, size) = (errors[index], Int(sizes[index]))
    return error.isNaN ? .share(of: size) : .mean(standardError: error, degrees: size)
  }

  /// The last value of a stretch of time.
  func last(atOrBefore end: Int64, notBefore start: Int64) -> Estimate? {
    var (low, high) = (first, times.count)
    while low < high {
      let middle = (low + high) / 2
      if times[middle] <= end { low = middle + 1 } else { high = middle }
    }
    guard low > first, times[low - 1] >= start else { return nil }
    return Estimate(values[low - 1], basis(at: low - 1))
  }
}

extension PastValues: Restorable {
  func encode(into writer: inout ByteWriter, _ plan: Plan) {
    writer.write(sweepSize)
    let all = series.sorted { $0.key < $1.key }
    writer.write(varint: UInt64(all.count))
    for (key, own) in all {
      writer.write(key.part)
      writer.write(key.subject)
      own.encode(into: &writer)
    }
  }

  mutating func restore(
    from reader: inout ByteReader,
    _ restoration: inout Restoration
  ) throws(CodingError) {
    sweepSize = max(Self.sweepMinimum, try reader.read())
    for _ in 0..<(try reader.readCount(limit: reader.remaining)) {
      let part: PartName = try reader.read()
      let subject: PastSubject = try reader.read()
      let own: PastSeries = try reader.read()
      guard let now = restoration.part(part), restoration.keeps(signal: subject.signal) else {
        continue
      }
      series[Key(part: now, subject: subject)] = own
      count += own.count
    }
  }
}

extension PastValues.Key: Comparable {
  static func < (left: PastValues.Key, right: PastValues.Key) -> Bool {
    if left.part != right.part { return left.part < right.part }
    if left.subject.signal != right.subject.signal {
      return left.subject.signal < right.subject.signal
    }
    let (one, other) = (left.subject, right.subject)
    if one.statistic != other.statistic { return one.statistic.rawValue < other.statistic.rawValue }
    let (first, second) = (one.criterion ?? DriftCriterion(), other.criterion ?? DriftCriterion())
    return (first.tolerance, first.confidence) < (second.tolerance, second.confidence)
  }
}

extension PastSubject: ByteCodable {
  func encode(into writer: inout ByteWriter) {
    writer.write(signal)
    writer.write(string: statistic.rawValue)
    writer.write(criterion?.tolerance)
    writer.write(criterion?.confidence)
  }

  init(from reader: inout ByteReader) throws(CodingError) {
    signal = try reader.read()
    statistic = try reader.readWord()
    let tolerance: Double? = try reader.read()
    let confidence: Double? = try reader.read()
    criterion = tolerance.flatMap { tolerance in
      confidence.map { DriftCriterion(tolerance: tolerance, confidence: $0) }
    }
  }
}

extension PastSeries: ByteCodable {
  func encode(into writer: inout ByteWriter) {
    writer.write(Array(times[first...]))
    writer.write(Array(values[first...]))
    writer.write(Array(errors.dropFirst(first)))
    writer.write(Array(sizes.dropFirst(first)))
  }

  init(from reader: inout ByteReader) throws(CodingError) {
    let start = reader.offset
    times = try reader.read()
    values = try reader.read()
    errors = try reader.read()
    sizes = try reader.read()
    guard times.count == values.count, errors.count == sizes.count,
      sizes.isEmpty || sizes.count == values.count,
      sizes.allSatisfy({ (0...Self.sizeLimit).contains($0) }),
      zip(errors, sizes).allSatisfy({ $0.isNaN || $0 >= 0 && $1 >= 1 }),
      zip(times, times.dropFirst()).allSatisfy({ $0 <= $1 })
    else { throw .invalid(offset: start) }
  }
}
