/// The cells that a reference fixed, and the way from a value to its cell.
///
/// Cells are right-closed: cell 0 is `(−∞, e₀]`, cell i is `(eᵢ₋₁, eᵢ]`, the last is `(eₗ, +∞)`.
/// A value's cell is the number of edges that are less than it.
///
/// Counts over the cells are plain arrays of integers: exact, mergeable, subtractable, and
/// independent of order. One value of this type is shared by all panes.
///
/// - **Guarantee**: the cell is exact for every double but NaN, which lands in an arbitrary cell
///   (the caller counts numbers only).
/// - **Memory**: 5–10 KB for the 257 edges of a ``ReferenceGrid``; at most 28 KB.
/// - **Cost**: 1.5–3 ns a value when a table fits, which it does for all but contrived edges; see
///   ``isTabulated``.
public struct ReferenceBins: Sendable, Equatable {
  /// The greatest number of edges: cells have to fit 16 bits, and beyond a thousand the tables
  /// would leave the first-level cache.
  public static let maximumEdges = 1_024

  /// The edges, strictly increasing and finite; −0 is written as 0.
  public let edges: [Double]
  /// The edges and two NaNs, which no value exceeds, so that the loop may look one past the end.
  let paddedEdges: [Double]
  /// How a value finds its place in the table.
  let plan: LookupPlan

  /// Fixes the cells and chooses the fastest exact look-up for them.
  ///
  /// - Parameter edges: Strictly increasing and finite, 1 to ``maximumEdges`` of them.
  public init(edges: [Double]) {
    precondition(
      !edges.isEmpty && edges.count <= Self.maximumEdges,
      "1 to \(Self.maximumEdges) edges are possible, got \(edges.count)"
    )
    self.edges = edges.map { $0 + 0.0 }
    for index in edges.indices {
      precondition(edges[index].isFinite, "edge \(index) is not finite: \(edges[index])")
      precondition(
        index == 0 || edges[index - 1] < edges[index],
        "edge \(index) does not exceed the one before it: \(edges[index])"
      )
    }
    paddedEdges = self.edges + [.nan, .nan]
    plan = LookupPlan(edges: self.edges)
  }

  /// The number of cells, one more than edges.
  public var cellCount: Int { edges.count + 1 }

  /// Whether a table fits the edges; otherwise values are found by binary search, ten times slower.
  public var isTabulated: Bool { plan.mapping != .search }

  /// The cell of one value: the number of edges less than it.
  ///
  /// - Complexity: O(log edges).
  public func cell(of value: Double) -> Int {
    var (low, high) = (0, edges.count)
    while low < high {
      let middle = (low + high) / 2
      if edges[middle] < value { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Two sets of cells are the same when their edges are.
  public static func == (left: ReferenceBins, right: ReferenceBins) -> Bool {
    left.edges == right.edges
  }
}

extension ReferenceBins: ByteCodable {
  /// Layout: the number of edges, then the edges as doubles.
  public func encode(into writer: inout ByteWriter) {
    writer.write(varint: UInt64(edges.count))
    for edge in edges { writer.write(double: edge) }
  }

  /// Reads what ``encode(into:)`` wrote.
  public init(from reader: inout ByteReader) throws(CodingError) {
    let start = reader.offset
    let count = try reader.readCount(limit: Self.maximumEdges)
    guard count > 0 else { throw .invalid(offset: start) }
    guard reader.remaining >= 8 * count else { throw .truncated(offset: reader.offset) }
    var edges: [Double] = []
    edges.reserveCapacity(count)
    for _ in 0..<count {
      let offset = reader.offset
      let edge = try reader.readFiniteDouble()
      if let last = edges.last, last >= edge { throw .invalid(offset: offset) }
      edges.append(edge)
    }
    self.init(edges: edges)
  }
}
