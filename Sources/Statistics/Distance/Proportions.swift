/// The totals of two histograms of the same bins, both above 0.
struct HistogramTotals {
  let reference: Double
  let current: Double

  /// Nothing when one of the histograms is empty: its shares have no meaning.
  ///
  /// - Parameters:
  ///   - reference: Counts by bin.
  ///   - current: Counts by the same bins.
  init?(reference: [UInt64], current: [UInt64]) {
    precondition(
      reference.count == current.count,
      "\(reference.count) reference bins, \(current.count) current bins"
    )
    // Sums of doubles: exact below 2^53, and they cannot overflow.
    self.reference = reference.reduce(0) { $0 + Double($1) }
    self.current = current.reduce(0) { $0 + Double($1) }
    if self.reference == 0 || self.current == 0 { return nil }
  }
}

extension HistogramTotals {
  /// `Σ term(pᵢ, qᵢ)` over the bins' shares of the reference and of the current.
  func sum(
    _ reference: [UInt64],
    _ current: [UInt64],
    _ term: (_ p: Double, _ q: Double) -> Double
  ) -> Double {
    var sum = 0.0
    for (r, c) in zip(reference, current) {
      sum += term(Double(r) / self.reference, Double(c) / self.current)
    }
    return sum
  }
}
