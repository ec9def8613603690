import Testing

@testable import Sketches

@Suite struct ReferenceGridTests {
  private static func grid(_ values: [Double]) throws -> ReferenceGrid {
    var reference = RankSummary()
    reference.insert(contentsOf: values.span)
    return try #require(ReferenceGrid(reference: reference))
  }

  private static func cells(_ values: [Double], _ grid: ReferenceGrid) -> [UInt64] {
    var cells = [UInt64](repeating: 0, count: grid.cellCount)
    for value in values { cells[grid.bins.cell(of: value)] += 1 }
    return cells
  }

  @Test(arguments: Sample.all, [1, 2, 3, 10, 199, 250, 6_000])
  func `deciles are edges and bins end at them`(sample: Sample, count: Int) throws {
    let values = sample.values(count)
    let grid = try Self.grid(values)
    let sorted = values.sorted()
    var deciles: [Double] = []
    for tenth in 1...9 {
      let position = Double(count - 1) * (Double(tenth) / 10)
      let index = Int(position)
      let (low, high) = (sorted[index], sorted[min(index + 1, count - 1)])
      let share = position - Double(index)
      let difference = high - low
      let decile = share < 0.5 ? low + difference * share : high - difference * (1 - share)
      if deciles.last != decile { deciles.append(decile) }
    }
    if deciles == [sorted[count - 1]] { deciles.insert(deciles[0].nextDown, at: 0) }
    #expect(grid.decileBins.dropLast().map { grid.edges[$0 - 1] } == deciles)
    #expect(grid.decileBins.last == grid.cellCount)
    let expected = (0...deciles.count).map { bin in
      UInt64(values.count { value in deciles.count { $0 < value } == bin })
    }
    #expect(grid.decileCounts(Self.cells(values, grid)) == expected)
  }

  @Test(arguments: Sample.all)
  func `no cell but an atom holds more than its share`(sample: Sample) throws {
    let values = sample.values(10_000)
    let grid = try Self.grid(values)
    for (cell, count) in Self.cells(values, grid).enumerated() where !grid.isAtom[cell] {
      // 1/250 of the values, and one at each end that interpolation may add.
      #expect(count <= 10_000 / 250 + 2, "cell \(cell)")
    }
    #expect(grid.cellCount <= 600)
    #expect(grid.minimum == values.min() && grid.maximum == values.max())
    #expect(grid.edges.contains(grid.minimum) && grid.edges.contains(grid.maximum))
  }

  @Test func `a value that fills more than a cell has a cell of its own`() throws {
    let values = Distribution.zeroInflated.sample(10_000, seed: 1)
    let grid = try Self.grid(values)
    let cell = grid.bins.cell(of: 0)
    #expect(grid.isAtom[cell])
    // The others are values that stand alone: the greatest one, and those beside a gap.
    for (cell, isAtom) in grid.isAtom.enumerated() where isAtom {
      #expect(values.contains(grid.edges[cell]), "cell \(cell)")
    }
    #expect(grid.bins.cell(of: (0.0).nextDown) == cell - 1)
    #expect(grid.bins.cell(of: (0.0).nextUp) == cell + 1)
  }

  @Test func `integers are all atoms`() throws {
    let grid = try Self.grid(Distribution.integers.sample(10_000, seed: 1))
    for value in -5...35 { #expect(grid.isAtom[grid.bins.cell(of: Double(value))], "\(value)") }
  }

  @Test(arguments: [1, 2, 1_000])
  func `a constant reference has three bins: its value, less, more`(count: Int) throws {
    let grid = try Self.grid([Double](repeating: 7.5, count: count))
    #expect(grid.edges == [(7.5).nextDown, 7.5])
    #expect(grid.isAtom == [false, true, false])
    #expect(grid.decileBins == [1, 2, 3])
  }

  @Test func `the extremes of the doubles make a grid`() throws {
    let grid = try Self.grid([-Double.greatestFiniteMagnitude, 0, .greatestFiniteMagnitude])
    #expect(grid.edges.allSatisfy { $0.isFinite })
    #expect(grid.bins.cell(of: .greatestFiniteMagnitude) == grid.edges.count - 1)
  }

  @Test func `an empty reference has no grid`() {
    #expect(ReferenceGrid(reference: RankSummary()) == nil)
  }

  @Test(arguments: Sample.all)
  func `decoding gives back the grid`(sample: Sample) throws {
    let grid = try Self.grid(sample.values(3_000))
    let bytes = grid.encoded()
    #expect(try ReferenceGrid(decoding: bytes) == grid)
    for length in stride(from: 0, to: bytes.count, by: 7) {
      #expect(throws: CodingError.self) { try ReferenceGrid(decoding: Array(bytes[..<length])) }
    }
  }

  @Test func `a share of ones that falls shows, however many ones there were`() throws {
    let reference = [Double](repeating: 1, count: 98) + [0, 0]
    let grid = try Self.grid(reference)
    #expect(grid.decileCounts(Self.cells(reference, grid)) == [2, 98, 0])
    let later = [Double](repeating: 1, count: 40) + [Double](repeating: 0, count: 60)
    #expect(grid.decileCounts(Self.cells(later, grid)) == [60, 40, 0])
  }
}
