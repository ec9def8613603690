import Events

/// The three values of a condition, ordered so that `and` is the least and `or` the greatest.
///
/// `not` is `2 − x`. After Kleene, "Introduction to Metamathematics" (1952), section 64.
enum Truth {
  static let no: UInt8 = 0
  static let unknown: UInt8 = 1
  static let yes: UInt8 = 2
}

/// Judges a condition for all rows of a batch, one node after the other, column by column.
///
/// A number without a value is a NaN, which no JSON number is.
@safe
struct EventEvaluator {
  let columns: [UnsafePointer<UInt64>]
  let rowCount: Int
  let chunk: UnsafeRawBufferPointer

  typealias Truths = UnsafeMutablePointer<UInt8>
  typealias Numbers = UnsafeMutablePointer<Double>

  func evaluate(_ condition: EventCondition, into truths: Truths) {
    switch condition {
    case .constant(let value):
      unsafe truths.update(repeating: value ? Truth.yes : Truth.no, count: rowCount)
    case .field(let field): unsafe booleans(field, into: truths)
    case .exists(let field):
      let column = unsafe columns[field]
      for row in 0..<rowCount {
        let bits = unsafe column[row]
        let isAbsent = bits == Cell.missing.bits || bits == Cell.null.bits
        unsafe truths[row] = isAbsent ? Truth.no : Truth.yes
      }
    case .not(let operand):
      unsafe evaluate(operand, into: truths)
      for row in 0..<rowCount { unsafe truths[row] = 2 - truths[row] }
    case .and(let left, let right):
      unsafe both(left, right, into: truths) { min($0, $1) }
    case .or(let left, let right):
      unsafe both(left, right, into: truths) { max($0, $1) }
    case .sameTruth(let left, let right):
      unsafe both(left, right, into: truths) { one, other in
        if one == Truth.unknown || other == Truth.unknown { return Truth.unknown }
        return one == other ? Truth.yes : Truth.no
      }
    case .compareNumbers(let symbol, let left, let right):
      unsafe compare(symbol, left, right, into: truths)
    case .numberIn(let operand, let items):
      unsafe withNumbers(operand) { values in
        for row in 0..<rowCount {
          let value = unsafe values[row]
          unsafe truths[row] =
            value.isNaN ? Truth.unknown : items.contains(value) ? Truth.yes : Truth.no
        }
      }
    case .compareTexts, .textIn, .sameValue: unsafe compareTokens(condition, into: truths)
    }
  }

  private func booleans(_ field: Int, into truths: Truths) {
    let column = unsafe columns[field]
    for row in 0..<rowCount {
      switch unsafe column[row] {
      case Cell.true.bits: unsafe truths[row] = Truth.yes
      case Cell.false.bits: unsafe truths[row] = Truth.no
      default: unsafe truths[row] = Truth.unknown
      }
    }
  }

  private func both(
    _ left: EventCondition,
    _ right: EventCondition,
    into truths: Truths,
    _ combine: (UInt8, UInt8) -> UInt8
  ) {
    unsafe evaluate(left, into: truths)
    unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: rowCount) { other in
      guard let base = other.baseAddress else { return }
      unsafe base.initialize(repeating: Truth.unknown, count: rowCount)
      unsafe evaluate(right, into: base)
      for row in 0..<rowCount { unsafe truths[row] = combine(truths[row], base[row]) }
    }
  }

  // MARK: Numbers

  private func compare(
    _ symbol: BinaryOperator,
    _ left: EventNumberNode,
    _ right: EventNumberNode,
    into truths: Truths
  ) {
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

  private func withNumbers(_ number: EventNumberNode, _ body: (Numbers) -> Void) {
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
      // Everything in a cell that is no number is a NaN already.
      let column = unsafe columns[field]
      for row in 0..<rowCount { unsafe numbers[row] = Double(bitPattern: column[row]) }
    case .negative(let operand):
      unsafe fill(numbers, with: operand)
      for row in 0..<rowCount { unsafe numbers[row] = -numbers[row] }
    case .absolute(let operand):
      unsafe fill(numbers, with: operand)
      for row in 0..<rowCount { unsafe numbers[row] = numbers[row].magnitude }
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
        for row in 0..<rowCount where unsafe truths[row] != Truth.yes {
          unsafe numbers[row] = .nan
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

  // MARK: Cells

  /// Works a number out as cells; a field by itself keeps what is in it where that is no number.
  func evaluate(_ number: EventNumberNode, into cells: UnsafeMutablePointer<UInt64>) {
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
      for row in 0..<rowCount where unsafe !Cell(bits: cells[row]).isNumber {
        unsafe cells[row] = Cell.missing.bits
      }
    }
  }
}
