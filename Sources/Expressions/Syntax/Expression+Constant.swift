extension Expression {
  /// The number that a constant expression stands for; `nil` when it is none.
  ///
  /// Literals, signs and arithmetic are computed; a result beyond a double is no number.
  public var constantNumber: Double? {
    switch node {
    case .literal(let literal): return literal.numericValue
    case .unary(.negate, let operand): return operand.constantNumber.map { -$0 }
    case .binary(let symbol, let left, let right):
      guard let first = left.constantNumber, let second = right.constantNumber else { return nil }
      let value = symbol.arithmetic(first, second)
      return value.isFinite ? value : nil
    case .path, .call, .unary, .membership, .absence, .filter: return nil
    }
  }

  /// The seconds that a constant duration stands for; `nil` when it is none.
  ///
  /// Signs, sums, and products with numbers are computed.
  var constantSeconds: Double? {
    switch node {
    case .literal(.duration(let length)): return length.inSeconds
    case .unary(.negate, let operand): return operand.constantSeconds.map { -$0 }
    case .binary(let symbol, let left, let right):
      let value: Double
      switch (symbol, left.constantSeconds, right.constantSeconds) {
      case (.add, let first?, let second?), (.subtract, let first?, let second?):
        value = symbol.arithmetic(first, second)
      case (.multiply, let length?, nil), (.divide, let length?, nil):
        value = right.constantNumber.map { symbol.arithmetic(length, $0) } ?? .nan
      case (.multiply, nil, let length?):
        value = left.constantNumber.map { symbol.arithmetic($0, length) } ?? .nan
      default: return nil
      }
      return value.isFinite ? value : nil
    default: return nil
    }
  }
}

extension BinaryOperator {
  /// The result of an arithmetic operator; not a number when it has none, or for other operators.
  ///
  /// What leaves the doubles, such as a division by zero, has no value.
  func arithmetic(_ left: Double, _ right: Double) -> Double {
    let result: Double
    switch self {
    case .add: result = left + right
    case .subtract: result = left - right
    case .multiply: result = left * right
    case .divide: result = left / right
    default: return .nan
    }
    return result.isFinite ? result : .nan
  }

  /// Whether a comparison of two ordered values holds.
  func compares<Value: Comparable>(_ left: Value, _ right: Value) -> Bool {
    switch self {
    case .equal: left == right
    case .notEqual: left != right
    case .less: left < right
    case .lessOrEqual: left <= right
    case .greater: left > right
    case .greaterOrEqual: left >= right
    default: false
    }
  }
}
