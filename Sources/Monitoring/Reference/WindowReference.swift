internal import Events
internal import Expressions
internal import Specification

/// With whose counts a window is compared.
enum ReferenceBasis: Sendable, Equatable {
  /// The profile's whole period.
  case profile
  /// The window's hours of the week in the profile's period.
  case profileHours
  /// The time before the window.
  case rolling
  /// The window's hours of the week in the weeks before it.
  case sameHour
  /// A past that the stream does not have yet.
  case waiting
  /// The same window of another version.
  case version
}

/// The counts that one window is compared with, as it moves.
///
/// - **Memory**: sums by key of the whole past period, and of at most a handful of sets of hours
///   of the week: those that the window covers by the same share.
///
/// Its 9 properties are what it is told, the sums that move, and the answer.
struct WindowReference: Sendable {
  /// Counts of the reference that weigh the same.
  struct Term: Sendable {
    var weight: Double
    var groups: HourCountsByKey
  }

  /// Sums of a stretch of hours that moves.
  private struct RunningSums {
    var groups: HourCountsByKey = [:]
    var hours = 0..<0
  }

  private let reference: ReferenceSpecification
  /// The zone of the hours of the week; `nil` for UTC.
  private let zone: CivilZone?
  /// The running sums of the past period.
  private var running = RunningSums()
  /// The sums of sets of hours of the week, as of the running hours or of the profile.
  private var cache: [[Int]: HourCountsByKey] = [:]
  private var isCacheOfProfile = false
  private var profileTotal: HourCountsByKey?

  private(set) var basis = ReferenceBasis.profile
  /// What the window is compared with, all keys; empty when that is the profile's own counts.
  private(set) var terms: [Term] = []
  /// What the hours of the week are drawn towards.
  private(set) var pool: HourCountsByKey?

  init(_ reference: ReferenceSpecification, zone: CivilZone?) {
    self.reference = reference
    self.zone = zone
  }

  /// How many hours the past period has.
  static func hours(of reference: ReferenceSpecification) -> Int {
    guard let period = reference.period else { return 0 }
    return Int(period.length.nanoseconds / HourOfWeek.nanoseconds)
  }

  /// Finds the counts for a window where it stands.
  ///
  /// - Parameters:
  ///   - start: The window's start, in nanoseconds since 1970.
  ///   - occupied: From the start of the first pane with events to the end of the last one: a
  ///     window that the stream fills only in part is compared with those hours.
  ///   - past: The stream's past, at least up to the hour in which the window starts.
  ///   - plan: What is computed.
  mutating func move(to start: Int64, occupied: Range<Int64>, _ past: CountedHours, _ plan: Plan) {
    let high = HourOfWeek.hour(of: start)
    let hours = high - Self.hours(of: reference)..<high
    let isCovered = past.coveredFrom.map { $0 <= hours.lowerBound } ?? false
    switch reference.period {
    case nil:
      basis = .profile
      terms = reference.strata == nil ? [] : [Term(weight: 1, groups: total(plan))]
    case .rolling:
      basis = isCovered ? .rolling : .waiting
      if isCovered { advance(to: hours, past, plan) }
      terms = isCovered ? [Term(weight: 1, groups: running.groups)] : []
    case .sameHour:
      basis = isCovered ? .sameHour : .profileHours
      if isCovered { advance(to: hours, past, plan) }
      pool = isCovered ? running.groups : total(plan)
      terms = seasonalTerms(occupied, isCovered ? past : nil, plan)
    }
  }

  /// Moves the running sums to another stretch of hours.
  private mutating func advance(to hours: Range<Int>, _ past: CountedHours, _ plan: Plan) {
    let canStep =
      running.hours.lowerBound >= past.keptFrom && hours.lowerBound >= running.hours.lowerBound
    if !canStep || hours.lowerBound >= running.hours.upperBound {
      running.groups = [:]
      running.hours = hours.lowerBound..<hours.lowerBound
      cache = [:]
    }
    for hour in past.hours(in: running.hours.lowerBound..<hours.lowerBound) {
      running.groups.subtract(hour)
    }
    for hour in past.hours(in: running.hours.upperBound..<hours.upperBound) {
      running.groups.add(hour, plan)
    }
    // The period is whole weeks: the hour that comes and the one that goes are of one slot, but
    // where the clocks changed between them.
    var moved = Set<Int>()
    for hour in running.hours.upperBound..<hours.upperBound {
      moved.insert(HourOfWeek.slot(of: hour, in: zone))
      if zone != nil {
        moved.insert(HourOfWeek.slot(of: hour - Self.hours(of: reference), in: zone))
      }
    }
    cache = cache.filter { !$0.key.contains(where: moved.contains) }
    running.hours = hours
  }

  /// The window's hours of the week, those of the same weight together.
  private mutating func seasonalTerms(
    _ occupied: Range<Int64>,
    _ past: CountedHours?,
    _ plan: Plan
  ) -> [Term] {
    if isCacheOfProfile != (past == nil) {
      cache = [:]
      isCacheOfProfile = past == nil
    }
    let sets = Self.slots(of: occupied, in: zone)
    var used: [[Int]: HourCountsByKey] = [:]
    let terms = sets.map { length, slots in
      let groups = cache[slots] ?? sum(of: slots, past, plan)
      used[slots] = groups
      return Term(
        weight: Double(length) / Double(HourOfWeek.nanoseconds),
        groups: groups
      )
    }
    cache = used
    return terms
  }

  /// The hours of the week that a stretch of time covers, by for how long: in increasing order.
  static func slots(
    of time: Range<Int64>,
    in zone: CivilZone? = nil
  ) -> [(length: Int64, slots: [Int])] {
    var lengths = [Int64](repeating: 0, count: HourOfWeek.count)
    var position = time.lowerBound
    while position < time.upperBound {
      let hour = HourOfWeek.hour(of: position)
      let end = min(time.upperBound, Int64(hour + 1) * HourOfWeek.nanoseconds)
      lengths[HourOfWeek.slot(of: hour, in: zone)] += end - position
      position = end
    }
    let slots = lengths.indices.filter { lengths[$0] > 0 }
    let byLength = Dictionary(grouping: slots) { lengths[$0] }
    return byLength.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  private func sum(of slots: [Int], _ past: CountedHours?, _ plan: Plan) -> HourCountsByKey {
    var wanted = [Bool](repeating: false, count: HourOfWeek.count)
    for slot in slots { wanted[slot] = true }
    var groups: HourCountsByKey = [:]
    if let past {
      for hour in past.hours(in: running.hours)
      where wanted[HourOfWeek.slot(of: hour.hour, in: zone)] {
        groups.add(hour, plan)
      }
    } else {
      for hour in plan.referenceTable where wanted[hour.hour] { groups.add(hour, plan) }
    }
    return groups
  }

  private mutating func total(_ plan: Plan) -> HourCountsByKey {
    if let profileTotal { return profileTotal }
    var groups: HourCountsByKey = [:]
    for hour in plan.referenceTable { groups.add(hour, plan) }
    profileTotal = groups
    return groups
  }
}

extension Plan {
  /// The first hour of the past that a window's reference may still need.
  ///
  /// - Parameters:
  ///   - pane: The last closed pane; windows that are judged later end after it.
  ///   - width: The panes' width in nanoseconds.
  /// - Returns: An hour since 1970.
  func oldestHour(after pane: Int, width: Int64) -> Int {
    let longest = monitor.windows.map { window -> Int64 in
      switch window.kind {
      case .sliding(let size, _): size.nanoseconds
      case .calendar(.day): CivilCalendar.day
      case .calendar(.week): 7 * CivilCalendar.day
      case .calendar(.month): CivilCalendar(zone: monitor.zone).longestMonth
      case .events: 0
      }
    }
    let start = Int64(pane) * width - (longest.max() ?? 0)
    // One hour more: the running sums take away the hour that they leave.
    return HourOfWeek.hour(of: start) - WindowReference.hours(of: monitor.reference) - 1
  }
}
