import Events

/// The 29 fields of the generated events.
func benchmarkSchema() -> Schema {
  func path(_ keys: String...) -> FieldPath { FieldPath(keys) }
  var slots = [Schema.Slot(path: path("ts"), form: .token)]
  slots += ["model", "version"].map { Schema.Slot(path: path($0), form: .token) }
  slots += EventGenerator.numbers.map { Schema.Slot(path: path("features", $0), form: .value) }
  slots += EventGenerator.categories.map { Schema.Slot(path: path("features", $0), form: .token) }
  slots += EventGenerator.booleans.map { Schema.Slot(path: path("features", $0), form: .value) }
  return Schema(slots: slots)
}

/// Decodes all lines, chunk by chunk, with their times, and sums up one number so that nothing is
/// optimised away.
func decode(_ bytes: [UInt8]) -> (rows: Int, sum: Double) {
  var decoder = EventDecoder(schema: benchmarkSchema())
  var columns = EventColumns(slotCount: decoder.schema.slots.count)
  var timestamps = TimestampDecoder()
  var times = [Int64](repeating: 0, count: columns.rowCapacity)
  var rows = 0
  var sum = 0.0
  unsafe bytes.withUnsafeBytes { padded in
    let all = unsafe UnsafeRawBufferPointer(rebasing: padded.dropLast(EventDecoder.padding))
    var start = 0
    while start < all.count {
      var end = min(start + 1 << 18, all.count)
      while end < all.count, unsafe all[end - 1] != 0x0A {
        end += 1
      }
      let chunk = unsafe UnsafeRawBufferPointer(rebasing: all[start..<end])
      var offset = 0
      while offset < chunk.count {
        unsafe offset = decoder.decode(
          chunk,
          from: offset,
          atStreamStart: false,
          into: &columns
        )
        unsafe times.withUnsafeMutableBufferPointer { times in
          guard let first = times.baseAddress else {
            return
          }
          unsafe timestamps.decode(
            columns.cells(0),
            count: columns.rowCount,
            chunk: chunk,
            into: first
          )
        }
        rows += columns.rowCount
        precondition(columns.refused.isEmpty, "\(columns.refused)")
        let amounts = unsafe columns.cells(3)
        for row in 0..<columns.rowCount {
          unsafe sum += Double(bitPattern: amounts[row])
        }
      }
      start = end
    }
  }
  return (rows, sum)
}
