/// The mean loss of all predictions of a window, from outcomes of a probability sample of them.
///
/// - **Shape**: N predictions have an expected loss q each (of a decision: the calibrated
///   probability that it is wrong); of a sample, each member of which was in it with its
///   probability π, the loss is known.
/// - **Unit and range**: losses and expected losses in [0, 1]; π in (0, 1].
/// - **Use**: the estimates are unbiased however wrong q is, also after the relation of features
///   and outcome has changed; the better q, the shorter the interval.
/// - **Source**: C.-E. Särndal, B. Swensson, J. Wretman, "Model Assisted Survey Sampling", 1992,
///   2.8, 5.7 and 6.3.
public struct SampledLosses: Sendable, Equatable {
  /// An estimate of the mean loss and its variance.
  public struct Mean: Sendable, Equatable {
    /// The mean.
    public let value: Double
    /// Its variance, for a sample whose members are drawn independently.
    public let variance: Double
  }

  /// One prediction of the sample.
  public struct Member: Sendable, Equatable {
    /// The loss, in [0, 1]: 1 of a wrong decision, 0 of a right one.
    public let loss: Double
    /// The expected loss, in [0, 1].
    public let expected: Double
    /// The probability that the prediction was in the sample and answered, in (0, 1].
    public let inclusion: Double

    /// A prediction of the sample.
    public init(loss: Double, expected: Double, inclusion: Double) {
      precondition(inclusion > 0 && inclusion <= 1, "an inclusion probability of \(inclusion)")
      self.loss = loss
      self.expected = expected
      self.inclusion = inclusion
    }
  }

  /// The fewest members of an interval.
  public static let leastMembers = 10

  /// The sample, ordered so that sums do not depend on the order.
  public let members: [Member]
  /// All predictions, N.
  let population: Double
  /// The mean expected loss of all predictions.
  private let expectedMean: Double

  /// A sample.
  ///
  /// - Parameters:
  ///   - members: The sample, in any order.
  ///   - population: All predictions of the window, N: as many as the sample, or more.
  ///   - expectedMean: The mean expected loss of all of them, in [0, 1].
  /// - Complexity: O(n log n).
  public init(members: [Member], population: Int, expectedMean: Double) {
    precondition(population >= members.count, "\(members.count) of \(population)")
    self.members = members.sorted {
      ($0.inclusion, $0.expected, $0.loss) < ($1.inclusion, $1.expected, $1.loss)
    }
    self.population = Double(population)
    self.expectedMean = expectedMean
  }

  /// The Horvitz–Thompson estimate, `(1/N) Σ loss/π`.
  ///
  /// - Returns: nil of no predictions.
  /// - Complexity: O(n).
  public var horvitzThompson: Mean? {
    guard population > 0 else { return nil }
    let value = members.reduce(0) { $0 + $1.loss / $1.inclusion } / population
    return Mean(value: value, variance: variance(over: population) { $0.loss })
  }

  /// The Hájek estimate, `Σ loss/π / Σ 1/π`.
  ///
  /// - Returns: nil of no members.
  /// - Complexity: O(n).
  public var hajek: Mean? {
    guard !members.isEmpty else { return nil }
    let size = members.reduce(0) { $0 + 1 / $1.inclusion }
    let value = members.reduce(0) { $0 + $1.loss / $1.inclusion } / size
    return Mean(value: value, variance: variance(over: size) { $0.loss - value })
  }

  /// The difference estimate, `mean q + (1/N) Σ (loss − q)/π`; by chance outside [0, 1].
  ///
  /// - Returns: nil of no predictions.
  /// - Complexity: O(n).
  public var difference: Mean? {
    guard population > 0 else { return nil }
    let correction = members.reduce(0) { $0 + ($1.loss - $1.expected) / $1.inclusion } / population
    return Mean(
      value: expectedMean + correction,
      variance: variance(over: population) { $0.loss - $0.expected }
    )
  }

  private func variance(over size: Double, _ residual: (Member) -> Double) -> Double {
    members.reduce(0) { sum, member in
      let part = residual(member) / member.inclusion
      return sum + part * part * (1 - member.inclusion)
    } / (size * size)
  }
}
