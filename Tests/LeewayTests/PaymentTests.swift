import Foundation
import Testing

/// The payments story at the rules that ship: what is said of each change, when, and nothing else.
@Suite struct PaymentTests {
  /// An alert that tells of a change.
  struct Telling {
    /// The rule and the labels that tell its alerts apart.
    var name: String
    /// How long after the change began it fires at the latest.
    var within: String
    /// How long after the change ended it is resolved at the latest; `nil`: the change lasts.
    var over: String?

    init(_ name: String, within: String, over: String?) {
      self.name = name
      self.within = within
      self.over = over
    }
  }

  /// A change, by its name in the stream's file, and what tells of it.
  struct Change: CustomTestStringConvertible {
    var name: String
    var alerts: [Telling]
    var testDescription: String { name }
  }

  static let changes = [
    Change(
      name: "unit_error",
      alerts: [
        Telling("DecisionDrift severity=critical signal=decision", within: "30m", over: "2h"),
        Telling("ScoreDrift severity=critical signal=score", within: "45m", over: "2h"),
        Telling("InputDrift severity=warning signal=features.amount", within: "1h", over: "2h"),
        Telling("DeclinesWrong severity=critical signal=quality", within: "60h", over: "78h"),
      ]
    ),
    Change(
      name: "new_category",
      alerts: [
        Telling(
          "NewCategory severity=warning signal=features.merchant_category",
          within: "30m",
          over: "2h"
        ),
        Telling(
          "InputDrift severity=warning signal=features.merchant_category",
          within: "75m",
          over: "2h"
        ),
      ]
    ),
    Change(
      name: "missing_burst",
      alerts: [
        Telling(
          "MissingValues severity=critical signal=features.device_trust",
          within: "15m",
          over: "2h"
        )
      ]
    ),
    Change(
      name: "latency_incident",
      alerts: [
        Telling("Slow severity=warning signal=latency", within: "15m", over: "2h"),
        Telling("LatencyBurn severity=page slo=fast_enough", within: "15m", over: "30m"),
        Telling("LatencyBurn severity=ticket slo=fast_enough", within: "30m", over: "6h"),
        Telling("AvailabilityBurn severity=page slo=availability", within: "15m", over: "30m"),
        Telling("AvailabilityBurn severity=ticket slo=availability", within: "45m", over: "6h"),
      ]
    ),
    Change(
      name: "campaign",
      alerts: [
        Telling(
          "InputDrift severity=warning signal=features.channel cause=mix",
          within: "1h",
          over: "2h"
        )
      ]
    ),
    Change(
      name: "new_fraud",
      alerts: [
        Telling(
          "RanksWorse severity=critical signal=quality version=v7",
          within: "70h",
          over: "70h"
        )
      ]
    ),
    Change(
      name: "threshold",
      alerts: [
        Telling(
          "ApprovalsDown severity=critical signal=kpis.approval_rate",
          within: "60m",
          over: "2h"
        ),
        Telling("DecisionDrift severity=critical signal=decision", within: "1h", over: "2h"),
        Telling("DeclinesWrong severity=critical signal=quality", within: "58h", over: "72h"),
      ]
    ),
    Change(
      name: "canary",
      alerts: [
        Telling("SlowVersion severity=warning signal=latency version=v8", within: "3h", over: nil),
        Telling("RanksWorse severity=critical signal=quality version=v8", within: "60h", over: nil),
      ]
    ),
    Change(
      name: "outage",
      alerts: [Telling("Silence severity=page signal=events", within: "15m", over: "1m")]
    ),
  ]

  /// The title of what the outcomes say, days after what it is of.
  static let quality = "Beyond limits: quality"

  /// Since when, until when, cause, severity and title.
  static let incidents = [
    "2026-04-01T10:30:00Z | 2026-04-01T17:45:00Z | drift | critical"
      + " | Drift: decision, score, features.amount",
    "2026-04-02T08:30:00Z | 2026-04-03T02:00:00Z | drift | warning"
      + " | Drift: features.merchant_category",
    "2026-04-03T09:15:00Z | 2026-04-03T14:00:00Z | pipeline | critical"
      + " | Missing or invalid values: features.device_trust",
    "2026-04-03T21:00:00Z | 2026-04-04T21:00:00Z | value | critical | \(quality)",
    "2026-04-04T18:15:00Z | 2026-04-05T01:30:00Z | value | page"
      + " | Beyond limits: latency; also 4 budget alerts",
    "2026-04-06T09:00:00Z | 2026-04-08T01:15:00Z | mix | warning"
      + " | Traffic mix: features.channel",
    "2026-04-09T13:00:00Z | 2026-04-09T23:45:00Z | drift | critical"
      + " | Drift: decision; also 1 value alert",
    "2026-04-09T21:00:00Z | open | value | critical | \(quality)",
    "2026-04-10T12:00:00Z | open | drift | warning | Drift: latency in version v8",
    "2026-04-12T03:14:57.887Z | 2026-04-12T03:40:39.771Z | silence | page | Silence: no events",
  ]

  /// When a change begins and ends, as the stream's file says.
  static func period(of change: String) throws -> (begin: Date, end: Date?) {
    let lines = try text(of: Payments.description).components(separatedBy: "\n")
    let all = lines.drop { $0 != "changes:" }.dropFirst()
    let rest = try #require(
      all.firstIndex { $0.hasPrefix("  \(change):") }.map { all[$0...] },
      "no change \(change)"
    )
    let next = rest.dropFirst().firstIndex { $0.hasPrefix("  ") && !$0.hasPrefix("    ") }
    let entry = rest[..<(next ?? rest.endIndex)].joined(separator: "\n")
    let seconds = { (key: String) in
      entry.firstRange(of: "\(key): ").flatMap { range in
        PaymentTime.seconds(entry[range.upperBound...].prefix { $0.isLetter || $0.isNumber })
      }
    }
    let begin = PaymentTime.zero.addingTimeInterval(try #require(seconds("at"), "\(entry)"))
    return (begin, seconds("for").map { begin.addingTimeInterval($0) })
  }

  @Test func `two weeks without the changes alert nobody`() throws {
    let quiet = try Payments.shared.get().quiet
    #expect(quiet.alerts.filter { $0.state != "pending" }.map(\.name) == [])
    #expect(quiet.incidents.map(\.line) == [])
    // They were looked at: the same windows as of the story, each against the reference.
    #expect(quiet.summary.contains(" predictions in 1,400 windows, against 497,641 of the ref"))
    #expect(quiet.summary.contains("none refused."), "\(quiet.summary)")
  }

  @Test(arguments: changes)
  func `a change is told of in time, by its name, until it is over`(change: Change) throws {
    let story = try Payments.shared.get().story
    let (begin, end) = try Self.period(of: change.name)
    for telling in change.alerts {
      let within = try #require(PaymentTime.seconds(telling.within))
      let states = story.alerts.filter { $0.name == telling.name && $0.time >= begin }
      let fired = try #require(states.first { $0.state == "firing" }, "\(telling.name)")
      let delay = fired.time.timeIntervalSince(begin)
      #expect(delay > 0 && delay <= within, "\(telling.name) fired after \(delay) s")
      let resolved = states.first { $0.state == "resolved" }
      guard let over = telling.over else {
        #expect(end == nil && resolved == nil, "\(telling.name) ended before its cause")
        continue
      }
      let ended = try #require(resolved, "\(telling.name) is never over").time
      let tail = ended.timeIntervalSince(try #require(end))
      let most = try #require(PaymentTime.seconds(over))
      #expect(tail > 0 && tail <= most, "\(telling.name) was over after \(tail) s")
    }
  }

  @Test func `nothing else fires, and nothing fires twice`() throws {
    let story = try Payments.shared.get().story
    let fired = story.alerts.filter { $0.state == "firing" }.map(\.name)
    #expect(fired.sorted() == Self.changes.flatMap(\.alerts).map(\.name).sorted())
    let inFile =
      try text(of: Payments.description).components(separatedBy: "\nchanges:\n").last ?? ""
    let names = inFile.components(separatedBy: "\n").compactMap { line -> Substring? in
      guard line.hasPrefix("  "), !line.hasPrefix("   "), !line.hasPrefix("  #") else { return nil }
      return line.dropFirst(2).prefix { $0 != ":" }
    }
    #expect(names.map { String($0) } == Self.changes.map(\.name), "each change is in the table")
  }

  @Test func `each change is one incident, named after its cause, until the outcomes come`() throws
  {
    let story = try Payments.shared.get().story
    var last: [String: PaymentIncident] = [:]
    for incident in story.incidents { last[incident.id] = incident }
    let lines = last.values.sorted { $0.since < $1.since }.map(\.line)
    #expect(lines == Self.incidents)
    let atOnce = last.values.filter { !$0.line.hasSuffix(Self.quality) }
    // Of the others nothing is to be seen but in outcomes.
    let visible = Self.changes.filter { change in
      change.alerts.contains { !$0.name.contains("signal=quality") }
    }
    #expect(atOnce.count == visible.count && visible.count == Self.changes.count - 1)
    for (incident, change) in zip(atOnce.sorted { $0.since < $1.since }, visible) {
      let (begin, end) = try Self.period(of: change.name)
      #expect(incident.since > begin && incident.since < end ?? .distantFuture, "\(change.name)")
    }
  }

  @Test func `a campaign is told of as a mix of channels and as nothing else`() throws {
    let story = try Payments.shared.get().story
    let (begin, end) = try Self.period(of: "campaign")
    let until = try #require(end).addingTimeInterval(6 * 3600)
    let told = story.alerts.filter { ($0.time >= begin) && ($0.time < until) }
    #expect(
      Set(told.map(\.name)) == ["InputDrift severity=warning signal=features.channel cause=mix"]
    )
    #expect(told.map(\.state) == ["pending", "firing", "resolved"])
    #expect(told[1].moved.contains("web"), "\(told[1].moved)")
  }
}
