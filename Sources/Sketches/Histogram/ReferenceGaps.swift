/// The gaps of a reference: its widest cells without a value.
///
/// Of a value in such a cell the cell tells little: between two clusters it may be as wide as nearly
/// the whole range. As many values as are there are counted by where they are, see
/// ``UnusualValues``; a window like the reference has hardly any.
public struct ReferenceGaps: Sendable, Equatable {
  /// How many gaps are known: with 16 the Wasserstein distance is within 1 % (`docs/statistics.md`).
  public static let limit = 16

  /// The indices of their cells, increasing.
  public let cells: [Int]
  /// The lower and the upper edge of each.
  private let ends: [(low: Double, high: Double)]

  /// No gaps.
  public init() {
    cells = []
    ends = []
  }

  /// The gaps of a grid.
  ///
  /// - Parameters:
  ///   - grid: The cells; those below the least and above the greatest value are no gaps.
  ///   - counts: The reference's, by cell; without any there is no gap.
  public init(_ grid: ReferenceGrid, counts: [UInt64]) {
    precondition(counts.count == grid.cellCount, "\(counts.count) counts")
    let edges = grid.edges
    let isCounted = counts.contains { $0 > 0 }
    let empty = edges.indices.dropFirst().filter {
      isCounted && counts[$0] == 0 && !grid.isAtom[$0]
    }
    // Halves, because the width of an interval of finite doubles may be infinite.
    let widest = empty.map { (cell: $0, width: edges[$0] / 2 - edges[$0 - 1] / 2) }
      .sorted { ($1.width, $0.cell) < ($0.width, $1.cell) }
    cells = widest.prefix(Self.limit).map(\.cell).sorted()
    ends = cells.map { (edges[$0 - 1], edges[$0]) }
  }

  /// How many of a column's values by cell are in gaps.
  ///
  /// - Parameter counts: By cell, as many as the grid has.
  /// - Returns: The sum of the gaps' counts.
  /// - Complexity: O(gaps).
  @inlinable
  public func total(of counts: UnsafePointer<UInt64>) -> UInt64 {
    var sum: UInt64 = 0
    for cell in cells { unsafe sum &+= counts[cell] }
    return sum
  }

  /// The edges of a gap; `nil` for a cell that is none.
  ///
  /// - Parameter cell: The cell's index.
  /// - Returns: The lower and the upper edge.
  /// - Complexity: O(gaps).
  public func edges(ofCell cell: Int) -> (low: Double, high: Double)? {
    cells.firstIndex(of: cell).map { ends[$0] }
  }

  /// The cell of the gap that a value lies in.
  ///
  /// - Complexity: O(gaps).
  func gap(of value: Double) -> (cell: Int, low: Double, high: Double)? {
    for (cell, ends) in zip(cells, ends) where value <= ends.high {
      return value > ends.low ? (cell, ends.low, ends.high) : nil
    }
    return nil
  }

  /// Two are the same when their cells and edges are.
  public static func == (left: ReferenceGaps, right: ReferenceGaps) -> Bool {
    left.cells == right.cells && left.ends.elementsEqual(right.ends, by: ==)
  }
}
