import Statistics

/// An objective as it is written, and its budget: `99.9%` leaves 0.001, not 0.00099…95.
///
/// Both are the doubles nearest to the decimals, so that a budget compares as a person reads it.
struct ObjectiveShare: Equatable {
  let share: Double
  let budget: ErrorBudget

  /// The most digits of a share: whole numbers of so many are exact as doubles.
  static let digitsMax = 15

  /// Reads `99.9%`, `0.999` or `.999`; `nil` unless it is a decimal strictly between 0 and 1.
  init?(_ text: String) {
    var bytes = Array(text.utf8)[...]
    let isPercentage = bytes.last == UInt8(ascii: "%")
    if isPercentage { bytes.removeLast() }
    self.init(bytes, extraPlaces: isPercentage ? 2 : 0)
  }

  /// Reads a number of percent, as `99.9`.
  init?(percent text: String) {
    self.init(Array(text.utf8)[...], extraPlaces: 2)
  }

  private init?(_ bytes: ArraySlice<UInt8>, extraPlaces: Int) {
    var whole: Int64 = 0
    var places: Int?
    var digits = 0
    for byte in bytes {
      if byte == UInt8(ascii: "."), places == nil {
        places = 0
        continue
      }
      guard (0x30...0x39).contains(byte), digits < Self.digitsMax else { return nil }
      whole = whole * 10 + Int64(byte - 0x30)
      if whole > 0 { digits += 1 }
      if let found = places { places = found + 1 }
    }
    guard bytes.contains(where: { (0x30...0x39).contains($0) }) else { return nil }
    var one: Int64 = 1
    for _ in 0..<(places ?? 0) + extraPlaces {
      guard one < 1_000_000_000_000_000_000 / 10 else { return nil }
      one *= 10
    }
    guard whole > 0, whole < one else { return nil }
    share = Double(whole) / Double(one)
    budget = ErrorBudget(share: Double(one - whole) / Double(one))
  }
}
