public import Events
internal import Expressions
internal import Specification

/// Tells which lines each of several monitors takes, decoding each line once for all of them.
///
/// Only what the conditions of their kinds read is decoded. What a monitor does not take it need not
/// decode, and says the same without it: what is refused and how many events are ignored is handed
/// over with the lines that it takes.
///
/// Monitors are sifted for that read lines alike: each line is an event, the limits and the strictness
/// are the same, and every kind has a condition. Others are to read the lines themselves.
@safe
public struct LineSifter: ~Copyable, @unchecked Sendable {
  // Unchecked: the pointer is to memory that this value alone owns.

  /// A monitor that lines are sifted for.
  private struct Member {
    /// Its place among all.
    let index: Int
    /// Which lines are of which kind, over the sifter's columns.
    let classifier: EventClassifier
  }

  /// What the lines of a chunk are to each monitor.
  public struct Sifted: Sendable {
    /// The lines that each monitor takes; `nil` where it is to read the chunk itself.
    public var lines: [RewrittenLines?]
    /// How many lines there were.
    public var count = 0
    /// How many decodings of a line it saves.
    public var saved = 0
  }

  private let monitorCount: Int
  private let members: [Member]
  private var decoder: EventDecoder
  private var columns: EventColumns
  /// The kind of each row for one monitor, as `EventKind` codes.
  private let kinds: UnsafeMutablePointer<UInt8>

  /// A sifter for some monitors.
  ///
  /// - Parameter plans: All monitors that read the same lines, in order.
  public init(_ plans: [Plan]) {
    let alike = Self.alike(plans)
    var slots: [Schema.Slot] = []
    members = alike.map { index in
      let schema = plans[index].schema
      let mapped = schema.classifier.mapped.map { kind in
        let own = kind.slots.map { slot in
          let wanted = schema.columns.slots[slot]
          if let known = slots.firstIndex(of: wanted) { return known }
          slots.append(wanted)
          return slots.count - 1
        }
        return EventClassifier.Mapped(kind: kind.kind, when: kind.when, slots: own)
      }
      return Member(index: index, classifier: EventClassifier(mapped: mapped))
    }
    monitorCount = plans.count
    let first = alike.first.map { plans[$0].schema }
    decoder = EventDecoder(
      schema: Schema(slots: slots),
      limits: first?.limits ?? DecodingLimits(),
      reading: first?.reading ?? .strict
    )
    columns = EventColumns(slotCount: slots.count)
    unsafe kinds = .allocate(capacity: EventColumns.defaultRowCapacity)
  }

  deinit { unsafe kinds.deallocate() }

  /// Whether sifting can save anything: for one monitor alone it cannot.
  ///
  /// - Parameter plans: All monitors that read the same lines.
  /// - Returns: Whether two of them or more read lines alike.
  public static func isOfUse(for plans: [Plan]) -> Bool { alike(plans).count > 1 }

  /// The monitors that can be sifted for: the most that read lines alike.
  private static func alike(_ plans: [Plan]) -> [Int] {
    Plan.groups(of: plans, where: \.canBeSifted) { $0.readsLines(as: $1) }
      .max { $0.count < $1.count } ?? []
  }

  /// Sifts the lines of a chunk.
  ///
  /// A monitor that takes more than half of the bytes is to read the chunk itself, and so are the
  /// last ones where all together take more than the chunk twice over: what is copied is bounded.
  ///
  /// - Parameters:
  ///   - chunk: Whole lines, with 64 readable bytes behind them.
  ///   - isAtStreamStart: Whether nothing came before the chunk.
  /// - Returns: The lines that each monitor takes.
  public mutating func sift(
    _ chunk: UnsafeRawBufferPointer,
    isAtStreamStart: Bool
  ) -> Sifted {
    var taken = [RewrittenLines?](repeating: RewrittenLines(), count: members.count)
    var refused: [RefusedLine] = []
    var (offset, lines, events) = (0, 0, 0)
    repeat {
      offset = unsafe decoder.decode(
        chunk,
        from: offset,
        atStreamStart: isAtStreamStart,
        into: &columns
      )
      refused += columns.refused
      lines += columns.linesSeen
      events += columns.rowCount
      for index in members.indices where taken[index] != nil {
        unsafe take(chunk, for: index, into: &taken[index])
      }
    } while offset < chunk.count
    var sifted = Sifted(lines: Array(repeating: nil, count: monitorCount), count: lines)
    var room = 2 * chunk.count
    for (member, own) in zip(members, taken) {
      guard var own, own.count <= room else { continue }
      room -= own.count
      sifted.saved += events - own.rows
      own.close(lines: lines, refused: refused, ignored: events - own.rows)
      sifted.lines[member.index] = own
    }
    return sifted
  }

  /// Takes the rows of a batch that a monitor takes; gives it up where they are too many.
  private mutating func take(
    _ chunk: UnsafeRawBufferPointer,
    for index: Int,
    into taken: inout RewrittenLines?
  ) {
    guard var own = taken.take() else { return }
    unsafe members[index].classifier.classify(columns, chunk, into: kinds)
    for row in 0..<columns.rowCount where unsafe kinds[row] != EventKind.noneCode {
      let offset = unsafe Int(columns.lineOffsets[row])
      let length = unsafe Int(columns.lineLengths[row])
      unsafe own.append(
        verbatim: UnsafeRawBufferPointer(rebasing: chunk[offset..<offset + length]),
        .init(line: Int(columns.lineNumbers[row]), offset: offset, length: length)
      )
    }
    if own.count <= chunk.count / 2 { taken = own }
  }
}

extension Plan {
  /// Whether what it takes can be told by the conditions of its kinds, of lines as they are.
  fileprivate var canBeSifted: Bool {
    let read = schema.classifier.mapped.flatMap(\.slots)
    return monitor.shape.isPlain
      && schema.classifier.mapped.allSatisfy { $0.when != nil }
      && !read.isEmpty
      && !schema.textNumbers.contains { read.contains($0.slot) }
  }
}
