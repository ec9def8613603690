/// The loops that unpack counts, see ``CountCoding`` for the layout.
extension ByteReader {
  /// Adds or subtracts `count` encoded counts.
  ///
  /// - Returns: The offset behind them; nil when the bytes end too early, negative when a code is
  ///   not in use or the filling of the last block is not zero.
  @inline(__always)
  static func combine(
    _ bytes: UnsafeBufferPointer<UInt8>,
    from start: Int,
    _ count: Int,
    _ cells: UnsafeMutablePointer<UInt64>,
    isAddition: Bool
  ) -> Int? {
    var offset = start
    var cell = 0
    var header = 0
    while cell < count {
      if cell & CountCoding.blockLength == 0 {
        guard offset < bytes.count else { return nil }
        header = Int(unsafe bytes[offset])
        offset &+= 1
      } else {
        header &>>= 4
      }
      let code = header & 15
      let length = min(count &- cell, CountCoding.blockLength)
      if code == 0 {
        cell &+= length
        continue
      }
      guard let width = CountCoding.width(ofCode: code) else { return -1 }
      guard width <= bytes.count &- offset else { return nil }
      if width <= 8 {
        let word = unsafe word(bytes, at: offset, width: width)
        if length == CountCoding.blockLength {
          unsafe combineEight(word, width, 8, cells + cell, isAddition: isAddition)
        } else {
          // The filling has to be zero. Eight narrow counts take `8 · width` bits.
          let unused = UInt64(64 - 8 * width)
          let used = (word &<< unused) &>> unused
          guard used &>> UInt64(width * length) == 0 else { return -1 }
          unsafe combineEight(word, width, length, cells + cell, isAddition: isAddition)
        }
      } else if width == 16, length == CountCoding.blockLength {
        unsafe combineHalves(bytes, at: offset, cells + cell, isAddition: isAddition)
      } else {
        let isSound = unsafe combineWide(
          bytes,
          at: offset,
          width: width,
          length: length,
          cells + cell,
          isAddition: isAddition
        )
        guard isSound else { return -1 }
      }
      offset &+= width
      cell &+= length
    }
    // The second half of the last header belongs to no block when the blocks are odd in number.
    let blocks = (count + CountCoding.blockLength - 1) / CountCoding.blockLength
    return blocks & 1 == 1 && header > 15 ? -1 : offset
  }

  /// The next `width` bytes, at most eight, the first one lowest.
  @inline(__always)
  private static func word(
    _ bytes: UnsafeBufferPointer<UInt8>,
    at offset: Int,
    width: Int
  ) -> UInt64 {
    if bytes.count &- offset >= 8 {
      return unsafe UInt64(
        littleEndian: UnsafeRawBufferPointer(bytes).loadUnaligned(
          fromByteOffset: offset,
          as: UInt64.self
        )
      )
    }
    var word: UInt64 = 0
    for position in 0..<width {
      word |= unsafe UInt64(bytes[offset &+ position]) &<< UInt64(8 &* position)
    }
    return word
  }

  @inline(__always)
  private static func combineEight(
    _ word: UInt64,
    _ width: Int,
    _ length: Int,
    _ cells: UnsafeMutablePointer<UInt64>,
    isAddition: Bool
  ) {
    let mask = (UInt64(1) &<< UInt64(width)) &- 1
    var rest = word
    for index in 0..<length {
      if isAddition {
        unsafe cells[index] &+= rest & mask
      } else {
        unsafe take(rest & mask, from: cells + index)
      }
      rest &>>= UInt64(width)
    }
  }

  /// Takes from a counter what was added to it before.
  @inline(__always)
  private static func take(_ count: UInt64, from cell: UnsafeMutablePointer<UInt64>) {
    let (rest, isShort) = unsafe cell.pointee.subtractingReportingOverflow(count)
    if isShort { refuse(taking: count, from: unsafe cell.pointee) }
    unsafe cell.pointee = rest
  }

  @inline(never)
  private static func refuse(taking count: UInt64, from cell: UInt64) -> Never {
    preconditionFailure("\(count) is taken from a count of \(cell)")
  }

  @inline(__always)
  private static func combineHalves(
    _ bytes: UnsafeBufferPointer<UInt8>,
    at offset: Int,
    _ cells: UnsafeMutablePointer<UInt64>,
    isAddition: Bool
  ) {
    for index in 0..<CountCoding.blockLength {
      let half = unsafe UnsafeRawBufferPointer(bytes).loadUnaligned(
        fromByteOffset: offset &+ 2 &* index,
        as: UInt16.self
      )
      let count = UInt64(UInt16(littleEndian: half))
      if isAddition {
        unsafe cells[index] &+= count
      } else {
        unsafe take(count, from: cells + index)
      }
    }
  }

  /// Counts of two bytes and more; those past `length` fill the last block and have to be zero.
  @inline(never)
  private static func combineWide(
    _ bytes: UnsafeBufferPointer<UInt8>,
    at offset: Int,
    width: Int,
    length: Int,
    _ cells: UnsafeMutablePointer<UInt64>,
    isAddition: Bool
  ) -> Bool {
    for index in 0..<CountCoding.blockLength {
      var count: UInt64 = 0
      for position in 0..<width / 8 {
        let byte = unsafe bytes[offset &+ index &* (width / 8) &+ position]
        count |= UInt64(byte) &<< UInt64(8 &* position)
      }
      guard index < length else {
        if count != 0 { return false }
        continue
      }
      if isAddition {
        unsafe cells[index] &+= count
      } else {
        unsafe take(count, from: cells + index)
      }
    }
    return true
  }
}
