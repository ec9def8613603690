import Glibc

/// The e-value of a p-value: evidence that may be averaged and compared under any dependence.
///
/// `(1 − p + p ln p)/(p ln² p)`, the mean of the calibrators `κ p^(κ−1)` over κ in (0, 1). With
/// `t = −ln p` it is `(eᵗ − 1 − t)/t²`, which is how it is worked out: by its series for small t.
///
/// - **Shape**: decreasing in p; integrates to 1 over (0, 1), so that its mean is at most 1 where the
///   hypothesis is true.
/// - **Unit and range**: none; `[½, ∞]`: ½ at p = 1, infinite at p = 0 and where it is beyond a double.
/// - **Error**: relative, below 1e-13.
/// - **Source**: Vovk, Wang, "E-values: calibration, combination and applications", Annals of
///   Statistics 49 (2021), section 2.
///
///     calibratedEValue(pValue: 0.001)   // 20.8
///
/// - Parameter pValue: p, in [0, 1].
/// - Returns: The e-value; nil when p is not in [0, 1].
/// - Complexity: O(1).
public func calibratedEValue(pValue: Double) -> Double? {
  guard pValue >= 0, pValue <= 1 else { return nil }
  let t = -log(pValue)
  if t < 0.5 {
    // Σ tᵏ/(k + 2)!: the difference would lose digits.
    var term = 0.5
    var sum = 0.0
    var k = 2.0
    while term > sum * 1e-17 {
      sum += term
      k += 1
      term *= t / k
    }
    return sum
  }
  // Where eᵗ is beyond a double, so is the quotient: t² is below 10⁶.
  let excess = expm1(t) - t
  return excess.isFinite ? excess / (t * t) : .infinity
}

/// Which of several hypotheses are rejected so that the false discovery rate holds: e-BH.
///
/// With the e-values in decreasing order, the k largest are rejected for the largest k with
/// `e₍ₖ₎ ≥ K/(αk)`. The expected share of true hypotheses among the rejected ones is at most α, however the
/// e-values depend on each other.
///
/// - **Ties**: equal e-values are rejected together or not at all.
/// - **Source**: Wang, Ramdas, "False discovery rate control with e-values", Journal of the Royal
///   Statistical Society B 84 (2022), section 2.
///
///     rejectedByEBH([50, 45, 0.5, 0.7], rate: 0.05)   // [true, true, false, false]
///
/// - Parameters:
///   - eValues: One of each hypothesis of the family, at least 0, possibly infinite.
///   - rate: α, in (0, 1).
/// - Returns: Whether each is rejected, in the order of `eValues`.
/// - Complexity: O(K log K).
public func rejectedByEBH(_ eValues: [Double], rate: Double) -> [Bool] {
  precondition(rate > 0 && rate < 1, "rate \(rate)")
  let count = Double(eValues.count)
  var threshold = Double.infinity
  var isAny = false
  for (index, value) in eValues.sorted(by: >).enumerated()
  where value >= count / (rate * Double(index + 1)) {
    threshold = value
    isAny = true
  }
  return eValues.map { isAny && $0 >= threshold }
}
