internal import Expressions
internal import Statistics

/// The groups of a window whose rankings can be judged: those of which every prediction has an outcome.
///
/// A group whose predictions lie in two windows is two groups.
struct RankedRows: Sendable {
  /// Each with its members' scores and relevances.
  private var groups: [(scores: [Double], relevances: [Double])] = []

  /// Holds the rows of a window against their outcomes.
  ///
  /// - Parameters:
  ///   - window: The window.
  ///   - isIn: Whether rows of a key are of the part.
  init(_ window: QualityWindow, isIn: (Int32) -> Bool) {
    var places: [Double: Int] = [:]
    var isComplete: [Bool] = []
    for row in window.rows where isIn(row.prediction.key) && !row.prediction.decision.isNaN {
      let place = places[row.prediction.decision] ?? groups.count
      if place == groups.count {
        places[row.prediction.decision] = place
        groups.append(([], []))
        isComplete.append(true)
      }
      guard row.isLabelled, row.prediction.score.isFinite else {
        isComplete[place] = false
        continue
      }
      groups[place].scores.append(row.prediction.score)
      groups[place].relevances.append(row.label)
    }
    groups = zip(groups, isComplete).filter { $0.1 }.map(\.0)
  }

  /// The mean NDCG of so many places, and the groups behind it.
  func gain(places: Int, confidence: Double) -> (QualityEstimate, n: Int) {
    let ranked = RankedGroups(groups, places: places)
    return (ranked.mean(confidence: confidence), ranked.values.count)
  }
}
