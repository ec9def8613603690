/// The count, the mean and the standard deviation of some numbers, from exact integer sums.
///
/// Each number becomes the integer `u = round((x − centre) / step)` of its ``MomentScale``; n, Σu
/// and Σu² are integers, so they add and subtract exactly and in any order. Numbers more than 2^48
/// steps from the centre go to levels of their own, each with a step 2^10 times the last one's, so
/// that every finite number has a place.
///
/// - **Guarantee**: the sums are a pure function of the multiset of values. Rounding moves a value
///   by at most half a step (2^−41 of the reference's range), or by 2^−39 of its own distance from
///   the centre when that is greater; the mean moves no more than the values do.
/// - **Memory**: 80 bytes, and 48 for each level in use.
/// - **Merge, subtract**: exact; the scales have to be equal.
/// - **Range**: every finite double, up to 2^32 values.
/// - **Refused**: NaN and infinities; they are the caller's to sort out (here they are skipped).
/// - **Source**: R. Neal, "Fast exact summation using small and large superaccumulators",
///   arXiv 1505.05571, 2015, for the idea of integer sums.
public struct Moments: Sendable, Equatable {
  /// Sums of one level: `Σu`, `Σu²`.
  struct Level: Sendable, Equatable {
    /// The level's step is `2^(10 · index)` times the scale's; at least 1.
    var index: Int
    var count: UInt64 = 0
    var sum: Int128 = 0
    var squares: UInt128 = 0
  }

  /// The grid.
  public let scale: MomentScale
  /// The number of values.
  public var count: UInt64 { innerCount &+ levels.reduce(0) { $0 &+ $1.count } }

  var innerCount: UInt64 = 0
  var sum: Int128 = 0
  var squares: UInt128 = 0
  /// The levels that hold values, by increasing index.
  var levels: [Level] = []

  /// No values yet.
  public init(scale: MomentScale) {
    self.scale = scale
  }

  /// Adds one value.
  public mutating func insert(_ value: Double) {
    unsafe withUnsafePointer(to: value) { pointer in
      unsafe insert(contentsOf: UnsafeBufferPointer(start: pointer, count: 1))
    }
  }

  /// Adds a column of values.
  ///
  /// - Complexity: O(n), about 2 ns a value.
  public mutating func insert(contentsOf values: UnsafeBufferPointer<Double>) {
    // 2^13 values of up to 2^48 each cannot overflow the 64-bit sum.
    var start = 0
    while start < values.count {
      let end = min(start + 8_192, values.count)
      unsafe insert(chunk: UnsafeBufferPointer(rebasing: values[start..<end]))
      start = end
    }
  }

  private mutating func insert(chunk values: UnsafeBufferPointer<Double>) {
    let center = scale.center
    let inverse = Double(sign: .plus, exponent: -scale.exponent, significand: 1)
    var (count, sum): (UInt64, Int64) = (0, 0)
    var squares: UInt128 = 0
    for row in 0..<values.count {
      let value = unsafe values[row]
      let scaled = (value - center) * inverse
      guard abs(scaled) <= Self.greatestUnits else {
        insert(distant: value)
        continue
      }
      let units = Self.rounded(scaled)
      count &+= 1
      sum &+= units
      let square = units.multipliedFullWidth(by: units)
      squares &+= UInt128(_low: square.low, _high: UInt64(bitPattern: square.high))
    }
    innerCount &+= count
    self.sum &+= Int128(sum)
    self.squares &+= squares
  }

  /// Adds a value that is too far away for the first level.
  private mutating func insert(distant value: Double) {
    let difference = value - scale.center
    guard difference.isFinite else { return }
    let excess = Int(difference.exponent) + 1 - scale.exponent - 48
    let index = max((excess + 9) / 10, 1)
    let levelExponent = -(scale.exponent + 10 * index)
    let units = Self.rounded(
      difference * Double(sign: .plus, exponent: levelExponent, significand: 1)
    )
    let level = Level(
      index: index,
      count: 1,
      sum: Int128(units),
      squares: UInt128(units.magnitude) * UInt128(units.magnitude)
    )
    add(level)
  }

  private mutating func add(_ level: Level) {
    let position = levels.firstIndex { $0.index >= level.index } ?? levels.count
    guard position < levels.count, levels[position].index == level.index else {
      levels.insert(level, at: position)
      return
    }
    levels[position].count &+= level.count
    levels[position].sum &+= level.sum
    levels[position].squares &+= level.squares
  }

  /// Adds the values of another summary on the same scale.
  public mutating func merge(_ other: Moments) {
    precondition(scale == other.scale, "moments of different scales: \(scale), \(other.scale)")
    innerCount &+= other.innerCount
    sum &+= other.sum
    squares &+= other.squares
    for level in other.levels { add(level) }
  }

  /// Takes away the values of another summary on the same scale, all of which were added before.
  public mutating func subtract(_ other: Moments) {
    precondition(scale == other.scale, "moments of different scales: \(scale), \(other.scale)")
    precondition(
      innerCount >= other.innerCount && squares >= other.squares,
      "\(other.innerCount) values are taken from moments of \(innerCount)"
    )
    innerCount &-= other.innerCount
    sum &-= other.sum
    squares &-= other.squares
    for level in other.levels { take(level) }
  }

  /// Takes away values of a level, all of which were added before.
  private mutating func take(_ level: Level) {
    let position = levels.firstIndex { $0.index == level.index }
    guard let position, levels[position].count >= level.count,
      levels[position].squares >= level.squares
    else {
      let held = position.map { levels[$0].count } ?? 0
      preconditionFailure("\(level.count) values are taken from \(held) of level \(level.index)")
    }
    levels[position].count &-= level.count
    levels[position].sum &-= level.sum
    levels[position].squares &-= level.squares
    // An empty level goes, so that equal contents are equal values.
    if levels[position].count == 0 { levels.remove(at: position) }
  }

  /// The greatest number of steps from the centre on a level.
  static let greatestUnits = 0x1p48

  /// Rounds to the nearest integer, ties to even; `|value| ≤ 2^50`.
  ///
  /// Adding 1.5 · 2^52 leaves a double whose last bit has the value 1, so the sum's rounding is the
  /// one that is wanted and the integer stands in its low bits. `Double.rounded()` is a call of the
  /// C library on processors without SSE 4.1.
  @inline(__always)
  static func rounded(_ value: Double) -> Int64 {
    let magic = 0x1.8p52
    return Int64(bitPattern: (value + magic).bitPattern) &- Int64(bitPattern: magic.bitPattern)
  }
}
