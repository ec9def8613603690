/// A time as it is written: with its offset from UTC, or by a clock on some wall.
public enum WrittenTime: Equatable, Sendable {
  /// Nanoseconds since 1970-01-01T00:00:00Z.
  case instant(Int64)
  /// Nanoseconds since 1970-01-01T00:00:00 of a clock whose zone is not written.
  case local(Int64)
}

extension Timestamp {
  /// Reads a time as programs write it who do not write RFC 3339.
  ///
  /// - ISO 8601 with an offset of hours alone or without a colon (`+0000`, `+00`), ` UTC`,
  ///   ` +0000 UTC` (Go), a comma before the fraction (Python's `logging`), slashes in the date,
  ///   without seconds, in the basic form (`20260131T120000Z`), with a zone's name behind the offset
  ///   (`[Europe/Berlin]`).
  /// - With the month by its English name: RFC 1123 and 2822, the common log format, C's `asctime`,
  ///   `date`, JavaScript's `Date`.
  ///
  /// A weekday is not held against the date. An abbreviation other than `UTC`, `GMT`, `UT` and `Z` is
  /// no zone, because many mean several; behind an offset it is passed over.
  ///
  /// - Returns: `nil` when it is none of these, or beyond the range.
  public static func parseCommon(_ bytes: UnsafeRawBufferPointer) -> WrittenTime? {
    var reader = unsafe CommonTimeReader(bytes)
    return unsafe reader.read()
  }

  /// Reads a time as programs write it who do not write RFC 3339.
  public static func parseCommon(_ text: String) -> WrittenTime? {
    var text = text
    return text.withUTF8 { unsafe parseCommon(UnsafeRawBufferPointer($0)) }
  }
}

/// The parts of a date and a clock as they are found, and the time that they make.
struct TimeParts {
  var year: Int64?
  var month: Int64?
  var day: Int64?
  /// The time of day in nanoseconds, of a second below 60.
  var clock: Int64?
  /// The local time's offset from UTC in seconds.
  var offset: Int64?

  /// The time; `nil` where a part is missing or the day is none of its month.
  var time: WrittenTime? {
    guard let year, let month, let day, let clock, (1...9999).contains(year),
      (1...12).contains(month), day >= 1, day <= Timestamp.days(in: month, of: year)
    else {
      return nil
    }
    let seconds = Timestamp.day(year: year, month: month, day: day) * 86_400 - (offset ?? 0)
    let wide = Int128(seconds) * 1_000_000_000 + Int128(clock)
    guard let time = Int64(exactly: wide), Timestamp.isTime(time) else {
      return nil
    }
    return offset == nil ? .local(time) : .instant(time)
  }
}

/// Reads the forms of ``Timestamp/parseCommon(_:)``.
@unsafe
struct CommonTimeReader {
  private var cursor: TimeCursor
  private var parts = TimeParts()
  /// Whether the offset was written in digits, and not only as a name.
  private var hasSignedOffset = false
  /// Whether a word stands there that could be a zone's abbreviation.
  private var hasAbbreviation = false

  init(_ bytes: UnsafeRawBufferPointer) {
    unsafe cursor = TimeCursor(bytes)
  }

  mutating func read() -> WrittenTime? {
    unsafe cursor.dropBrackets()
    guard let first = unsafe cursor.peek else {
      return nil
    }
    if first ^ Byte.zero <= 9, unsafe cursor.digitCount >= 4 {
      return unsafe readNumeric()
    }
    return unsafe readNamed()
  }

  // MARK: ISO 8601

  private mutating func readNumeric() -> WrittenTime? {
    let isBasic = unsafe cursor.digitCount == 8
    guard let year = unsafe cursor.number(4) else {
      return nil
    }
    let separator: UInt8? = isBasic ? nil : unsafe cursor.takeAny(of: [Byte.minus, 0x2F])
    guard isBasic || separator != nil, let month = unsafe cursor.number(2),
      unsafe isBasic || cursor.take(separator ?? 0), let day = unsafe cursor.number(2),
      unsafe cursor.takeAny(of: [0x54, 0x74, 0x5F]) != nil || cursor.takeSpaces(),
      let clock = unsafe cursor.clock(allowsBasic: true)
    else {
      return nil
    }
    unsafe parts = TimeParts(year: year, month: month, day: day, clock: clock)
    guard unsafe readZone() else {
      return nil
    }
    return unsafe parts.time
  }

  /// What follows the clock, to the end; without a zone there is no offset.
  private mutating func readZone() -> Bool {
    while unsafe !cursor.isAtEnd {
      if unsafe cursor.takeSpaces() {
        continue
      }
      guard let byte = unsafe cursor.peek else {
        return true
      }
      if byte == 0x2B || byte == Byte.minus {
        guard unsafe takeOffset() else {
          return false
        }
      } else if byte == Byte.openArray {
        let name = unsafe cursor.bracketed()
        guard let name else {
          return false
        }
        if unsafe parts.offset == nil, unsafe isUTC(name) {
          unsafe parts.offset = 0
        }
      } else if byte | 0x20 == 0x6D, unsafe cursor.startsMonotonicClock {
        unsafe cursor.moveToEnd()  // Go's `m=+0.012`.
      } else if let word = unsafe cursor.word() {
        guard unsafe takeZone(word) else {
          return false
        }
      } else {
        return false
      }
    }
    return true
  }

  private mutating func takeOffset() -> Bool {
    guard unsafe !hasSignedOffset, let offset = unsafe cursor.offset() else {
      return false
    }
    unsafe parts.offset = offset
    unsafe hasSignedOffset = true
    return true
  }

  /// Takes a word that stands where a zone could.
  private mutating func takeZone(_ word: [UInt8]) -> Bool {
    if unsafe isUTC(word) {
      guard unsafe parts.offset == nil || hasSignedOffset else {
        return false
      }
      unsafe parts.offset = parts.offset ?? 0
      return true
    }
    // Only behind an offset is it known what an abbreviation means.
    return unsafe hasSignedOffset && word.count <= 5
  }

  private func isUTC(_ word: [UInt8]) -> Bool {
    ["utc", "gmt", "ut", "z", "etc/utc"].contains { word.elementsEqual($0.utf8) }
  }

  // MARK: With the month's name

  private mutating func readNamed() -> WrittenTime? {
    while let byte = unsafe cursor.peek {
      switch byte {
      case Byte.space, Byte.comma:
        unsafe cursor.skip()
      case 0x2F:
        guard unsafe parts.clock == nil else {
          return nil
        }
        unsafe cursor.skip()
      case Byte.minus where unsafe parts.clock == nil:
        unsafe cursor.skip()
      case 0x2B, Byte.minus:
        guard unsafe takeOffset() else {
          return nil
        }
      case 0x28:
        // The zone's name in words, as JavaScript writes it.
        guard unsafe parts.offset != nil, unsafe cursor.endsWith(0x29) else {
          return nil
        }
        unsafe cursor.moveToEnd()
      case 0x30...0x39:
        guard unsafe takeDigits() else {
          return nil
        }
      default:
        guard let word = unsafe cursor.word(), unsafe takeWord(word) else {
          return nil
        }
      }
    }
    guard unsafe !hasAbbreviation || hasSignedOffset else {
      return nil
    }
    return unsafe parts.time
  }

  /// Takes a day, a year or the clock.
  private mutating func takeDigits() -> Bool {
    let count = unsafe cursor.digitCount
    if count <= 2, unsafe cursor.peek(at: count) == Byte.colon {
      guard unsafe parts.clock == nil, let clock = unsafe cursor.clock(allowsBasic: false) else {
        return false
      }
      unsafe parts.clock = clock
      return true
    }
    guard let number = unsafe cursor.number(count) else {
      return false
    }
    if count == 4, unsafe parts.year == nil {
      unsafe parts.year = number
      // The common log format has a colon before the clock.
      _ = unsafe cursor.take(Byte.colon)
      return true
    }
    guard count <= 2, unsafe parts.day == nil else {
      return false
    }
    unsafe parts.day = number
    return true
  }

  private mutating func takeWord(_ word: [UInt8]) -> Bool {
    if let month = englishMonth(word), unsafe parts.month == nil {
      unsafe parts.month = month
      return true
    }
    if isEnglishWeekday(word) {
      return unsafe parts.clock == nil
    }
    if unsafe isUTC(word) {
      return unsafe takeZone(word)
    }
    unsafe hasAbbreviation = true
    return unsafe parts.clock != nil && word.count <= 5
  }
}

/// The month, from 1, of an English name in small letters, whole or its first three letters.
func englishMonth(_ word: [UInt8]) -> Int64? {
  let names = [
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
  ]
  let index = names.firstIndex { abbreviates(word, $0) }
  return index.map { Int64($0) + 1 }
}

/// Whether a word in small letters is an English weekday, whole or its first three letters.
func isEnglishWeekday(_ word: [UInt8]) -> Bool {
  ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
    .contains { abbreviates(word, $0) }
}

private func abbreviates(_ word: [UInt8], _ name: String) -> Bool {
  word.elementsEqual(name.utf8) || word.count == 3 && name.utf8.starts(with: word)
}
