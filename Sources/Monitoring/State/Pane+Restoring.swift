internal import Sketches
internal import Specification

extension SealedPane {
  /// Writes the pane with its counts as they are encoded.
  func encode(into writer: inout ByteWriter) {
    writer.write(index)
    writer.write(keys)
    for counts in bytes { writer.write(bytes: counts) }
    writer.write(overflowed)
    writer.write(events)
  }

  /// Reads what `encode` wrote, as another plan counts it.
  init(from reader: inout ByteReader, _ mapping: CountsMapping) throws(CodingError) {
    index = try reader.read()
    keys = try reader.read()
    var counted: [[UInt8]] = []
    for _ in keys {
      var encoded = ByteReader(try reader.readBytes())
      var own = ByteWriter()
      try mapping.readCounts(from: &encoded).encode(into: &own)
      try encoded.finish()
      counted.append(own.bytes)
    }
    bytes = counted
    overflowed = try reader.read()
    events = try reader.read()
  }
}

extension CountedPanes {
  /// Writes the panes, all of them encoded.
  func encode(into writer: inout ByteWriter, _ plan: Plan) {
    let all = sealed + open.map { SealedPane($0, plan: plan) }
    writer.write(varint: UInt64(all.count))
    for pane in all { pane.encode(into: &writer) }
    writer.write(joins)
    writer.write(refused)
  }

  /// Reads what `encode` wrote.
  init(from reader: inout ByteReader, _ mapping: CountsMapping) throws(CodingError) {
    for _ in 0..<(try reader.readCount(limit: reader.remaining)) {
      sealed.append(try SealedPane(from: &reader, mapping))
    }
    joins = try reader.read()
    refused = try reader.read()
    if !mapping.keepsPanes { (sealed, joins) = ([], []) }
    if !mapping.keepsWidth { refused = RefusedPanes() }
  }
}

extension ClosedPane {
  func encode(into writer: inout ByteWriter) {
    writer.write(index)
    writer.write(keys)
    for encoded in sums { writer.write(bytes: encoded) }
    writer.write(varint: UInt64(unseen.count))
    for values in unseen {
      writer.write(values.key)
      writer.write(values.category)
      values.record.encode(into: &writer)
    }
    writer.write(times)
  }

  init(from reader: inout ByteReader, _ mapping: CountsMapping) throws(CodingError) {
    index = try reader.read()
    keys = try reader.read()
    var summed: [[UInt8]] = []
    for _ in keys { summed.append(try mapping.sums(try reader.readBytes())) }
    sums = summed
    var values: [UnseenValues] = []
    for _ in 0..<(try reader.readCount(limit: reader.remaining)) {
      let key: GroupKey = try reader.read()
      let category: Int = try reader.read()
      let record = try BottomHashRecord(from: &reader)
      guard let place = mapping.isIdentity ? category : mapping.category(category) else { continue }
      values.append(UnseenValues(key: key, category: place, record: record))
    }
    unseen = values
    times = try reader.read()
  }
}

extension CountedHour {
  func encode(into writer: inout ByteWriter) {
    writer.write(hour)
    writer.write(keys)
    for encoded in sums { writer.write(bytes: encoded) }
  }

  init(from reader: inout ByteReader, _ mapping: CountsMapping) throws(CodingError) {
    let hour: Int = try reader.read()
    let keys: [GroupKey] = try reader.read()
    var sums: [[UInt8]] = []
    for _ in keys { sums.append(try mapping.past(try reader.readBytes()).encoded()) }
    self.init(hour: hour, keys: keys, sums: sums)
  }
}
