extension Timestamp {
  /// Reads a number of units since 1970, from its decimal digits and not by way of a double.
  ///
  /// `1367366520.5` in seconds, `1.3673665205e12` in milliseconds. What is below a nanosecond is
  /// cut off, toward 1970.
  ///
  /// - Parameters:
  ///   - bytes: A JSON number.
  ///   - unit: What it counts.
  /// - Returns: Nanoseconds, or `nil` when it is no number or beyond the range.
  public static func parseEpoch(_ bytes: UnsafeRawBufferPointer, unit: TimeUnit) -> Int64? {
    guard let decimal = unsafe Decimal(bytes) else {
      return nil
    }
    switch unit {
    case .seconds: return decimal.scaled(by: 9)
    case .milliseconds: return decimal.scaled(by: 6)
    case .microseconds: return decimal.scaled(by: 3)
    case .nanoseconds: return decimal.scaled(by: 0)
    case .automatic: break
    }
    // The number's whole part decides; beyond an Int64 it is beyond the range in every unit.
    guard let whole = decimal.scaled(by: 0) else {
      return nil
    }
    switch whole.magnitude {
    case 0..<100_000_000_000: return decimal.scaled(by: 9)
    case 0..<100_000_000_000_000: return decimal.scaled(by: 6)
    case 0..<100_000_000_000_000_000: return decimal.scaled(by: 3)
    default: return whole
    }
  }
}

/// A decimal number: up to 28 digits exactly, further ones are cut off.
///
/// An `Int64` of nanoseconds has 19 digits, so that 28 leave nine to be cut off.
private struct Decimal {
  private var isNegative = false
  private var digits: UInt128 = 0
  private var digitCount = 0
  private var exponent = 0

  init?(_ bytes: UnsafeRawBufferPointer) {
    var index = 0
    if unsafe index < bytes.count && bytes[index] == Byte.minus {
      isNegative = true
      index += 1
    }
    let integer = index
    while unsafe index < bytes.count && bytes[index] ^ Byte.zero <= 9 {
      unsafe append(bytes[index] ^ Byte.zero, isFraction: false)
      index += 1
    }
    guard index > integer else {
      return nil
    }
    if unsafe index < bytes.count && bytes[index] == Byte.dot {
      index += 1
      let fraction = index
      while unsafe index < bytes.count && bytes[index] ^ Byte.zero <= 9 {
        unsafe append(bytes[index] ^ Byte.zero, isFraction: true)
        index += 1
      }
      guard index > fraction else {
        return nil
      }
    }
    guard unsafe index == bytes.count || readExponent(bytes, index) else {
      return nil
    }
  }

  private mutating func append(_ digit: UInt8, isFraction: Bool) {
    guard digitCount < 28 else {
      exponent += isFraction ? 0 : 1
      return
    }
    digits = digits * 10 + UInt128(digit)
    digitCount += digits == 0 ? 0 : 1
    exponent -= isFraction ? 1 : 0
  }

  private mutating func readExponent(_ bytes: UnsafeRawBufferPointer, _ start: Int) -> Bool {
    guard unsafe bytes[start] | 0x20 == 0x65 else {
      return false
    }
    var index = start + 1
    var sign = 1
    if unsafe index < bytes.count && (bytes[index] == 0x2B || bytes[index] == Byte.minus) {
      sign = unsafe bytes[index] == Byte.minus ? -1 : 1
      index += 1
    }
    let first = index
    var written = 0
    while unsafe index < bytes.count && bytes[index] ^ Byte.zero <= 9 {
      unsafe written = min(written * 10 + Int(bytes[index] ^ Byte.zero), 1 << 36)
      index += 1
    }
    exponent += sign * written
    return index > first && index == bytes.count
  }

  /// The number times 10^power, cut off toward zero; `nil` beyond the range of a time.
  func scaled(by power: Int) -> Int64? {
    var magnitude = digits
    let shift = exponent + power
    if shift < 0 {
      guard shift > -30 else {
        return 0
      }
      for _ in 0..<(-shift) {
        magnitude /= 10
      }
    } else if magnitude != 0 {
      guard shift < 20 else {
        return nil
      }
      for _ in 0..<shift {
        guard magnitude < UInt128(Int64.max) else {
          return nil
        }
        magnitude *= 10
      }
    }
    guard let time = Int64(exactly: magnitude) else {
      return nil
    }
    let signed = isNegative ? -time : time
    return Timestamp.isTime(signed) ? signed : nil
  }
}
