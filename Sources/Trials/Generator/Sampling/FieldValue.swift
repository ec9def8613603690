/// The value of one field of one event.
enum FieldValue: Equatable {
  case missing
  /// Rounded to the field's decimals: what other fields see is what is written.
  case number(Double)
  /// A fixed value, by its place among the literals.
  case literal(Int)
  /// The event's number.
  case sequence
  /// The event's time.
  case time
}

/// Decimal numbers as integers: rounding and writing are exact, so that the bytes are the same
/// everywhere.
enum Decimals {
  private static let powers: [Double] = (0...StreamBounds.decimals).map { count in
    (0..<count).reduce(1.0) { product, _ in product * 10 }
  }

  /// The number rounded to so many decimals, halves away from zero.
  static func round(_ number: Double, _ decimals: Int) -> Double {
    let scaled = (number * powers[decimals]).rounded()
    // Beyond 2⁵³ a double has no decimals.
    return abs(scaled) < 0x1p53 ? scaled / powers[decimals] : number
  }

  /// Writes a rounded number with as few digits as it takes.
  static func write(_ number: Double, _ decimals: Int, to bytes: inout [UInt8]) {
    let scaled = (number * powers[decimals]).rounded()
    guard abs(scaled) < 0x1p53 else {
      let text = number.isFinite ? number.description : "null"
      bytes.append(contentsOf: text.utf8)
      return
    }
    var digits = Int64(scaled).magnitude
    var places = decimals
    while places > 0, digits % 10 == 0 {
      digits /= 10
      places -= 1
    }
    if scaled < 0 { bytes.append(UInt8(ascii: "-")) }
    // The digits from the last to the first, with the point where it belongs.
    var buffer: [UInt8] = []
    var written = 0
    repeat {
      buffer.append(UInt8(ascii: "0") + UInt8(digits % 10))
      digits /= 10
      written += 1
      if written == places { buffer.append(UInt8(ascii: ".")) }
    } while digits > 0 || written <= places
    bytes.append(contentsOf: buffer.reversed())
  }
}
