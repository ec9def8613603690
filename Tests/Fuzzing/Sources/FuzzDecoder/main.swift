import Events
import FuzzSupport

// Any bytes are decoded without a trap or a read out of bounds, and the events that come out do not
// depend on how many rows a batch has.

/// What a decoding of the whole input gave, in a form that can be compared.
private struct Decoded: Equatable {
  var cells: [UInt64] = []
  var rowOffsets: [UInt32] = []
  var times: [Int64] = []
  var codes: [UInt32] = []
  var refusals: [String] = []
  var unusable: [Int] = []
  var lineCount = 0
  var discovered: [FieldPath] = []
  var duplicateKeys = 0
}

private let slots: [Schema.Slot] = [
  .init(path: FieldPath(["id"]), form: .token),
  .init(path: FieldPath(["ts"]), form: .token),
  .init(path: FieldPath(["score"]), form: .value),
  .init(path: FieldPath(["features", "a"]), form: .value),
  .init(path: FieldPath(["features", "b"]), form: .token),
  .init(path: FieldPath(["features", "c d"]), form: .value),
  .init(path: FieldPath(["data", "0"]), form: .value),
  .init(path: FieldPath(["data", "1"]), form: .token),
  .init(path: FieldPath(["data", "2", "1"]), form: .value),
  .init(path: FieldPath(["data", "2", "b"]), form: .token),
]
private let schema = Schema(
  slots: slots,
  wildcards: [
    FieldPath(["features"], isWildcard: true), FieldPath(["data", "3"], isWildcard: true),
  ]
)
// Small, so that short inputs reach them.
private let limits = DecodingLimits(
  lineBytes: 512,
  nesting: 6,
  unknownKeys: 6,
  discoveredPaths: 4,
  elements: 8
)

private func decode(
  _ chunk: UnsafeRawBufferPointer,
  _ reading: JSONReading,
  rowCapacity: Int
) -> Decoded {
  var decoder = EventDecoder(schema: schema, limits: limits, reading: reading)
  var columns = EventColumns(slotCount: slots.count, rowCapacity: rowCapacity)
  var clock = TimestampDecoder()
  var categories = CategoryDictionary(known: [Array("x".utf8), Array("1".utf8)])
  var times = [Int64](repeating: 0, count: rowCapacity)
  var codes = [UInt32](repeating: 0, count: rowCapacity)
  var decoded = Decoded()
  var offset = 0
  while offset < chunk.count {
    let next = unsafe decoder.decode(
      chunk,
      from: offset,
      atStreamStart: offset == 0,
      into: &columns
    )
    require(next > offset && next <= chunk.count, "decoding goes on: \(offset) to \(next)")
    offset = next
    let rows = columns.rowCount
    for slot in slots.indices {
      for row in 0..<rows {
        let cell = columns.cell(slot: slot, row: row)
        if let token = cell.reference {
          let isInside = token.offset >= 0 && token.offset + token.length <= chunk.count
          require(isInside, "a token lies in the chunk: \(token)")
        }
        _ = unsafe canonicalBytes(of: cell, in: chunk)
      }
    }
    // Row by row, so that batches of different sizes can be laid side by side.
    for row in 0..<rows {
      decoded.cells += slots.indices.map { columns.cell(slot: $0, row: row).bits }
      unsafe decoded.rowOffsets.append(columns.lineOffsets[row])
    }
    unsafe times.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      unsafe clock.decode(columns.cells(1), count: rows, chunk: chunk, into: base)
    }
    unsafe codes.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      unsafe categories.encode(
        columns.cells(4),
        count: rows,
        chunk: chunk,
        accepting: .all,
        into: base
      )
    }
    decoded.times += times[..<rows]
    decoded.codes += codes[..<rows]
    decoded.refusals += columns.refused.map { "\($0.reason) \($0.offset) \($0.length)" }
    for values in columns.unusable {
      let isInside = values.offset >= 0 && values.offset + values.length <= chunk.count
      require(isInside && values.count > 0, "a value lies in the chunk: \(values)")
      decoded.unusable.append(values.offset)
    }
    decoded.lineCount += columns.linesSeen
  }
  decoded.discovered = decoder.discovered
  decoded.duplicateKeys = decoder.duplicateKeys
  return decoded
}

runFuzzer { bytes, count in
  unsafe withPadding(bytes, count, padding: 64) { chunk in
    var rows: [JSONReading: [UInt32]] = [:]
    for reading in [JSONReading.strict, .lenient] {
      let whole = unsafe decode(chunk, reading, rowCapacity: 64)
      for rowCapacity in [1, 3] {
        let parts = unsafe decode(chunk, reading, rowCapacity: rowCapacity)
        require(parts == whole, "batches of \(rowCapacity) give the same\n\(parts)\n\(whole)")
      }
      rows[reading] = whole.rowOffsets
    }
    let isKept = Set(rows[.strict] ?? []).isSubset(of: rows[.lenient] ?? [])
    require(isKept, "what is strictly read is leniently read as well: \(rows)")
  }
  return 0
}
