/// A quantile read from a grid, with the bounds that surely hold the exact one.
public struct GridQuantile: Sendable, Equatable {
  /// The estimate, by linear interpolation inside the cells.
  public let value: Double
  /// The exact type-7 quantile is at or above this.
  public let low: Double
  /// The exact type-7 quantile is at or below this.
  public let high: Double
}

/// The type-7 quantile of a sample from its counts on a grid.
///
/// The quantile lies between the observations of ranks ⌊h⌋ and ⌈h⌉, `h = (n − 1)q`. The bounds are
/// the lower edge of the first one's cell and the upper edge of the second one's: they hold the
/// exact quantile also where the two are in different cells. The cells' spread is cut by the
/// sample's own minimum and maximum.
///
/// - **Shape**: counts of the cells `(e_{i−1}, e_i]`.
/// - **Unit and range**: that of the values; `minimum ≤ low ≤ value ≤ high ≤ maximum`.
/// - **Error kind**: deterministic bounds; the estimate inside them is empirical.
/// - **Source**: Hyndman and Fan, "Sample quantiles in statistical packages", 1996, definition 7.
///
/// - Parameters:
///   - edges: The grid's edges, strictly increasing.
///   - cells: Counts: one more than there are edges.
///   - minimum: The sample's smallest value, exact.
///   - maximum: The sample's largest value, exact.
///   - isAtom: For each cell whether all its mass is at its upper edge; empty when none is.
///   - order: Of a rank, counted from 0, of its cell and of its rank within the cell a range that surely
///     holds its value, where one is known that is narrower than the cell.
///   - q: In `[0, 1]`.
/// - Returns: The estimate and its bounds; nil when the cells are empty.
/// - Complexity: O(cells).
public func gridQuantile(
  edges: [Double],
  cells: [UInt64],
  minimum: Double,
  maximum: Double,
  isAtom: [Bool] = [],
  order: (UInt64, _ cell: Int, _ within: UInt64) -> ClosedRange<Double>? = { _, _, _ in nil },
  _ q: Double
) -> GridQuantile? {
  precondition(q >= 0 && q <= 1, "quantile \(q)")
  precondition(cells.count == edges.count + 1, "\(cells.count) cells, \(edges.count) edges")
  precondition(
    isAtom.isEmpty || isAtom.count == cells.count,
    "\(isAtom.count) flags, \(cells.count) cells"
  )
  let count = cells.reduce(0, +)
  if count == 0 { return nil }
  let position = Double(count - 1) * q
  let rank = min(UInt64(position), count - 1)
  let share = position - Double(rank)
  func observation(_ rank: UInt64) -> GridQuantile {
    if rank == 0 { return GridQuantile(value: minimum, low: minimum, high: minimum) }
    if rank == count - 1 { return GridQuantile(value: maximum, low: maximum, high: maximum) }
    var before: UInt64 = 0
    var index = 0
    while before + cells[index] <= rank {
      before += cells[index]
      index += 1
    }
    let upper = index == edges.count ? maximum : min(edges[index], maximum)
    if !isAtom.isEmpty && isAtom[index] {
      return GridQuantile(value: upper, low: upper, high: upper)
    }
    let lower = index == 0 ? minimum : max(edges[index - 1], minimum)
    if let known = order(rank, index, rank - before) {
      let low = min(max(known.lowerBound, lower), upper)
      let high = max(min(known.upperBound, upper), low)
      return GridQuantile(value: middle(low, high), low: low, high: high)
    }
    // The k-th of c evenly spread values lies in the middle of the k-th c-th part of the cell.
    let place = (Double(rank - before) + 0.5) / Double(cells[index])
    let value = min(upper, between(lower, upper, place))
    return GridQuantile(value: value, low: lower, high: upper)
  }
  let first = observation(rank)
  if share == 0 { return first }
  let second = observation(rank + 1)
  let value = between(first.value, second.value, share)
  return GridQuantile(value: value, low: first.low, high: second.high)
}

/// The point of an interval whose relative error is the same at both ends, within it.
private func middle(_ low: Double, _ high: Double) -> Double {
  guard low > 0 || high < 0 else { return between(low, high, 0.5) }
  return min(max(low * (2 / (1 + low / high)), low), high)
}

/// The point that divides an interval; the width of one of finite doubles may be infinite.
private func between(_ low: Double, _ high: Double, _ share: Double) -> Double {
  let width = high - low
  return width.isFinite ? low + share * width : low * (1 - share) + high * share
}
