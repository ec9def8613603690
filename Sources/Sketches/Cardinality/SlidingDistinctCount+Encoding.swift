extension SlidingDistinctCount: Equatable {
  /// Whether both answer every query alike, whatever their pools look like.
  public static func == (left: SlidingDistinctCount, right: SlidingDistinctCount) -> Bool {
    left.encoded() == right.encoded()
  }
}

extension SlidingDistinctCount: ByteCodable {
  /// Appends the steps that a query can reach.
  ///
  /// Layout: 0, or 1 and the latest pane; 0, or 1 and the first pane of queries; for each register
  /// the number of steps, and for each step, the latest first, its pane's distance from the latest
  /// pane and its rank.
  public func encode(into writer: inout ByteWriter) {
    writer.write(byte: latestPane == nil ? 0 : 1)
    if let latestPane { writer.write(zigzag: Int64(latestPane)) }
    writer.write(byte: firstPane == .min ? 0 : 1)
    if firstPane != .min { writer.write(zigzag: Int64(firstPane)) }
    for register in 0..<DistinctCount.registerCount {
      let steps = steps(of: register)
      writer.write(varint: UInt64(steps.count))
      for step in steps {
        writer.write(varint: UInt64((latestPane ?? step.pane) - step.pane))
        writer.write(byte: step.rank)
      }
    }
  }

  /// Reads what ``encode(into:)`` wrote.
  public init(from reader: inout ByteReader) throws(CodingError) {
    self.init()
    let latest = try Self.readPane(from: &reader)
    let first = try Self.readPane(from: &reader)
    var lists: [[(pane: Int, rank: UInt8)]] = []
    var base = latest ?? 0
    for _ in 0..<DistinctCount.registerCount {
      let steps = try Self.readSteps(latest: latest, first: first, from: &reader)
      if let oldest = steps.last { base = min(base, oldest.pane) }
      lists.append(steps)
    }
    restore(lists, basePane: base, latestPane: latest, firstPane: first ?? .min)
  }

  private static func readPane(from reader: inout ByteReader) throws(CodingError) -> Int? {
    let start = reader.offset
    switch try reader.readByte() {
    case 0: return nil
    case 1: return Int(try reader.readZigzag())
    default: throw .invalid(offset: start)
    }
  }

  private static func readSteps(
    latest: Int?,
    first: Int?,
    from reader: inout ByteReader
  ) throws(CodingError) -> [(pane: Int, rank: UInt8)] {
    let count = try reader.readCount(limit: Int(DistinctCount.maximumRegister))
    var steps: [(pane: Int, rank: UInt8)] = []
    for _ in 0..<count {
      let offset = reader.offset
      let distance = try reader.readCount(limit: Int(UInt32.max))
      let rank = try reader.readByte()
      guard let latest else { throw .invalid(offset: offset) }
      let (pane, overflow) = latest.subtractingReportingOverflow(distance)
      // Going back in time the ranks rise, and no step lies before the first pane.
      guard !overflow, pane >= first ?? .min, pane < steps.last?.pane ?? .max,
        rank > steps.last?.rank ?? 0, rank <= DistinctCount.maximumRegister
      else { throw .invalid(offset: offset) }
      steps.append((pane, rank))
    }
    return steps
  }
}
