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
  /// For the two-level mapping, how each first-level place is split.
  private(set) var groups: [PlaceGroup] = []

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
    let span = BitPlaces(first: first, last: last, shift: 0).span
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

  /// Splits the range into at most 512 groups, and each group between its first and last edge so
  /// finely that no place holds too many edges.
  private mutating func planTwoLevels(edges: [Double]) {
    guard let first = edges.first, let last = edges.last else { return }
    let span = BitPlaces(first: first, last: last, shift: 0).span
    for groupBits in 4...9 {
      let shift = max(0, span.bitWidth - span.leadingZeroBitCount - groupBits)
      let places = BitPlaces(first: first, last: last, shift: UInt64(shift))
      let offsets = edges.map { places.offset(of: $0) }
      if split(
        offsets: offsets,
        groupShift: places.shift,
        groupCount: Int(span >> places.shift) + 1
      ) {
        mapping = .twoLevel(places)
        return
      }
    }
    (groups, table) = ([], [])
  }

  /// Fills `groups` and `table`; false when they would be too large.
  private mutating func split(offsets: [UInt64], groupShift: UInt64, groupCount: Int) -> Bool {
    (groups, table) = ([], [])
    var next = 0
    for number in 0..<groupCount {
      let first = next
      while next < offsets.count, offsets[next] >> groupShift == UInt64(number) { next += 1 }
      var group = PlaceGroup(start: table.count)
      if first < next {
        group.base = offsets[first]
        group.span = offsets[next - 1] - offsets[first]
        group.shift = Self.greatestShift(offsets[first..<next])
      }
      let places = (group.span >> group.shift) + 1
      guard places <= UInt64(Self.maximumPlaces - table.count) else { return false }
      let edgePlaces = offsets[first..<next].map { group.place(ofOffset: $0) - group.start }
      guard let part = Self.table(of: edgePlaces, places: Int(places)) else { return false }
      groups.append(group)
      table.append(contentsOf: part.map { $0 + UInt16(first) })
    }
    return true
  }

  /// The widest places, as log₂, of which none holds more edges than it may.
  private static func greatestShift(_ offsets: ArraySlice<UInt64>) -> UInt64 {
    guard let base = offsets.first else { return 0 }
    let inside = offsets.map { $0 - base }
    var shift: UInt64 = 63
    while shift > 0 {
      let isCrowded = inside.indices.dropFirst(edgesPerPlace).contains { index in
        inside[index] >> shift == inside[index - edgesPerPlace] >> shift
      }
      guard isCrowded else { return shift }
      shift -= 1
    }
    return 0
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
  var base: Int64
  var top: Int64
  /// log₂ of a place's width.
  var shift: UInt64

  init(first: Double, last: Double, shift: UInt64) {
    base = Self.key(of: first)
    top = Self.key(of: last)
    self.shift = shift
  }

  /// An integer that increases with the value, −0 just below 0.
  @inline(__always)
  static func key(of value: Double) -> Int64 {
    let bits = Int64(bitPattern: value.bitPattern)
    // Of negative numbers all bits but the sign are turned over.
    return bits ^ Int64(bitPattern: UInt64(bitPattern: bits &>> 63) &>> 1)
  }

  /// The value whose key this is.
  static func value(ofKey key: Int64) -> Double {
    let bits = key ^ Int64(bitPattern: UInt64(bitPattern: key &>> 63) &>> 1)
    return Double(bitPattern: UInt64(bitPattern: bits))
  }

  /// The distance of the last edge from the first.
  var span: UInt64 { UInt64(bitPattern: top &- base) }

  /// The value's distance from the first edge, held within the edges.
  @inline(__always)
  func offset(of value: Double) -> UInt64 {
    let key = Self.key(of: value)
    let raised = key > base ? key : base
    return UInt64(bitPattern: (raised < top ? raised : top) &- base)
  }

  /// The place of a value.
  @inline(__always)
  func place(of value: Double) -> Int {
    Int(truncatingIfNeeded: offset(of: value) &>> shift)
  }
}

/// A stretch of the two-level mapping with places of its own, between its first and its last edge.
struct PlaceGroup: Sendable, Equatable {
  /// The distance of the group's first edge from the first edge of all.
  var base: UInt64 = 0
  /// The distance of the group's last edge from its first.
  var span: UInt64 = 0
  /// log₂ of a place's width.
  var shift: UInt64 = 0
  /// The group's first place.
  var start = 0

  /// The place of a value, given its offset from the first edge of all.
  @inline(__always)
  func place(ofOffset offset: UInt64) -> Int {
    let inside = offset > base ? offset &- base : 0
    return start &+ Int(truncatingIfNeeded: (inside < span ? inside : span) &>> shift)
  }
}
