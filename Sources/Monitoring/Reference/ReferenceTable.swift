internal import Events
internal import Sketches

/// The reference's counts by combination of segment values, and by hour of the week where that is
/// asked for.
///
/// It is counted on the profile's own grids in a second pass over the same events, so that its
/// counts add up to the profile's.
public struct ReferenceTable: Sendable, Equatable {
  /// Whether hours of the week are told apart; else all is in hour 0.
  public let isSeasonal: Bool
  /// The zone of the hours of the week; `nil` for UTC.
  public let zone: String?
  /// The hours with events, in order, from Monday at midnight in the zone.
  ///
  /// A key has one value a segment of the profile. The counts are the number of events, then those
  /// of each signal's cells or categories, in the profile's order.
  let hours: [CountedHour]
  /// The counts of a key in an hour.
  let width: Int

  /// The predictions of each of the 168 hours of the week, from Monday at midnight in the zone;
  /// nothing where hours are not told apart.
  public var eventsByHour: [Int] {
    guard isSeasonal else { return [] }
    var events = [Int](repeating: 0, count: HourOfWeek.count)
    for hour in hours { events[hour.hour] += self.events(in: hour) }
    return events
  }

  /// The predictions of all hours.
  var events: Int { hours.reduce(0) { $0 + events(in: $1) } }

  private func events(in hour: CountedHour) -> Int {
    hour.sums.reduce(0) { sum, bytes in
      var reader = ByteReader(bytes)
      return sum + Int((try? reader.readCounts(width))?[0] ?? 0)
    }
  }

  /// The combinations of segment values that occur.
  public var combinations: Int { Set(hours.flatMap(\.keys)).count }

  /// The most hours, keys and keys an hour that a file may claim.
  private static let countLimit = 1 << 20
}

extension Profile {
  /// The width of a row of the table.
  var tableWidth: Int { signals.reduce(1) { $0 + $1.counts.count } }
}

extension ReferenceTable {
  /// Writes the table: keys as indices of the segments' values, then the hours.
  func encode(into writer: inout ByteWriter, _ segments: [SegmentProfile]) {
    writer.write(byte: isSeasonal ? (zone == nil ? 1 : 2) : 0)
    if isSeasonal, let zone { writer.write(string: zone) }
    let keys = Set(hours.flatMap(\.keys)).sorted()
    let positions = Dictionary(uniqueKeysWithValues: zip(keys, keys.indices))
    writer.write(varint: UInt64(keys.count))
    for key in keys {
      for (value, segment) in zip(key.values, segments) {
        switch value {
        case .other: writer.write(varint: 0)
        case .absent: writer.write(varint: 1)
        case .value(let bytes):
          writer.write(varint: UInt64(2 + (segment.values.firstIndex(of: bytes) ?? -2)))
        }
      }
    }
    writer.write(varint: UInt64(hours.count))
    for hour in hours {
      writer.write(varint: UInt64(hour.hour))
      writer.write(varint: UInt64(hour.keys.count))
      for (key, bytes) in zip(hour.keys, hour.sums) {
        writer.write(varint: UInt64(positions[key] ?? 0))
        writer.write(raw: bytes)
      }
    }
  }

  /// Reads what `encode` wrote.
  init(
    from reader: inout ByteReader,
    _ segments: [SegmentProfile],
    width: Int
  ) throws(CodingError) {
    let kind = try reader.readByte()
    isSeasonal = kind > 0
    zone = kind > 1 ? try reader.readString() : nil
    var keys: [GroupKey] = []
    for _ in 0..<(try reader.readCount(limit: Self.countLimit)) {
      var values: [DimensionValue] = []
      for segment in segments {
        switch try reader.readCount(limit: segment.values.count + 1) {
        case 0: values.append(.other)
        case 1: values.append(.absent)
        case let index: values.append(.value(segment.values[index - 2]))
        }
      }
      keys.append(GroupKey(values: values))
    }
    var hours: [CountedHour] = []
    let slots = isSeasonal ? HourOfWeek.count : 1
    for _ in 0..<(try reader.readCount(limit: slots)) {
      let offset = reader.offset
      let hour = try reader.readCount(limit: slots - 1)
      guard hour > hours.last?.hour ?? -1 else { throw .invalid(offset: offset) }
      var own: [GroupKey] = []
      var sums: [[UInt8]] = []
      for _ in 0..<(try reader.readCount(limit: keys.count)) {
        let offset = reader.offset
        let index = try reader.readCount(limit: keys.count)
        guard index < keys.count, own.last.map({ $0 < keys[index] }) ?? true else {
          throw .invalid(offset: offset)
        }
        let counts = try reader.readCounts(width)
        // Sums over cells and hours must not overflow, whatever a file claims.
        guard counts.allSatisfy({ $0 < 1 << 40 }) else { throw .invalid(offset: offset) }
        var writer = ByteWriter()
        writer.write(counts: counts)
        own.append(keys[index])
        sums.append(writer.bytes)
      }
      hours.append(CountedHour(hour: hour, keys: own, sums: sums))
    }
    self.hours = hours
    self.width = width
  }
}

extension Plan {
  /// The profile's table as the plan counts: its keys have a value a dimension, its rows the plan's
  /// layout and nothing for objectives, of which a reference knows nothing.
  static func table(
    of profile: Profile,
    _ layout: SignalLayout,
    countWidth: Int,
    _ dimensions: [Dimension]
  ) -> [CountedHour] {
    guard let table = profile.table else { return [] }
    var places: [(source: Int, target: Range<Int>)] = []
    var offset = 1
    for signal in profile.signals {
      if let own = layout.signals.first(where: { $0.name == signal.name }),
        own.bins.count == signal.counts.count
      {
        places.append((offset, own.bins))
      }
      offset += signal.counts.count
    }
    return table.hours.map { hour in
      var rows: [GroupKey: [UInt64]] = [:]
      for (key, bytes) in zip(hour.keys, hour.sums) {
        var reader = ByteReader(bytes)
        guard let counts = try? reader.readCounts(profile.tableWidth) else { continue }
        let values = dimensions.map { $0.segment.map { key.values[$0] } ?? .absent }
        var row = rows[GroupKey(values: values)] ?? [UInt64](repeating: 0, count: countWidth)
        row[0] += counts[0]
        for (source, target) in places {
          for index in target.indices { row[index] += counts[source + index - target.lowerBound] }
        }
        rows[GroupKey(values: values)] = row
      }
      let sorted = rows.sorted { $0.key < $1.key }
      return CountedHour(
        hour: hour.hour,
        keys: sorted.map(\.key),
        sums: sorted.map { row in
          var writer = ByteWriter()
          writer.write(counts: row.value)
          // Nothing of the reference lies outside its own range.
          for _ in 0..<layout.numberCount { writer.write(byte: 0) }
          return writer.bytes
        }
      )
    }
  }
}
