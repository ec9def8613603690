import Glibc

/// ln of the mean of exponentials, without an overflow.
///
/// - Parameter logarithms: The exponents: finite, or −∞; one at least.
/// - Returns: −∞ where all are.
/// - Complexity: O(n).
func logMean(_ logarithms: some Collection<Double>) -> Double {
  let most = logarithms.max() ?? -.infinity
  guard most.isFinite else { return most }
  return most + log(logarithms.reduce(0) { $0 + exp($1 - most) } / Double(logarithms.count))
}
