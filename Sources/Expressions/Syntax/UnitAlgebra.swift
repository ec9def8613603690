/// What the sum, difference, product or quotient of numbers and durations is.
enum UnitAlgebra {
  /// The type of the result, or why there is none.
  enum Outcome: Equatable {
    case type(ValueType)
    case problem(String)
  }

  /// The outcome of an arithmetic operator between two expressions of known types.
  static func outcome(
    _ symbol: BinaryOperator,
    _ left: (Expression, ValueType),
    _ right: (Expression, ValueType)
  ) -> Outcome {
    switch (symbol, left.1 == .duration, right.1 == .duration) {
    case (_, false, false): return .type(.number)
    case (.add, true, true), (.subtract, true, true): return .type(.duration)
    case (.divide, true, true): return .type(.number)
    case (.multiply, true, true):
      return .problem(
        "a duration times a duration has no type: divide one by 1s, such as \(left.0) / 1s"
      )
    case (.multiply, _, _), (.divide, true, false): return .type(.duration)
    case (.divide, _, _):
      return .problem(
        "a number divided by a duration has no type: divide by its seconds, (\(right.0)) / 1s"
      )
    default:
      let (number, duration) = left.1 == .duration ? (right.0, left.0) : (left.0, right.0)
      return .problem(
        "a number and a duration have no sum or difference, got \(number) and \(duration): "
          + "write a duration such as 200ms, or take the seconds by dividing by 1s"
      )
    }
  }

  /// The duration that a plain number probably meant, in the given unit; `nil` when it is none.
  static func duration(of number: Double, in unit: DurationUnit) -> TimeSpan? {
    let nanoseconds = (number / unit.perSecond * 1e9).rounded()
    guard nanoseconds >= 0, nanoseconds < 9e18 else { return nil }
    return TimeSpan(nanoseconds: Int64(nanoseconds))
  }
}
