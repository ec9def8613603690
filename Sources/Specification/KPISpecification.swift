public import Expressions
internal import Records

/// One business number: a name, and how it is worked out from a window's events.
public struct KPISpecification: Sendable, Equatable {
  /// The name, unique in the file: `approved_value`.
  public var name: String
  /// What it is: aggregates over the events of a window, in arithmetic.
  public var expression: KPIExpression
  /// The 1-based line of the file at which it stands.
  public var line: Int

  /// The name of its signal: `kpis.approved_value`.
  public var signalName: String { kpiPrefix + name }
}
