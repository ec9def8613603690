import Events
import Testing

@testable import Monitoring
import TestSupport

/// The clock of a stream: which of its events count, wait, are late or too far ahead.
@Suite struct StreamClockTests {
  static let second: Int64 = 1_000_000_000
  static let hour: Int64 = 3600
  static let day: Int64 = 86_400
  static let year: Int64 = 365 * day
  static let rules = ClockRules(
    lateness: 30 * second,
    future: day * second,
    paneWidth: 60 * second
  )

  /// What became of a stream's events, by their place in it.
  struct Fate {
    var clock = StreamClock()
    var counted: Set<Int> = []
    var refused: [Int: Refusal] = [:]
    /// The most events that waited at a time.
    var mostWaiting = 0

    mutating func add(_ settled: SettledEvents) {
      counted.formUnion(settled.counted.map(\.line))
      for refusal in settled.refused { refused[refusal.event.line] = refusal.reason }
    }

    /// The places of events that do not count, without those of a set.
    func lost(without fast: Set<Int> = []) -> Set<Int> { Set(refused.keys).subtracting(fast) }
  }

  /// Lets a stream of times, in seconds, run to its end.
  static func fate(of times: [Int64], finishes: Bool = true, _ rules: ClockRules = rules) -> Fate {
    var fate = Fate()
    for (line, time) in times.enumerated() {
      switch fate.clock.take(time * second, rules) {
      case .counted: fate.counted.insert(line)
      case .late: fate.refused[line] = .late
      case .waits:
        fate.clock.hold(
          WaitingEvent(time: time * second, line: line, offset: 0, order: 0, bytes: [])
        )
      }
      fate.mostWaiting = max(fate.mostWaiting, fate.clock.waiting.count)
      guard fate.clock.canSettle(at: line, rules) else { continue }
      fate.add(fate.clock.settle(at: line, rules))
    }
    if finishes { fate.add(fate.clock.finish(rules)) }
    #expect(!finishes || fate.counted.count + fate.refused.count == times.count)
    #expect(fate.mostWaiting <= WaitingEvent.followerLimit + 1)
    return fate
  }

  /// An event a second, some of them of producers that are ahead.
  static func stream(
    _ count: Int,
    step: Int64 = 1,
    ahead: Int64,
    _ isFast: (Int) -> Bool
  ) -> (times: [Int64], fast: Set<Int>) {
    let fast = Set((0..<count).filter(isFast))
    let times = (0..<count).map { index -> Int64 in
      1_700_000_000 + Int64(index) * step + (fast.contains(index) ? ahead : 0)
    }
    return (times, fast)
  }

  @Test(arguments: [1, 29, 30, 31, 61, 600, 3600, day - 1, day, day + 1, 31 * day, 90 * year])
  func `after a gap of any length every event counts`(gap: Int64) {
    let before = (0..<500).map { 1_000_000_000 + Int64($0) }
    for count in [1, 2, 3, 23, 24, 25, 50, 170, 171, 256, 257, 600] {
      let after = (0..<count).map { before[499] + gap + Int64($0) }
      let fate = Self.fate(of: before + after)
      #expect(fate.lost().isEmpty, "\(count) events after the gap")
      #expect(fate.clock.time == after[count - 1] * Self.second, "\(count) events after the gap")
    }
  }

  @Test(arguments: [1, 3, 50, 99, 400])
  func `batches that are a week apart count, however few events they have`(size: Int) {
    for spread: Int64 in [0, 1, 600] {
      var times: [Int64] = []
      for week: Int64 in 0..<40 {
        for event in 0..<Int64(size) { times.append(week * 7 * Self.day + event * spread) }
      }
      #expect(Self.fate(of: times).lost().isEmpty)
    }
  }

  @Test(arguments: [1, 20, 29, 31, 45, 90, 600, 2 * hour, 23 * hour, 2 * day, year, 100 * year])
  func `a minority that is ahead by any time makes no other late`(ahead: Int64) {
    for share in [3, 10, 50] {
      var random = SeededGenerator(seed: UInt64(share))
      let draws = (0..<20_000).map { _ in random.below(share) == 0 }
      let chance = Self.stream(20_000, ahead: ahead) { draws[$0] }
      let turns = Self.stream(20_000, ahead: ahead) { $0 % share == share - 1 }
      let bursts = Self.stream(20_000, ahead: ahead) { $0 / 20 % share == 1 }
      for (times, fast) in [chance, turns, bursts] {
        let fate = Self.fate(of: times)
        #expect(fate.lost(without: fast).isEmpty, "one in \(share)")
        #expect(fate.refused.values.allSatisfy { $0 == Refusal.farFuture }, "one in \(share)")
        if ahead > 2 * Self.day { #expect(fate.refused.count > fast.count - 8, "one in \(share)") }
      }
    }
  }

  @Test(arguments: [1, 20, 30, 40, 7200, year])
  func `others that come in any order within the lateness are not late either`(ahead: Int64) {
    var random = SeededGenerator(seed: 5)
    var rows = (0..<10_000).map { index in
      let time = 1_700_000_000 + Int64(index) / 5
      return (time: time + (index % 10 == 3 ? ahead : 0), at: time + Int64(random.below(30)))
    }
    rows.sort { $0.at < $1.at }
    let fate = Self.fate(of: rows.map(\.time))
    let late = fate.refused.values.count { $0 == .late }
    // Events that are ahead by more than the lateness, less how late they come, may be within it.
    #expect(late <= (ahead == 40 ? 9000 / 100 : 0))
    #expect(fate.refused.count - late == (ahead == Self.year ? 1000 : 0))
  }

  @Test(arguments: [0, 4_102_444_800])
  func `a first event of 1970 or 2100 does not spoil what follows`(first: Int64) {
    for bad in 1...6 {
      let good = (0..<3000).map { 1_700_000_000 + Int64($0) }
      let fate = Self.fate(of: Array(repeating: first, count: bad) + good)
      #expect(fate.lost(without: Set(0..<bad)).isEmpty)
      #expect(fate.clock.time == good[2999] * Self.second)
      #expect(fate.refused.count == (first == 0 ? 0 : bad))
    }
  }

  @Test func `clocks that stand still hold nobody back`() {
    for share in [5, 10] {
      var times: [Int64] = []
      for index in 0..<4000 {
        let stuck: Int64 = index < 2000 ? 1_700_000_000 : 1_700_001_999
        let weekend = index < 2000 ? 0 : 3 * Self.day
        times.append(index % share == 1 ? stuck : 1_700_000_000 + Int64(index) + weekend)
      }
      let stuck = Set((0..<4000).filter { $0 % share == 1 })
      let fate = Self.fate(of: times)
      #expect(fate.lost(without: stuck).isEmpty)
      #expect(fate.refused.values.allSatisfy { $0 == Refusal.late })
    }
  }

  @Test func `an event is late when its pane is over by twice the lateness`() {
    let start: Int64 = 1_700_000_040
    let times = (0..<60).map { start + 2 * Int64($0) }
    let late = Self.fate(of: times + [start + 120, start - 1, start, start + 59])
    #expect(late.refused == [61: .late, 62: .late, 63: .late])
    #expect(Self.fate(of: times + [start + 119, start - 1, start]).refused == [61: .late])
  }

  @Test func `a whole stream that jumps back is late until it has caught up`() {
    let times = (0..<2000).map { index -> Int64 in
      1_700_000_000 + Int64(index < 1000 ? index : index - 200)
    }
    let fate = Self.fate(of: times)
    #expect(fate.refused.values.allSatisfy { $0 == Refusal.late })
    #expect(fate.refused.count < 200)
  }

  @Test func `a lone last event counts unless its stream is known to have fast clocks`() {
    let good = (0..<2000).map { 1_700_000_000 + Int64($0) }
    #expect(Self.fate(of: good + [good[1999] + 3 * Self.day]).lost().isEmpty)
    var mixed = good
    for place in stride(from: 100, to: 2000, by: 100) { mixed[place] += Self.year }
    let fate = Self.fate(of: mixed + [good[1999] + Self.year])
    #expect(fate.refused.count == 20)
    #expect(fate.clock.time == good[1999] * Self.second)
  }

  @Test func `where nothing follows that agrees, the end is where the others are`() {
    var times = (0..<2000).map { 1_700_000_000 + Int64($0) }
    times[1500] += 5 * Self.hour
    times[1900] += 5 * Self.hour
    times[1999] += 5 * Self.hour
    let fate = Self.fate(of: times)
    #expect(fate.lost().isEmpty)
    #expect(fate.clock.time == times[1998] * Self.second)
  }

  @Test func `what waits is bounded in lines and bytes, too`() {
    var clock = StreamClock()
    var fate = Fate()
    for line in [0, 1, 2] {
      #expect(clock.take(Int64(line) * Self.second, Self.rules) == .waits)
      clock.hold(
        WaitingEvent(time: Int64(line) * Self.second, line: line, offset: 0, order: 0, bytes: [])
      )
    }
    #expect(!clock.canSettle(at: WaitingEvent.lineLimit, Self.rules))
    #expect(clock.canSettle(at: WaitingEvent.lineLimit + 1, Self.rules))
    fate.add(clock.settle(at: WaitingEvent.lineLimit + 1, Self.rules))
    #expect(fate.counted == [0])
    let bytes = [UInt8](repeating: 0x20, count: WaitingEvent.byteLimit / 2)
    for line in [3, 4, 5] {
      #expect(clock.take(Int64(line) * Self.second, Self.rules) == .waits)
      clock.hold(
        WaitingEvent(
          time: Int64(line) * Self.second,
          line: line,
          offset: 0,
          order: 0,
          bytes: bytes
        )
      )
    }
    #expect(clock.canSettle(at: 5, Self.rules))
    fate.add(clock.settle(at: 5, Self.rules))
    #expect(fate.counted == [0, 1, 2, 3])
  }

  @Test func `events that are not ahead by another clock need not wait`() {
    var fate = Self.fate(of: [10, 20, 4_000_000_000], finishes: false)
    #expect(fate.counted.isEmpty)
    fate.add(fate.clock.settle(upTo: 100 * Self.second))
    #expect(fate.counted == [0, 1])
    #expect(fate.clock.time == nil)
    fate.add(fate.clock.finish(Self.rules))
    #expect(fate.counted == [0, 1, 2])
  }

  @Test func `times at the ends of what is usable do not overflow`() {
    let far = Int64.max / 2 / Self.second
    let times: [Int64] = (0..<300).map { [-far, far, Int64($0)][$0 % 3] }
    for lateness in [0, Int64.max] {
      let rules = ClockRules(lateness: lateness, future: .max, paneWidth: 1)
      #expect(Self.fate(of: times, rules).counted.count > 100)
    }
  }
}
