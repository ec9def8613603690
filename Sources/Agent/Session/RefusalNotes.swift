internal import Events
package import Ingest
internal import Records

/// What `run` says of lines that cannot be used: the first of each reason at once, then counts.
///
/// A value: what was read goes in with the time, sentences come out.
package struct RefusalNotes: Sendable {
  private var said: Set<Refusal> = []
  private var saidLines = 0
  private var saidAt: Int64 = 0

  /// How long at least between two sentences of counts, in nanoseconds.
  static let interval: Int64 = 60_000_000_000

  /// Nothing said.
  package init() {}

  /// What is new.
  ///
  /// - Parameters:
  ///   - tally: What was read so far.
  ///   - now: The monotonic clock, in nanoseconds.
  /// - Returns: A sentence for each reason that was not there before, else at most once a minute one
  ///   with the counts of all.
  package mutating func take(_ tally: StreamTally, now: Int64) -> [String] {
    guard tally.refusedLines > saidLines else { return [] }
    let fresh = tally.firstRefused.filter { !said.contains($0.key) }
      .sorted { $0.key.rawValue < $1.key.rawValue }
    guard fresh.isEmpty else {
      said.formUnion(fresh.map(\.key))
      (saidLines, saidAt) = (tally.refusedLines, now)
      return fresh.map { reason, first in
        "refused as \(reason.rawValue), \(reason.explanation): first \(first.words)"
      }
    }
    guard now - saidAt >= Self.interval else { return [] }
    (saidLines, saidAt) = (tally.refusedLines, now)
    return [Self.counts(tally)]
  }

  /// Sentences of several monitors, each once, with the models where there are several.
  ///
  /// - Parameters:
  ///   - found: What is new of each.
  ///   - models: Their models.
  /// - Returns: The sentences, in the order in which they came.
  package static func joined(_ found: [[String]], _ models: [String]) -> [String] {
    var told: [(sentence: String, models: [String])] = []
    for (sentences, model) in zip(found, models) {
      for sentence in sentences {
        if let place = told.firstIndex(where: { $0.sentence == sentence }) {
          told[place].models.append(model)
        } else {
          told.append((sentence, [model]))
        }
      }
    }
    guard models.count > 1 else { return told.map(\.sentence) }
    return told.map { $0.models.joined(separator: ", ") + ": " + $0.sentence }
  }

  private static func counts(_ tally: StreamTally) -> String {
    let reasons = tally.refused.sorted { ($1.value, $0.key.rawValue) < ($0.value, $1.key.rawValue) }
    return "refused so far: \(grouped(tally.refusedLines)) of \(counted(tally.lines, "line")): "
      + reasons.map { "\($0.key.rawValue) \(grouped($0.value))" }.joined(separator: ", ")
  }
}
