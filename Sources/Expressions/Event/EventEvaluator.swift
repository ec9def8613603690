import Events

/// The three values of a condition, ordered so that `and` is the least and `or` the greatest.
///
/// A byte a row. `not` is `2 − x`. After Kleene, "Introduction to Metamathematics" (1952), section
/// 64.
public enum Truth {
  /// It does not hold.
  public static let no: UInt8 = 0
  /// It cannot be known.
  public static let unknown: UInt8 = 1
  /// It holds.
  public static let yes: UInt8 = 2
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
}
