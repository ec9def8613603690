internal import Expressions
package import Monitoring
internal import Records
internal import Specification

/// Which metric records are written: of which signals, statistics and windows.
///
/// A kind of which nothing is named is written whole.
public struct MetricSelection: Sendable, Equatable {
  /// Patterns of signals' names: `*` stands for any characters.
  public var signals: [String]
  /// Names of statistics.
  public var statistics: [String]
  /// Names of windows.
  public var windows: [String]
  private var known: [String: Bool] = [:]

  /// What the names name; everything where there are none.
  public init(signals: [String] = [], statistics: [String] = [], windows: [String] = []) {
    self.signals = signals
    self.statistics = statistics
    self.windows = windows
  }

  /// Whether nothing is left out.
  public var isEverything: Bool { signals.isEmpty && statistics.isEmpty && windows.isEmpty }

  /// What is to be written of a view.
  ///
  /// - Parameter view: The numbers of a part of the traffic in a window.
  /// - Returns: The view with the numbers that are selected; `nil` where that is none.
  mutating func selected(_ view: MeasuredPart) -> MeasuredPart? {
    if isEverything { return view }
    guard windows.isEmpty || windows.contains(view.window) else { return nil }
    var view = view
    view.measurements.removeAll { !includes($0) }
    return view.measurements.isEmpty ? nil : view
  }

  private mutating func includes(_ measurement: Measurement) -> Bool {
    guard statistics.isEmpty || statistics.contains(measurement.statistic) else { return false }
    guard !signals.isEmpty else { return true }
    if let known = known[measurement.signal] { return known }
    let isNamed = signals.contains { Self.matches(measurement.signal[...], $0[...]) }
    known[measurement.signal] = isNamed
    return isNamed
  }

  /// Whether a name fits a pattern.
  static func matches(_ name: Substring, _ pattern: Substring) -> Bool {
    guard let first = pattern.first else { return name.isEmpty }
    let rest = pattern.dropFirst()
    guard first == "*" else { return name.first == first && matches(name.dropFirst(), rest) }
    return name.indices.contains { matches(name[$0...], rest) } || rest.allSatisfy { $0 == "*" }
  }

  /// Sees whether each name names something.
  ///
  /// - Parameter plan: What is computed.
  /// - Throws: `SessionError.unknownMetric` for the first that does not.
  package func check(_ plan: Plan) throws(SessionError) {
    let names = plan.metricNames
    for pattern in signals {
      let isKnown = names.signals.contains { Self.matches($0[...], pattern[...]) }
      guard isKnown else { throw Self.unknown("--metrics-signal", pattern, names.signals) }
    }
    for name in statistics where !names.statistics.contains(name) {
      throw Self.unknown("--metrics-statistic", name, names.statistics)
    }
    for name in windows where !names.windows.contains(name) {
      throw Self.unknown("--metrics-window", name, names.windows)
    }
  }

  private static func unknown(_ option: String, _ name: String, _ known: [String]) -> SessionError {
    .unknownMetric(
      option: option,
      name: name,
      near: spellingSuggestion(for: name, among: known),
      known: known
    )
  }
}
