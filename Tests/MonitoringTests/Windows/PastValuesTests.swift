import Events
import Foundation
import Records
import Statistics
import Testing

@testable import Expressions
@testable import Monitoring
@testable import Specification
import TestSupport

/// Values of earlier windows: `before`, `change`, and the changes in metric records.
@Suite struct PastValuesTests {
  private static let hour: Int64 = 3_600_000_000_000
  private static let subject = PastSubject(signal: "kpis.a", statistic: .value, criterion: nil)

  private static func window(_ kind: WindowSpecification.Kind) -> WindowSpecification {
    WindowSpecification(name: "w", kind: kind)
  }

  @Test func `a value is found where its window had ended by then, one slide back at most`() {
    var past = PastValues(Self.window(.sliding(size: .hours(2), slide: .hours(1))))
    for time in [1, 2, 5] {
      past.record(
        Estimate(Double(time)),
        of: Self.subject,
        in: .whole,
        at: Int64(time) * Self.hour,
        longest: 10 * Self.hour
      )
    }
    func value(_ now: Int64, _ ago: Int64) -> Double? {
      past.estimate(PastQuery(subject: Self.subject, ago: ago), in: .whole, at: now)?.value
    }
    #expect(value(5 * Self.hour, 3 * Self.hour) == 2)
    #expect(value(5 * Self.hour, 5 * Self.hour / 2) == 2)
    #expect(value(5 * Self.hour, 2 * Self.hour) == nil, "nothing was there at 3 h")
    #expect(value(5 * Self.hour, 5 * Self.hour) == nil)
  }

  @Test
  func `what is older than anybody asks for is forgotten, and no more than the limit is kept`() {
    var series = PastSeries()
    for time in 0..<500 {
      series.append(Estimate(Double(time)), at: Int64(time))
      series.forget(before: Int64(time) - 100)
    }
    #expect(series.count == 101)
    #expect(series.last(atOrBefore: 450, notBefore: 0)?.value == 450)
    #expect(series.last(atOrBefore: 398, notBefore: 0) == nil)
    var past = PastValues(Self.window(.events(1)))
    for time in 0..<(PastValues.limit + 10) {
      past.record(Estimate(1), of: Self.subject, in: .whole, at: Int64(time), longest: .max / 4)
    }
    let last = Int64(PastValues.limit + 9)
    let query = PastQuery(subject: Self.subject, ago: 5)
    #expect(past.estimate(query, in: .whole, at: last) != nil, "the newest are kept or none is")
  }

  static let text = """
    model: m
    events:
      prediction:
        time: ts
        features: [{field: x, type: number}]
        segments: [g]
    kpis: {total: sum(x), share: "ratio(sum(x where x > 50), sum(x))"}
    windows: {main: {size: 1h, slide: 1h}}
    slide: 1h
    rules:
      - {alert: Down, expr: "change(value(kpis.total), 1d) < -20%"}
      - {alert: Moved, expr: "abs(mean(x) - before(mean(x), 2h)) > 10", by: segments}
      - {alert: Wild, expr: "change(mean(features.*), 3h) > 5"}
    """

  private static func lines(_ hours: Range<Int>, x: (Int) -> Double) -> [String] {
    hours.flatMap { hour in
      (0..<20).map { event in
        "{\"ts\":\(1_600_002_000 + 3600 * hour + 60 * event),\"x\":\(x(hour)),"
          + "\"g\":\"\(event % 2 == 0 ? "a" : "b")\"}"
      }
    }
  }

  private static func run(_ text: String, x: (Int) -> Double) throws -> Feeding {
    let monitor = try monitor(text.replacing("features.*", with: "x"))
    let plan = try Plan(
      monitor: monitor,
      profile: profile(lines(0..<5) { Double($0) }, monitor).profile
    )
    var feeding = Feeding(plan)
    feeding.feed(lines(0..<200, x: x))
    feeding.finish()
    return feeding
  }

  @Test func `a KPI's changes are those against the windows a day and a week ago`() throws {
    let x = { (hour: Int) in Double(100 + hour * hour % 37) }
    let records = try Self.run(Self.text, x: x).metrics()
    // The stream ends within the last hour, whose sum is no change against a whole one's.
    for hour in 0..<199 {
      let start = Timestamp.format(Int64(1_600_002_000 + 3600 * hour) * 1_000_000_000)
      for (name, ago) in [("change_1d", 24), ("change_1w", 168)] {
        for part in ["", "g=a"] {
          let key = "main|\(start)|\(part)||kpis.total|\(name)"
          let found = (records[key]?["value"] as? NSNumber)?.doubleValue
          guard hour >= ago else {
            #expect(found == nil, "\(key)")
            continue
          }
          let got = try #require(found, "no \(key)")
          #expect(abs(got - (x(hour) / x(hour - ago) - 1)) < 1e-9, "\(key)")
        }
      }
    }
  }

  @Test func `rules compare with earlier windows, and are unknown before there are any`() throws {
    let alerts = try Self.run(Self.text) { hour in hour < 100 ? 100 : 70 }.output.alerts
    let end = { (hour: Int) in Int64(1_600_002_000 + 3600 * (hour + 1)) * 1_000_000_000 }
    let down = alerts.filter { $0.name == "Down" }
    #expect(down.map(\.state) == [.firing, .resolved])
    #expect(down.map(\.time) == [end(100), end(124)])
    #expect(down.first?.evidence.value.map { abs($0 + 0.3) < 1e-9 } == true)
    let moved = alerts.filter { $0.name == "Moved" }
    #expect(moved.map(\.state) == [.firing, .firing, .resolved, .resolved])
    #expect(moved.map(\.time) == [end(100), end(100), end(102), end(102)])
    #expect(alerts.allSatisfy { $0.name != "Wild" })
  }
}
