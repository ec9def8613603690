/// A table from a value's place to the number of edges before that place.
///
/// A mapping from doubles to places that never decreases splits the line into stretches. If no
/// stretch holds more than two edges, then a value's cell is the number of edges in earlier
/// stretches, which the table holds, plus two comparisons with the next two edges. Edges and values
/// go through the same instructions, so rounding in the mapping cannot make the two disagree.
struct LookupPlan: Sendable {
  enum Mapping: Sendable, Equatable {
    /// For ranges across zero and edges that are spread evenly.
    case linear(LinearPlaces)
    /// For skewed values of one sign: even steps in the logarithm.
    case bits(BitPlaces)
    /// As `bits`, each stretch split again in its own way: heavy tails, distant clusters.
    case twoLevel(BitPlaces)
    /// No table fits.
    case search
  }

  /// The greatest number of table entries: 8 KB, a quarter of a first-level cache.
  static let maximumPlaces = 4_096
  /// How many edges a place may hold, because the loop makes that many comparisons.
  static let edgesPerPlace = 2

  private(set) var mapping = Mapping.search
  /// For each place, the number of edges at earlier places.
  private(set) var table: [UInt16] = []
  /// For the two-level mapping, for each first-level place: its first entry in the table, shifted
  /// left by 8, and the shift of its second level.
  private(set) var groups: [UInt32] = []

  /// Takes the smallest table that fits, a linear one where it is no larger: its loop is shorter.
  init(edges: [Double]) {
    let linear = Self.linearPlan(edges: edges)
    let bits = Self.bitPlan(edges: edges)
    switch (linear, bits) {
    case (let (places, table)?, let other) where table.count <= other?.table.count ?? Int.max:
      mapping = .linear(places)
      self.table = table
    case (_, let (places, table)?):
      mapping = .bits(places)
      self.table = table
    default:
      planTwoLevels(edges: edges)
    }
  }

  private static func linearPlan(edges: [Double]) -> (places: LinearPlaces, table: [UInt16])? {
    guard let first = edges.first, let last = edges.last, first < last else { return nil }
    for count in [256, 512, 1_024, 2_048, maximumPlaces] where 2 * count >= edges.count {
      // Halved, because the range of finite doubles may be infinite.
      let scale = Double(count - 1) / 2 / (last / 2 - first / 2)
      guard scale.isNormal else { return nil }
      let places = LinearPlaces(origin: first, scale: scale, last: Double(count - 1))
      if let table = table(of: edges.map { places.place(of: $0) }, places: count) {
        return (places, table)
      }
    }
    return nil
  }

  private static func bitPlan(edges: [Double]) -> (places: BitPlaces, table: [UInt16])? {
    guard let first = edges.first, let last = edges.last else { return nil }
    let span = BitPlaces.key(of: last) - BitPlaces.key(of: first)
    var shift = max(0, span.bitWidth - span.leadingZeroBitCount - 8)
    while shift >= 0 {
      let count = (span >> UInt64(shift)) + 1
      guard count <= UInt64(maximumPlaces) else { return nil }
      let places = BitPlaces(first: first, last: last, shift: UInt64(shift))
      if let table = table(of: edges.map { places.place(of: $0) }, places: Int(count)) {
        return (places, table)
      }
      shift -= 1
    }
    return nil
  }

  /// Splits the range into at most 512 groups, and each group so finely that its edges get places
  /// of their own, two to a place.
  private mutating func planTwoLevels(edges: [Double]) {
    guard let first = edges.first, let last = edges.last else { return }
    let span = BitPlaces.key(of: last) - BitPlaces.key(of: first)
    for groupBits in [6, 7, 8, 9] {
      let shift = max(0, span.bitWidth - span.leadingZeroBitCount - groupBits)
      let places = BitPlaces(first: first, last: last, shift: UInt64(shift))
      let offsets = edges.map { places.offset(of: $0) }
      if split(offsets: offsets, groupShift: UInt64(shift), span: span) {
        mapping = .twoLevel(places)
        return
      }
    }
  }

  /// Fills `groups` and `table`; false when they would be too large.
  private mutating func split(offsets: [UInt64], groupShift: UInt64, span: UInt64) -> Bool {
    groups = []
    table = []
    var next = 0
    for group in 0...(span >> groupShift) {
      let start = next
      while next < offsets.count, offsets[next] >> groupShift == group { next += 1 }
      let inside = offsets[start..<next].map { $0 & ((1 << groupShift) - 1) }
      var shift = groupShift
      while shift > 0, Self.isCrowded(inside, shift: shift) { shift -= 1 }
      let room = Self.maximumPlaces - table.count
      guard groupShift - shift <= 12, 1 << (groupShift - shift) <= room else { return false }
      guard
        let part = Self.table(
          of: inside.map { Int($0 >> shift) },
          places: 1 << Int(groupShift - shift)
        )
      else { return false }
      groups.append(UInt32(table.count) << 8 | UInt32(shift))
      table.append(contentsOf: part.map { $0 + UInt16(start) })
    }
    return true
  }

  /// Whether one stretch of `2^shift` holds more edges than a place may.
  private static func isCrowded(_ offsets: [UInt64], shift: UInt64) -> Bool {
    guard offsets.count > edgesPerPlace else { return false }
    return (edgesPerPlace..<offsets.count).contains { index in
      offsets[index] >> shift == offsets[index - edgesPerPlace] >> shift
    }
  }

  /// The table for edges at these places, in increasing order; nil when a place holds too many.
  private static func table(of edgePlaces: [Int], places: Int) -> [UInt16]? {
    var table = [UInt16](repeating: 0, count: places)
    var next = 0
    for place in 0..<places {
      table[place] = UInt16(next)
      let start = next
      while next < edgePlaces.count, edgePlaces[next] == place { next += 1 }
      guard next - start <= edgesPerPlace else { return nil }
    }
    return next == edgePlaces.count ? table : nil
  }
}

/// Places at equal distances: `round((x − origin) · scale)`, held within the table.
struct LinearPlaces: Sendable, Equatable {
  var origin: Double
  var scale: Double
  /// The last place.
  var last: Double

  /// The place of a value; 0 for NaN.
  @inline(__always)
  func place(of value: Double) -> Int {
    let raw = (value - origin) * scale
    let floored = raw > 0 ? raw : 0
    let held = floored < last ? floored : last
    // Adding 2^52 leaves the rounded integer in the low bits, without a conversion that may trap.
    return Int(truncatingIfNeeded: (held + 0x1p52).bitPattern & 0xFFFF)
  }
}

/// Places at equal distances of the doubles' bits, read as integers of the same order.
struct BitPlaces: Sendable, Equatable {
  /// The keys of the first and the last edge.
  var base: UInt64
  var top: UInt64
  /// log₂ of a place's width.
  var shift: UInt64

  init(first: Double, last: Double, shift: UInt64) {
    base = Self.key(of: first)
    top = Self.key(of: last)
    self.shift = shift
  }

  /// An integer that increases with the value, −0 just below 0.
  @inline(__always)
  static func key(of value: Double) -> UInt64 {
    let bits = value.bitPattern
    let sign = UInt64(bitPattern: Int64(bitPattern: bits) &>> 63)
    return bits ^ (sign | 1 << 63)
  }

  /// The value whose key this is.
  static func value(ofKey key: UInt64) -> Double {
    let sign = UInt64(bitPattern: Int64(bitPattern: ~key) &>> 63)
    return Double(bitPattern: key ^ (sign | 1 << 63))
  }

  /// The value's distance from the first edge, held within the edges.
  @inline(__always)
  func offset(of value: Double) -> UInt64 {
    min(max(Self.key(of: value), base), top) &- base
  }

  /// The place of a value.
  @inline(__always)
  func place(of value: Double) -> Int {
    Int(truncatingIfNeeded: offset(of: value) &>> shift)
  }
}
