extension Moments {
  /// The mean; nil when there are no values.
  ///
  /// - Complexity: O(1), O(levels²) when values lie far outside the reference.
  public var mean: Double? {
    let count = count
    guard count > 0 else { return nil }
    let (significand, exponent) = scaledSum
    let offset = Self.double(significand / Double(count), exponent: exponent + scale.exponent)
    return Self.finite(scale.center + offset)
  }

  /// The sum of the values, 0 when there are none.
  ///
  /// Sums beyond the doubles read as the greatest of them.
  public var total: Double {
    let (significand, exponent) = scaledSum
    let offset = Self.double(significand, exponent: exponent + scale.exponent)
    return Self.finite(Double(count) * scale.center + offset)
  }

  /// The population standard deviation (divided by n, "ddof 0"); nil when there are no values.
  ///
  /// `√(n · Σu² − (Σu)²) / n` in integers, so that nothing cancels, then rounded once.
  public var standardDeviation: Double? {
    let count = count
    guard count > 0 else { return nil }
    let (significand, exponent) = scaledSpread
    let root = significand.squareRoot() / Double(count)
    return Self.finite(Self.double(root, exponent: exponent / 2 + scale.exponent))
  }

  /// `Σ (x − centre) / step` as `significand · 2^exponent`.
  private var scaledSum: (significand: Double, exponent: Int) {
    // The conversion of 128 bits is a loop.
    if levels.isEmpty { return (Int64(exactly: sum).map(Double.init) ?? Double(sum), 0) }
    let (positive, negative) = signedSums
    if negative < positive { return (positive - negative).scaled }
    let (significand, exponent) = (negative - positive).scaled
    return (-significand, exponent)
  }

  /// `n · Σu² − (Σu)²` as `significand · 2^exponent`, the exponent even.
  private var scaledSpread: (significand: Double, exponent: Int) {
    guard levels.isEmpty else {
      let (positive, negative) = signedSums
      let sum = negative < positive ? positive - negative : negative - positive
      var squares = WideNatural(squares)
      for level in levels {
        squares = squares + WideNatural(level.squares, shiftedLeftBy: 20 * level.index)
      }
      return (WideNatural(UInt128(count)) * squares - sum * sum).scaled
    }
    let left = UInt128(count).multipliedFullWidth(by: squares)
    let right = sum.magnitude.multipliedFullWidth(by: sum.magnitude)
    let (low, borrow) = left.low.subtractingReportingOverflow(right.low)
    // Not negative, by Cauchy and Schwarz.
    let high = left.high &- right.high &- (borrow ? 1 : 0)
    return high == 0 ? (Double(low), 0) : (Double(high) + Double(low) * 0x1p-128, 128)
  }

  /// The positive and the negative levels' sums, in the scale's steps.
  private var signedSums: (positive: WideNatural, negative: WideNatural) {
    var sums = (positive: WideNatural(), negative: WideNatural())
    for (index, sum) in [(0, sum)] + levels.map({ ($0.index, $0.sum) }) {
      let part = WideNatural(sum.magnitude, shiftedLeftBy: 10 * index)
      if sum < 0 {
        sums.negative = sums.negative + part
      } else {
        sums.positive = sums.positive + part
      }
    }
    return sums
  }

  /// `significand · 2^exponent`; scaling by one power of two could overflow on the way.
  private static func double(_ significand: Double, exponent: Int) -> Double {
    guard significand != 0 else { return 0 }
    let sign: FloatingPointSign = significand < 0 ? .minus : .plus
    return Double(
      sign: sign,
      exponent: exponent + Int(significand.exponent),
      significand: significand.significand
    )
  }

  /// Rounding may carry the greatest doubles over the edge; nothing else is infinite here.
  private static func finite(_ value: Double) -> Double {
    min(max(value, -.greatestFiniteMagnitude), .greatestFiniteMagnitude)
  }
}
