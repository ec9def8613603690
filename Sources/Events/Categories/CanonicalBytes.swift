/// The bytes of a cell's value, so that equal values have equal bytes.
///
/// A string without its escapes as UTF-8, a number as ``canonicalNumber(_:)``, a boolean as `true`
/// or `false`.
///
/// - Parameters:
///   - cell: A cell in either form.
///   - chunk: What the cell was decoded from.
/// - Returns: The bytes, or `nil` for what is no scalar: missing, `null`, an object, an array.
/// - Complexity: O(length); allocates.
public func canonicalBytes(of cell: Cell, in chunk: UnsafeRawBufferPointer) -> [UInt8]? {
  if cell.isNumber {
    return canonicalNumber(Array(cell.number.description.utf8))
  }
  if cell == .true || cell == .false {
    return Array((cell == .true ? "true" : "false").utf8)
  }
  guard let reference = cell.reference else {
    return nil
  }
  let bytes = unsafe reference.bytes(in: chunk)
  switch reference.kind {
  case .boolean: return unsafe Array(bytes)
  case .number: return unsafe canonicalNumber(Array(bytes))
  case .string: break
  }
  guard reference.isEscaped else {
    return unsafe Array(bytes)
  }
  return unsafe unescaped(bytes.assumingMemoryBound(to: UInt8.self))
}

/// A number's text so that equal numbers have equal texts, as exact as it was written.
///
/// Without needless zeros, with an exponent only below 10^−6 and from 10^21 on, as ECMAScript
/// writes numbers: `1`, `1.0`, `1e0` are `1`; `-0` is `0`; `0.10` is `0.1`; `2.50E+22` is
/// `2.5e+22`.
///
/// - Parameter text: A JSON number, or what a `Double` describes itself as.
/// - Returns: The text, or `nil` when it is no number.
/// - Complexity: O(length).
public func canonicalNumber(_ text: [UInt8]) -> [UInt8]? {
  var digits: [UInt8] = []
  var index = 0
  let isNegative = text.first == Byte.minus
  index += isNegative ? 1 : 0
  // The number is 0.d₁d₂… · 10^point.
  var point = 0
  var hasDot = false
  var hasDigit = false
  while index < text.count, text[index] ^ Byte.zero <= 9 || (text[index] == Byte.dot && !hasDot) {
    if text[index] == Byte.dot {
      hasDot = true
    } else {
      hasDigit = true
      if text[index] != Byte.zero || !digits.isEmpty {
        digits.append(text[index])
        point += hasDot ? 0 : 1
      } else {
        point -= hasDot ? 1 : 0
      }
    }
    index += 1
  }
  guard hasDigit, let exponent = writtenExponent(text[index...]) else {
    return nil
  }
  while digits.last == Byte.zero {
    digits.removeLast()
  }
  guard !digits.isEmpty else {
    return [Byte.zero]
  }
  return (isNegative ? [Byte.minus] : []) + plainOrScientific(digits, point + exponent)
}

/// The exponent at the end of a number; 0 when nothing is left, `nil` when it is something else.
private func writtenExponent(_ text: ArraySlice<UInt8>) -> Int? {
  guard let letter = text.first else {
    return 0
  }
  guard letter | 0x20 == 0x65 else {
    return nil
  }
  var digits = text.dropFirst()
  var isNegative = false
  if let sign = digits.first, sign == 0x2B || sign == Byte.minus {
    isNegative = sign == Byte.minus
    digits = digits.dropFirst()
  }
  guard !digits.isEmpty else {
    return nil
  }
  var exponent = 0
  for byte in digits {
    guard byte ^ Byte.zero <= 9 else {
      return nil
    }
    // Nobody writes 10^40 digits: exponents beyond are all the same.
    exponent = min(exponent * 10 + Int(byte ^ Byte.zero), 1 << 40)
  }
  return isNegative ? -exponent : exponent
}

/// The digits of 0.d₁d₂… · 10^point as text.
///
/// - **Source**: ECMA-262, Number::toString, for where exponents begin.
private func plainOrScientific(_ digits: [UInt8], _ point: Int) -> [UInt8] {
  if point > 21 || point < -5 {
    let exponent = point - 1
    let fraction = digits.count > 1 ? [Byte.dot] + digits.dropFirst() : []
    return digits.prefix(1) + fraction + Array("e\(exponent < 0 ? "" : "+")\(exponent)".utf8)
  }
  if point <= 0 {
    return [Byte.zero, Byte.dot] + [UInt8](repeating: Byte.zero, count: -point) + digits
  }
  if digits.count <= point {
    return digits + [UInt8](repeating: Byte.zero, count: point - digits.count)
  }
  return digits.prefix(point) + [Byte.dot] + digits.dropFirst(point)
}
