/// Writes events of about 600 bytes, the same for the same variant and count.
///
/// 29 fields are meant to be taken: 18 numbers, 6 categories, 2 booleans, time, model and version;
/// four more are there to be skipped.
struct EventGenerator {
  /// How the events differ from one another.
  enum Variant: String, CaseIterable {
    /// Keys in the same order in each event, numbers of two to seven digits.
    case stable
    /// Keys in another order in each event.
    case shuffled
    /// Keys in the same order, 18 numbers of 17 digits.
    case long
  }

  static let numbers = [
    "amount", "income", "age", "balance", "tenure", "utilisation", "inquiries", "debt_ratio",
    "limit", "delinquent", "accounts", "velocity", "distance", "hour", "basket", "discount",
    "visits", "risk",
  ]
  static let categories = ["country", "channel", "device", "segment", "currency", "merchant"]
  static let booleans = ["returning", "verified"]
  static let heads = ["ts", "model", "version"]

  private static let values: [[String]] = [
    ["DE", "FR", "NL", "PL", "ES", "IT"], ["web", "app", "branch", "partner"],
    ["ios", "android", "desktop"], ["retail", "premium", "business"], ["EUR", "PLN", "USD"],
    ["grocery", "travel", "electronics", "fuel", "restaurants"],
  ]

  private var state: UInt64

  init(seed: UInt64 = 0x1EE7) {
    state = seed
  }

  /// SplitMix64 (Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014).
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  private mutating func below(_ bound: UInt64) -> UInt64 {
    next() % bound
  }

  /// `count` lines.
  mutating func lines(_ count: Int, _ variant: Variant) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count * 640)
    for index in 0..<count {
      bytes.append(contentsOf: line(index, variant).utf8)
      bytes.append(0x0A)
    }
    return bytes
  }

  mutating func line(_ index: Int, _ variant: Variant) -> String {
    var features: [String] = []
    for (field, name) in EventGenerator.numbers.enumerated() {
      features.append("\"\(name)\":\(number(field, variant))")
    }
    for (field, name) in EventGenerator.categories.enumerated() {
      let values = EventGenerator.values[field]
      features.append("\"\(name)\":\"\(values[Int(below(UInt64(values.count)))])\"")
    }
    for name in EventGenerator.booleans {
      features.append("\"\(name)\":\(below(2) == 0 ? "true" : "false")")
    }
    features.append("\"batch\":\(below(900) + 100)")
    var members = [
      "\"ts\":\"\(Self.time(index))\"", "\"model\":\"car-loan\"",
      "\"version\":\"v\(below(3) + 1)\"",
      "\"id\":\"e\(index + 10_000_000)\"", "\"host\":\"scorer-\(below(8))\"",
      "\"trace\":\(below(900_000_000) + 100_000_000)",
    ]
    if variant == .shuffled {
      shuffle(&features)
      shuffle(&members)
    }
    members.append("\"features\":{\(features.joined(separator: ","))}")
    return "{\(members.joined(separator: ","))}"
  }

  private mutating func shuffle(_ parts: inout [String]) {
    for index in parts.indices.dropFirst().reversed() {
      parts.swapAt(index, Int(below(UInt64(index + 1))))
    }
  }

  private mutating func number(_ field: Int, _ variant: Variant) -> String {
    if variant == .long {
      return "0.\(below(90_000_000_000_000_000) + 10_000_000_000_000_000)"
    }
    switch field % 6 {
    case 0: return "\(below(90_000) + 10_000)"
    case 1: return "\(below(900) + 100).\(below(90) + 10)"
    case 2: return "\(below(80) + 18)"
    case 3: return "-\(below(900) + 10).\(below(9) + 1)"
    case 4: return "\(below(24))"
    default: return "0.\(below(9000) + 1000)"
    }
  }

  /// A quarter of a second apart, from 2024-03-01.
  static func time(_ index: Int) -> String {
    let quarters = index % (4 * 86_400)
    let second = quarters / 4
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let fraction = ["000", "250", "500", "750"][quarters % 4]
    let clock = "\(two(second / 3600)):\(two(second / 60 % 60)):\(two(second % 60))"
    return "2024-03-\(two(1 + index / (4 * 86_400) % 28))T\(clock).\(fraction)Z"
  }
}
