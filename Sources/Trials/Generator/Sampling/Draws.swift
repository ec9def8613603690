internal import Events

/// Random numbers that belong to one purpose and one event.
///
/// Which numbers they are depends on the stream's seed, the purpose's name and the event's number
/// alone: a field that is added, or a change that is switched off, leaves all other numbers as they
/// are.
///
/// - **Source**: SplitMix64 of Steele, Lea, Flood, "Fast splittable pseudorandom number generators",
///   OOPSLA 2014; its mixing function also makes the start of each purpose and event.
struct Draws {
  private var state: UInt64

  /// The start of a purpose.
  static func purpose(_ name: String, seed: UInt64) -> UInt64 {
    let bytes = Array(name.utf8)
    return mix(mix(seed) ^ StableHash.hash(bytes.span))
  }

  /// The numbers of one event.
  init(_ purpose: UInt64, event: Int) {
    state = Self.mix(purpose &+ UInt64(truncatingIfNeeded: event) &* 0xD1B5_4A32_D192_ED03)
  }

  private static func mix(_ bits: UInt64) -> UInt64 {
    var mixed = bits
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  private mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    return Self.mix(state)
  }

  /// A number in (0, 1), one of 2⁵³ that lie evenly.
  mutating func uniform() -> Double { (Double(next() >> 11) + 0.5) * 0x1p-53 }

  /// A standard normal number.
  mutating func normal() -> Double {
    // Beyond 1 − 2⁻⁵⁴ the sum above rounds to 1, where the quantile is infinite.
    Elementary.normalQuantile(min(uniform(), 0x1.fffffffffffffp-1))
  }

  /// An exponential number with mean 1.
  mutating func exponential() -> Double { -Elementary.log(uniform()) }
}
