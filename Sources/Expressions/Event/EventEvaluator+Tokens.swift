import Events

extension EventEvaluator {
  /// Judges the comparisons that read a cell's bytes.
  func compareTokens(_ condition: EventCondition, into truths: Truths) {
    switch condition {
    case .compareTexts(.equal, .field(let field), .constant(let text)):
      unsafe equals(field, text, into: truths)
    case .compareTexts(let symbol, .field(let field), .constant(let text)):
      unsafe eachText(field, into: truths) { unsafe symbol.compares(order($0, text), 0) }
    case .compareTexts(let symbol, .constant(let text), .field(let field)):
      unsafe eachText(field, into: truths) { unsafe symbol.compares(0, order($0, text)) }
    case .compareTexts(let symbol, .field(let left), .field(let right)):
      for row in 0..<rowCount {
        guard let one = text(left, row), let other = text(right, row) else {
          unsafe truths[row] = Truth.unknown
          continue
        }
        unsafe truths[row] = symbol.compares(compareBytes(one, other), 0) ? Truth.yes : Truth.no
      }
    case .compareTexts(let symbol, .constant(let left), .constant(let right)):
      let holds = symbol.compares(compareBytes(left, right), 0)
      unsafe truths.update(repeating: holds ? Truth.yes : Truth.no, count: rowCount)
    case .textIn(.field(let field), let items):
      unsafe eachText(field, into: truths) { bytes in
        items.contains { item in unsafe order(bytes, item) == 0 }
      }
    case .textIn(.constant(let text), let items):
      let holds = items.contains(text)
      unsafe truths.update(repeating: holds ? Truth.yes : Truth.no, count: rowCount)
    case .sameValue(let left, let right):
      for row in 0..<rowCount { unsafe truths[row] = sameValue(left, right, row) }
    default: unsafe truths.update(repeating: Truth.unknown, count: rowCount)
    }
  }

  private func sameValue(_ left: Int, _ right: Int, _ row: Int) -> UInt8 {
    let one = unsafe Cell(bits: columns[left][row])
    let other = unsafe Cell(bits: columns[right][row])
    if one.isNumber, other.isNumber { return one.number == other.number ? Truth.yes : Truth.no }
    if isBoolean(one), isBoolean(other) { return one == other ? Truth.yes : Truth.no }
    guard let first = text(left, row), let second = text(right, row) else { return Truth.unknown }
    return first == second ? Truth.yes : Truth.no
  }

  private func isBoolean(_ cell: Cell) -> Bool { cell == .true || cell == .false }

  /// The commonest predicate, `kind == "prediction"`: most rows are decided by their length, the
  /// others by a few words.
  private func equals(_ field: Int, _ text: [UInt8], into truths: Truths) {
    let column = unsafe columns[field]
    unsafe text.withUnsafeBytes { wanted in
      for row in 0..<rowCount {
        let cell = unsafe Cell(bits: column[row])
        guard let reference = cell.reference, reference.kind == .string else {
          unsafe truths[row] = Truth.unknown
          continue
        }
        var isEqual = reference.length == wanted.count
        if reference.isEscaped {
          isEqual = unsafe canonicalBytes(of: cell, in: chunk) == text
        } else if isEqual {
          isEqual = unsafe isEqualBytes(chunk, at: reference.offset, wanted)
        }
        unsafe truths[row] = isEqual ? Truth.yes : Truth.no
      }
    }
  }

  /// Whether some bytes stand at an offset: word by word, the last word overlapping the one before.
  @inline(__always)
  private func isEqualBytes(
    _ bytes: UnsafeRawBufferPointer,
    at offset: Int,
    _ wanted: UnsafeRawBufferPointer
  ) -> Bool {
    let count = wanted.count
    guard count >= 8 else {
      if count >= 4 {
        return unsafe isSame(bytes, offset, wanted, 0, UInt32.self)
          && isSame(bytes, offset, wanted, count - 4, UInt32.self)
      }
      if count >= 2 {
        return unsafe isSame(bytes, offset, wanted, 0, UInt16.self)
          && isSame(bytes, offset, wanted, count - 2, UInt16.self)
      }
      return unsafe count == 0 || bytes[offset] == wanted[0]
    }
    var position = 0
    while position < count - 8 {
      guard unsafe isSame(bytes, offset, wanted, position, UInt64.self) else { return false }
      position += 8
    }
    return unsafe isSame(bytes, offset, wanted, count - 8, UInt64.self)
  }

  @inline(__always)
  private func isSame<Word: FixedWidthInteger & BitwiseCopyable>(
    _ bytes: UnsafeRawBufferPointer,
    _ offset: Int,
    _ wanted: UnsafeRawBufferPointer,
    _ position: Int,
    _ word: Word.Type
  ) -> Bool {
    unsafe bytes.loadUnaligned(fromByteOffset: offset + position, as: word)
      == wanted.loadUnaligned(fromByteOffset: position, as: word)
  }

  /// Judges each string of a column by its bytes; everything else is unknown.
  private func eachText(
    _ field: Int,
    into truths: Truths,
    _ holds: (UnsafeRawBufferPointer) -> Bool
  ) {
    let column = unsafe columns[field]
    for row in 0..<rowCount {
      let cell = unsafe Cell(bits: column[row])
      guard let reference = cell.reference, reference.kind == .string else {
        unsafe truths[row] = Truth.unknown
        continue
      }
      let isTrue: Bool
      if reference.isEscaped {
        guard let unescaped = unsafe canonicalBytes(of: cell, in: chunk) else {
          unsafe truths[row] = Truth.unknown
          continue
        }
        isTrue = unsafe unescaped.withUnsafeBytes { unsafe holds($0) }
      } else {
        let end = reference.offset + reference.length
        isTrue = unsafe holds(UnsafeRawBufferPointer(rebasing: chunk[reference.offset..<end]))
      }
      unsafe truths[row] = isTrue ? Truth.yes : Truth.no
    }
  }

  /// The value of a string in one row; `nil` for everything else.
  private func text(_ field: Int, _ row: Int) -> [UInt8]? {
    let cell = unsafe Cell(bits: columns[field][row])
    guard let reference = cell.reference, reference.kind == .string else { return nil }
    if reference.isEscaped { return unsafe canonicalBytes(of: cell, in: chunk) }
    return unsafe Array(chunk[reference.offset..<(reference.offset + reference.length)])
  }

  /// The order of two byte strings: negative, zero or positive.
  private func order(_ left: UnsafeRawBufferPointer, _ right: [UInt8]) -> Int {
    let shared = min(left.count, right.count)
    for index in 0..<shared {
      let (one, other) = unsafe (left[index], right[index])
      if one != other { return one < other ? -1 : 1 }
    }
    return left.count - right.count
  }

  private func compareBytes(_ left: [UInt8], _ right: [UInt8]) -> Int {
    unsafe left.withUnsafeBytes { unsafe order($0, right) }
  }
}
