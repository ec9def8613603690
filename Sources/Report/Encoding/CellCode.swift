internal import Records

/// One cell of the drift map: the index and its lower bound, in thousandths.
struct DriftCell: Equatable, Sendable {
  /// The population stability index in thousandths, rounded to the nearest; at most 65,534.
  var index: UInt16
  /// Its one-sided lower bound in thousandths, rounded to the nearest.
  var low: UInt16

  /// A window in which the signal has no verdict.
  static let none = DriftCell(index: .max, low: 0)

  init(index: UInt16, low: UInt16) {
    self.index = index
    self.low = low
  }

  /// What is kept of a verdict.
  init(_ drift: StatisticValue) {
    index = Self.thousandths(drift.psi ?? drift.value)
    low = Self.thousandths(drift.driftBound)
  }

  /// The worse of two: what is sure counts first, then the index; no verdict is best.
  static func worst(_ a: DriftCell, _ b: DriftCell) -> DriftCell {
    if a == .none { return b }
    if b == .none { return a }
    return (a.low, a.index) < (b.low, b.index) ? b : a
  }

  private static func thousandths(_ value: Double) -> UInt16 {
    guard value > 0 else { return 0 }
    return UInt16(min((value * 1000).rounded(), 65_534))
  }
}

/// Cells as text: 91 characters that need no escape, one to six a cell, runs of equal cells once.
///
/// A calm cell (nothing sure, an index below 0.06) is one character, which most cells of most
/// streams are. Digits are 0 to 90: the characters from `!` to `~` without `"`, `<` and `\`, which
/// would need an escape in JSON or HTML. A cell is
///
///     0…59       the index in thousandths, the bound 0
///     60…74, a   the index 91 · (first − 60) + a, the bound 0
///     75…87, a, b…   the index 91 · (first − 75) + a; then index − bound: one digit up to 89, or
///                    90 and two digits
///     88, a, b, c, d, e, f   the index and the bound, three digits each
///     89         no verdict
///     90, a, b   the cell before, 91 · a + b times more
enum CellCode {
  static let base = 91

  /// The character of a digit.
  static func character(_ digit: Int) -> UInt8 {
    var code = UInt8(digit == 0 ? 33 : 34 + digit)
    if code >= UInt8(ascii: "<") { code += 1 }
    if code >= UInt8(ascii: "\\") { code += 1 }
    return code
  }

  /// The cells of one row as text.
  static func encode(_ cells: [DriftCell]) -> [UInt8] {
    var text: [UInt8] = []
    var position = 0
    while position < cells.count {
      let cell = cells[position]
      var run = 1
      while position + run < cells.count, cells[position + run] == cell, run < base * base {
        run += 1
      }
      let code = code(of: cell)
      text += code
      if (run - 1) * code.count > 3 {
        text += [90, (run - 1) / base, (run - 1) % base].map(character)
      } else {
        for _ in 1..<run { text += code }
      }
      position += run
    }
    return text
  }

  private static func code(of cell: DriftCell) -> [UInt8] {
    let (index, low) = (Int(cell.index), Int(cell.low))
    let digits: [Int]
    if cell == .none {
      digits = [89]
    } else if low == 0, index < 60 {
      digits = [index]
    } else if low == 0, index < 15 * base {
      digits = [60 + index / base, index % base]
    } else if low > 0, low <= index, index < 13 * base {
      let distance = index - low
      digits =
        [75 + index / base, index % base]
        + (distance < 90 ? [distance] : [90, distance / base, distance % base])
    } else {
      digits = [88] + threeDigits(index) + threeDigits(low)
    }
    return digits.map(character)
  }

  private static func threeDigits(_ number: Int) -> [Int] {
    [number / (base * base), number / base % base, number % base]
  }
}
