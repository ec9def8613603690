/// Walks over the bytes of a time and takes its parts.
@unsafe
struct TimeCursor {
  private let bytes: UnsafeRawBufferPointer
  private(set) var position = 0
  private var end: Int

  init(_ bytes: UnsafeRawBufferPointer) {
    unsafe self.bytes = bytes
    unsafe end = bytes.count
  }

  var isAtEnd: Bool {
    unsafe position >= end
  }

  /// The next byte; `nil` at the end.
  var peek: UInt8? {
    unsafe peek(at: 0)
  }

  /// A byte further on.
  func peek(at distance: Int) -> UInt8? {
    unsafe position + distance < end ? bytes[position + distance] : nil
  }

  /// How many digits stand here in a row.
  var digitCount: Int {
    var count = 0
    while let byte = unsafe peek(at: count), byte ^ Byte.zero <= 9 {
      count += 1
    }
    return count
  }

  /// Whether `m=` stands here: the reading of a monotonic clock.
  var startsMonotonicClock: Bool {
    unsafe peek(at: 1) == 0x3D
  }

  func endsWith(_ byte: UInt8) -> Bool {
    unsafe !isAtEnd && bytes[end - 1] == byte
  }

  mutating func skip() {
    unsafe position += 1
  }

  mutating func moveToEnd() {
    unsafe position = end
  }

  /// Drops square brackets around everything.
  mutating func dropBrackets() {
    if unsafe peek == Byte.openArray, unsafe endsWith(Byte.closeArray) {
      unsafe position += 1
      unsafe end -= 1
    }
  }

  /// What stands in square brackets here, in small letters.
  mutating func bracketed() -> [UInt8]? {
    var name: [UInt8] = []
    var count = 1
    while let byte = unsafe peek(at: count) {
      count += 1
      guard byte != Byte.closeArray else {
        unsafe position += count
        return name
      }
      name.append((0x41...0x5A).contains(byte) ? byte | 0x20 : byte)
    }
    return nil
  }

  mutating func take(_ byte: UInt8) -> Bool {
    guard unsafe peek == byte else {
      return false
    }
    unsafe position += 1
    return true
  }

  mutating func takeAny(of choices: [UInt8]) -> UInt8? {
    guard let byte = unsafe peek, choices.contains(byte) else {
      return nil
    }
    unsafe position += 1
    return byte
  }

  /// Passes over spaces; whether there was one.
  mutating func takeSpaces() -> Bool {
    let start = unsafe position
    while unsafe take(Byte.space) {}
    return unsafe position > start
  }

  /// A number of so many digits.
  mutating func number(_ width: Int) -> Int64? {
    guard width > 0, width <= 18, unsafe position + width <= end else {
      return nil
    }
    var number: Int64 = 0
    for index in 0..<width {
      let digit = unsafe bytes[position + index] ^ Byte.zero
      guard digit <= 9 else {
        return nil
      }
      number = number * 10 + Int64(digit)
    }
    unsafe position += width
    return number
  }

  /// A number of at least one and at most so many digits.
  mutating func number(upTo width: Int) -> Int64? {
    unsafe number(min(width, digitCount))
  }

  /// Letters, in small ones; at least one.
  mutating func word() -> [UInt8]? {
    var word: [UInt8] = []
    while let byte = unsafe peek, (0x61...0x7A).contains(byte | 0x20) {
      word.append(byte | 0x20)
      unsafe position += 1
    }
    return word.isEmpty ? nil : word
  }

  /// The time of day in nanoseconds: `12:00`, `12:00:00`, `12:00:00.25`, `12:00:00,25`.
  ///
  /// - Parameter allowsBasic: Whether `1200` and `120000` are taken as well.
  /// - Returns: `nil` where none stands here.
  mutating func clock(allowsBasic: Bool) -> Int64? {
    guard let hour = unsafe number(2), hour < 24 else {
      return nil
    }
    let isExtended = unsafe take(Byte.colon)
    guard isExtended || allowsBasic, let minute = unsafe number(2), minute < 60 else {
      return nil
    }
    var nanoseconds = (hour * 60 + minute) * 60_000_000_000
    let hasSeconds = unsafe isExtended ? take(Byte.colon) : digitCount >= 2
    guard hasSeconds else {
      return nanoseconds
    }
    guard let second = unsafe number(2), second < 60 else {
      return nil
    }
    nanoseconds += second * 1_000_000_000
    if let mark = unsafe peek, mark == Byte.dot || mark == Byte.comma {
      unsafe position += 1
      guard let fraction = unsafe fraction() else {
        return nil
      }
      nanoseconds += fraction
    }
    return nanoseconds
  }

  /// Digits behind a decimal mark, as nanoseconds; those beyond nine are cut off.
  mutating func fraction() -> Int64? {
    let count = unsafe digitCount
    guard count > 0 else {
      return nil
    }
    let used = min(count, 9)
    guard var number = unsafe number(used) else {
      return nil
    }
    for _ in used..<9 {
      number *= 10
    }
    unsafe position += count - used
    return number
  }

  /// An offset from UTC in seconds: `+01:00`, `+0100`, `+01`.
  mutating func offset() -> Int64? {
    guard let sign = unsafe takeAny(of: [0x2B, Byte.minus]), let hours = unsafe number(2),
      hours < 24
    else {
      return nil
    }
    var minutes: Int64 = 0
    let hasColon = unsafe take(Byte.colon)
    if unsafe hasColon || digitCount >= 2 {
      guard let number = unsafe number(2), number < 60 else {
        return nil
      }
      minutes = number
    }
    let seconds = (hours * 60 + minutes) * 60
    return sign == Byte.minus ? -seconds : seconds
  }
}
