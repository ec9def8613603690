internal import Events
internal import Ingest
internal import Records

/// The verdict: what cannot be told, and which signals drifted.
extension ReplaySummary {
  /// The most signals of which nothing can be told that are listed; the others are counted.
  static let untoldLines = 20

  /// What cannot be told and why: a line for the streams, and one a signal.
  static func untoldLines(_ untold: [UntoldSignal], _ tally: StreamTally) -> [String] {
    let more = untold.count - untoldLines
    return (tally.refusalWords.map { [$0] } ?? [])
      + untold.prefix(untoldLines).map {
        "\($0.isPartly ? "Partly unusable" : "Cannot be told"): \($0.signal): \($0.reason)."
      }
      + (more > 0 ? ["Cannot be told either: \(counted(more, "signal")) more."] : [])
  }

  /// Which signals drifted, in words.
  ///
  /// - Parameters:
  ///   - rows: How far signals moved.
  ///   - untold: The signals of which nothing can be told, at all or in some windows.
  ///   - isAllRead: Whether hardly any line was refused.
  /// - Returns: A line, and one for each signal that drifted.
  static func driftLines(
    _ rows: [Movement],
    _ untold: [UntoldSignal],
    isAllRead: Bool
  ) -> [String] {
    let unseen = Set(rows.filter(\.usable.areTooFew).map(\.signal))
    let told = rows.filter { $0.judged > 0 && !unseen.contains($0.signal) }
    var worst: [String: Movement] = [:]
    for row in rows where row.drifted > 0 {
      if row.drifted > worst[row.signal]?.drifted ?? 0 { worst[row.signal] = row }
    }
    let signals = Set(told.map(\.signal)).union(worst.keys).count
    guard signals > 0 else { return ["No signal was compared with a reference."] }
    guard !worst.isEmpty else {
      if untold.isEmpty, isAllRead {
        return ["No drift: none of the \(signals) signals moved beyond its tolerance."]
      }
      return [
        "Of what could be used, \(counted(signals, "signal")) moved no further than tolerated."
      ]
    }
    let bounds = bounds(rows)
    let sorted = worst.values.sorted {
      (-(bounds[$0.signal] ?? 0), $0.signal) < (-(bounds[$1.signal] ?? 0), $1.signal)
    }
    let count = "\(worst.count) of \(signals) signals"
    return ["Drift: \(count) moved beyond tolerance."]
      + sorted.map { row in
        let share = "\(row.drifted) of \(row.judged) windows \"\(row.window)\""
        let since = row.firstDrift.map { ", first in the one from \(day($0))" } ?? ""
        let state = row.isDriftedNow ? "; still so at the end" : "; not at the end"
        return "  \(row.signal): \(share)\(since)\(state)"
      }
  }
}
