import Expressions
import Records
import Sketches
import TestSupport
import Testing

@testable import Monitoring

/// The one book of states that all judges keep.
@Suite struct AlertBookTests {
  private static let scope = AlertScope(cause: .value, signals: .all)
  private static let timing = AlertTiming(hold: 2, keep: 1)

  private static func key(_ name: String, _ version: String? = nil) -> AlertKey {
    let part = version.map { PartName.part(dimension: 0, .value(Array($0.utf8))) }
    return AlertKey(rule: name, part: part ?? .whole, signal: "x")
  }

  private static func evaluate(
    _ book: inout AlertBook,
    _ key: AlertKey,
    _ holds: Bool?,
    at time: Int64
  ) -> AlertReport? {
    let series = DeskTests.Series(
      name: key.rule,
      cause: .value,
      signals: .all,
      part: key.part,
      conditions: ""
    )
    return book.evaluate(key, scope, holds: holds, at: time, timing) { phase, state in
      DeskTests.alert(series, phase, at: time, fired: state.firedAt ?? -1)
    }
  }

  @Test(arguments: [false, nil])
  func `an alert that is inactive and was is not told of`(holds: Bool?) {
    var book = AlertBook()
    #expect(Self.evaluate(&book, Self.key("A"), holds, at: 0) == nil)
    #expect(book[Self.key("A")] == nil)
  }

  @Test func `what was pending and is forgotten is told of once`() {
    var book = AlertBook()
    #expect(Self.evaluate(&book, Self.key("A"), true, at: 0)?.entered == .pending)
    let report = Self.evaluate(&book, Self.key("A"), false, at: 1)
    #expect(report?.entered == nil)
    #expect(report?.phase == .inactive)
    #expect(Self.evaluate(&book, Self.key("A"), false, at: 2) == nil)
    #expect(!book.hasAlerts(of: "A", in: .whole))
  }

  @Test func `one that is resolved is described as it stood before`() throws {
    var book = AlertBook()
    for time in [0, 2, 4] as [Int64] {
      _ = Self.evaluate(&book, Self.key("A"), time < 4, at: time)
    }
    let report = try #require(Self.evaluate(&book, Self.key("A"), false, at: 5))
    #expect(report.entered == .resolved)
    #expect(report.describe(.resolved).startsAt == 2)
  }

  @Test(arguments: [UInt64](1...5))
  func `each alert goes its own way, whatever others are judged between`(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var book = AlertBook()
    let names = ["A", "B"].flatMap { [Self.key($0), Self.key($0, "1"), Self.key($0, "2")] }
    var alone: [AlertKey: AlertState] = [:]
    for time in 0..<200 as Range<Int64> {
      let key = names[random.below(names.count)]
      let holds = [true, true, false, nil][random.below(4)]
      let entered = alone[key, default: AlertState()]
        .evaluate(holds: holds, at: time, holdDuration: 2, keepFiringFor: 1)
      #expect(Self.evaluate(&book, key, holds, at: time)?.entered == entered)
      for name in names {
        #expect((book[name] ?? AlertState()) == alone[name, default: AlertState()])
      }
      for rule in ["A", "B"] {
        let active = names.filter { $0.rule == rule && book[$0] != nil }
        #expect(book.parts(of: [rule]) == Set(active.map(\.part)))
        for name in names where name.rule == rule {
          #expect(book.hasAlerts(of: rule, in: name.part) == (book[name] != nil))
        }
      }
    }
  }
}
