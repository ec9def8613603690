/// A number of a window made of its events, such as `sum(features.amount where flagged)`.
///
/// - **Shape**: aggregates, joined by arithmetic, `ratio(a, b)` and `abs(a)`.
/// - **No value**: a KPI has none when an aggregate in it has none, and when it is divided by zero.
public struct KPIExpression: Sendable, Equatable {
  /// One aggregate over the events of a window.
  public struct Measure: Hashable, Sendable {
    /// What is made of the numbers.
    public let aggregate: Aggregate
    /// The number of each event; `Cell.missing` where the aggregate's condition does not hold.
    ///
    /// For `count` it is 1 for each event that counts.
    public let number: EventNumber
  }

  /// The tree that was read.
  public let expression: Expression
  /// The aggregates that are asked for, each once, in order of first use.
  public let measures: [Measure]
  /// Whether the KPI is a `number`, or a `duration` in seconds.
  public let type: ValueType
  /// The number that is made of them; its statistics are indices into `measures`.
  let node: WindowNumber

  /// Reads and checks a KPI.
  ///
  /// - Parameters:
  ///   - source: The KPI.
  ///   - roles: The names that stand for mapped fields.
  /// - Returns: The KPI with the aggregates that it asks for.
  /// - Throws: The syntax error, or all type errors.
  public static func parse(
    _ source: String,
    roles: EventRoles = EventRoles()
  ) throws(ExpressionErrors) -> KPIExpression {
    let expression = try Expression.parse(source)
    var types = KPITypes(roles: roles)
    guard let quantity = types.check(expression) else {
      throw ExpressionErrors(types.diagnostics)
    }
    return KPIExpression(
      expression: expression,
      measures: types.measures,
      type: quantity.type ?? .number,
      node: quantity.node
    )
  }

  /// Whether the KPI is one aggregate and nothing else, so that its events' numbers are its own.
  public var isSingle: Bool { if case .statistic = node { true } else { false } }

  /// What a window that lacks a part of its time knows of the KPI.
  public var extent: StatisticExtent {
    if growth == 0 { return .whole }
    return isSingle && measures.first?.aggregate == .count ? .atLeast : .unknown
  }

  /// The KPI's value.
  ///
  /// - Parameter lookup: The value of a measure by its index in `measures`; `nil` when it has none.
  /// - Returns: The value, in seconds for a duration; `nil` when a part of it has none, when it is
  ///   divided by zero, or when it leaves the doubles.
  public func evaluate(_ lookup: (Int) -> Double?) -> Double? {
    node.value { lookup($0).flatMap { $0.isFinite ? $0 : nil } }
  }

  /// The power of time that the number grows with: 1 of sums and counts, 0 of their quotients.
  var growth: Int { node.growth { isTotal($0) ? .unknown : .whole } }

  /// Whether a measure grows with the events.
  func isTotal(_ measure: Int) -> Bool {
    measures[measure].aggregate == .sum || measures[measure].aggregate == .count
  }
}
