/// The loops over a column of values. Layout: `table[place]` edges lie at earlier places, at most
/// two at the value's own place, so `b = table[place]` and two comparisons give the cell.
extension ReferenceBins {
  /// Adds one to the cell of each value.
  ///
  /// - Parameters:
  ///   - values: Numbers, no NaN.
  ///   - cells: ``cellCount`` counters.
  /// - Complexity: O(n), see the type.
  public func count(
    _ values: UnsafeBufferPointer<Double>,
    into cells: UnsafeMutablePointer<UInt64>
  ) {
    unsafe paddedEdges.withUnsafeBufferPointer { edges in
      unsafe plan.table.withUnsafeBufferPointer { table in
        switch plan.mapping {
        case .linear(let places):
          unsafe Self.count(values, places, table: table, edges: edges, into: cells)
        case .bits(let places):
          unsafe Self.count(values, places, table: table, edges: edges, into: cells)
        case .twoLevel(let places):
          unsafe plan.groups.withUnsafeBufferPointer { groups in
            unsafe Self.count(values, places, groups, table: table, edges: edges, into: cells)
          }
        case .search:
          for row in 0..<values.count {
            let cell = cell(of: unsafe values[row])
            unsafe cells[cell] &+= 1
          }
        }
      }
    }
  }

  private static func count(
    _ values: UnsafeBufferPointer<Double>,
    _ places: LinearPlaces,
    table: UnsafeBufferPointer<UInt16>,
    edges: UnsafeBufferPointer<Double>,
    into cells: UnsafeMutablePointer<UInt64>
  ) {
    for row in 0..<values.count {
      let value = unsafe values[row]
      let place = places.place(of: value)
      unsafe increment(value, from: table[place], edges: edges, cells)
    }
  }

  private static func count(
    _ values: UnsafeBufferPointer<Double>,
    _ places: BitPlaces,
    table: UnsafeBufferPointer<UInt16>,
    edges: UnsafeBufferPointer<Double>,
    into cells: UnsafeMutablePointer<UInt64>
  ) {
    for row in 0..<values.count {
      let value = unsafe values[row]
      let place = places.place(of: value)
      unsafe increment(value, from: table[place], edges: edges, cells)
    }
  }

  private static func count(
    _ values: UnsafeBufferPointer<Double>,
    _ places: BitPlaces,
    _ groups: UnsafeBufferPointer<PlaceGroup>,
    table: UnsafeBufferPointer<UInt16>,
    edges: UnsafeBufferPointer<Double>,
    into cells: UnsafeMutablePointer<UInt64>
  ) {
    for row in 0..<values.count {
      let value = unsafe values[row]
      let offset = places.offset(of: value)
      let group = Int(truncatingIfNeeded: offset &>> places.shift)
      let place = unsafe groups[group].place(ofOffset: offset)
      unsafe increment(value, from: table[place], edges: edges, cells)
    }
  }

  @inline(__always)
  private static func increment(
    _ value: Double,
    from first: UInt16,
    edges: UnsafeBufferPointer<Double>,
    _ cells: UnsafeMutablePointer<UInt64>
  ) {
    let first = Int(first)
    let cell =
      unsafe first &+ (edges[first] < value ? 1 : 0) &+ (edges[first &+ 1] < value ? 1 : 0)
    unsafe cells[cell] &+= 1
  }
}
