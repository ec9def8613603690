public import Events
internal import Specification

/// Decodes the lines of a chunk once for several monitors that want the same values of them.
///
/// What depends on a monitor alone (kinds, texts that are numbers, hashes, the counts) each makes
/// itself of the rows.
public struct SharedDecoder: ~Copyable {
  private var decoder: EventDecoder
  private var columns: EventColumns

  /// Nothing decoded yet.
  ///
  /// - Parameters:
  ///   - plan: Of any of the monitors.
  ///   - rowCapacity: The most rows of a batch.
  public init(_ plan: Plan, rowCapacity: Int) {
    let schema = plan.schema
    decoder = EventDecoder(schema: schema.columns, limits: schema.limits, reading: schema.reading)
    columns = EventColumns(slotCount: schema.columns.slots.count, rowCapacity: rowCapacity)
  }

  /// The monitors that want the same of each line, two or more, by their places.
  ///
  /// - Parameter plans: All monitors that read the same lines.
  /// - Returns: Groups of them; a monitor is in one at most.
  public static func groups(_ plans: [Plan]) -> [[Int]] {
    Plan.groups(of: plans, where: \.monitor.shape.isPlain) { $0.wantsTheSame(as: $1) }
      .filter { $0.count > 1 }
  }

  /// Decodes a chunk.
  ///
  /// - Parameters:
  ///   - chunk: Whole lines, with 64 readable bytes behind them.
  ///   - isAtStreamStart: Whether nothing came before the chunk.
  ///   - room: The most cells that it may take; receives what is left.
  /// - Returns: All rows of the chunk; `nil` where there is no room for them.
  public mutating func rows(
    of chunk: UnsafeRawBufferPointer,
    isAtStreamStart: Bool,
    room: inout Int
  ) -> [DecodedRows]? {
    var all: [DecodedRows] = []
    var offset = 0
    repeat {
      let rows = unsafe decoder.rows(
        of: chunk,
        from: offset,
        atStreamStart: isAtStreamStart,
        through: &columns
      )
      room -= rows.cellCount
      guard room >= 0 else { return nil }
      offset = rows.range.upperBound
      all.append(rows)
    } while offset < chunk.count
    return all
  }
}

extension Plan {
  /// Plans that are alike, by their places.
  ///
  /// - Parameters:
  ///   - plans: The plans.
  ///   - counts: Whether a plan is to be in any group.
  ///   - areAlike: Whether two belong together.
  /// - Returns: Groups in the order of their first plans.
  static func groups(
    of plans: [Plan],
    where counts: (Plan) -> Bool,
    _ areAlike: (Plan, Plan) -> Bool
  ) -> [[Int]] {
    var groups: [[Int]] = []
    for (index, plan) in plans.enumerated() where counts(plan) {
      let place = groups.firstIndex { areAlike(plans[$0[0]], plan) }
      if let place { groups[place].append(index) } else { groups.append([index]) }
    }
    return groups
  }

  /// Whether a line's columns are the same to it as to another one.
  fileprivate func wantsTheSame(as other: Plan) -> Bool {
    schema.columns == other.schema.columns && readsLines(as: other)
  }

  /// Whether it refuses the same lines as another one.
  func readsLines(as other: Plan) -> Bool {
    schema.limits == other.schema.limits && schema.reading == other.schema.reading
  }
}
