import Records
import TestSupport
import Testing

@testable import Report

@Suite struct CellCodeTests {
  /// Reads cells as the page's script does, written from the description of the code alone.
  static func decode(_ text: [UInt8]) -> [DriftCell] {
    let alphabet = (UInt8(33)...126).filter { ![34, 60, 92].contains($0) }
    var digits = text.map { alphabet.firstIndex(of: $0) ?? -1 }[...]
    func take() -> Int { digits.removeFirst() }
    var cells: [DriftCell] = []
    func add(_ index: Int, _ low: Int) {
      cells.append(DriftCell(index: UInt16(index), low: UInt16(low)))
    }
    while !digits.isEmpty {
      let first = take()
      switch first {
      case ..<60: add(first, 0)
      case ..<75: add((first - 60) * 91 + take(), 0)
      case ..<88:
        let index = (first - 75) * 91 + take()
        var distance = take()
        if distance == 90 { distance = take() * 91 + take() }
        add(index, index - distance)
      case 88:
        let index = take() * 8281 + take() * 91 + take()
        add(index, take() * 8281 + take() * 91 + take())
      case 89: cells.append(.none)
      default:
        let times = take() * 91 + take()
        if let last = cells.last { cells += [DriftCell](repeating: last, count: times) }
      }
    }
    return cells
  }

  @Test(arguments: UInt64(1)...40)
  func `cells come back as they were`(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var cells: [DriftCell] = []
    for _ in 0..<200 {
      let scale: UInt64 = [60, 1000, 3000, 65_535][Int(random.next() % 4)]
      let index = UInt16(random.next() % scale)
      let low = UInt16(random.next() % (UInt64(index) + 1))
      let cell: DriftCell
      switch random.next() % 8 {
      case 0: cell = .none
      case 1: cell = DriftCell(index: low, low: index)
      case 2...4: cell = DriftCell(index: index, low: 0)
      default: cell = DriftCell(index: index, low: low)
      }
      cells += [DriftCell](repeating: cell, count: Int(random.next() % 9 == 0 ? 9000 : 1))
    }
    let text = CellCode.encode(cells)
    #expect(Self.decode(text) == cells, "seed \(seed)")
  }

  private static func drift(_ psi: Double, _ low: Double) -> StatisticValue {
    StatisticValue(value: low, psi: psi, n: 100)
  }

  @Test func `a calm cell takes one character, and a run of equal cells four`() {
    #expect(CellCode.encode([DriftCell(Self.drift(0.0312, 0))]).count == 1)
    let run = [DriftCell](repeating: DriftCell(StatisticValue(value: 0.0312, n: 9)), count: 8000)
    #expect(CellCode.encode(run).count == 4)
  }

  @Test func `no character needs an escape in JSON or HTML`() {
    let characters = (0..<CellCode.base).map(CellCode.character)
    #expect(Set(characters).count == 91)
    for character in characters {
      #expect((33...126).contains(character))
      #expect(![UInt8](#"<"\"#.utf8).contains(character))
    }
  }

  @Test func `of two cells the surer is worse, then the larger, and no verdict is best`() {
    let sure = DriftCell(index: 200, low: 120)
    let large = DriftCell(index: 900, low: 0)
    let larger = DriftCell(index: 901, low: 0)
    #expect(DriftCell.worst(sure, large) == sure)
    #expect(DriftCell.worst(large, larger) == larger)
    #expect(DriftCell.worst(.none, large) == large)
    #expect(DriftCell.worst(.none, .none) == .none)
  }

  @Test func `values are rounded to thousandths and kept in range`() {
    #expect(DriftCell(Self.drift(0.35449, -0.1)) == DriftCell(index: 354, low: 0))
    #expect(DriftCell(Self.drift(99, 98)) == DriftCell(index: 65_534, low: 65_534))
  }
}
