/// How long labels take to arrive, by class, learnt from predictions that are older than the horizon.
///
/// A prediction is mature when its age reaches the horizon: what has no label then is a negative, by
/// convention. `F(a)` is the share of the positives whose label has arrived by the age a, `G(a)` that
/// of the negatives, of which the silent ones never do.
///
/// - **State**: integer counts by class and age bin: they add up in any order.
/// - **Unit and range**: ages in any unit of time, the same everywhere; shares in [0, 1].
/// - **Source**: the curves of delayed feedback as in O. Chapelle, "Modeling delayed feedback in
///   display advertising", KDD 2014, without a shape for the delay.
public struct LabelArrival: Sendable, Equatable {
  /// The upper ends of the age bins, which are closed on the right; the last one is the horizon.
  public let ages: [Double]
  /// The mature positives by the age at which the label arrived.
  public internal(set) var positives: [Int]
  /// The mature negatives with a label, alike.
  public internal(set) var negatives: [Int]
  /// The mature predictions without a label by the horizon: negatives, too.
  public internal(set) var silent: Int

  /// Curves of which nothing is known.
  ///
  /// - Parameter ages: The upper ends of the bins: above 0, strictly increasing, one at least.
  public init(ages: [Double]) {
    precondition(!ages.isEmpty && ages[0] > 0, "age bins up to \(ages)")
    precondition(zip(ages, ages.dropFirst()).allSatisfy { $0 < $1 }, "age bins up to \(ages)")
    self.ages = ages
    positives = ages.map { _ in 0 }
    negatives = positives
    silent = 0
  }

  /// Curves of kept counts; there are none of counts below 0, of more than all integers, or of another
  /// number of bins.
  ///
  /// - Parameters:
  ///   - ages: As of ``init(ages:)``.
  ///   - positives: Those of ``positives``.
  ///   - negatives: Those of ``negatives``.
  ///   - silent: That of ``silent``.
  public init?(ages: [Double], positives: [Int], negatives: [Int], silent: Int) {
    guard positives.count == ages.count, negatives.count == ages.count,
      areCounts(positives + negatives + [silent])
    else { return nil }
    self.init(ages: ages)
    self.positives = positives
    self.negatives = negatives
    self.silent = silent
  }

  /// The age from which on silence is a negative.
  public var horizon: Double { ages[ages.count - 1] }

  /// Counts a mature prediction with its label.
  ///
  /// - Parameters:
  ///   - isPositive: The label.
  ///   - age: The age at which it arrived, at least 0; beyond the horizon it counts as none.
  /// - Complexity: O(log bins).
  public mutating func insert(isPositive: Bool, age: Double) {
    precondition(age >= 0, "a label at the age \(age)")
    guard age <= horizon else { return insertSilent() }
    let bin = bin(of: age)
    if isPositive { positives[bin] += 1 } else { negatives[bin] += 1 }
  }

  /// Counts mature predictions without a label by the horizon.
  public mutating func insertSilent(_ number: Int = 1) { silent += number }

  /// The counts of both parts, whose bins are the same.
  public static func + (left: Self, right: Self) -> Self {
    precondition(left.ages == right.ages, "age bins up to \(left.ages) and \(right.ages)")
    var sum = left
    for bin in sum.ages.indices {
      sum.positives[bin] += right.positives[bin]
      sum.negatives[bin] += right.negatives[bin]
    }
    sum.silent += right.silent
    return sum
  }

  /// The first bin whose upper end is not below an age.
  func bin(of age: Double) -> Int {
    var (low, high) = (0, ages.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if ages[middle] < age { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// F: the share of the positives whose label has arrived by an age.
  ///
  /// - Parameter age: At least 0; 1 from the horizon on.
  /// - Returns: The share, linear inside a bin; nil where no mature prediction is positive.
  /// - Complexity: O(bins).
  public func positiveShare(by age: Double) -> Double? {
    share(of: positives, among: positives.reduce(0, +), by: age)
  }

  /// G: the share of the negatives whose label has arrived by an age, otherwise as
  /// ``positiveShare(by:)``; that of the labelled ones from the horizon on.
  public func negativeShare(by age: Double) -> Double? {
    share(of: negatives, among: negatives.reduce(silent, +), by: age)
  }

  func share(of counts: [Int], among all: Int, by age: Double) -> Double? {
    precondition(age >= 0, "the age \(age)")
    guard all > 0 else { return nil }
    let bin = bin(of: age)
    let before = counts[..<bin].reduce(0, +)
    let start = bin == 0 ? 0 : ages[bin - 1]
    let part = min(1, (age - start) / (ages[bin] - start))
    return (Double(before) + part * Double(counts[bin])) / Double(all)
  }

  /// The probability that a prediction without a label is positive, from the one it had when it was
  /// made: `p(1 − F)/(1 − pF − (1 − p)G)`.
  ///
  /// - Parameters:
  ///   - probability: p, calibrated, in [0, 1].
  ///   - age: The prediction's age without a label, at least 0.
  /// - Returns: In [0, 1]; 0 from the horizon on; nil where a class has no mature prediction.
  /// - Complexity: O(bins).
  public func pendingProbability(_ probability: Double, age: Double) -> Double? {
    precondition(probability >= 0 && probability <= 1, "a probability of \(probability)")
    guard let positive = positiveShare(by: age), let negative = negativeShare(by: age) else {
      return nil
    }
    let silentPositive = probability * (1 - positive)
    let silent = silentPositive + (1 - probability) * (1 - negative)
    return silent > 0 ? silentPositive / silent : 0
  }
}
