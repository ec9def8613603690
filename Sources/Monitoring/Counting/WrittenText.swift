internal import Events

/// What own columns of a batch hold: keyed hashes in the place of people's data, and versions that are
/// put together, behind a copy of the chunk.
///
/// ```
/// │ the chunk │ 64 zeros │ hash │ version │ … │ 64 zeros │
/// ```
///
/// Cells of own columns refer to these texts, so that whatever counts, joins or keeps a value of
/// people's never sees another. Conditions read the columns of the values themselves.
@safe
struct WrittenText: ~Copyable {
  private let key: KeyedHash?
  /// Own columns, each with the one that has the values.
  private let slots: [(own: Int, values: Int)]
  private var memory: UnsafeMutableRawBufferPointer
  private var length = 0
  /// Hashes of values that came before.
  private var known: [[UInt8]: [UInt8]] = [:]

  /// The longest version that is put together.
  static let joinedBytesLimit = 65_536
  /// How many values a worker remembers the hashes of.
  static let rememberedValues = 4_096

  /// The column of versions that are put together.
  private let joined: PlannedSchema.JoinedColumn?

  /// Fills the own columns of a schema.
  init(_ schema: PlannedSchema) {
    let all = schema.columns.slots
    slots = all.indices.filter { all[$0].form == .own }.compactMap { own in
      all.firstIndex { $0.form == .token && $0.path == all[own].path }.map { (own, $0) }
    }
    key = schema.key
    joined = schema.joined
    unsafe memory = .allocate(byteCount: 0, alignment: 64)
  }

  deinit { unsafe memory.deallocate() }

  /// Whether no column is an own one.
  var isEmpty: Bool { slots.isEmpty && joined == nil }

  /// The chunk and the texts.
  var bytes: UnsafeRawBufferPointer {
    unsafe UnsafeRawBufferPointer(rebasing: memory[..<length])
  }

  /// Fills the own columns of what was decoded.
  mutating func fill(_ columns: inout EventColumns, _ chunk: UnsafeRawBufferPointer) {
    guard !isEmpty else { return }
    var pool: [UInt8] = []
    let start = chunk.count + EventDecoder.padding
    if let key { unsafe hide(&columns, chunk, key, start, &pool) }
    if let joined { unsafe join(joined, &columns, chunk, start, &pool) }
    unsafe keep(chunk, start, pool)
  }

  /// Puts keyed hashes in the place of values.
  private mutating func hide(
    _ columns: inout EventColumns,
    _ chunk: UnsafeRawBufferPointer,
    _ key: KeyedHash,
    _ start: Int,
    _ pool: inout [UInt8]
  ) {
    for (own, values) in slots {
      for row in 0..<columns.rowCount {
        let cell = columns.cell(slot: values, row: row)
        guard let value = unsafe canonicalBytes(of: cell, in: chunk) else {
          columns.set(cell, slot: own, row: row)
          continue
        }
        let name = name(of: value, key)
        let reference = TokenReference(
          kind: .string,
          offset: start + pool.count,
          length: name.count
        )
        columns.set(Cell(reference), slot: own, row: row)
        pool += name
      }
    }
  }

  /// Puts versions together; one without one of its fields is missing.
  private func join(
    _ column: PlannedSchema.JoinedColumn,
    _ columns: inout EventColumns,
    _ chunk: UnsafeRawBufferPointer,
    _ start: Int,
    _ pool: inout [UInt8]
  ) {
    for row in 0..<columns.rowCount {
      var text: [UInt8]? = []
      for part in column.parts {
        switch part {
        case .text(let bytes): text? += bytes
        case .column(let slot):
          let cell = columns.cell(slot: slot, row: row)
          if let reference = cell.reference, reference.offset >= start {
            let place = reference.offset - start
            text? += pool[place..<place + reference.length]
          } else if let value = unsafe canonicalBytes(of: cell, in: chunk) {
            text? += value
          } else {
            text = nil
          }
        }
      }
      guard let text, text.count <= Self.joinedBytesLimit else {
        columns.set(text == nil ? .missing : .tooLong, slot: column.slot, row: row)
        continue
      }
      let offset = start + pool.count
      let reference = TokenReference(kind: .string, offset: offset, length: text.count)
      columns.set(Cell(reference), slot: column.slot, row: row)
      pool += text
    }
  }

  private mutating func name(of value: [UInt8], _ key: KeyedHash) -> [UInt8] {
    if let name = known[value] { return name }
    if known.count >= Self.rememberedValues { known.removeAll(keepingCapacity: true) }
    let name = key.name(of: value)
    known[value] = name
    return name
  }

  private mutating func keep(_ chunk: UnsafeRawBufferPointer, _ start: Int, _ pool: [UInt8]) {
    length = start + pool.count
    let capacity = length + EventDecoder.padding
    if unsafe memory.count < capacity {
      unsafe memory.deallocate()
      unsafe memory = .allocate(byteCount: capacity + capacity / 2, alignment: 64)
    }
    unsafe memory.copyMemory(from: chunk)
    clear(chunk.count..<start)
    for (place, byte) in pool.enumerated() { unsafe memory[start + place] = byte }
    clear(length..<capacity)
  }

  private func clear(_ bytes: Range<Int>) {
    for place in bytes { unsafe memory[place] = 0 }
  }
}
