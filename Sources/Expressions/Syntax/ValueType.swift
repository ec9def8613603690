/// The types of the language.
public enum ValueType: String, Sendable, CaseIterable {
  /// A double; percentages are numbers.
  case number
  /// True or false.
  case boolean
  /// A text.
  case string
  /// A length of time.
  case duration
}
