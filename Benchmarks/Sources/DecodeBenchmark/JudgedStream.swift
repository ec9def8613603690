/// The stream on which the cost of judging is counted: many segments, drift of each signal in each.
///
/// 600 events a minute in windows of an hour that move by a minute, 30 segments, a score, and as
/// many numbers as are asked for. Nothing drifts, so that what is counted is judging alone.
struct JudgedStream {
  /// How many numbers an event has, beside its score and its segment.
  let numbers: Int

  static let segments = 30
  static let eventsPerMinute = 600

  /// The monitor: the same rule for the whole or for each segment; `nil` for no segments at all.
  func monitor(by: String?) -> String {
    """
    model: judged
    events:
      prediction:
        time: ts
        score: score
        features: features.*\(by == nil ? "" : "\n    segments: [features.seg]")
    reference: {profile: judged.profile}
    windows:
      main: {size: 1h, slide: 1m}
    rules:
      - alert: Drift
        expr: drift(*) > 0.1
        by: \(by ?? "whole")

    """
  }

  /// `count` lines, the same for the same counts.
  func lines(_ count: Int) -> [UInt8] {
    var random = EventGenerator()
    var bytes: [UInt8] = []
    for index in 0..<count {
      var members: [String] = []
      for number in 0..<numbers {
        // The mean of two: no signal is uniform. Of twenty each has a spread of its own; more of
        // them have no more digits.
        let value = (random.next() % 100_000 + random.next() % 100_000) * UInt64(number % 20 + 1)
        members.append("\"n\(number)\":\(value / 1000).\(value % 1000 / 100)")
      }
      members.append("\"seg\":\"s\(random.next() % UInt64(Self.segments))\"")
      let line =
        "{\"ts\":\(1_709_251_200 + index * 60 / Self.eventsPerMinute),"
        + "\"score\":0.\(1000 + random.next() % 9000),"
        + "\"features\":{\(members.joined(separator: ","))}}\n"
      bytes.append(contentsOf: line.utf8)
    }
    return bytes
  }
}
