/// A non-negative integer of any size: for reading out sums whose levels are far apart.
struct WideNatural: Equatable {
  /// Base 2^64, lowest first, without leading zeros.
  private(set) var limbs: [UInt64] = []

  /// `value · 2^shift`.
  init(_ value: UInt128 = 0, shiftedLeftBy shift: Int = 0) {
    guard value != 0 else { return }
    limbs = [UInt64](repeating: 0, count: shift / 64)
    let bits = UInt128(shift % 64)
    let (low, high) = (value << bits, bits == 0 ? 0 : value >> (128 - bits))
    limbs.append(UInt64(truncatingIfNeeded: low))
    limbs.append(UInt64(truncatingIfNeeded: low >> 64))
    limbs.append(UInt64(truncatingIfNeeded: high))
    trim()
  }

  private mutating func trim() {
    while limbs.last == 0 { limbs.removeLast() }
  }

  static func + (left: WideNatural, right: WideNatural) -> WideNatural {
    var sum = WideNatural()
    var carry: UInt64 = 0
    for index in 0..<max(left.limbs.count, right.limbs.count) {
      let a = index < left.limbs.count ? left.limbs[index] : 0
      let b = index < right.limbs.count ? right.limbs[index] : 0
      let wide = UInt128(a) + UInt128(b) + UInt128(carry)
      sum.limbs.append(UInt64(truncatingIfNeeded: wide))
      carry = UInt64(wide >> 64)
    }
    if carry > 0 { sum.limbs.append(carry) }
    return sum
  }

  /// The difference; 0 when it would be negative.
  static func - (left: WideNatural, right: WideNatural) -> WideNatural {
    guard right < left else { return WideNatural() }
    var difference = left
    var borrow: UInt64 = 0
    for index in left.limbs.indices {
      let b = index < right.limbs.count ? right.limbs[index] : 0
      let (part, first) = left.limbs[index].subtractingReportingOverflow(b)
      let (rest, second) = part.subtractingReportingOverflow(borrow)
      difference.limbs[index] = rest
      borrow = first || second ? 1 : 0
    }
    difference.trim()
    return difference
  }

  static func * (left: WideNatural, right: WideNatural) -> WideNatural {
    var product = WideNatural()
    product.limbs = [UInt64](repeating: 0, count: left.limbs.count + right.limbs.count)
    for (i, a) in left.limbs.enumerated() {
      var carry: UInt64 = 0
      for (j, b) in right.limbs.enumerated() {
        // (2^64 − 1)² + 2 · (2^64 − 1) = 2^128 − 1: no overflow.
        let wide = UInt128(a) * UInt128(b) + UInt128(product.limbs[i + j]) + UInt128(carry)
        product.limbs[i + j] = UInt64(truncatingIfNeeded: wide)
        carry = UInt64(wide >> 64)
      }
      product.limbs[i + right.limbs.count] = carry
    }
    product.trim()
    return product
  }

  static func < (left: WideNatural, right: WideNatural) -> Bool {
    guard left.limbs.count == right.limbs.count else {
      return left.limbs.count < right.limbs.count
    }
    for (a, b) in zip(left.limbs.reversed(), right.limbs.reversed()) where a != b { return a < b }
    return false
  }

  /// The number as `significand · 2^exponent` with an even exponent, within 2^−52 of its size.
  var scaled: (significand: Double, exponent: Int) {
    guard let top = limbs.last else { return (0, 0) }
    let next = limbs.count > 1 ? limbs[limbs.count - 2] : 0
    let third = limbs.count > 2 ? limbs[limbs.count - 3] : 0
    let significand = Double(top) + Double(next) * 0x1p-64 + Double(third) * 0x1p-128
    return (significand, 64 * (limbs.count - 1))
  }
}
