import Glibc

extension QualityEstimate {
  /// The share that sums of probabilities c let expect of predictions: where it will lie, normal.
  ///
  /// - Parameters:
  ///   - expected: `Σ c`.
  ///   - spread: `Σ c(1 − c)`.
  ///   - count: The predictions.
  ///   - confidence: Both sides of the interval together, in (0, 1).
  public init(_ expected: Double, spread: Double, of count: Int, confidence: Double) {
    guard count > 0 else {
      self.init(absent: .noPredictions)
      return
    }
    let n = Double(count)
    self = QualityInterval.normal(
      min(1, expected / n),
      variance: spread / (n * n),
      confidence: confidence
    )
  }
}

extension LabelArrival {
  /// All predictions that it knows of, of either class or without a label.
  public var count: Int { (positives + negatives).reduce(silent, +) }

  /// H: the share of all predictions whose label has arrived by an age.
  ///
  /// - Parameter age: At least 0.
  /// - Returns: The share, linear inside a bin; nil where no prediction is known.
  /// - Complexity: O(bins).
  public func labelledShare(by age: Double) -> Double? {
    share(of: zip(positives, negatives).map(+), among: count, by: age)
  }

  /// Takes some of the predictions away.
  ///
  /// - Parameter part: Their counts, by the same bins.
  /// - Returns: What is left, no count below 0.
  public func without(_ part: Self) -> Self {
    precondition(ages == part.ages, "age bins up to \(ages) and \(part.ages)")
    var left = self
    for bin in ages.indices {
      left.positives[bin] = max(0, positives[bin] - part.positives[bin])
      left.negatives[bin] = max(0, negatives[bin] - part.negatives[bin])
    }
    left.silent = max(0, silent - part.silent)
    return left
  }

  /// Labels that arrived over those that this history lets expect at the predictions' ages.
  ///
  /// - Interval: that of a Poisson count over the expected number, joined by squares with the curve's
  ///   error, of which `H̄(1 − H̄)/M` is an upper bound: H̄ the mean share, M the predictions of the
  ///   history.
  ///
  /// - Parameters:
  ///   - arrived: The labels, at least 0.
  ///   - cells: The predictions by age.
  ///   - confidence: Both sides of the interval together, in (0, 1).
  /// - Returns: The ratio, in [0, ∞); absent where nothing is known or expected.
  /// - Complexity: O(cells · bins).
  /// - Source: the standardised ratio of N. E. Breslow, N. E. Day, "Statistical Methods in Cancer
  ///   Research" II, 1987, 2.3.
  public func arrivalRatio(
    _ arrived: Int,
    of cells: [(age: Double, count: Int)],
    confidence: Double = 0.95
  ) -> QualityEstimate {
    var (expected, size) = (0.0, 0)
    for cell in cells {
      guard let share = labelledShare(by: cell.age) else { continue }
      expected += share * Double(cell.count)
      size += cell.count
    }
    guard expected > 0 else { return QualityEstimate(absent: .noPredictions) }
    var events = WeightedEvents()
    events.insert(1, chance: 1, times: arrived)
    events.couldHave(1, chance: 1)
    let limits = events.limits(tail: (1 - confidence) / 2)
    let mean = expected / Double(size)
    let relative = max(0, 1 - mean) / (mean * Double(count))
    let ratio = Double(arrived) / expected
    let z = QualityInterval.z(confidence: confidence)
    let rest = z * z * ratio * ratio * relative
    let down = (Double(arrived) - limits.lower) / expected
    let up = (limits.upper - Double(arrived)) / expected
    return QualityEstimate(
      ratio,
      ratio - (down * down + rest).squareRoot()...ratio + (up * up + rest).squareRoot(),
      within: 0...Double.infinity
    )
  }

  /// How far the delays of labels are from those of this history: the Kolmogorov–Smirnov distance at
  /// the bins' ends, among what arrived by an age, so that young predictions do not seem fast.
  ///
  /// - Interval: of both samples the band of Dvoretzky, Kiefer and Wolfowitz, with Massart's constant.
  ///
  /// - Parameters:
  ///   - other: The labels of other predictions, by the same bins.
  ///   - age: The age that all of them have reached; bins beyond it are left out.
  ///   - confidence: Both sides of the interval together, in (0, 1).
  /// - Returns: In [0, 1]; absent where either has no label by the age.
  /// - Complexity: O(bins).
  /// - Source: P. Massart, "The tight constant in the Dvoretzky–Kiefer–Wolfowitz inequality", Annals
  ///   of Probability 18 (1990).
  public func delayDistance(
    to other: Self,
    upTo age: Double,
    confidence: Double = 0.95
  ) -> QualityEstimate {
    precondition(ages == other.ages, "age bins up to \(ages) and \(other.ages)")
    let bins = ages.count { $0 <= age }
    let (own, theirs) = (delays(bins), other.delays(bins))
    let (m, n) = (own.reduce(0, +), theirs.reduce(0, +))
    guard m > 0, n > 0 else { return QualityEstimate(absent: .noPredictions) }
    var (left, right, distance) = (0, 0, 0.0)
    for (one, another) in zip(own, theirs) {
      left += one
      right += another
      distance = max(distance, abs(Double(left) / Double(m) - Double(right) / Double(n)))
    }
    let scale = (log(4 / (1 - confidence)) / 2).squareRoot()
    let half = scale * (1 / Double(m).squareRoot() + 1 / Double(n).squareRoot())
    return QualityEstimate(distance, distance - half...distance + half)
  }

  /// A quantile of the delays that are counted here, as ``QuantileRanks`` says.
  ///
  /// - Parameters:
  ///   - q: In [0, 1].
  ///   - delays: The delays of the labels that are counted, in any order.
  ///   - confidence: Both sides of the interval together, in (0, 1).
  /// - Returns: The quantile; absent without a label.
  /// - Complexity: O(n), and a sort of those of the bins that the quantile and its interval are in.
  public func delayQuantile(
    _ q: Double,
    of delays: [Double],
    confidence: Double = 0.95
  ) -> QualityEstimate {
    guard !delays.isEmpty else { return QualityEstimate(absent: .noPredictions) }
    let ranks = QuantileRanks(q, of: delays.count, confidence: confidence)
    // The bins that hold the places asked for, and how many delays are below them.
    var (below, bin) = (0, 0)
    let counts = self.delays(ages.count)
    while bin < counts.count, below + counts[bin] <= ranks.places.lowerBound {
      below += counts[bin]
      bin += 1
    }
    let lower = bin == 0 ? -Double.infinity : ages[bin - 1]
    var (upTo, upper) = (below, lower)
    while bin < counts.count, upTo <= ranks.places.upperBound {
      upTo += counts[bin]
      upper = ages[bin]
      bin += 1
    }
    if upTo <= ranks.places.upperBound { upper = .infinity }
    let middle = delays.filter { $0 > lower && $0 <= upper }.sorted()
    return ranks.estimate { middle[$0 - below] }
  }

  private func delays(_ bins: Int) -> [Int] {
    zip(positives.prefix(bins), negatives.prefix(bins)).map(+)
  }
}
