/// What a rule's condition says of one window.
public struct WindowVerdict: Equatable, Sendable {
  /// Whether the condition holds; `nil` when a value is missing and it could turn either way.
  ///
  /// Unknown is not true: such a rule does not fire.
  public var holds: Bool?
  /// The side of the first comparison that holds its statistic, or `nil` when that has no value.
  public var value: Double?
  /// The other side of the first comparison, or `nil` when it has no value.
  public var threshold: Double?

  /// Makes a verdict.
  public init(holds: Bool?, value: Double?, threshold: Double?) {
    self.holds = holds
    self.value = value
    self.threshold = threshold
  }
}
