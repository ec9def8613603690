internal import Sketches

/// What is counted of the events of one key and can be taken away again: counts and sums.
///
/// The one place that knows how they are added, subtracted, written and read: a summary that is new
/// is a column here. Panes hold them, windows slide by them, references and states are made of them.
struct SummaryColumns: Sendable, Equatable {
  /// The counts of all signals, as `Signal` lays them out; the first is the number of events.
  var counts: [UInt64]
  /// The sums of each numeric signal.
  var moments: [Moments]
  /// What lies outside the reference's range, by numeric signal.
  var outer: [OuterSums]
  /// The values outside the reference's usual range and in its gaps, by numeric signal.
  var unusual: [UnusualValues]
  /// The values of the signals whose quantiles must be within a relative error.
  var quantiles: [RelativeErrorQuantiles]

  /// Nothing counted.
  init(_ plan: Plan) { self = plan.emptyCounts.sums }

  /// Nothing counted of some signals.
  ///
  /// - Parameters:
  ///   - layout: The signals' places.
  ///   - width: The length of the array of counts.
  init(_ layout: SignalLayout, width: Int) {
    counts = [UInt64](repeating: 0, count: width)
    moments = layout.counted.compactMap(\.momentScale).map { Moments(scale: $0) }
    outer = layout.counted.compactMap { signal in
      guard case .number(_, let reference) = signal.kind else { return nil }
      let summary = reference.summary
      return OuterSums(
        minimum: summary.minimum,
        maximum: summary.maximum,
        usual: reference.usual
      )
    }
    unusual = [UnusualValues](repeating: UnusualValues(), count: moments.count)
    quantiles = [RelativeErrorQuantiles](
      repeating: RelativeErrorQuantiles(),
      count: layout.quantileCount
    )
  }

  /// Nothing counted, with room for what a layout holds; scales and ranges come with what is read.
  init(shapedAs layout: CountsLayout) {
    let numbers = layout.numberCount
    counts = [UInt64](repeating: 0, count: layout.width)
    moments = [Moments](repeating: Moments(scale: MomentScale(exponent: 0)), count: numbers)
    outer = [OuterSums](repeating: OuterSums(minimum: 0, maximum: 0), count: numbers)
    unusual = [UnusualValues](repeating: UnusualValues(), count: numbers)
    quantiles = [RelativeErrorQuantiles](
      repeating: RelativeErrorQuantiles(),
      count: layout.quantileCount
    )
  }

  /// The number of events.
  var events: UInt64 { counts[0] }

  /// Adds the sums of other events.
  mutating func merge(_ other: SummaryColumns) {
    counts.merge(counts: other.counts)
    for index in moments.indices { moments[index].merge(other.moments[index]) }
    for index in outer.indices { outer[index].merge(other.outer[index]) }
    for index in unusual.indices { unusual[index].merge(other.unusual[index]) }
    for index in quantiles.indices { quantiles[index].merge(other.quantiles[index]) }
  }

  /// Writes them.
  func encode(into writer: inout ByteWriter) {
    writer.write(counts: counts)
    for value in moments { value.encode(into: &writer) }
    outer.encodeSparsely(into: &writer)
    for value in unusual { value.encode(into: &writer) }
    for value in quantiles { value.encode(into: &writer) }
  }

  /// Reads what `encode` wrote of as many columns.
  mutating func read(from reader: inout ByteReader) throws(CodingError) {
    counts = try reader.readCounts(counts.count)
    for index in moments.indices { moments[index] = try Moments(from: &reader) }
    try outer.read(from: &reader)
    for index in unusual.indices { unusual[index] = try UnusualValues(from: &reader) }
    for index in quantiles.indices {
      quantiles[index] = try RelativeErrorQuantiles(from: &reader)
    }
  }

  /// Adds encoded sums.
  mutating func add(_ bytes: [UInt8]) {
    apply(bytes, isAdded: true)
  }

  /// Takes away encoded sums, which were added before: what was not added traps, since it would make
  /// counts of 2^64 and statistics that nobody could tell to be wrong.
  mutating func subtract(_ bytes: [UInt8]) {
    apply(bytes, isAdded: false)
  }

  private mutating func apply(_ bytes: [UInt8], isAdded: Bool) {
    var reader = ByteReader(bytes)
    do {
      try counts.apply(from: &reader, isAdded: isAdded)
      for index in moments.indices {
        let value = try Moments(from: &reader)
        if isAdded { moments[index].merge(value) } else { moments[index].subtract(value) }
      }
      try outer.apply(from: &reader, isAdded: isAdded)
      for index in unusual.indices {
        let value = try UnusualValues(from: &reader)
        if isAdded { unusual[index].merge(value) } else { unusual[index].subtract(value) }
      }
      for index in quantiles.indices {
        let value = try RelativeErrorQuantiles(from: &reader)
        if isAdded { quantiles[index].merge(value) } else { quantiles[index].subtract(value) }
      }
    } catch {
      preconditionFailure("a pane encoded by this process does not decode: \(error)")
    }
  }
}

/// The counts of all signals, the first of them the number of events.
extension [UInt64] {
  /// Adds the counts of other events.
  mutating func merge(counts other: [UInt64]) {
    // No count is greater than that of the events: where that one has room, all have.
    precondition(
      !self[0].addingReportingOverflow(other[0]).overflow,
      "\(other[0]) events are added to \(self[0])"
    )
    for index in indices { self[index] &+= other[index] }
  }

  /// Adds encoded counts, or takes them away.
  mutating func apply(from reader: inout ByteReader, isAdded: Bool) throws(CodingError) {
    let width = count
    try unsafe withUnsafeMutableBufferPointer { buffer throws(CodingError) in
      guard let base = buffer.baseAddress else { return }
      if isAdded {
        try unsafe reader.addCounts(width, into: base)
      } else {
        try unsafe reader.subtractCounts(width, from: base)
      }
    }
  }
}

/// What lies outside the reference's range, by numeric signal; mostly nothing, of which a byte says so.
extension [OuterSums] {
  /// Writes them.
  func encodeSparsely(into writer: inout ByteWriter) {
    for value in self {
      writer.write(byte: value.isEmpty ? 0 : 1)
      if !value.isEmpty { value.encode(into: &writer) }
    }
  }

  /// Reads what `encodeSparsely` wrote of as many signals; what is empty stays as it is.
  mutating func read(from reader: inout ByteReader) throws(CodingError) {
    for index in indices where try reader.readByte() == 1 {
      self[index] = try OuterSums(from: &reader)
    }
  }

  /// Adds encoded sums, or takes them away.
  mutating func apply(from reader: inout ByteReader, isAdded: Bool) throws(CodingError) {
    for index in indices where try reader.readByte() == 1 {
      let value = try OuterSums(from: &reader)
      if isAdded { self[index].merge(value) } else { self[index].subtract(value) }
    }
  }
}
