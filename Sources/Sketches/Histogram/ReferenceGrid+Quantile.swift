extension ReferenceGrid {
  /// An estimate of a quantile from counts over the cells; nil when all counts are 0.
  ///
  /// The type-7 rank is found among the cells exactly; inside its cell the values are taken to be
  /// spread evenly between the cell's edges, or the extremes where these are closer.
  ///
  /// - **Guarantee**: deterministic; the estimate lies in the same cell as the exact order
  ///   statistic (or, between two cells, between the two order statistics' cells), and is exact in
  ///   an atom. On data like the reference a cell holds 1/250 of the mass.
  ///
  /// - Parameters:
  ///   - probability: In 0...1.
  ///   - cells: ``cellCount`` counts.
  ///   - extremes: Those of the counted values.
  /// - Returns: The estimate, within the extremes.
  /// - Complexity: O(cells).
  public func quantile(_ probability: Double, cells: [UInt64], extremes: Extremes) -> Double? {
    quantiles([probability], cells: cells, extremes: extremes)?.first
  }

  /// Estimates of several quantiles, see ``quantile(_:cells:extremes:)``; nil when all counts are
  /// 0.
  ///
  /// - Complexity: O(probabilities · cells).
  public func quantiles(
    _ probabilities: [Double],
    cells: [UInt64],
    extremes: Extremes
  ) -> [Double]? {
    precondition(cells.count == cellCount, "\(cells.count) counts for \(cellCount) cells")
    let count = cells.reduce(0, &+)
    guard count > 0, !extremes.isEmpty else { return nil }
    return probabilities.map { probability in
      precondition((0...1).contains(probability), "probability \(probability) out of range")
      let position = Double(count - 1) * probability
      let lower = position.rounded(.down)
      let low = value(atRank: UInt64(lower), cells: cells, extremes: extremes)
      let share = position - lower
      guard share > 0 else { return low }
      let high = value(atRank: UInt64(lower) + 1, cells: cells, extremes: extremes)
      return low * (1 - share) + high * share
    }
  }

  /// The value of the order statistic `rank`, counted from 0 and less than the count.
  private func value(atRank rank: UInt64, cells: [UInt64], extremes: Extremes) -> Double {
    var (cell, before) = (0, UInt64(0))
    while cell < cellCount - 1, before &+ cells[cell] <= rank {
      before &+= cells[cell]
      cell += 1
    }
    if isAtom[cell] { return edges[cell] }
    let lower = cell == 0 ? extremes.minimum : max(edges[cell - 1], extremes.minimum)
    let upper = cell == cellCount - 1 ? extremes.maximum : min(edges[cell], extremes.maximum)
    // The middle of the value's share of the cell.
    let share = (Double(rank - before) + 0.5) / Double(max(cells[cell], 1))
    return min(max(lower * (1 - share) + upper * share, extremes.minimum), extremes.maximum)
  }
}
