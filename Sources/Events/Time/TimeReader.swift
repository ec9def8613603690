/// Reads the parts of an RFC 3339 time from some bytes.
@unsafe
struct TimeReader {
  /// What follows the minute: seconds, fraction and offset.
  struct Rest {
    /// Seconds and fraction, below 60 s.
    var nanoseconds: Int64
    /// The local time's offset from UTC.
    var offsetMinutes: Int64
    var isLeapSecond: Bool
  }

  /// The bytes up to the minute: `2013-05-01T00:02`.
  static var minuteLength: Int { 16 }

  private let bytes: UnsafeRawBufferPointer
  private var position = 0

  init(_ bytes: UnsafeRawBufferPointer, at position: Int = 0) {
    unsafe self.bytes = bytes
    unsafe self.position = position
  }

  /// The local minute, counted from 1970-01-01T00:00.
  mutating func minute() -> Int64? {
    guard unsafe bytes.count > TimeReader.minuteLength,
      let year = unsafe number(4), year >= 1, unsafe separator(0x2D),
      let month = unsafe number(2), (1...12).contains(month), unsafe separator(0x2D),
      let day = unsafe number(2), day >= 1, day <= Timestamp.days(in: month, of: year)
    else {
      return nil
    }
    let between = unsafe bytes[position]
    guard between | 0x20 == 0x74 || between == Byte.space else {
      return nil
    }
    unsafe position += 1
    guard let hour = unsafe number(2), hour < 24, unsafe separator(Byte.colon),
      let minute = unsafe number(2), minute < 60
    else {
      return nil
    }
    return Timestamp.day(year: year, month: month, day: day) * 1440 + hour * 60 + minute
  }

  /// What follows the minute, to the end.
  mutating func secondsAndOffset() -> Rest? {
    guard unsafe separator(Byte.colon), let second = unsafe number(2), second <= 60,
      let fraction = unsafe fraction(), let offset = unsafe offset(), unsafe position == bytes.count
    else {
      return nil
    }
    let isLeapSecond = second == 60
    let nanoseconds = isLeapSecond ? 59_999_999_999 : second * 1_000_000_000 + fraction
    return Rest(nanoseconds: nanoseconds, offsetMinutes: offset, isLeapSecond: isLeapSecond)
  }

  /// The digits after a dot as nanoseconds; 0 without a dot.
  private mutating func fraction() -> Int64? {
    guard unsafe separator(Byte.dot) else {
      return 0
    }
    var nanoseconds: Int64 = 0
    var scale: Int64 = 100_000_000
    let start = unsafe position
    while unsafe position < bytes.count {
      let digit = unsafe bytes[position] ^ Byte.zero
      guard digit <= 9 else {
        break
      }
      nanoseconds += Int64(digit) * scale
      scale /= 10  // 0 from the tenth digit on
      unsafe position += 1
    }
    return unsafe position > start ? nanoseconds : nil
  }

  /// The offset from UTC in minutes.
  private mutating func offset() -> Int64? {
    guard unsafe position < bytes.count else {
      return nil
    }
    let byte = unsafe bytes[position]
    unsafe position += 1
    if byte | 0x20 == 0x7A {
      return 0
    }
    guard byte == 0x2B || byte == Byte.minus, let hours = unsafe number(2), hours < 24,
      unsafe separator(Byte.colon), let minutes = unsafe number(2), minutes < 60
    else {
      return nil
    }
    return byte == Byte.minus ? -(hours * 60 + minutes) : hours * 60 + minutes
  }

  private mutating func separator(_ byte: UInt8) -> Bool {
    guard unsafe position < bytes.count, unsafe bytes[position] == byte else {
      return false
    }
    unsafe position += 1
    return true
  }

  private mutating func number(_ width: Int) -> Int64? {
    guard unsafe position + width <= bytes.count else {
      return nil
    }
    var number: Int64 = 0
    for _ in 0..<width {
      let digit = unsafe bytes[position] ^ Byte.zero
      guard digit <= 9 else {
        return nil
      }
      number = number * 10 + Int64(digit)
      unsafe position += 1
    }
    return number
  }
}
