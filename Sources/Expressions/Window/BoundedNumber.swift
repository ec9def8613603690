/// A number of a window whose confidence bounds are known, as a comparison with a constant needs
/// them; statistics are indices into the expression's uses.
public indirect enum BoundedNumber: Sendable, Equatable {
  /// A statistic: a mean, a KPI, a count, a rate.
  case statistic(Int)
  /// The share of the events of `of` that one of `hits` counts, each event at most once.
  case share(hits: [Int], of: Int)
  /// The relative change from a number so long ago to the same number now.
  case change(now: BoundedNumber, before: BoundedNumber)
  /// A number times a constant.
  case scaled(BoundedNumber, by: Double)
  /// A number plus a constant.
  case shifted(BoundedNumber, by: Double)
  /// The magnitude of a number.
  case absolute(BoundedNumber)

  /// The statistics that stand as they are: outside of shares.
  public var statistics: [Int] {
    switch self {
    case .statistic(let use): [use]
    case .share: []
    case .change(let now, let before): now.statistics + before.statistics
    case .scaled(let inner, _), .shifted(let inner, _), .absolute(let inner): inner.statistics
    }
  }
}

/// What a comparison with a constant, or with a number of the reference, goes by.
public enum ComparisonBound: Sendable, Equatable {
  /// The number as it is.
  case none
  /// The number as it is, because the condition asks with it whether there are events enough.
  case enough
  /// Drift, which is a bound itself.
  case drift
  /// The bound that is towards the constant.
  case bounded(BoundedNumber)
}

extension StatisticName {
  /// Whether a number of this kind has bounds, where its events or its earlier windows tell them.
  fileprivate var hasBounds: Bool {
    switch self {
    case .mean, .value, .count, .rate, .unusable: true
    case .verdict, .maturity, .distrust, .response, .skipped, .judged, .agreement, .imputed:
      false
    case .brierReliability, .brierResolution, .brierUncertainty, .brierWithinBinVariance,
      .brierWithinBinCovariance:
      false
    default: isPartOfEvents || isOfQuality
    }
  }

  /// Whether the statistic, divided by the count of events, is a share of them.
  var isPartOfEvents: Bool {
    self == .missing || self == .invalid || self == .unseen || self == .outOfRange
  }
}

extension WindowNumber {
  /// The number with its bounds; `nil` where they are not known.
  func bounded(_ uses: [StatisticUse]) -> BoundedNumber? {
    switch self {
    case .constant: return nil
    case .statistic(let use):
      return uses[use].statistic.hasBounds && !uses[use].ofReference ? .statistic(use) : nil
    case .negative(let operand): return operand.bounded(uses).map { .scaled($0, by: -1) }
    case .absolute(let operand): return operand.bounded(uses).map { .absolute($0) }
    case .change(let now, let before):
      guard let one = now.bounded(uses), let other = before.bounded(uses) else { return nil }
      return .change(now: one, before: other)
    case .arithmetic(let symbol, let number, .constant(let constant)):
      switch symbol {
      case .multiply: return number.bounded(uses).map { .scaled($0, by: constant) }
      case .divide: return number.bounded(uses).map { .scaled($0, by: 1 / constant) }
      case .add: return number.bounded(uses).map { .shifted($0, by: constant) }
      case .subtract: return number.bounded(uses).map { .shifted($0, by: -constant) }
      default: return nil
      }
    case .arithmetic(.multiply, .constant(let constant), let number):
      return number.bounded(uses).map { .scaled($0, by: constant) }
    case .arithmetic(.add, .constant(let constant), let number):
      return number.bounded(uses).map { .shifted($0, by: constant) }
    case .arithmetic(.subtract, .constant(let constant), let number):
      return number.bounded(uses).map { .shifted(.scaled($0, by: -1), by: constant) }
    case .arithmetic(.divide, let above, .statistic(let below)):
      return above.share(of: below, uses)
    case .arithmetic: return nil
    }
  }

  /// The share of the window's events that values are which are missing, invalid, unseen or out of
  /// range.
  private func share(of below: Int, _ uses: [StatisticUse]) -> BoundedNumber? {
    switch self {
    case .arithmetic(.multiply, .constant(let factor), let hits),
      .arithmetic(.multiply, let hits, .constant(let factor)):
      return hits.share(of: below, uses).map { .scaled($0, by: factor) }
    default: break
    }
    guard uses[below].statistic == .count, !uses[below].ofReference, let hits else { return nil }
    let isOne = hits.allSatisfy { use in
      uses[use].statistic.isPartOfEvents && uses[use].ago == uses[below].ago
        && !uses[use].ofReference
        && uses[use].selector == uses[hits[0]].selector
        // Several values of one event may be invalid.
        && !uses[use].selector.isEvents
    }
    // An event's value is missing, invalid, unseen or out of range: two different counts share no
    // event.
    return isOne && Set(hits).count == hits.count ? .share(hits: hits, of: below) : nil
  }

  /// The statistics of a sum; `nil` where anything else is in it.
  private var hits: [Int]? {
    switch self {
    case .statistic(let use): return [use]
    case .arithmetic(.add, let left, let right):
      guard let one = left.hits, let other = right.hits else { return nil }
      return one + other
    default: return nil
    }
  }
}

extension WindowCondition {
  /// What each comparison goes by, in the order of the comparisons.
  ///
  /// - Parameters:
  ///   - uses: The condition's statistics.
  ///   - isBeside: Whether another comparison that is no count must hold as well.
  /// - Returns: One a comparison.
  func bounds(_ uses: [StatisticUse], isBeside: Bool = false) -> [ComparisonBound] {
    switch self {
    case .constant, .within, .isMissing: return []
    case .not(let operand): return operand.bounds(uses)
    case .or(let left, let right): return left.bounds(uses) + right.bounds(uses)
    case .and(let left, let right):
      return left.bounds(uses, isBeside: isBeside || !right.asksOnlyCounts(uses))
        + right.bounds(uses, isBeside: isBeside || !left.asksOnlyCounts(uses))
    case .compare(let symbol, .constant, let right, _):
      return [Self.bound(symbol.mirrored ?? symbol, right, uses, isBeside: isBeside)]
    case .compare(let symbol, let left, let right, _) where right.isFixed(uses):
      return [Self.bound(symbol, left, uses, isBeside: isBeside)]
    case .compare: return [.none]
    }
  }

  private static func bound(
    _ symbol: BinaryOperator,
    _ number: WindowNumber,
    _ uses: [StatisticUse],
    isBeside: Bool
  ) -> ComparisonBound {
    guard symbol != .equal, symbol != .notEqual else { return .none }
    if case .statistic(let use) = number {
      if uses[use].isDriftNow { return .drift }
      let isMore = symbol == .greater || symbol == .greaterOrEqual
      if isBeside, isMore, uses[use].statistic == .count { return .enough }
    }
    return number.bounded(uses).map { .bounded($0) } ?? .none
  }

  /// Whether the condition asks for nothing but how many events there are.
  private func asksOnlyCounts(_ uses: [StatisticUse]) -> Bool {
    switch self {
    case .constant: true
    case .not(let operand): operand.asksOnlyCounts(uses)
    case .and(let left, let right), .or(let left, let right):
      left.asksOnlyCounts(uses) && right.asksOnlyCounts(uses)
    case .compare(_, let left, let right, _):
      left.isCount(uses) && right.isCount(uses)
    case .within(let number, _), .isMissing(let number): number.isCount(uses)
    }
  }
}

extension WindowNumber {
  /// Whether it is the same in every window: made of constants and of numbers of the reference.
  fileprivate func isFixed(_ uses: [StatisticUse]) -> Bool {
    switch self {
    case .constant: true
    case .statistic(let use): uses[use].ofReference
    case .negative(let operand), .absolute(let operand): operand.isFixed(uses)
    case .arithmetic(_, let left, let right), .change(let left, let right):
      left.isFixed(uses) && right.isFixed(uses)
    }
  }

  /// Whether it is a constant, or the number of events.
  fileprivate func isCount(_ uses: [StatisticUse]) -> Bool {
    switch self {
    case .constant: true
    case .statistic(let use): uses[use].statistic == .count || uses[use].statistic == .rate
    case .negative(let operand), .absolute(let operand): operand.isCount(uses)
    case .arithmetic(_, let left, let right), .change(let left, let right):
      left.isCount(uses) && right.isCount(uses)
    }
  }
}
