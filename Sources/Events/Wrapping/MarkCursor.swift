internal import CVector

/// Goes over the commas and brackets of a line.
@unsafe
struct MarkCursor {
  private let marks: UnsafePointer<UInt64>
  /// The place of the block's first byte.
  private var block = 0
  private var rest: UInt64 = 0

  /// Begins at a place.
  @inline(__always)
  init(_ marks: UnsafePointer<UInt64>, from place: Int) {
    unsafe self.marks = marks
    unsafe move(to: place)
  }

  /// Goes on at a place.
  @inline(__always)
  mutating func move(to place: Int) {
    unsafe block = place & ~63
    unsafe rest = marks[place >> 6] & (.max &<< UInt64(truncatingIfNeeded: place & 63))
  }

  /// The place of the next one, which must be there: the bracket that closes what is gone over.
  @inline(__always)
  mutating func next() -> Int {
    while unsafe rest == 0 {
      unsafe block &+= 64
      unsafe rest = marks[block >> 6]
    }
    let place = unsafe block | leeway_first64(rest)
    unsafe rest &= rest &- 1
    return place
  }

  /// Passes over so many.
  mutating func skip(_ count: Int) {
    var left = count
    while true {
      let here = unsafe rest.nonzeroBitCount
      if here >= left { break }
      left &-= here
      unsafe block &+= 64
      unsafe rest = marks[block >> 6]
    }
    for _ in 0..<left { unsafe rest &= rest &- 1 }
  }
}

/// Whether a byte is white space within a line.
@inline(__always)
func isSpace(_ byte: UInt8) -> Bool {
  byte <= Byte.space && (byte == Byte.space || byte == Byte.tab || byte == Byte.carriageReturn)
}
