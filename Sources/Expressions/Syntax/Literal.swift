/// A constant of the language, kept in the form in which it was written.
public enum Literal: Equatable, Sendable {
  /// A plain number, finite.
  case number(Double)
  /// A percentage: the number before the sign, so that `1%` is `percentage(1)`.
  case percentage(Double)
  /// A length of time, such as `1h30m`.
  case duration(TimeSpan)
  /// A text.
  case string(String)
  /// `true` or `false`.
  case boolean(Bool)

  /// The number that the literal stands for in arithmetic, `nil` when it is none.
  ///
  /// A percentage is its hundredth: `1%` is 0.01.
  public var numericValue: Double? {
    switch self {
    case .number(let value): value
    case .percentage(let value): value / 100
    case .duration, .string, .boolean: nil
    }
  }

  /// The literal's type.
  public var type: ValueType {
    switch self {
    case .number, .percentage: .number
    case .duration: .duration
    case .string: .string
    case .boolean: .boolean
    }
  }
}
