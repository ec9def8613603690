/// What a decoding has put into its columns, for others that want the same of the same bytes.
///
/// Cells refer to the bytes that were decoded, as those of ``EventColumns`` do.
///
/// Its 9 properties are the columns' contents, and what the decoder noticed beside them.
public struct DecodedRows: Sendable {
  /// The bytes of the chunk that were decoded.
  public let range: Range<Int>
  /// The number of events.
  let rowCount: Int
  /// The cells of all events, a slot after the other.
  let cells: [UInt64]
  /// Each event's line: its first byte, of all events, then the numbers, then the lengths.
  let places: [UInt32]
  let linesSeen: Int
  let passedRows: PassedRows
  let refused: [RefusedLine]
  let unusable: [UnusableValues]
  /// Members of wildcards that the decoder saw for the first time, and how many were too long.
  public let members: WildcardMembers

  /// The number of cells.
  public var cellCount: Int { cells.count }
}

/// Members of wildcards that are not in a schema.
public struct WildcardMembers: Sendable {
  /// Those that came, in order of first sight.
  public private(set) var discovered: [FieldPath]
  /// How often one came whose key was too long to be reported.
  public private(set) var overlong: Int

  /// Members of some events.
  ///
  /// - Parameters:
  ///   - discovered: Those that came.
  ///   - overlong: How often one came whose key was too long to be reported.
  public init(discovered: [FieldPath] = [], overlong: Int = 0) {
    self.discovered = discovered
    self.overlong = overlong
  }

  /// Adds members of other events; each is listed once.
  public mutating func add(_ other: WildcardMembers) {
    discovered += other.discovered.filter { !discovered.contains($0) }
    overlong += other.overlong
  }
}

extension EventDecoder {
  /// Decodes as ``decode(_:from:atStreamStart:into:)`` does, and hands over what the columns hold.
  ///
  /// - Parameters:
  ///   - chunk: Whole lines, with ``padding`` readable bytes after its end.
  ///   - offset: Where a line starts: 0 or where the last rows end.
  ///   - atStreamStart: Whether the chunk is the stream's first.
  ///   - columns: As many as the schema has slots.
  /// - Returns: The rows.
  public mutating func rows(
    of chunk: UnsafeRawBufferPointer,
    from offset: Int,
    atStreamStart: Bool,
    through columns: inout EventColumns
  ) -> DecodedRows {
    let (known, overlong) = (discovered.count, overlongMembers)
    let end = unsafe decode(chunk, from: offset, atStreamStart: atStreamStart, into: &columns)
    return columns.rows(
      of: offset..<end,
      members: WildcardMembers(
        discovered: Array(discovered.dropFirst(known)),
        overlong: overlongMembers - overlong
      )
    )
  }
}

extension EventColumns {
  /// What they hold, as a value.
  fileprivate func rows(of range: Range<Int>, members: WildcardMembers) -> DecodedRows {
    let count = rowCount
    let cells = unsafe [UInt64](unsafeUninitializedCapacity: slotCount * count) { buffer, filled in
      if let first = buffer.baseAddress {
        for slot in 0..<slotCount {
          unsafe (first + slot * count).initialize(from: self.cells + slot * stride, count: count)
        }
      }
      filled = slotCount * count
    }
    let places = unsafe [UInt32](unsafeUninitializedCapacity: 3 * count) { buffer, filled in
      if let first = buffer.baseAddress {
        unsafe first.initialize(from: offsets, count: count)
        unsafe (first + count).initialize(from: numbers, count: count)
        unsafe (first + 2 * count).initialize(from: lengths, count: count)
      }
      filled = 3 * count
    }
    return DecodedRows(
      range: range,
      rowCount: count,
      cells: cells,
      places: places,
      linesSeen: linesSeen,
      passedRows: passedRows,
      refused: refused,
      unusable: unusable,
      members: members
    )
  }

  /// Takes over what another decoding of the same slots has found; what they held is forgotten.
  ///
  /// - Parameter rows: At most as many as these columns have room for.
  public mutating func take(_ rows: DecodedRows) {
    let count = rows.rowCount
    precondition(count <= rowCapacity, "\(count) rows for \(rowCapacity)")
    precondition(rows.cells.count == slotCount * count, "rows of other slots")
    unsafe rows.cells.withUnsafeBufferPointer { buffer in
      guard let first = buffer.baseAddress else { return }
      for slot in 0..<slotCount {
        unsafe (cells + slot * stride).update(from: first + slot * count, count: count)
      }
    }
    for slot in 0..<slotCount where rowCount > count {
      unsafe (cells + slot * stride + count).update(
        repeating: Cell.Special.missing,
        count: rowCount - count
      )
    }
    unsafe rows.places.withUnsafeBufferPointer { buffer in
      guard let first = buffer.baseAddress else { return }
      unsafe offsets.update(from: first, count: count)
      unsafe numbers.update(from: first + count, count: count)
      unsafe lengths.update(from: first + 2 * count, count: count)
    }
    rowCount = count
    linesSeen = rows.linesSeen
    passedRows = rows.passedRows
    refused = rows.refused
    unusable = rows.unusable
  }
}
