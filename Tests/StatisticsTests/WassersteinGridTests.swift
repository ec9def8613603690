import Testing

import Sketches
@testable import Statistics

/// The Wasserstein distance on grids of real streams, against SciPy's on the raw values.
@Suite struct WassersteinGridTests {
  @Test func `the distance is within 1 percent of SciPy's on real streams`() throws {
    let lines = try goldenLines("wasserstein_grids.csv")
      .map { $0.split(separator: ",").map(String.init) }
    #expect(lines.count == 5 * 14)
    for start in stride(from: 0, to: lines.count, by: 5) {
      let header = lines[start]
      let numbers = try header[3...].map { try #require(Double($0)) }
      let edges = try lines[start + 1].map { try #require(Double($0)) }
      let isAtom = lines[start + 2].map { $0 == "1" }
      let reference = try lines[start + 3].map { try #require(UInt64($0)) }
      let current = try lines[start + 4].map { try #require(UInt64($0)) }
      let distance = try #require(
        wassersteinDistance(
          edges: edges,
          reference: GridSample(cells: reference),
          current: GridSample(cells: current, sumBelow: numbers[1], sumAbove: numbers[2]),
          isAtom: isAtom
        )
      )
      #expect(relativeError(distance, numbers[0]) < 0.01, "\(header): \(distance)")
    }
  }

  @Test func `the widest cells are halved as NumPy halves them`() throws {
    // Three cells of 4, 2 and 8: the weights are 16 · 8, 4 · 100 and 64 · 0.
    let counts: [Double: UInt64] = [0: 0, 4: 8, 6: 108, 14: 108, 5: 60]
    let split = splittingWideCells(
      edges: [0, 4, 6, 14],
      isAtom: [false, false, false, false, false],
      additional: 1
    ) { counts[$0] ?? 0 }
    #expect(split.edges == [0, 4, 5, 6, 14])
    #expect(split.isAtom.count == 6)
    // Atoms stay whole, and so do neighbouring numbers.
    let atoms = splittingWideCells(
      edges: [0, 4, (4.0).nextUp],
      isAtom: [false, true, false, false],
      additional: 5
    ) { _ in 0 }
    #expect(atoms.edges == [0, 4, (4.0).nextUp])
  }
}
