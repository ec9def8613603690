/// In what a comparison is written, and its sides are told to people.
public enum ComparisonUnit: Sendable {
  /// A plain number.
  case number
  /// A share, compared with a percentage such as `5%`.
  case percentage
  /// A length of time, in seconds.
  case duration
}

extension Expression {
  /// Whether it is a percentage, such as `5%` or `-5%`.
  var isPercentage: Bool {
    switch node {
    case .literal(.percentage): true
    case .unary(.negate, let operand): operand.isPercentage
    default: false
    }
  }
}
