/// The cells that a reference fixed for one number: about 256 of them, of equal mass.
///
/// The edges are the reference's type-7 quantiles at k/250, which contain its deciles, its least
/// and greatest values, and a few quantiles further out in the tails. A value that fills more than
/// 1/250 of the reference (an atom) gets a cell of its own, `(v.nextDown, v]`.
///
/// - **Guarantee**: deciles are edges exactly; every cell but an atom holds at most about 1/250 of
///   the reference; as exact as the ``RankSummary`` it was made from.
public struct ReferenceGrid: Sendable, Equatable {
  /// The number of quantile cells before atoms and tails: a multiple of ten, so that the deciles
  /// are edges.
  public static let quantileCells = 250

  /// The cells with their look-up.
  public let bins: ReferenceBins
  /// For each cell, whether it can hold only one value: no mass can lie inside it.
  public let isAtom: [Bool]
  /// For each bin of the population stability index, the index one past its last cell. The bins
  /// are those between the deciles, merged where deciles tie; the last ends at the cell count.
  public let decileBins: [Int]
  /// The reference's least value.
  public let minimum: Double
  /// The reference's greatest value.
  public let maximum: Double

  /// The edges.
  public var edges: [Double] { bins.edges }
  /// The number of cells.
  public var cellCount: Int { bins.cellCount }

  /// Builds the cells; nil when the reference has no values.
  public init?(reference: RankSummary) {
    nil
  }

  /// Adds up cells to the bins between the deciles.
  public func decileCounts(_ cells: [UInt64]) -> [UInt64] {
    precondition(cells.count == cellCount, "\(cells.count) counts for \(cellCount) cells")
    var first = 0
    return decileBins.map { end in
      defer { first = end }
      return cells[first..<end].reduce(0, &+)
    }
  }
}
