/// An operator with one operand.
public enum UnaryOperator: String, Sendable, CaseIterable {
  /// Logical negation; `!` is another spelling.
  case not
  /// Arithmetic negation.
  case negate = "-"
}

/// An operator with two operands.
public enum BinaryOperator: String, Sendable, CaseIterable {
  /// Disjunction; `||` is another spelling.
  case or
  /// Conjunction; `&&` is another spelling.
  case and
  /// Equality of two values of one type.
  case equal = "=="
  /// Inequality of two values of one type.
  case notEqual = "!="
  /// Less than; numbers and durations, strings by their bytes.
  case less = "<"
  /// At most.
  case lessOrEqual = "<="
  /// Greater than.
  case greater = ">"
  /// At least.
  case greaterOrEqual = ">="
  /// Sum.
  case add = "+"
  /// Difference.
  case subtract = "-"
  /// Product.
  case multiply = "*"
  /// Quotient; division by zero has no value.
  case divide = "/"

  /// Whether the operator compares.
  public var isComparison: Bool {
    switch self {
    case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual: true
    case .or, .and, .add, .subtract, .multiply, .divide: false
    }
  }

  /// Whether the operator joins conditions.
  public var isLogical: Bool { self == .or || self == .and }

  /// The comparison that holds when the operands change places; `nil` for others.
  public var mirrored: BinaryOperator? {
    switch self {
    case .equal, .notEqual: self
    case .less: .greater
    case .lessOrEqual: .greaterOrEqual
    case .greater: .less
    case .greaterOrEqual: .lessOrEqual
    case .or, .and, .add, .subtract, .multiply, .divide: nil
    }
  }

  /// How tightly the operator binds; a larger number binds tighter.
  var precedence: Int {
    switch self {
    case .or: 1
    case .and: 2
    case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual: 4
    case .add, .subtract: 5
    case .multiply, .divide: 6
    }
  }
}
