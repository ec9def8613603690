/// Predictions of one age and one range of scores, whose labels are arriving.
public struct ArrivingLabels: Sendable, Equatable {
  /// Their age now, at least 0, in the unit of ``LabelArrival``.
  public let age: Double
  /// How many they are.
  public let count: Int
  /// How many positive labels have arrived.
  public let positives: Int
  /// How many positives calibrated probabilities expect, Σp.
  public let expected: Double
  /// The variance of that number, Σp(1 − p).
  public let spread: Double

  /// Predictions of one age and one range of scores.
  public init(age: Double, count: Int, positives: Int, expected: Double, spread: Double) {
    precondition(age >= 0, "the age \(age)")
    precondition(positives >= 0 && positives <= count, "\(positives) of \(count)")
    precondition(expected >= 0 && spread >= 0, "\(expected) expected, spread \(spread)")
    self.age = age
    self.count = count
    self.positives = positives
    self.expected = expected
    self.spread = spread
  }
}

/// How many of some predictions are positive, the labels to come included.
public struct CorrectedPositives: Sendable, Equatable {
  /// The positives of each cell; the rest of it are negatives.
  ///
  /// By chance they are more than the cell has.
  public let counts: [Double]
  /// The share of all predictions that are positive, with its interval.
  public let share: QualityEstimate
  /// The share of the predictions that calibrated probabilities stand for.
  ///
  /// Hardly any of their labels has arrived, so a change of the relation is not seen in them.
  public let expectedShare: Double
}

extension LabelArrival {
  /// The least share of arrived labels that is divided by.
  public static let leastShare = 0.05

  /// The positives of predictions whose labels are still arriving.
  ///
  /// They are the arrived ones over F of their age where F is at least ``leastShare``, else the
  /// expected ones. Nothing is filled twice: a cell is told by its labels or by its probabilities.
  ///
  /// - Interval: an arrived positive is one of a sample with the inclusion probability F, so their
  ///   sum has the gamma limits of Fay and Feuer. The error of F is that of a share of the mature
  ///   positives, `F_a(1 − F_b)/M` between the ages a ≤ b; the expected positives have the variance
  ///   Σp(1 − p). All are joined by their squares.
  /// - Holds: as long as labels take as long as they did. A burst of labels of all ages, as of a
  ///   payment holiday, reads as more positives: ``ArrivalBurst`` tells.
  ///
  /// - Parameters:
  ///   - cells: The predictions by age and range of scores, in any order.
  ///   - confidence: Both sides of the interval together, in (0, 1).
  /// - Returns: The positives of each cell, in the cells' order, and the share of all; its value is
  ///   absent of no predictions, its interval with fewer than ten mature positives.
  /// - Complexity: O(cells · (bins + log cells)).
  public func corrected(
    _ cells: [ArrivingLabels],
    confidence: Double = 0.95
  ) -> CorrectedPositives {
    let mature = positives.reduce(0, +)
    var counts: [Double] = []
    var filled = 0
    var spread = 0.0
    var arrived = WeightedEvents()
    var terms: [(share: Double, slope: Double)] = []
    for cell in cells {
      guard let share = positiveShare(by: cell.age), share >= Self.leastShare else {
        counts.append(cell.expected)
        filled += cell.count
        spread += cell.spread
        continue
      }
      counts.append(Double(cell.positives) / share)
      let chance = (1 - share).squareRoot()
      arrived.insert(1 / share, chance: chance, times: cell.positives)
      arrived.couldHave(1 / share, chance: chance)
      terms.append((share, Double(cell.positives) / (share * share)))
    }
    let all = cells.reduce(0) { $0 + $1.count }
    guard all > 0 else {
      return CorrectedPositives(
        counts: counts,
        share: QualityEstimate(absent: .noPredictions),
        expectedShare: 0
      )
    }
    let z = QualityInterval.z(confidence: confidence)
    let limits = arrived.limits(tail: (1 - confidence) / 2)
    let rest = z * z * (spread + Self.curveVariance(terms, mature: mature))
    let (down, up) = (arrived.sum - limits.lower, limits.upper - arrived.sum)
    let sum = counts.sorted().reduce(0, +)
    let n = Double(all)
    let value = min(1, sum / n)
    let lower = (sum - (down * down + rest).squareRoot()) / n
    let upper = (sum + (up * up + rest).squareRoot()) / n
    return CorrectedPositives(
      counts: counts,
      share: terms.isEmpty || mature >= QualityInterval.leastOfClass
        ? QualityEstimate(value, lower...upper) : QualityEstimate(value, without: .tooFewPositives),
      expectedShare: Double(filled) / n
    )
  }

  /// The variance of `Σ k/F` that is due to the curve: `Σ_a Σ_b s_a s_b F_a(1 − F_b)/M`, a ≤ b, with
  /// the slopes `s = k/F²`.
  private static func curveVariance(
    _ terms: [(share: Double, slope: Double)],
    mature: Int
  ) -> Double {
    guard mature > 0 else { return 0 }
    var variance = 0.0
    var younger = 0.0
    for (share, slope) in terms.sorted(by: <) {
      let own = slope * share
      variance += slope * (1 - share) * (2 * younger + own)
      younger += own
    }
    return variance / Double(mature)
  }
}
