import Testing

@testable import Sketches
import TestSupport

@Suite struct ReferenceBinsTests {
  /// Edges that ask for each kind of table, and for none.
  static let edgeSets: [(name: String, edges: [Double])] = {
    var sets: [(String, [Double])] = []
    for distribution in Distribution.allCases {
      for (count, seed) in [(1, UInt64(1)), (2, 2), (9, 3), (257, 4), (1_024, 5)] {
        let values = Set(distribution.sample(4 * count, seed: seed).map { $0 + 0.0 })
        sets.append(("\(distribution.rawValue) \(count)", Array(values.sorted().prefix(count))))
      }
    }
    let atoms = (0..<100).flatMap { [Double($0).nextDown, Double($0)] }
    let powers = (-500...500).map { Double(sign: .plus, exponent: 2 * $0, significand: 1) }
    let denormals = (1...40).map { Double(bitPattern: UInt64($0 * $0)) }
    let run = (0..<1_000).map { Double(bitPattern: (1.0).bitPattern + UInt64($0)) }
    sets += [
      ("atoms", atoms), ("negative atoms", atoms.map { -$0 }.sorted()), ("zero", [0]),
      ("atom at zero", [(0.0).nextDown, 0]), ("powers", powers),
      ("signed powers", powers.reversed().map { -$0 } + powers), ("denormals", denormals),
      ("neighbours", run), ("neighbours and far", [-1e308, -1] + run + [1e300, 1e308]),
      ("greatest", [-Double.greatestFiniteMagnitude, .greatestFiniteMagnitude]),
      ("far pairs", (1...60).flatMap { [Double($0) * 1e6, Double($0) * 1e6 + 1e-6] }),
    ]
    return sets.map { (name: $0.0, edges: Array($0.1.prefix(ReferenceBins.maximumEdges))) }
  }()

  @Test(arguments: edgeSets.indices)
  func `the cell is the number of edges less than the value`(index: Int) {
    let (name, edges) = Self.edgeSets[index]
    let bins = ReferenceBins(edges: edges)
    var generator = SeededGenerator(seed: UInt64(index))
    for value in Self.probes(of: edges, &generator) {
      let expected = edges.count { $0 < value }
      #expect(bins.cell(of: value) == expected, "\(name) \(value)")
      #expect(Self.countedCell(of: value, in: bins) == expected, "\(name) \(value)")
    }
  }

  /// Values at, just below and just above every edge, between edges, and of every extreme kind.
  private static func probes(of edges: [Double], _ generator: inout SeededGenerator) -> [Double] {
    var probes: [Double] = [
      0, -0.0, .leastNonzeroMagnitude, -.leastNonzeroMagnitude, .leastNormalMagnitude,
      -.leastNormalMagnitude, 1e308, -1e308,
      .infinity, -.infinity,
      .greatestFiniteMagnitude, -.greatestFiniteMagnitude, 1, -1,
    ]
    // All of a grid's edges, a part of the largest sets': each probe is compared with every edge.
    let step = edges.count / 300 + 1
    for index in stride(from: 0, to: edges.count, by: step) {
      let edge = edges[index]
      probes += [edge.nextDown, edge, edge.nextUp, edge * 0.999, edge * 1.001]
    }
    for (low, high) in zip(edges, edges.dropFirst()).prefix(300) {
      probes.append(low / 2 + high / 2)
      probes.append(low + (high - low) * generator.uniform())
    }
    for _ in 0..<100 {
      let any = Double(bitPattern: generator.next())
      if !any.isNaN { probes.append(any) }
    }
    return probes.filter { !$0.isNaN }
  }

  private static func countedCell(of value: Double, in bins: ReferenceBins) -> Int? {
    var cells = [UInt64](repeating: 0, count: bins.cellCount)
    unsafe [value].withUnsafeBufferPointer { values in
      unsafe cells.withUnsafeMutableBufferPointer { cells in
        guard let base = cells.baseAddress else { return }
        unsafe bins.count(values, into: base)
      }
    }
    return cells.reduce(0, +) == 1 ? cells.firstIndex(of: 1) : nil
  }

  @Test func `NaN lands in some cell and touches nothing else`() {
    for (name, edges) in Self.edgeSets {
      #expect(Self.countedCell(of: .nan, in: ReferenceBins(edges: edges)) != nil, "\(name)")
      #expect(Self.countedCell(of: -.nan, in: ReferenceBins(edges: edges)) != nil, "\(name)")
    }
  }

  @Test(arguments: Sample.all)
  func `a table fits the grid of every common shape`(sample: Sample) throws {
    var reference = RankSummary()
    reference.insert(contentsOf: sample.values(20_000).span)
    let grid = try #require(ReferenceGrid(reference: reference))
    #expect(grid.bins.isTabulated)
    #expect(grid.bins.plan.table.count <= LookupPlan.maximumPlaces)
  }

  @Test func `every kind of look-up is taken by some edges`() {
    var kinds: Set<String> = []
    for (_, edges) in Self.edgeSets {
      switch ReferenceBins(edges: edges).plan.mapping {
      case .linear: kinds.insert("linear")
      case .bits: kinds.insert("bits")
      case .twoLevel: kinds.insert("twoLevel")
      case .search: kinds.insert("search")
      }
    }
    #expect(kinds == ["linear", "bits", "twoLevel", "search"])
  }

  @Test func `edges out of order are refused when read`() {
    var writer = ByteWriter()
    writer.write(varint: 2)
    writer.write(double: 1)
    writer.write(double: 1)
    let bytes = writer.bytes
    #expect(throws: CodingError.invalid(offset: 9)) { try ReferenceBins(decoding: bytes) }
  }

  @Test func `edges are given back by decoding`() throws {
    for (name, edges) in Self.edgeSets {
      let bins = ReferenceBins(edges: edges)
      #expect(try ReferenceBins(decoding: bins.encoded()) == bins, "\(name)")
    }
  }
}
