internal import Events

/// What stands in the place of people's data in a batch: keyed hashes, behind a copy of the chunk.
///
/// ```
/// │ the chunk │ 64 zeros │ hash │ hash │ … │ 64 zeros │
/// ```
///
/// Cells of own columns refer to the hashes, so that whatever counts, joins or keeps a value never
/// sees another. Conditions read the columns of the values themselves.
@safe
struct HiddenText: ~Copyable {
  private let key: KeyedHash?
  /// Own columns, each with the one that has the values.
  private let slots: [(own: Int, values: Int)]
  private var memory: UnsafeMutableRawBufferPointer
  private var length = 0
  /// Hashes of values that came before.
  private var known: [[UInt8]: [UInt8]] = [:]

  /// How many values a worker remembers the hashes of.
  static let rememberedValues = 4_096

  /// Hides the own columns of a schema.
  init(_ schema: PlannedSchema) {
    let all = schema.columns.slots
    slots = all.indices.filter { all[$0].form == .own }.compactMap { own in
      all.firstIndex { $0.form == .token && $0.path == all[own].path }.map { (own, $0) }
    }
    key = schema.key
    unsafe memory = .allocate(byteCount: 0, alignment: 64)
  }

  deinit { unsafe memory.deallocate() }

  /// Whether no column is an own one.
  var isEmpty: Bool { slots.isEmpty }

  /// The chunk and the hashes.
  var bytes: UnsafeRawBufferPointer {
    unsafe UnsafeRawBufferPointer(rebasing: memory[..<length])
  }

  /// Fills the own columns of what was decoded.
  mutating func fill(_ columns: inout EventColumns, _ chunk: UnsafeRawBufferPointer) {
    guard let key, !isEmpty else { return }
    var pool: [UInt8] = []
    let start = chunk.count + EventDecoder.padding
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
    unsafe keep(chunk, start, pool)
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
