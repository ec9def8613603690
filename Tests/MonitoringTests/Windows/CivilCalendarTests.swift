import Foundation
import Testing

@testable import Events
@testable import Monitoring
@testable import Specification

@Suite struct CivilCalendarTests {
  private static let day: Int64 = 86_400_000_000_000

  @Test func `floor division rounds towards minus infinity`() {
    for dividend in Int64(-20)...20 {
      for divisor in Int64(1)...7 {
        let quotient = Int64((Double(dividend) / Double(divisor)).rounded(.down))
        #expect(floorDivide(dividend, divisor) == quotient)
        #expect(floorModulo(dividend, divisor) == dividend - quotient * divisor)
      }
    }
  }

  @Test func `days, weeks and months of three centuries are those of the calendar`() {
    // Counted out day by day from 1824-01-01, a Thursday, 53,326 days before 1970.
    var boundaries: [CalendarUnit: [Int64]] = [.day: [], .week: [], .month: []]
    var today: Int64 = -53_326
    var weekday = 3
    for year in 1824...2115 {
      let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
      for length in [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] {
        boundaries[.month, default: []].append(today)
        for _ in 0..<length {
          boundaries[.day, default: []].append(today)
          if weekday == 0 { boundaries[.week, default: []].append(today) }
          today += 1
          weekday = (weekday + 1) % 7
        }
      }
    }
    #expect(today == 53_325)
    let calendar = CivilCalendar(zone: nil)
    for unit in [CalendarUnit.day, .week, .month] {
      let all = boundaries[unit] ?? []
      var wrong = 0
      for (boundary, next) in zip(all, all.dropFirst()) {
        for time in [boundary * Self.day, boundary * Self.day + 1, next * Self.day - 1] {
          if calendar.boundary(atOrBefore: time, unit: unit) != boundary * Self.day {
            wrong += 1
          }
          if calendar.boundary(after: time, unit: unit) != next * Self.day { wrong += 1 }
        }
      }
      #expect(wrong == 0, "\(unit)")
      #expect(all.count > 3000)
    }
  }
}
