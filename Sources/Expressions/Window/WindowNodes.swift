/// A condition on a window; statistics are indices into the expression's uses.
indirect enum WindowCondition: Sendable, Equatable {
  case not(WindowCondition)
  case and(WindowCondition, WindowCondition)
  case or(WindowCondition, WindowCondition)
  case constant(Bool)
  case compare(BinaryOperator, WindowNumber, WindowNumber)
  case within(WindowNumber, [Double])
  case isMissing(WindowNumber)
}

/// A number of a window; durations are in seconds.
indirect enum WindowNumber: Sendable, Equatable {
  case constant(Double)
  case statistic(Int)
  case negative(WindowNumber)
  case absolute(WindowNumber)
  case arithmetic(BinaryOperator, WindowNumber, WindowNumber)
  /// The relative change from a number so long ago to the same number now.
  case change(now: WindowNumber, before: WindowNumber)

  /// The first statistic in it, from the left.
  var firstStatistic: Int? {
    switch self {
    case .constant: nil
    case .statistic(let use): use
    case .negative(let operand), .absolute(let operand): operand.firstStatistic
    case .arithmetic(_, let left, let right): left.firstStatistic ?? right.firstStatistic
    case .change(let now, _): now.firstStatistic
    }
  }
}

extension WindowCondition {
  /// The first comparison from the left, with its statistic first; what an alert's value is.
  var subject: (value: WindowNumber, threshold: WindowNumber?)? {
    switch self {
    case .constant: nil
    case .not(let operand): operand.subject
    case .and(let left, let right), .or(let left, let right): left.subject ?? right.subject
    case .compare(_, let left, let right):
      left.firstStatistic == nil && right.firstStatistic != nil ? (right, left) : (left, right)
    case .within(let operand, _), .isMissing(let operand): (operand, nil)
    }
  }

  /// The constant of the first `drift(x) > constant`.
  func driftTolerance(_ uses: [StatisticUse]) -> Double? {
    switch self {
    case .constant, .within, .isMissing: return nil
    case .not(let operand): return operand.driftTolerance(uses)
    case .and(let left, let right), .or(let left, let right):
      return left.driftTolerance(uses) ?? right.driftTolerance(uses)
    case .compare(let symbol, let left, let right):
      switch (symbol, left, right) {
      case (.greater, .statistic(let use), .constant(let tolerance)),
        (.greaterOrEqual, .statistic(let use), .constant(let tolerance)),
        (.less, .constant(let tolerance), .statistic(let use)),
        (.lessOrEqual, .constant(let tolerance), .statistic(let use)):
        return uses[use].statistic == .drift && uses[use].ago == nil ? tolerance : nil
      default: return nil
      }
    }
  }
}
