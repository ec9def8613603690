/// A statistic of a signal, as an expression names it.
public struct StatisticUse: Hashable, Sendable {
  /// The statistic.
  public var statistic: StatisticName
  /// The signals that it is asked of.
  public var selector: SignalSelector
  /// Whether the reference's value is meant instead of the window's.
  public var ofReference: Bool
  /// How long ago the window ended whose value is meant; `nil` for the window that is judged.
  public var ago: TimeSpan?
  /// How many of the predictions are meant, where the statistic takes it.
  public var top: TopPredictions?
  /// Whether the statistic's p-value is meant instead of the statistic.
  public var isPValue = false
  /// Whether the canary's value less the stable version's is meant.
  public var isCompared = false
  /// Where the selector stands in the source at its first use.
  public var selectorSpan: SourceSpan

  /// The statistic of quality that is meant.
  public var measure: QualityMeasure { QualityMeasure(statistic, top: top) }

  /// What records call it: `accuracy`, or `compare(accuracy)`.
  public var recordName: String { isCompared ? "compare(\(measure.name))" : measure.name }

  /// What is asked for when a wildcard stands for `signal`, which other selectors ignore.
  public func query(for signal: String) -> StatisticQuery {
    var name = signal
    if case .named(let own) = selector { name = own }
    return StatisticQuery(
      statistic: statistic,
      signal: name,
      ofReference: ofReference,
      ago: ago,
      isPValue: isPValue,
      isCompared: isCompared
    )
  }

  /// Uses are equal when they ask for the same, wherever they stand.
  public static func == (left: StatisticUse, right: StatisticUse) -> Bool {
    left.statistic == right.statistic && left.selector == right.selector
      && left.ofReference == right.ofReference && left.ago == right.ago && left.top == right.top
      && left.isPValue == right.isPValue && left.isCompared == right.isCompared
  }

  /// Hashes what equality compares.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(statistic)
    hasher.combine(selector)
    hasher.combine(ofReference)
    hasher.combine(ago)
    hasher.combine(top)
    hasher.combine(isPValue)
    hasher.combine(isCompared)
  }
}

/// One value that a condition asks for while it is judged.
public struct StatisticQuery: Hashable, Sendable {
  /// The statistic.
  public var statistic: StatisticName
  /// The signal's name; what a wildcard stands for is put in its place.
  public var signal: String
  /// Whether the reference's value is meant instead of the window's.
  public var ofReference: Bool
  /// How long ago the window ended whose value is meant; `nil` for the window that is judged.
  public var ago: TimeSpan?
  /// Whether the statistic's p-value is meant.
  public var isPValue: Bool
  /// Whether the canary's value beside the stable version's is meant.
  public var isCompared: Bool

  /// Makes a query.
  public init(
    statistic: StatisticName,
    signal: String,
    ofReference: Bool = false,
    ago: TimeSpan? = nil,
    isPValue: Bool = false,
    isCompared: Bool = false
  ) {
    self.statistic = statistic
    self.signal = signal
    self.ofReference = ofReference
    self.ago = ago
    self.isPValue = isPValue
    self.isCompared = isCompared
  }
}

/// A condition on a window's statistics, such as `drift(features.*) > 0.1`.
///
/// - **Three values**: a comparison whose operand has no value is *unknown*; `and`, `or` and `not`
///   are Kleene's. A rule fires on true alone.
/// - **Wildcards**: all wildcards of one expression are equal and stand for the same signal.
public struct WindowExpression: Sendable, Equatable {
  /// The tree that was read.
  public let expression: Expression
  /// The statistics that are asked for, each once, in order of first use.
  public let uses: [StatisticUse]
  /// The wildcard that makes one alert a signal; `nil` when every signal is named.
  public let bindingSelector: SignalSelector?
  /// The constant that `drift(...)` is compared with, when it stands as `drift(x) > constant`.
  ///
  /// The p-value of drift is taken against it.
  public let driftTolerance: Double?
  /// The least constant that drift is compared with, where the condition does nothing else with it:
  /// of a drift below it nothing need be known but that it is below.
  ///
  /// `nil` where the condition needs the number itself; infinite where it asks for no drift.
  public let driftFloor: Double?
  /// The statistic that the first comparison is about.
  public let subject: StatisticUse?
  /// In what the first comparison is written.
  public let unit: ComparisonUnit
  let condition: WindowCondition

  /// Reads and checks a condition.
  ///
  /// - Parameters:
  ///   - source: The condition.
  ///   - durations: The signals whose values are durations: `latency`, and KPIs as `kpis.NAME`.
  /// - Returns: The condition with the statistics that it asks for.
  /// - Throws: The syntax error, or all type errors.
  public static func parse(
    _ source: String,
    durations: Set<String> = ["latency", "feature_age"]
  ) throws(ExpressionErrors) -> WindowExpression {
    let expression = try Expression.parse(source)
    var types = WindowTypes(durations: durations)
    guard let condition = types.check(expression) else {
      throw ExpressionErrors(types.diagnostics)
    }
    return WindowExpression(
      expression: expression,
      uses: types.uses,
      bindingSelector: types.bindingSelector,
      driftTolerance: condition.driftTolerance(types.uses),
      driftFloor: condition.driftFloor(types.uses),
      subject: condition.subject?.value.firstStatistic.map { types.uses[$0] },
      unit: types.unit ?? .number,
      condition: condition
    )
  }

  /// The selectors that are used, each once, in order of first use.
  public var selectors: [SignalSelector] {
    var seen: [SignalSelector] = []
    for use in uses where !seen.contains(use.selector) { seen.append(use.selector) }
    return seen
  }

  /// Whether the condition has no value without a reference.
  public var needsReference: Bool {
    uses.contains { $0.ofReference || $0.statistic.comparesWithReference }
  }

  /// Whether the condition is about the predictions' quality.
  public var isOfQuality: Bool { uses.contains { $0.statistic.isOfQuality } }

  /// Whether the condition holds a canary against the stable version.
  public var comparesVersions: Bool { uses.contains(where: \.isCompared) }

  /// Judges one window.
  ///
  /// - Parameters:
  ///   - signal: The signal that the wildcard stands for; ignored without a wildcard.
  ///   - lookup: The value of a statistic of a signal; `nil` when there is none. `drift` is the
  ///     lower confidence bound; durations are in seconds.
  /// - Returns: Whether the condition holds, with the sides of its first comparison.
  /// - Complexity: O(nodes) look-ups.
  public func evaluate(
    signal: String?,
    lookup: (StatisticQuery) -> Double?
  ) -> WindowVerdict {
    evaluate { index in
      let use = uses[index]
      guard signal != nil || !use.selector.isWildcard else { return nil }
      return lookup(use.query(for: signal ?? ""))
    }
  }

  /// Judges one window, by the places of the statistics in `uses`.
  ///
  /// - Parameters:
  ///   - lookup: The value of a use by its index; `nil` when there is none. `drift` is the lower
  ///     confidence bound; durations are in seconds.
  ///   - bounds: The confidence bounds of the number that a comparison asks for, by the comparison's
  ///     place in ``comparisonBounds``; `nil` where it is compared as it is.
  /// - Returns: Whether the condition holds, with the sides of its first comparison.
  /// - Complexity: O(nodes) look-ups.
  public func evaluate(
    _ lookup: (Int) -> Double?,
    bounds: (Int) -> ClosedRange<Double>? = { _ in nil }
  ) -> WindowVerdict {
    let subject = condition.subject
    return WindowVerdict(
      holds: condition.holds(lookup, bounds),
      value: subject.flatMap { $0.value.value(lookup) },
      threshold: subject?.threshold.flatMap { $0.value(lookup) }
    )
  }

  /// Whether the condition holds in one window; `nil` when it is unknown.
  ///
  /// - Parameters:
  ///   - lookup: As that of `evaluate`.
  ///   - bounds: As those of `evaluate`.
  /// - Returns: Whether it holds.
  /// - Complexity: O(nodes) look-ups.
  public func holds(
    _ lookup: (Int) -> Double?,
    bounds: (Int) -> ClosedRange<Double>? = { _ in nil }
  ) -> Bool? { condition.holds(lookup, bounds) }

  /// Whether the condition holds for a window that lacks a part of its time.
  ///
  /// - Parameters:
  ///   - extent: What is known of a statistic, by its index among `uses`.
  ///   - lookup: The value of a statistic; `nil` when it has none.
  ///   - bounds: As those of `evaluate`.
  /// - Returns: `nil` when it is unknown: counts and sums of a part say nothing of the whole.
  public func holds(
    knowing extent: (Int) -> StatisticExtent,
    _ lookup: (Int) -> Double?,
    bounds: (Int) -> ClosedRange<Double>? = { _ in nil }
  ) -> Bool? {
    condition.holds(lookup, bounds, knowing: extent)
  }

  /// What each comparison goes by, in the order in which they stand.
  public var comparisonBounds: [ComparisonBound] { condition.bounds(uses) }

  /// The place of the comparison that ``subject`` stands in; `nil` where it stands in none.
  public var subjectPlace: Int? { condition.subject?.place }
}
