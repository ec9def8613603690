import Events

/// Numbers, column by column; what is a constant or a column already is not copied.
extension EventEvaluator {
  func compare(
    _ symbol: BinaryOperator,
    _ left: EventNumberNode,
    _ right: EventNumberNode,
    into truths: Truths
  ) {
    switch (left, right) {
    case (_, .constant(let constant)):
      unsafe withNumbers(left) { unsafe compare(symbol, $0, constant, into: truths) }
    case (.constant(let constant), _):
      let mirrored = symbol.mirrored ?? symbol
      unsafe withNumbers(right) { unsafe compare(mirrored, $0, constant, into: truths) }
    default:
      unsafe withNumbers(left) { first in
        unsafe withNumbers(right) { second in
          for row in 0..<rowCount {
            let (one, other) = unsafe (first[row], second[row])
            let isKnown = one == one && other == other
            unsafe truths[row] =
              !isKnown ? Truth.unknown : symbol.compares(one, other) ? Truth.yes : Truth.no
          }
        }
      }
    }
  }

  /// One loop an operator, so that none asks for it in each row.
  private func compare(
    _ symbol: BinaryOperator,
    _ numbers: UnsafePointer<Double>,
    _ constant: Double,
    into truths: Truths
  ) {
    switch constant.isNaN ? .or : symbol {
    case .equal: unsafe judge(numbers, into: truths) { $0 == constant }
    case .notEqual: unsafe judge(numbers, into: truths) { $0 != constant }
    case .less: unsafe judge(numbers, into: truths) { $0 < constant }
    case .lessOrEqual: unsafe judge(numbers, into: truths) { $0 <= constant }
    case .greater: unsafe judge(numbers, into: truths) { $0 > constant }
    case .greaterOrEqual: unsafe judge(numbers, into: truths) { $0 >= constant }
    case .or, .and, .add, .subtract, .multiply, .divide:
      unsafe truths.update(repeating: Truth.unknown, count: rowCount)
    }
  }

  @inline(__always)
  private func judge(
    _ numbers: UnsafePointer<Double>,
    into truths: Truths,
    _ holds: (Double) -> Bool
  ) {
    for row in 0..<rowCount {
      let value = unsafe numbers[row]
      unsafe truths[row] = value != value ? Truth.unknown : holds(value) ? Truth.yes : Truth.no
    }
  }

  /// Calls `body` with the numbers of all rows.
  func withNumbers(_ number: EventNumberNode, _ body: (UnsafePointer<Double>) -> Void) {
    if case .field(let field) = number {
      // Everything in a cell that is no number is a NaN already.
      return unsafe columns[field].withMemoryRebound(to: Double.self, capacity: rowCount) {
        unsafe body($0)
      }
    }
    unsafe withUnsafeTemporaryAllocation(of: Double.self, capacity: rowCount) { buffer in
      guard let base = buffer.baseAddress else { return }
      unsafe base.initialize(repeating: .nan, count: rowCount)
      unsafe fill(base, with: number)
      unsafe body(base)
    }
  }

  private func fill(_ numbers: Numbers, with number: EventNumberNode) {
    switch number {
    case .constant(let value): unsafe numbers.update(repeating: value, count: rowCount)
    case .field(let field):
      let column = unsafe columns[field]
      for row in 0..<rowCount { unsafe numbers[row] = Double(bitPattern: column[row]) }
    case .negative(let operand):
      unsafe fill(numbers, with: operand)
      for row in 0..<rowCount { unsafe numbers[row] = -numbers[row] }
    case .absolute(let operand):
      unsafe fill(numbers, with: operand)
      for row in 0..<rowCount { unsafe numbers[row] = numbers[row].magnitude }
    case .arithmetic(let symbol, let left, .constant(let constant)):
      unsafe fill(numbers, with: left)
      for row in 0..<rowCount {
        unsafe numbers[row] = symbol.arithmetic(numbers[row], constant)
      }
    case .arithmetic(let symbol, let left, let right):
      unsafe fill(numbers, with: left)
      unsafe withNumbers(right) { second in
        for row in 0..<rowCount {
          unsafe numbers[row] = symbol.arithmetic(numbers[row], second[row])
        }
      }
    case .seconds(let field, let perSecond):
      let column = unsafe columns[field]
      for row in 0..<rowCount { unsafe numbers[row] = Double(bitPattern: column[row]) / perSecond }
    case .countable(let field):
      let column = unsafe columns[field]
      for row in 0..<rowCount { unsafe numbers[row] = countable(column[row]) }
    case .indicator(let condition):
      unsafe withTruths(condition) { truths in
        for row in 0..<rowCount {
          let truth = unsafe truths[row]
          unsafe numbers[row] = truth == Truth.unknown ? .nan : truth == Truth.yes ? 1 : 0
        }
      }
    case .filtered(let operand, let condition):
      unsafe fill(numbers, with: operand)
      unsafe withTruths(condition) { truths in
        for row in 0..<rowCount {
          let holds = unsafe truths[row] == Truth.yes
          unsafe numbers[row] = holds ? numbers[row] : .nan
        }
      }
    }
  }

  private func countable(_ bits: UInt64) -> Double {
    switch bits {
    case Cell.true.bits: 1
    case Cell.false.bits: 0
    default: Double(bitPattern: bits)
    }
  }

  private func withTruths(_ condition: EventCondition, _ body: (Truths) -> Void) {
    unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: rowCount) { buffer in
      guard let base = buffer.baseAddress else { return }
      unsafe base.initialize(repeating: Truth.unknown, count: rowCount)
      unsafe evaluate(condition, into: base)
      unsafe body(base)
    }
  }

  /// Works a number out as cells; a field by itself keeps what is in it where that is no number.
  func evaluate(_ number: EventNumberNode, into cells: UnsafeMutablePointer<UInt64>) {
    if case .filtered(let operand, let condition) = number {
      unsafe evaluate(operand, into: cells)
      unsafe withTruths(condition) { truths in
        for row in 0..<rowCount {
          let (bits, truth) = unsafe (cells[row], truths[row])
          unsafe cells[row] = truth == Truth.yes ? bits : Cell.missing.bits
        }
      }
      return
    }
    unsafe cells.withMemoryRebound(to: Double.self, capacity: rowCount) { numbers in
      unsafe fill(numbers, with: number)
    }
    switch number {
    case .field(let field), .countable(let field), .seconds(let field, _):
      let column = unsafe columns[field]
      for row in 0..<rowCount where unsafe !Cell(bits: cells[row]).isNumber {
        let cell = unsafe Cell(bits: column[row])
        unsafe cells[row] = cell.isNumber ? Cell.missing.bits : cell.bits
      }
    default:
      for row in 0..<rowCount {
        let bits = unsafe cells[row]
        unsafe cells[row] = Cell(bits: bits).isNumber ? bits : Cell.missing.bits
      }
    }
  }
}
