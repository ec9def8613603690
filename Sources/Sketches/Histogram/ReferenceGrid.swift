/// The cells that a reference fixed for one number: about 256 of equal mass, and 128 in its tails.
///
/// The edges are the reference's type-7 quantiles at k/250, which contain its deciles, its least
/// and greatest values, and a few quantiles further out in the tails. A value that fills more than
/// 1/250 of the reference (an atom) gets a cell of its own, `(v.nextDown, v]`; where there are at most
/// 250 different values, each does, and all that is read from the cells is exact. The cells that are
/// widest for their mass are then cut by 128 edges, see
/// ``splittingWideCells(edges:isAtom:additional:countAtOrBelow:largestGap:)``.
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
  /// For each bin of the population stability index, the index one past its last cell.
  ///
  /// The bins are those between the deciles, merged where deciles tie; the last ends at the cell
  /// count. Where all deciles are the greatest value, that value and what is less have a bin each.
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
  ///
  /// - Complexity: O(n) after ``RankSummary/sort()``.
  public init?(reference: RankSummary) {
    guard let minimum = reference.minimum, let maximum = reference.maximum else { return nil }
    let ranked = reference.ranked
    let cells = (0...Self.quantileCells).map { Double($0) / Double(Self.quantileCells) }
    var edges = ranked.quantiles(cells) + [minimum, maximum]
    if reference.count >= Self.tailMinimumCount {
      let tails = Self.tailShares + Self.tailShares.map { 1 - $0 }
      edges += ranked.quantiles(tails)
    }
    let cellWeight = max(reference.count / UInt64(Self.quantileCells), 1)
    let atoms = minimum == maximum ? [minimum] : ranked.values(heavierThan: cellWeight)
    edges += atoms + atoms.map(\.nextDown)
    // The greatest value stands alone: an outlier is where it is, not spread over its cell.
    if minimum < maximum { edges.append(maximum.nextDown) }
    var deciles = ranked.quantiles((1...9).map { Double($0) / 10 })
    // Deciles that are all the greatest value would put the whole reference into one bin, and what
    // falls below it later, too. Such a value is an atom: the edge below it is there.
    if deciles.allSatisfy({ $0 == maximum }), maximum.nextDown.isFinite {
      deciles.append(maximum.nextDown)
    }
    let quantileEdges = Self.increasing(edges.filter(\.isFinite))
    // Few values have a cell each; what lies between two of them is no more than their quantiles.
    let ownEdges = ranked.values(atMost: Self.quantileCells).map {
      Self.increasing(($0 + $0.map(\.nextDown) + deciles).filter(\.isFinite))
    }
    // Distant clusters may leave no table for so many edges; fewer do then. Where none has one, a
    // search costs the same with all of them.
    let candidates = [ownEdges, quantileEdges].compactMap(\.self).lazy.flatMap { start in
      Self.wideCellEdges.lazy.map { additional in
        let (allEdges, _) = splittingWideCells(
          edges: start,
          isAtom: Self.atoms(of: start),
          additional: additional,
          countAtOrBelow: ranked.count(atOrBelow:),
          largestGap: ranked.largestGap(above:upTo:)
        )
        return ReferenceBins(edges: allEdges)
      }
    }
    self.init(
      bins: candidates.first(where: \.isTabulated) ?? candidates.first
        ?? ReferenceBins(edges: quantileEdges),
      deciles: Self.increasing(deciles),
      minimum: minimum,
      maximum: maximum
    )
  }

  /// The cells for numbers of which no reference is known: 1, 2 and 5 times the powers of ten.
  ///
  /// Both signs from 10^−6 to 10^9, and 0; as the bins of distances the powers of ten from 10^−3
  /// to 10^4 and 0. It serves until a reference has been taken.
  public static let generic: ReferenceGrid = {
    let decades = [1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8]
    let magnitudes = decades.flatMap { [$0, 2 * $0, 5 * $0] } + [1e9]
    return ReferenceGrid(
      bins: ReferenceBins(edges: increasing(magnitudes + [0] + magnitudes.map { -$0 })),
      deciles: [0, 1e-3, 1e-2, 0.1, 1, 10, 100, 1e3, 1e4],
      minimum: -1e9,
      maximum: 1e9
    )
  }()

  /// Further quantiles in the lower tail, mirrored in the upper one: beyond them a drift of the
  /// tail alone would move mass inside one cell.
  private static let tailShares = [0.0005, 0.001, 0.002]
  /// From here on the outermost of these quantiles has two values beyond it.
  private static let tailMinimumCount = UInt64(4_000)

  /// How many edges halve the cells which are widest for their mass: as many as a look-up table takes.
  ///
  /// With 128 the Wasserstein distance is within 1 % of the exact one (`docs/statistics.md`); the
  /// last ones cut the widest gaps.
  private static let wideCellEdges = [128, 64, 32, 16, 8]

  private init(bins: ReferenceBins, deciles: [Double], minimum: Double, maximum: Double) {
    self.bins = bins
    self.minimum = minimum
    self.maximum = maximum
    isAtom = Self.atoms(of: bins.edges)
    // A decile is an edge, and the cell that ends at it has the edge's index.
    decileBins = deciles.map { bins.cell(of: $0) + 1 } + [bins.cellCount]
  }

  /// Which cells hold one double only: those between neighbouring doubles.
  private static func atoms(of edges: [Double]) -> [Bool] {
    (0...edges.count).map { cell in
      cell > 0 && cell < edges.count && edges[cell - 1].nextUp == edges[cell]
    }
  }

  private static func increasing(_ values: [Double]) -> [Double] {
    var unique: [Double] = []
    for value in values.sorted() where unique.last.map({ $0 < value }) ?? true {
      unique.append(value)
    }
    return unique
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

extension ReferenceGrid: ByteCodable {
  /// Layout: the edges; the number of deciles after merging, and for each the distance of its
  /// edge's index from the one before; the minimum and the maximum as doubles.
  public func encode(into writer: inout ByteWriter) {
    bins.encode(into: &writer)
    writer.write(varint: UInt64(decileBins.count - 1))
    var last = 0
    for end in decileBins.dropLast() {
      writer.write(varint: UInt64(end - last))
      last = end
    }
    writer.write(double: minimum)
    writer.write(double: maximum)
  }

  /// Reads what ``encode(into:)`` wrote.
  public init(from reader: inout ByteReader) throws(CodingError) {
    let bins = try ReferenceBins(from: &reader)
    let start = reader.offset
    let decileCount = try reader.readCount(limit: 9)
    var deciles: [Double] = []
    var end = 0
    for _ in 0..<decileCount {
      let offset = reader.offset
      let distance = try reader.readCount(limit: bins.edges.count - end)
      guard distance > 0 else { throw .invalid(offset: offset) }
      end += distance
      deciles.append(bins.edges[end - 1])
    }
    let minimum = try reader.readFiniteDouble()
    let maximum = try reader.readFiniteDouble()
    guard decileCount > 0, minimum <= maximum else { throw .invalid(offset: start) }
    self.init(bins: bins, deciles: deciles, minimum: minimum, maximum: maximum)
  }
}
