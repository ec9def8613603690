internal import Expressions
internal import Records
internal import Specification
internal import Statistics

extension QualityFigures {
  /// Holds what people say of the same predictions against each other; not of several classes.
  ///
  /// - Parameters:
  ///   - window: The window.
  ///   - task: What is predicted.
  ///   - isIn: Whether rows of a key are of the part.
  mutating func compareVotes(
    _ window: QualityWindow,
    _ task: QualitySpecification.Task,
    isIn: (Int32) -> Bool
  ) {
    guard !window.ballots.isEmpty, task != .multiclass else { return }
    var agreement = VoteAgreement()
    for (row, cast) in window.ballots.sorted(by: { $0.key < $1.key })
    where isIn(window.rows[row].prediction.key) {
      agreement.insert(cast.votes)
    }
    reactions[.agreement] = agreement.alpha.map { StatisticValue(value: $0, n: agreement.units) }
  }

  /// Counts what became of requests, and what judges say of the predictions that could be asked for.
  ///
  /// - Parameters:
  ///   - asked: The predictions that were asked for, at least one.
  ///   - candidates: The places of all that could be.
  ///   - rows: The window's rows.
  /// - Returns: Whether judges say something of each of them.
  mutating func countReactions(
    _ asked: [JoinedRow],
    of candidates: [Int],
    in rows: [JoinedRow]
  ) -> Bool {
    func share(_ part: Int, of whole: Int) -> StatisticValue {
      StatisticValue(value: Double(part) / Double(whole), n: whole)
    }
    let answered = asked.count(where: \.isAnswered)
    reactions[.response] = StatisticValue(
      value: Double(answered) / Double(asked.count),
      n: predictions
    )
    let judged = candidates.count { rows[$0].verdict != nil }
    if judged > 0 { reactions[.judged] = share(judged, of: candidates.count) }
    if candidates.contains(where: { rows[$0].reactions.contains(.reacted) }) {
      let skipped = asked.count { $0.reactions.contains(.skipped) }
      reactions[.skipped] = share(skipped, of: asked.count)
    }
    return judged == candidates.count
  }
}
