/// How many predictions a measure is of: those with the greatest scores.
public enum TopPredictions: Hashable, Sendable, CustomStringConvertible {
  /// So many, 1 at least; all where there are fewer.
  case count(Int)
  /// A part of them in per cent, in (0, 100].
  case percentage(Double)

  /// What a constant says: `100`, or `1%`; `nil` where it is neither.
  init?(_ literal: Literal) {
    switch literal {
    case .number(let value):
      guard let count = Int(exactly: value), count >= 1 else { return nil }
      self = .count(count)
    case .percentage(let value):
      guard value > 0, value <= 100 else { return nil }
      self = .percentage(value)
    case .duration, .string, .boolean: return nil
    }
  }

  /// What a text says: `100`, or `1%`; `nil` where it is neither.
  public init?(_ text: String) {
    let isPercentage = text.hasSuffix("%")
    let digits = (isPercentage ? String(text.dropLast()) : text).filter { $0 != "_" }
    guard let number = Double(digits) else { return nil }
    self.init(isPercentage ? .percentage(number) : .number(number))
  }

  /// So many, where it is no part.
  public var count: Int? {
    if case .count(let count) = self { count } else { nil }
  }

  /// As a rule writes it.
  public var description: String {
    switch self {
    case .count(let count): "\(count)"
    case .percentage(let value): ExpressionPrinter.text(of: .percentage(value))
    }
  }
}

/// A number of the predictions' quality: a statistic, and of which predictions.
public struct QualityMeasure: Hashable, Sendable {
  /// The statistic.
  public var statistic: StatisticName
  /// Of which predictions; `nil` where it is of all.
  public var top: TopPredictions?

  /// A measure, of all predictions unless it says otherwise.
  public init(_ statistic: StatisticName, top: TopPredictions? = nil) {
    self.statistic = statistic
    self.top = top
  }

  /// The name that records have: `accuracy`, or `precision@100`.
  public var name: String {
    guard let top, let stem = statistic.stem else { return statistic.rawValue }
    return "\(stem)@\(top)"
  }
}

extension StatisticName {
  /// What the names in records begin with of a statistic that takes how many predictions it is of;
  /// `nil` of others.
  var stem: String? {
    switch self {
    case .precisionAt: "precision"
    case .ndcgAt: "ndcg"
    case .errorQuantile: "error"
    default: nil
    }
  }

  /// Whether the statistic takes how many predictions it is of.
  public var takesTop: Bool { stem != nil }

  /// Whether the statistic can be of a part of the predictions: places of a ranking are counted.
  var takesPercentage: Bool { self != .ndcgAt }

  /// Whether the statistic can be of so many predictions: a quantile is of a part of them.
  var takesCount: Bool { self != .errorQuantile }

  /// Whether the statistic is a count of decisions by their outcomes.
  public var isConfusionCount: Bool {
    switch self {
    case .truePositives, .falsePositives, .falseNegatives, .trueNegatives: true
    default: false
    }
  }
}
