/// A metric, as a condition on the agent asks for it.
public struct AgentUse: Hashable, Sendable {
  /// The metric.
  public let metric: AgentMetric
  /// By how much it has grown in this time is meant; `nil` for the number itself.
  public let span: TimeSpan?
}

/// A condition on what an agent knows of itself, such as `state_age > 5m`.
///
/// A comparison whose operand has no value is *unknown*; `and`, `or` and `not` are Kleene's.
public struct AgentExpression: Sendable, Equatable {
  /// The tree that was read.
  public let expression: Expression
  /// The metrics that are asked for, each once, in order of first use.
  public let uses: [AgentUse]
  /// In what the first comparison is written.
  public let unit: ComparisonUnit
  private let condition: WindowCondition

  /// Reads and checks a condition.
  ///
  /// - Parameter source: The condition.
  /// - Returns: The condition with the metrics that it asks for.
  /// - Throws: The syntax error, or all type errors.
  public static func parse(_ source: String) throws(ExpressionErrors) -> AgentExpression {
    let expression = try Expression.parse(source)
    var types = AgentTypes()
    guard let condition = types.check(expression) else {
      throw ExpressionErrors(types.diagnostics)
    }
    return AgentExpression(
      expression: expression,
      uses: types.uses,
      unit: types.unit ?? .number,
      condition: condition
    )
  }

  /// The metric that the first comparison is about.
  public var subject: AgentUse? {
    condition.subject?.value.firstStatistic.map { uses[$0] }
  }

  /// Whether a monitor's metric is asked for: each monitor is judged by itself.
  public var isOfMonitors: Bool { uses.contains { $0.metric.scope == .monitor } }

  /// Judges a moment.
  ///
  /// - Parameters:
  ///   - extent: What is known of a use, by its index: a growth that was not watched for its whole
  ///     time is at least what was seen.
  ///   - lookup: The value of a use, durations in seconds; `nil` where it has none.
  /// - Returns: Whether the condition holds, with the sides of its first comparison.
  public func evaluate(
    knowing extent: (Int) -> StatisticExtent,
    _ lookup: (Int) -> Double?
  ) -> WindowVerdict {
    let subject = condition.subject
    return WindowVerdict(
      holds: condition.holds(lookup, { _ in nil }, knowing: extent),
      value: subject.flatMap { $0.value.value(lookup) },
      threshold: subject?.threshold.flatMap { $0.value(lookup) }
    )
  }
}
