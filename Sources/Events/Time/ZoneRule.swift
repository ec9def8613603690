/// What holds in a zone from its last listed change on: `CET-1CEST,M3.5.0,M10.5.0/3`.
struct ZoneRule: Sendable, Equatable {
  /// A change of each year: a day, and the clocks' time on it.
  struct Change: Sendable, Equatable {
    enum Day: Sendable, Equatable {
      /// The day from 1 to 365 of a year without its leap day.
      case withoutLeapDay(Int64)
      /// The day from 0.
      case ofYear(Int64)
      /// Week 1 to 5, 5 being the last, weekday from 0 on Sunday.
      case ofMonth(Int64, week: Int64, weekday: Int64)
    }

    var day: Day
    /// Seconds after midnight, from −167 to 167 hours.
    var seconds: Int64 = 7_200

    /// The change in a year by the clocks, in seconds since 1970.
    func second(in year: Int64) -> Int64 {
      let first = Timestamp.day(year: year, month: 1, day: 1)
      switch day {
      case .ofYear(let number):
        return (first + number) * 86_400 + seconds
      case .withoutLeapDay(let number):
        let leap = number >= 60 && Timestamp.days(in: 2, of: year) == 29 ? 1 : 0 as Int64
        return (first + number - 1 + leap) * 86_400 + seconds
      case .ofMonth(let month, let week, let weekday):
        let start = Timestamp.day(year: year, month: month, day: 1)
        // 1970-01-01 was a Thursday.
        let ahead = floorModulo(weekday - floorModulo(start + 4, 7), 7)
        var number = ahead + (week - 1) * 7
        if number >= Timestamp.days(in: month, of: year) {
          number -= 7
        }
        return (start + number) * 86_400 + seconds
      }
    }
  }

  /// Seconds from UTC in standard time.
  var standard: Int64
  /// Seconds from UTC in summer time, and when it begins and ends; `nil` where there is none.
  var summer: (offset: Int64, start: Change, end: Change)?

  /// The offsets that the rule has.
  var offsets: [Int64] {
    [standard] + (summer.map { [$0.offset] } ?? [])
  }

  /// The offset from UTC in seconds at a time.
  func offset(at second: Int64) -> Int64 {
    guard let summer else {
      return standard
    }
    let year = Timestamp.civil(day: floorDivide(second + standard, 86_400)).year
    let start = summer.start.second(in: year) - standard
    let end = summer.end.second(in: year) - summer.offset
    let isSummer =
      start < end ? second >= start && second < end : second >= start || second < end
    return isSummer ? summer.offset : standard
  }

  static func == (left: ZoneRule, right: ZoneRule) -> Bool {
    left.standard == right.standard && left.summer?.offset == right.summer?.offset
      && left.summer?.start == right.summer?.start && left.summer?.end == right.summer?.end
  }
}

extension ZoneRule {
  /// Reads a rule; it fails where the text is none.
  ///
  /// - Parameter text: As POSIX writes the variable TZ, with RFC 8536's hours up to 167.
  init?(_ text: [UInt8]) {
    var reader = RuleReader(rest: text[...])
    guard reader.name(), let standard = reader.seconds(hoursMax: 24) else {
      return nil
    }
    self.init(standard: -standard)
    guard !reader.rest.isEmpty else {
      return
    }
    guard reader.name() else {
      return nil
    }
    var offset = self.standard + 3_600
    if let next = reader.rest.first, next != Byte.comma {
      guard let written = reader.seconds(hoursMax: 24) else {
        return nil
      }
      offset = -written
    }
    guard let start = reader.change(), let end = reader.change(), reader.rest.isEmpty else {
      return nil
    }
    summer = (offset, start, end)
  }
}

/// Takes the parts of a rule.
private struct RuleReader {
  var rest: ArraySlice<UInt8>

  /// An abbreviation: three letters or more, or anything between `<` and `>`.
  mutating func name() -> Bool {
    if rest.first == 0x3C {
      guard let end = rest.firstIndex(of: 0x3E) else {
        return false
      }
      rest = rest[(end + 1)...]
      return true
    }
    let letters = rest.prefix { (0x61...0x7A).contains($0 | 0x20) }
    rest = rest.dropFirst(letters.count)
    return letters.count >= 3
  }

  /// `[±]hh[:mm[:ss]]` in seconds.
  mutating func seconds(hoursMax: Int64) -> Int64? {
    let isNegative = rest.first == Byte.minus
    if isNegative || rest.first == 0x2B {
      rest = rest.dropFirst()
    }
    guard let hours = number(), hours <= hoursMax else {
      return nil
    }
    var seconds = hours * 3_600
    for unit in [60, 1] as [Int64] where take(Byte.colon) {
      guard let part = number(), part < 60 else {
        return nil
      }
      seconds += part * unit
    }
    return isNegative ? -seconds : seconds
  }

  /// `,Mm.w.d[/time]`, `,Jn[/time]` or `,n[/time]`.
  mutating func change() -> ZoneRule.Change? {
    guard take(Byte.comma), let day = day() else {
      return nil
    }
    var change = ZoneRule.Change(day: day)
    if take(0x2F) {
      guard let seconds = seconds(hoursMax: 167) else {
        return nil
      }
      change.seconds = seconds
    }
    return change
  }

  private mutating func day() -> ZoneRule.Change.Day? {
    if take(0x4D) {
      guard let month = number(), (1...12).contains(month), take(Byte.dot),
        let week = number(), (1...5).contains(week), take(Byte.dot),
        let weekday = number(), weekday <= 6
      else {
        return nil
      }
      return .ofMonth(month, week: week, weekday: weekday)
    }
    let isWithoutLeapDay = take(0x4A)
    guard let number = number(), number <= 365, number >= (isWithoutLeapDay ? 1 : 0) else {
      return nil
    }
    return isWithoutLeapDay ? .withoutLeapDay(number) : .ofYear(number)
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard rest.first == byte else {
      return false
    }
    rest = rest.dropFirst()
    return true
  }

  private mutating func number() -> Int64? {
    let digits = rest.prefix { $0 ^ Byte.zero <= 9 }
    guard (1...3).contains(digits.count) else {
      return nil
    }
    rest = rest.dropFirst(digits.count)
    return digits.reduce(0) { $0 * 10 + Int64($1 ^ Byte.zero) }
  }
}
