/// A condition on a window; statistics are indices into the expression's uses.
indirect enum WindowCondition: Sendable, Equatable {
  case not(WindowCondition)
  case and(WindowCondition, WindowCondition)
  case or(WindowCondition, WindowCondition)
  case constant(Bool)
  /// Two numbers, and the place of the comparison among those of the condition.
  case compare(BinaryOperator, WindowNumber, WindowNumber, place: Int)
  case within(WindowNumber, [Double])
  case isMissing(WindowNumber)
}

/// A number of a window, of its events or of the agent; durations are in seconds.
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

extension WindowNumber {
  /// Whether drift of the window that is judged is in it.
  func asksDrift(_ uses: [StatisticUse]) -> Bool {
    switch self {
    case .constant: false
    case .statistic(let use): uses[use].isDriftNow
    case .negative(let operand), .absolute(let operand): operand.asksDrift(uses)
    case .arithmetic(_, let left, let right), .change(let left, let right):
      left.asksDrift(uses) || right.asksDrift(uses)
    }
  }
}

extension StatisticUse {
  /// Whether it is drift, of the window that is judged.
  var isDriftNow: Bool { statistic == .drift && ago == nil }
}

extension WindowCondition {
  /// The first comparison from the left, with its statistic first; what an alert's value is.
  ///
  /// Its place is `nil` where it is a list or asks for absence.
  var subject: (value: WindowNumber, threshold: WindowNumber?, place: Int?)? {
    switch self {
    case .constant: nil
    case .not(let operand): operand.subject
    case .and(let left, let right), .or(let left, let right): left.subject ?? right.subject
    case .compare(_, let left, let right, let place):
      left.firstStatistic == nil && right.firstStatistic != nil
        ? (right, left, place) : (left, right, place)
    case .within(let operand, _), .isMissing(let operand): (operand, nil, nil)
    }
  }

  /// The least constant that drift is compared with, where nothing else is done with it; `nil` where
  /// something is, and infinite where drift is not asked for.
  ///
  /// Below it, how far below changes nothing in the condition.
  func driftFloor(_ uses: [StatisticUse]) -> Double? {
    switch self {
    case .constant, .isMissing(.statistic): return .infinity
    case .not(let operand): return operand.driftFloor(uses)
    case .and(let left, let right), .or(let left, let right):
      guard let one = left.driftFloor(uses), let other = right.driftFloor(uses) else { return nil }
      return min(one, other)
    case .compare(_, .statistic(let use), .constant(let constant), _),
      .compare(_, .constant(let constant), .statistic(let use), _):
      return uses[use].isDriftNow ? constant : .infinity
    case .compare(_, let left, let right, _):
      return left.asksDrift(uses) || right.asksDrift(uses) ? nil : .infinity
    case .within(let number, _), .isMissing(let number):
      return number.asksDrift(uses) ? nil : .infinity
    }
  }

  /// The constant of the first `drift(x) > constant` that an index can be compared with: from 0 on.
  func driftTolerance(_ uses: [StatisticUse]) -> Double? {
    switch self {
    case .constant, .within, .isMissing: return nil
    case .not(let operand): return operand.driftTolerance(uses)
    case .and(let left, let right), .or(let left, let right):
      return left.driftTolerance(uses) ?? right.driftTolerance(uses)
    case .compare(let symbol, let left, let right, _):
      switch (symbol, left, right) {
      case (.greater, .statistic(let use), .constant(let tolerance)),
        (.greaterOrEqual, .statistic(let use), .constant(let tolerance)),
        (.less, .constant(let tolerance), .statistic(let use)),
        (.lessOrEqual, .constant(let tolerance), .statistic(let use)):
        return uses[use].isDriftNow && tolerance >= 0 && tolerance.isFinite ? tolerance : nil
      default: return nil
      }
    }
  }
}
