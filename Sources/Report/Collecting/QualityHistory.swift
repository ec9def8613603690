internal import Expressions
internal import Records

/// How good the predictions of each window were, as it was judged last, and how its outcomes came.
struct QualityHistory: Sendable {
  /// A window.
  struct Window: Sendable {
    /// Its measures, as it was judged last.
    private(set) var measured: MeasuredPart
    /// How far its outcomes are known.
    private(set) var stage: QualityStage
    /// When it was first judged with half of its outcomes known, in nanoseconds since 1970.
    private(set) var halfKnown: Int64?
    /// When so much was known that rules looked at it.
    private(set) var wellKnown: Int64?
    /// When nothing could change any more.
    private(set) var final: Int64?

    init(_ measured: MeasuredPart, _ stage: QualityStage) {
      self.measured = measured.ofInterest
      self.stage = stage
    }

    /// Takes in what it was judged as.
    mutating func take(_ measured: MeasuredPart, _ stage: QualityStage, maturity: Double) {
      self.measured = measured.ofInterest
      self.stage = stage
      // Before the window is over, its share is of the predictions that are there.
      guard stage.time >= measured.end else { return }
      if stage.maturity >= 0.5 { halfKnown = halfKnown ?? stage.time }
      if stage.maturity >= maturity { wellKnown = wellKnown ?? stage.time }
      if stage.isFinal { final = final ?? stage.time }
    }

    /// Whether rules look at it.
    var isWellKnown: Bool { wellKnown != nil }

    /// A measure of a signal, such as `quality` or `estimate`.
    func value(_ signal: String, _ statistic: String) -> StatisticValue? {
      measured.measurements.first { $0.signal == signal && $0.statistic == statistic }?.value
    }
  }

  /// The windows in order of time.
  private(set) var windows: [Window] = []
  /// How many older ones are forgotten.
  private(set) var forgotten = 0
  /// The share of its outcomes with which rules look at a window.
  let maturity: Double

  /// The most windows; of more the oldest are forgotten.
  static let windowLimit = 512

  init(maturity: Double) { self.maturity = maturity }

  /// The newest window that rules look at.
  var newest: Window? { windows.last(where: \.isWellKnown) }

  mutating func insert(_ measured: MeasuredPart) {
    guard let stage = measured.stage else { return }
    let after = windows.lastIndex { $0.measured.start <= measured.start }
    if let after, windows[after].measured.start == measured.start {
      windows[after].take(measured, stage, maturity: maturity)
      return
    }
    var window = Window(measured, stage)
    window.take(measured, stage, maturity: maturity)
    windows.insert(window, at: (after ?? -1) + 1)
    if windows.count > Self.windowLimit {
      windows.removeFirst()
      forgotten += 1
    }
  }
}

extension QualityHistory {
  /// The windows that rules look at.
  var wellKnown: [Window] { windows.filter(\.isWellKnown) }

  /// A sum over the windows that rules look at.
  ///
  /// Windows hold different predictions, so the squares of half their intervals add up.
  ///
  /// - Parameters:
  ///   - signal: The signal's name.
  ///   - statistic: A statistic that is a sum over predictions, such as `money`.
  /// - Returns: The sum; without an interval where a window has none, and `nil` where none has it.
  func total(_ signal: String, _ statistic: String) -> StatisticValue? {
    let values = wellKnown.compactMap { $0.value(signal, statistic) }
    guard !values.isEmpty else { return nil }
    func half(_ end: (StatisticValue) -> Double?) -> Double? {
      var squares = 0.0
      for value in values {
        guard let end = end(value) else { return nil }
        squares += (end - value.value) * (end - value.value)
      }
      return squares.squareRoot()
    }
    let sum = values.reduce(0) { $0 + $1.value }
    return StatisticValue(
      value: sum,
      low: half(\.low).map { sum - $0 },
      high: half(\.high).map { sum + $0 },
      n: values.reduce(0) { $0 + $1.n }
    )
  }
}

extension MeasuredPart {
  /// Of a quality window what the page shows: of baselines and of the lift two measures.
  fileprivate var ofInterest: MeasuredPart {
    var part = self
    part.measurements.removeAll { measurement in
      let signal = measurement.signal
      return (signal.hasPrefix(baselinePrefix) || signal.hasPrefix(liftPrefix))
        && !Decider.measures.contains(measurement.statistic)
    }
    return part
  }
}
