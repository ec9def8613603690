import Events
import Testing

@Suite struct CellTests {
  static let specials: [Cell] = [
    .missing, .null, .composite, .overflow, .false, .true, .tooLong,
  ]

  @Test func `specials differ from each other, from numbers and from references`() {
    for (index, special) in CellTests.specials.enumerated() {
      #expect(!special.isNumber)
      #expect(special.reference == nil)
      for other in CellTests.specials[..<index] {
        #expect(special != other)
      }
    }
  }

  @Test(arguments: [
    0.0, -0.0, 1.5, -1e308, .greatestFiniteMagnitude, .leastNonzeroMagnitude, .infinity,
  ])
  func `a number is its double`(number: Double) {
    let cell = Cell(number)
    #expect(cell.isNumber)
    #expect(cell.number.bitPattern == number.bitPattern)
    #expect(cell.reference == nil)
  }

  @Test func `a reference gives back its parts`() {
    for kind in TokenKind.allCases {
      for isEscaped in [false, true] {
        for offset in [0, 1, 12_345_678, (1 << 28) - 1] {
          for length in [0, 1, 999_999, (1 << 20) - 1] {
            let reference = TokenReference(
              kind: kind,
              isEscaped: isEscaped,
              offset: offset,
              length: length
            )
            #expect(Cell(reference).reference == reference)
            #expect(!Cell(reference).isNumber)
          }
        }
      }
    }
  }

  @Test func `the processor's own NaN is no reference`() {
    #expect(Cell(bits: 0xFFF8_0000_0000_0000).reference == nil)
  }
}
