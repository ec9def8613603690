/// What stands before the fraction of a number that is written as text.
public enum DecimalMark: String, Sendable, CaseIterable {
  /// `55.01`.
  case dot
  /// `55,01`.
  case comma
}

extension EventColumns {
  /// Puts numbers into the place of the texts of a column that are wholly numbers.
  ///
  /// Spaces and tabs around a number are dropped; it may have a sign, and lack the digits on one
  /// side of the mark. What else stands in a text leaves it a text: thousands are not guessed.
  ///
  /// - Parameters:
  ///   - slot: A column of the form ``Schema/Form/value``.
  ///   - chunk: What was decoded.
  ///   - decimal: What stands before the fraction.
  ///   - perSecond: Of durations how many of the column's unit make a second: a text that says its own
  ///     unit is put into that one.
  /// - Complexity: O(bytes of the texts); allocates.
  public mutating func readNumbers(
    slot: Int,
    _ chunk: UnsafeRawBufferPointer,
    decimal: DecimalMark,
    perSecond: Double? = nil
  ) {
    for row in 0..<rowCount {
      guard let reference = cell(slot: slot, row: row).reference, reference.kind == .string,
        let text = unsafe canonicalBytes(of: Cell(reference), in: chunk),
        let number = textNumber(text, decimal: decimal)
          ?? perSecond.flatMap({ scale in textDuration(text, decimal: decimal).map { $0 * scale } })
      else { continue }
      set(number.isInfinite ? .overflow : Cell(number), slot: slot, row: row)
    }
  }
}

/// The number that a text is, infinite beyond the range of a double; `nil` where it is none.
///
/// - Parameters:
///   - text: UTF-8.
///   - decimal: What stands before the fraction.
/// - Returns: The nearest double.
/// - Complexity: O(length); allocates.
public func textNumber(_ text: [UInt8], decimal: DecimalMark) -> Double? {
  var number = text[...]
  while let first = number.first, first == Byte.space || first == Byte.tab {
    number = number.dropFirst()
  }
  while let last = number.last, last == Byte.space || last == Byte.tab {
    number = number.dropLast()
  }
  var spelled: [UInt8] = []
  if let sign = number.first, sign == Byte.minus || sign == 0x2B {
    spelled.append(sign)
    number = number.dropFirst()
  }
  let whole = number.prefix { $0 ^ Byte.zero <= 9 }
  number = number.dropFirst(whole.count)
  var fraction = number.prefix(0)
  if number.first == (decimal == .dot ? Byte.dot : Byte.comma) {
    fraction = number.dropFirst().prefix { $0 ^ Byte.zero <= 9 }
    number = number.dropFirst(1 + fraction.count)
  }
  guard !whole.isEmpty || !fraction.isEmpty else {
    return nil
  }
  spelled += [Byte.zero] + whole + [Byte.dot] + fraction + [Byte.zero]
  if let exponent = number.first, exponent | 0x20 == 0x65 {
    spelled.append(exponent)
    number = number.dropFirst()
    if let sign = number.first, sign == Byte.minus || sign == 0x2B {
      spelled.append(sign)
      number = number.dropFirst()
    }
    let digits = number.prefix { $0 ^ Byte.zero <= 9 }
    guard !digits.isEmpty else {
      return nil
    }
    spelled += digits
    number = number.dropFirst(digits.count)
  }
  return number.isEmpty ? Double(String(decoding: spelled, as: UTF8.self)) : nil
}
