/// A table from a value's place to the number of edges before that place.
///
/// A mapping from doubles to places that never decreases splits the line into stretches. If no
/// stretch holds more than two edges, then a value's cell is the number of edges in earlier
/// stretches, which the table holds, plus two comparisons with the next two edges. Edges and values
/// go through the same instructions, so rounding in the mapping cannot make the two disagree.
struct LookupPlan: Sendable {
  enum Mapping: Sendable, Equatable {
    /// `place = (x − origin) · scale`, for ranges across zero and evenly spread edges.
    case linear(origin: Double, scale: Double, places: Int)
    /// `place = (key(x) − base) >> shift`: even steps in the logarithm, for skewed positive values.
    case bits(base: UInt64, top: UInt64, shift: UInt64)
    /// As `bits`, but each stretch has a shift of its own: heavy tails, distant clusters.
    case twoLevel(base: UInt64, top: UInt64, shift: UInt64)
    /// No table fits.
    case search
  }

  /// The greatest number of table entries: 8 KB, a quarter of a first-level cache.
  static let maximumPlaces = 4_096

  var mapping: Mapping
  /// For each place, the number of edges at earlier places.
  var table: [UInt16] = []
  /// For the two-level mapping: the first place of each group, and its shift in the low byte.
  var groups: [UInt32] = []

  init(edges: [Double]) {
    mapping = .search
  }
}
