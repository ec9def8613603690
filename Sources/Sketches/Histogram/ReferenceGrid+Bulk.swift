/// The range that a reference's usual values lie in.
extension ReferenceGrid {
  /// How many widths of the densest half of the cells a value may be away from it and still be usual.
  private static let reach = 64.0
  /// Of so many cells with values at most one may be beyond the reach: more are a tail.
  private static let cellsOfOutlier = 10
  /// So many cells may be beyond the reach in any case: sentinels of a flag.
  private static let outlierCells = 2

  /// The range of the usual values: without outliers and sentinels, which may lie so far away that
  /// scales which were taken from them would round all others to one number.
  ///
  /// The densest half is the shortest range that holds half of the cells with values; of what is
  /// within 64 times its width the range goes from the least to the greatest. Where more than a tenth
  /// of the cells are beyond, they are a long tail: then 64 times as far, and so on. A cell counts
  /// once however many values it has, so a sentinel may be most of the reference.
  ///
  /// - Parameter counts: The reference's counts by cell.
  /// - Returns: A range within the least and the greatest value.
  /// - Complexity: O(cells).
  public func bulk(_ counts: [UInt64]) -> ClosedRange<Double> {
    precondition(counts.count == cellCount, "\(counts.count) counts for \(cellCount) cells")
    let cells = counts.indices.filter { counts[$0] > 0 }.map { cell in
      let high = cell < edges.count ? edges[cell] : maximum
      let low = cell == 0 || isAtom[cell] ? high : edges[cell - 1]
      return (low: max(low, minimum), high: min(high, maximum))
    }
    guard cells.count > 2 else { return minimum...maximum }
    let half = max(2, cells.count / 2)
    // Halves, because the width of an interval of finite doubles may be infinite.
    let halfWidth = { (first: Int) in cells[first + half - 1].high / 2 - cells[first].low / 2 }
    let first = (0...cells.count - half).min { halfWidth($0) < halfWidth($1) } ?? 0
    let most = max(Self.outlierCells, cells.count / Self.cellsOfOutlier)
    var reach = 2 * halfWidth(first)
    while reach.isFinite, reach > 0 {
      reach *= Self.reach
      let low = cells[first].low - reach
      let high = cells[first + half - 1].high + reach
      let usual = cells.filter { $0.low >= low && $0.high <= high }
      guard let least = usual.first, let greatest = usual.last else { break }
      if cells.count - usual.count <= most { return least.low...greatest.high }
    }
    return minimum...maximum
  }
}
