import Glibc

/// How good rankings of groups are, as of the results of one query each: NDCG@k.
///
/// `DCG = Σ gain_i / log₂(i + 1)` over the k first places i, from 1, in the order of falling scores;
/// NDCG is that over the greatest one that any order has. The gain is the relevance itself; whoever
/// wants `2^relevance − 1` gives that. Equal scores share their places: each has their mean gain.
///
/// - **Unit and range**: none, [0, 1].
/// - **State**: one number a group; nothing depends on the groups' order.
/// - **Source**: K. Järvelin, J. Kekäläinen, "Cumulated gain-based evaluation of IR techniques", ACM
///   TOIS 20 (2002); ties: F. McSherry, M. Najork, "Computing information retrieval performance
///   measures efficiently in the presence of tied scores", ECIR 2008. It is scikit-learn's
///   `ndcg_score` but for groups without a relevant member: there they count 0, here they are left
///   out.
public struct RankedGroups: Sendable, Equatable {
  /// k: how many places count.
  public let places: Int
  /// NDCG@k of each group with a relevant member, increasing.
  public let values: [Double]
  /// The groups of which no member is relevant: no order of them is better than another.
  public let withoutRelevance: Int

  /// Ranks groups.
  ///
  /// - Parameters:
  ///   - groups: Of each group the scores, none NaN, and the relevances in the same order, finite, at
  ///     least 0.
  ///   - places: k, 1 at least.
  /// - Complexity: O(n log n) a group.
  public init(_ groups: [(scores: [Double], relevances: [Double])], places: Int) {
    precondition(places > 0, "\(places) places")
    self.places = places
    let values = groups.compactMap {
      Self.normalizedGain(scores: $0.scores, relevances: $0.relevances, places: places)
    }
    self.values = values.sorted()
    withoutRelevance = groups.count - values.count
  }

  /// The mean NDCG@k of the groups with a relevant member.
  ///
  /// - Parameter confidence: Of Student's interval, both sides together, in (0, 1).
  /// - Returns: The mean, in [0, 1], and its interval, or why they are missing.
  /// - Complexity: O(groups).
  public func mean(confidence: Double = 0.95) -> QualityEstimate {
    guard !values.isEmpty else {
      return QualityEstimate(
        absent: withoutRelevance > 0 ? .noPositiveOutcomes : .noPredictions
      )
    }
    let n = Double(values.count)
    let mean = values.reduce(0, +) / n
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / n
    return QualityInterval.mean(
      mean,
      deviation: variance.squareRoot(),
      count: values.count,
      confidence: confidence,
      within: 0...1
    )
  }

  /// NDCG@k of one group; nil where no member is relevant.
  private static func normalizedGain(
    scores: [Double],
    relevances: [Double],
    places: Int
  ) -> Double? {
    precondition(
      scores.count == relevances.count,
      "\(scores.count) scores, \(relevances.count) relevances"
    )
    let ideal = gain(of: zip(relevances, relevances).sorted(by: >), places: places)
    guard ideal > 0 else { return nil }
    // Sorted by both, so that sums do not depend on the order.
    return min(1, gain(of: zip(scores, relevances).sorted(by: >), places: places) / ideal)
  }

  /// DCG@k of members by falling score.
  private static func gain(
    of members: [(score: Double, relevance: Double)],
    places: Int
  ) -> Double {
    var sum = 0.0
    var start = 0
    while start < min(places, members.count) {
      var end = start
      var relevance = 0.0
      while end < members.count, members[end].score == members[start].score {
        relevance += members[end].relevance
        end += 1
      }
      let discount = (start..<min(end, places)).reduce(0) { $0 + 1 / log2(Double($1 + 2)) }
      sum += discount * relevance / Double(end - start)
      start = end
    }
    return sum
  }
}
