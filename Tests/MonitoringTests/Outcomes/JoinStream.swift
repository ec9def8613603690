import Foundation
import Records
import Testing

@testable import Monitoring
@testable import Specification

/// A monitor of outcomes and lines for it; times are minutes since the year 2026 began.
enum JoinStream {
  /// 2026-01-01, in seconds since 1970.
  static let start = 1_767_225_600

  static func plan(
    _ quality: String = "{window: 1h, horizon: 2h}",
    rules: String = ""
  ) throws
    -> Plan
  {
    try Plan(
      monitor: monitor(
        """
        model: join
        events:
          prediction:
            when: kind == "p"
            id: id
            time: ts
            version: v
            score: s
            decision: d
          outcome:
            when: kind == "o"
            id: id
            time: ts
            version: v
            label: y
        quality: \(quality)
        windows: {main: 1h}
        \(rules)
        """
      ),
      profile: nil
    )
  }

  /// A prediction's line.
  static func prediction(
    _ id: String,
    _ minute: Double,
    score: Double = 0.9,
    decision: Int = 1,
    version: String? = nil
  ) -> String {
    let version = version.map { ",\"v\":\"\($0)\"" } ?? ""
    return "{\"kind\":\"p\",\"id\":\"\(id)\",\"ts\":\(time(minute)),\"s\":\(score),"
      + "\"d\":\(decision)\(version)}"
  }

  /// An outcome's line.
  static func outcome(
    _ id: String,
    _ minute: Double,
    _ label: String,
    version: String? = nil
  ) -> String {
    let version = version.map { ",\"v\":\"\($0)\"" } ?? ""
    return "{\"kind\":\"o\",\"id\":\"\(id)\",\"ts\":\(time(minute)),\"y\":\(label)\(version)}"
  }

  /// Predictions that only let time pass, one a minute; their ids are `t` and the minute.
  static func ticks(_ minutes: Range<Int>) -> [String] {
    minutes.map { prediction("t\($0)", Double($0), score: 0.5, decision: 0) }
  }

  private static func time(_ minute: Double) -> Int { start + Int(minute * 60) }
}

extension EngineOutput {
  /// What was said last of each quality window of a part, by the hour of its start.
  func quality(version: String? = nil) -> [Int: [String: StatisticValue]] {
    var windows: [Int: [String: StatisticValue]] = [:]
    for part in measured where part.stage != nil && part.version == version && part.segment == nil {
      let hour = Int(part.start / 1_000_000_000 - Int64(JoinStream.start)) / 3_600
      windows[hour] = Dictionary(
        uniqueKeysWithValues: part.measurements.filter { $0.signal == "quality" }
          .map { ($0.statistic, $0.value) }
      )
    }
    return windows
  }

  /// The stages of the window that starts at an hour, in order.
  func stages(_ hour: Int) -> [QualityStage] {
    let start = Int64(JoinStream.start + 3_600 * hour) * 1_000_000_000
    return measured.filter { $0.start == start && $0.version == nil }.compactMap(\.stage)
  }
}
