internal import Sketches

/// The mean and the standard deviation (ddof 0) of weighted values, both finite whatever the
/// values are.
///
/// Where the squares leave the range of normal doubles, the values are scaled by a power of two, so
/// that the greatest one is near 1: of a value of 1e160 the square alone is infinite, and of values
/// of 1e−160 all squares are 0.
///
/// - Parameters:
///   - items: Finite values, by increasing value.
///   - count: The sum of their weights, above 0.
/// - Returns: Both; what is beyond the doubles as the greatest of them.
func meanAndDeviation(
  _ items: [RankSummary.Item],
  count: Double
) -> (mean: Double, deviation: Double) {
  let plain = sums(items, count: count, scaledBy: [])
  let isConstant = items.first?.value == items.last?.value
  if plain.mean.isFinite, isConstant || plain.variance.isNormal {
    return (plain.mean, plain.variance.squareRoot())
  }
  let magnitude = max(abs(items.first?.value ?? 0), abs(items.last?.value ?? 0))
  // The greatest one becomes less than a half: no difference and no square leaves the range.
  let exponent = magnitude.exponent + 2
  // In two steps, because the power that lifts the least doubles so far is no double.
  let up = [-exponent / 2, -exponent - -exponent / 2].map(power)
  let down = [exponent / 2, exponent - exponent / 2].map(power)
  let own = sums(items, count: count, scaledBy: up)
  let finite = { (value: Double) in
    min(max(value, -.greatestFiniteMagnitude), .greatestFiniteMagnitude)
  }
  return (
    finite(own.mean * down[0] * down[1]), finite(own.variance.squareRoot() * down[0] * down[1])
  )
}

private func power(_ exponent: Int) -> Double {
  Double(sign: .plus, exponent: exponent, significand: 1)
}

private func sums(
  _ items: [RankSummary.Item],
  count: Double,
  scaledBy factors: [Double]
) -> (mean: Double, variance: Double) {
  let values = items.map { factors.reduce($0.value, *) }
  let mean = compensatedSum(zip(values, items).map { $0 / count * Double($1.weight) })
  let squares = zip(values, items).map { value, item in
    let difference = value - mean
    return difference / count * difference * Double(item.weight)
  }
  return (mean, compensatedSum(squares))
}

/// A sum whose rounding error does not grow with the number of terms.
///
/// - **Source**: A. Neumaier, "Rundungsfehleranalyse einiger Verfahren zur Summation endlicher
///   Summen", 1974.
private func compensatedSum(_ terms: [Double]) -> Double {
  var sum = 0.0
  var lost = 0.0
  for term in terms {
    let next = sum + term
    lost += abs(sum) >= abs(term) ? (sum - next) + term : (term - next) + sum
    sum = next
  }
  return sum + lost
}
