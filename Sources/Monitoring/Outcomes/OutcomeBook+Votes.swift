internal import Expressions
internal import Specification

extension OutcomeBook {
  /// Lets an outcome be what is known of a prediction, where it is newer than what is.
  ///
  /// - Returns: Whether anything changed.
  @discardableResult
  static func update(
    _ row: inout JoinedRow,
    _ ballots: inout Ballots,
    _ outcome: OutcomeRow,
    _ quality: QualitySpecification,
    _ tally: inout OutcomeTally
  ) -> Bool {
    let age = outcome.time.saturatingSubtract(row.prediction.time)
    if age > quality.horizon.nanoseconds || row.isSilent {
      tally.tooLate += 1
      return false
    }
    if age < 0 { tally.early += 1 }
    guard outcome.voice == .none else {
      return count(outcome, &row, &ballots, quality, &tally)
    }
    guard row.isLabelled else {
      row.take(outcome)
      tally.labelled += 1
      return true
    }
    let isNewer = (outcome.time, outcome.label) > (row.labelTime, row.label)
    guard isNewer, outcome.label != row.label else {
      tally.repeated += 1
      if isNewer { row.labelTime = outcome.time }
      return false
    }
    row.take(outcome)
    tally.corrected += 1
    return true
  }

  /// Counts what one says of a prediction.
  ///
  /// - Returns: Whether anything changed.
  private static func count(
    _ outcome: OutcomeRow,
    _ row: inout JoinedRow,
    _ ballots: inout Ballots,
    _ quality: QualitySpecification,
    _ tally: inout OutcomeTally
  ) -> Bool {
    if outcome.voice.isJudge {
      tally.judged += 1
    } else if outcome.voice.isSkipped {
      tally.skipped += 1
    }
    switch ballots.insert(Ballots.Ballot(outcome)) {
    case .outdated:
      tally.repeated += 1
      return false
    case .refused:
      tally.unheard += 1
      return false
    case .taken:
      let known = row.label
      row.take(ballots, quality.task)
      if known.isNaN != row.label.isNaN { tally.labelled += known.isNaN ? 1 : -1 }
      if !known.isNaN, !row.label.isNaN, known != row.label { tally.corrected += 1 }
      if !row.isLabelled, !ballots.votes.isEmpty, !outcome.voice.isJudge { tally.tied += 1 }
      return true
    }
  }

  /// Lets what was said of another version's prediction of the same id count for this one, too.
  static func share(
    _ shared: Ballots,
    _ row: inout JoinedRow,
    _ ballots: inout Ballots,
    _ quality: QualitySpecification,
    _ tally: inout OutcomeTally
  ) {
    let isKnown = row.isLabelled
    for ballot in shared.all where ballot.isShared { _ = ballots.insert(ballot) }
    row.take(ballots, quality.task)
    if row.isLabelled, !isKnown { tally.labelled += 1 }
  }

  /// What was said of the prediction of a place; `nil` where it does not matter who says it.
  func ballots(at place: IDIndex.Place) -> Ballots? {
    if let fetched = disk?.fetched[place] {
      return fetched.ballots.all.isEmpty ? nil : fetched.ballots
    }
    return position(of: Int(place.window)).flatMap { windows[$0].ballots[Int(place.row)] }
  }
}

extension QualityWindow {
  /// Lets an outcome be of a row.
  ///
  /// - Returns: Whether anything changed.
  mutating func take(
    _ outcome: OutcomeRow,
    row: Int,
    _ quality: QualitySpecification,
    _ tally: inout OutcomeTally
  ) -> Bool {
    var cast = outcome.voice == .none ? Ballots() : ballots[row] ?? Ballots()
    let hasChanged = OutcomeBook.update(&rows[row - spilled], &cast, outcome, quality, &tally)
    if hasChanged, !cast.all.isEmpty { ballots[row] = cast }
    return hasChanged
  }
}

extension JoinedRow {
  /// Whether nothing came: no outcome, and nobody who gave none.
  var isSilence: Bool { !isLabelled && !reactions.contains(.reacted) }

  /// What judges say: 1 or 0; `nil` where they say nothing.
  var verdict: Double? {
    if reactions.contains(.judgedPositive) { return 1 }
    return reactions.contains(.judgedNegative) ? 0 : nil
  }

  /// Makes what all say together what is known.
  mutating func take(_ ballots: Ballots, _ task: QualitySpecification.Task) {
    let decision = ballots.decision(task)
    label = decision?.label ?? .nan
    labelTime = decision?.time ?? .min
    isShared = ballots.all.contains(where: \.isShared)
    reactions = ballots.reactions
  }
}
