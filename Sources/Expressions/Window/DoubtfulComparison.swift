/// A comparison that is probably not what its writer means.
public struct DoubtfulComparison: Equatable, Sendable {
  /// What is doubtful in it.
  public enum Doubt: Sendable {
    /// A distance that is compared as if it were a p-value: it holds while nothing moves.
    case smallDistance
    /// A count that is compared with a part of one event.
    case partOfAnEvent
  }

  /// What is doubtful.
  public var doubt: Doubt
  /// The statistic that is compared.
  public var use: StatisticUse
  /// The number that it is compared with.
  public var limit: Double

  /// What to write instead, in words.
  public var advice: String {
    let name = "\(use.statistic.rawValue)(\(use.selector))"
    switch doubt {
    case .smallDistance:
      let pValue =
        use.statistic == .ks || use.statistic == .chi2
        ? ", or p_value(\(name)) < \(limit) for its p-value" : ""
      return "\(name) is a distance, small while nothing moves, and no p-value: write "
        + "\(name) > \(use.statistic == .chi2 ? "30" : "0.1")\(pValue)"
    case .partOfAnEvent:
      let share = use.statistic.isPartOfEvents ? "share(\(name)) > \(limit), or " : ""
      return
        "\(name) is a count, so that one event is beyond \(limit): write \(share)a whole number"
    }
  }
}

extension WindowExpression {
  /// The comparisons that are probably not meant, in the order in which they stand.
  public var doubtful: [DoubtfulComparison] { condition.doubtful(uses) }
}

extension WindowCondition {
  fileprivate func doubtful(_ uses: [StatisticUse]) -> [DoubtfulComparison] {
    switch self {
    // What is denied is meant to be the other way round.
    case .constant, .within, .isMissing, .not: return []
    case .and(let left, let right), .or(let left, let right):
      return left.doubtful(uses) + right.doubtful(uses)
    case .compare(let symbol, .statistic(let use), .constant(let limit), _):
      return Self.doubt(symbol, uses[use], limit)
    case .compare(let symbol, .constant(let limit), .statistic(let use), _):
      return Self.doubt(symbol.mirrored ?? symbol, uses[use], limit)
    case .compare: return []
    }
  }

  private static func doubt(
    _ symbol: BinaryOperator,
    _ use: StatisticUse,
    _ limit: Double
  ) -> [DoubtfulComparison] {
    let isLess = symbol == .less || symbol == .lessOrEqual
    if use.statistic.isDistance, !use.isPValue, isLess, limit > 0, limit <= greatestPValue {
      return [DoubtfulComparison(doubt: .smallDistance, use: use, limit: limit)]
    }
    if use.statistic.isCount, !isLess, limit > 0, limit < 1 {
      return [DoubtfulComparison(doubt: .partOfAnEvent, use: use, limit: limit)]
    }
    return []
  }

  /// The greatest number that a p-value is usually compared with.
  private static let greatestPValue = 0.1
}
