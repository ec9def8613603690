import Expressions
import Records
import Testing

@testable import Monitoring
@testable import Specification

/// What goes out of the desk: flapping, withholding, incidents; one letter a minute.
@Suite struct DeskTests {
  /// An alert and its conditions by the minute: `+` holds, `-` does not, `?` unknown.
  struct Series {
    var name: String
    var cause = AlertCause.drift
    var signals = AlertScope.Signals.some(["x"])
    var part = PartName.whole
    var severity = Severity.warning
    var holdFor = 0
    var keepFor = 0
    var conditions: String
  }

  static let minute: Int64 = 60_000_000_000

  /// Minutes of quiet, firings that are flapping, minutes in which they count.
  static func monitor(quiet: Int, flapping: Int?, within: Int = 1440) throws -> Monitor {
    var monitor = try MonitoringTests.monitor(
      "{model: m, events: {prediction: {time: ts, features: [{field: x, type: number}]}}}"
    )
    monitor.incidents.quiet = .minutes(Int64(quiet))
    monitor.incidents.flapping = flapping
    monitor.incidents.within = .minutes(Int64(within))
    return monitor
  }

  static func alert(
    _ series: Series,
    _ state: AlertState.Phase,
    at time: Int64,
    fired: Int64
  )
    -> Alert
  {
    var labels = ["alertname": series.name, "severity": series.severity.rawValue]
    if case .some(let signals) = series.signals, signals.count == 1 {
      labels["signal"] = signals[0]
    }
    if case .part(_, let value) = series.part { labels["version"] = value.name }
    let evidence = Evidence(
      n: 1,
      window: "w",
      start: time,
      end: time,
      since: time,
      histogram: [],
      moved: [],
      unseen: []
    )
    return Alert(
      name: series.name,
      state: state,
      fingerprint: Alert.fingerprint(labels),
      group: "",
      labels: labels,
      annotations: [:],
      startsAt: fired,
      time: time,
      evidence: evidence
    )
  }

  /// Runs the series side by side and gives what went out.
  static func notices(_ monitor: Monitor, _ all: [Series], until last: Int? = nil) -> [Notice] {
    var desk = AlertDesk(monitor)
    var states = all.map { _ in AlertState() }
    var notices: [Notice] = []
    let length = all.map(\.conditions.count).max() ?? 0
    for step in 0..<length {
      let time = Int64(step) * minute
      var reports: [AlertReport] = []
      for (index, series) in all.enumerated() where step < series.conditions.count {
        let condition = Array(series.conditions)[step]
        let before = states[index]
        let entered = states[index].evaluate(
          holds: condition == "?" ? nil : condition == "+",
          at: time,
          holdDuration: Int64(series.holdFor) * minute,
          keepFiringFor: Int64(series.keepFor) * minute
        )
        let after = states[index]
        guard before.phase != .inactive || after.phase != .inactive else { continue }
        let key = AlertKey(rule: series.name, part: series.part, signal: nil)
        let scope = AlertScope(cause: series.cause, signals: series.signals)
        reports.append(
          AlertReport(key: key, scope: scope, entered: entered, phase: after.phase) { phase in
            alert(series, phase, at: time, fired: after.firedAt ?? before.firedAt ?? time)
          }
        )
      }
      desk.settle(reports, at: time, into: &notices)
    }
    if let last { desk.advance(to: Int64(last) * minute, into: &notices) }
    return notices
  }

  /// `5f` is firing in minute 5; of several alerts with the name's first letter before.
  static func transitions(_ notices: [Notice], named: Bool = false) -> String {
    notices.compactMap { notice -> String? in
      guard case .alert(let alert) = notice else { return nil }
      let letter = alert.state.rawValue.prefix(1)
      return "\(named ? String(alert.name.prefix(1)) : "")\(alert.time / minute)\(letter)"
    }.joined(separator: " ")
  }

  /// `5 opened TITLE`, a line each.
  static func incidents(_ notices: [Notice]) -> [String] {
    notices.compactMap { notice in
      guard case .incident(let incident) = notice else { return nil }
      return "\(incident.time / minute) \(incident.state.rawValue) \(incident.title)"
    }
  }

  // MARK: Flapping

  struct Flap: Sendable, CustomTestStringConvertible {
    var name: String
    var holdFor = 0
    var keepFor = 0
    var within = 1440
    var conditions: String
    var expected: String
    var testDescription: String { name }
  }

  /// Three firings flap; ten minutes are quiet.
  static let flaps = [
    Flap(name: "two firings are ordinary", conditions: "+-+-", expected: "0f 1r 2f 3r"),
    Flap(
      name: "the third stays until it has been quiet",
      conditions: "+-+-+-----------",
      expected: "0f 1r 2f 3r 4f 15r"
    ),
    Flap(
      name: "each further firing starts the quiet again, without a word",
      conditions: "+-+-+-----+---------------",
      expected: "0f 1r 2f 3r 4f 21r"
    ),
    Flap(
      name: "a pending alert is not quiet",
      holdFor: 1,
      conditions: "++-++-++-----+----------------",
      expected: "0p 1f 2r 3p 4f 5r 6p 7f 24r"
    ),
    Flap(
      name: "what is unknown does not count as quiet's end",
      conditions: "+-+-+-???????????",
      expected: "0f 1r 2f 3r 4f 15r"
    ),
    Flap(
      name: "a held alert goes on without limit",
      conditions: "+-+-++++++++++++++++++-----------",
      expected: "0f 1r 2f 3r 4f 32r"
    ),
    Flap(
      name: "firings that are long apart do not flap",
      within: 4,
      conditions: "+-+-+-+-",
      expected: "0f 1r 2f 3r 4f 5r 6f 7r"
    ),
    Flap(
      name: "keeping comes before the quiet",
      keepFor: 2,
      conditions: "+---+---+--------------",
      expected: "0f 3r 4f 7r 8f 21r"
    ),
    Flap(
      name: "afterwards it starts from nothing",
      conditions: "+-+-+-----------+-+-",
      expected: "0f 1r 2f 3r 4f 15r 16f 17r 18f 19r"
    ),
  ]

  @Test(arguments: flaps) func `a flapping alert stays`(_ given: Flap) throws {
    let monitor = try Self.monitor(quiet: 10, flapping: 3, within: given.within)
    let series = Series(
      name: "A",
      holdFor: given.holdFor,
      keepFor: given.keepFor,
      conditions: given.conditions
    )
    let notices = Self.notices(monitor, [series], until: 60)
    #expect(Self.transitions(notices) == given.expected)
    let flapping = notices.compactMap { notice in
      if case .alert(let alert) = notice, alert.isFlapping { alert.state } else { nil }
    }
    let isHeld =
      given.expected.contains("3r 4f") && given.within > 4 || given.keepFor > 0
      || given.holdFor > 0
    #expect(flapping == (isHeld ? [.firing, .resolved] : []))
  }

  @Test func `without flapping every transition goes out`() throws {
    let series = Series(name: "A", conditions: "+-+-+-+-+-")
    let notices = Self.notices(try Self.monitor(quiet: 10, flapping: nil), [series])
    #expect(Self.transitions(notices) == "0f 1r 2f 3r 4f 5r 6f 7r 8f 9r")
  }

  // MARK: Withholding

  static let part = PartName.part(dimension: 0, .value(Array("2".utf8)))

  struct Withheld: Sendable, CustomTestStringConvertible {
    var name: String
    var pipeline: Series
    var drift: Series
    var expected: String
    var testDescription: String { name }
  }

  static func broken(
    _ conditions: String,
    cause: AlertCause = .pipeline,
    signals: AlertScope.Signals = .some(["x"]),
    part: PartName = .whole,
    holdFor: Int = 0
  ) -> Series {
    Series(
      name: "P",
      cause: cause,
      signals: signals,
      part: part,
      holdFor: holdFor,
      conditions: conditions
    )
  }

  static func drift(
    _ conditions: String,
    cause: AlertCause = .drift,
    signals: [String] = ["x"],
    part: PartName = .whole,
    holdFor: Int = 0
  ) -> Series {
    Series(
      name: "D",
      cause: cause,
      signals: .some(signals),
      part: part,
      holdFor: holdFor,
      conditions: conditions
    )
  }

  static let withheld = [
    Withheld(
      name: "drift of broken data never goes out",
      pipeline: broken("++++-"),
      drift: drift("-++--"),
      expected: "P0f P4r"
    ),
    Withheld(
      name: "drift that outlasts them goes out then",
      pipeline: broken("+++--"),
      drift: drift("-++++-"),
      expected: "P0f P3r D3f D5r"
    ),
    Withheld(
      name: "its pending state is withheld, too",
      pipeline: broken("+++---"),
      drift: drift("-+++++", holdFor: 4),
      expected: "P0f P3r D3p D5f"
    ),
    Withheld(
      name: "a pending alert of the pipeline withholds, and lets go when it is forgotten",
      pipeline: broken("++-", holdFor: 3),
      drift: drift("+++"),
      expected: "P0p D2f"
    ),
    Withheld(
      name: "both at once: the cause is first, whatever the order of the rules",
      pipeline: broken("+++"),
      drift: drift("+++"),
      expected: "P0f"
    ),
    Withheld(
      name: "what went out before is resolved as always",
      pipeline: broken("-+++"),
      drift: drift("+++-"),
      expected: "D0f P1f D3r"
    ),
    Withheld(
      name: "another signal is not concerned",
      pipeline: broken("+++"),
      drift: drift("-++", signals: ["y"]),
      expected: "P0f D1f"
    ),
    Withheld(
      name: "of several signals one is enough",
      pipeline: broken("+++"),
      drift: drift("-++", signals: ["y", "x"]),
      expected: "P0f"
    ),
    Withheld(
      name: "the whole withholds its parts",
      pipeline: broken("+++"),
      drift: drift("-++", part: part),
      expected: "P0f"
    ),
    Withheld(
      name: "a part does not withhold the whole",
      pipeline: broken("+++", part: part),
      drift: drift("-++"),
      expected: "P0f D1f"
    ),
    Withheld(
      name: "silence withholds all signals",
      pipeline: broken("+++", cause: .silence, signals: .all),
      drift: drift("-++", cause: .value, signals: []),
      expected: "P0f"
    ),
    Withheld(
      name: "an error budget is never withheld",
      pipeline: broken("+++", cause: .silence, signals: .all),
      drift: drift("-++", cause: .budget),
      expected: "P0f D1f"
    ),
    Withheld(
      name: "drift withholds nothing",
      pipeline: broken("+++", cause: .drift),
      drift: drift("-++"),
      expected: "P0f D1f"
    ),
  ]

  @Test(arguments: withheld) func `broken data withhold`(_ given: Withheld) throws {
    let monitor = try Self.monitor(quiet: 10, flapping: nil)
    for series in [[given.pipeline, given.drift], [given.drift, given.pipeline]] {
      let notices = Self.notices(monitor, series)
      let words = Self.transitions(notices, named: true).split(separator: " ")
      #expect(Set(words) == Set(given.expected.split(separator: " ")))
      #expect(words.count == given.expected.split(separator: " ").count)
    }
  }

  @Test func `a flapping pipeline withholds until it is let go`() throws {
    let monitor = try Self.monitor(quiet: 5, flapping: 2)
    let all = [Self.broken("+-+---------"), Self.drift("---+++++++++")]
    #expect(Self.transitions(Self.notices(monitor, all), named: true) == "P0f P1r P2f P8r D8f")
  }
}
