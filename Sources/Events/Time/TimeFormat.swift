/// How times are written that no other form fits: a pattern as `strptime` takes it.
///
/// | Code | Is |
/// |---|---|
/// | `%Y`, `%y` | the year; of two digits 1969 to 2068 |
/// | `%m`, `%b`, `%B` | the month, as a number or by its English name |
/// | `%d`, `%e`, `%j` | the day of the month, of the year |
/// | `%H`, `%I`, `%p` | the hour of 24, of 12, AM or PM |
/// | `%M`, `%S`, `%f` | the minute, the second, its fraction of up to nine digits |
/// | `%z`, `%Z` | the offset, `UTC` or `Z`; one of the latter two or `GMT` |
/// | `%a`, `%A` | the weekday's English name, which is not held against the date |
/// | `%F`, `%T`, `%R` | `%Y-%m-%d`, `%H:%M:%S`, `%H:%M` |
/// | `%%` | a percent sign |
///
/// A space stands for one or more; any other character for itself. Numbers may lack leading zeros.
public struct TimeFormat: Sendable, Equatable {
  /// Why a pattern is none.
  public enum Flaw: Error, Equatable {
    /// A code that is not read.
    case unknownCode(String)
    /// The year, the day or the hour is not in it.
    case incomplete(String)
  }

  private enum Step: Sendable, Equatable {
    case code(UInt8)
    case space
    case literal(UInt8)
  }

  /// The pattern as it is written.
  public let pattern: String
  private let steps: [Step]

  /// Takes a pattern.
  ///
  /// - Throws: `Flaw` where it does not make a time.
  public init(_ pattern: String) throws(Flaw) {
    self.pattern = pattern
    var steps: [Step] = []
    var bytes = Array(pattern.utf8)[...]
    while let byte = bytes.popFirst() {
      guard byte == 0x25 else {
        steps.append(byte == Byte.space ? .space : .literal(byte))
        continue
      }
      let code = bytes.popFirst() ?? 0
      guard let expanded = Self.expansion(of: code) else {
        throw .unknownCode("%" + String(decoding: code == 0 ? [] : [code], as: UTF8.self))
      }
      for part in expanded {
        let isCode = (0x41...0x5A).contains(part & 0xDF)
        steps.append(isCode ? .code(part) : .literal(part))
      }
    }
    self.steps = steps
    try check()
  }

  /// The codes that a code stands for.
  private static func expansion(of code: UInt8) -> [UInt8]? {
    switch code {
    case 0x25: [0x25]
    case 0x46: [0x59, 0x2D, 0x6D, 0x2D, 0x64]  // %F
    case 0x54: [0x48, 0x3A, 0x4D, 0x3A, 0x53]  // %T
    case 0x52: [0x48, 0x3A, 0x4D]  // %R
    default: "YymbBdejHIpMSfzZaA".utf8.contains(code) ? [code] : nil
    }
  }

  /// Whether a day and an hour can be told.
  private func check() throws(Flaw) {
    func has(_ codes: String) -> Bool {
      steps.contains { step in
        if case .code(let code) = step { codes.utf8.contains(code) } else { false }
      }
    }
    guard has("Yy") else {
      throw .incomplete("%Y")
    }
    guard has("j") || has("mbB") && has("de") else {
      throw .incomplete(has("mbB") ? "%d" : "%m")
    }
    guard has("H") || has("I") && has("p") else {
      throw .incomplete(has("I") ? "%p" : "%H")
    }
  }

  /// Reads a time.
  ///
  /// - Returns: `nil` where the bytes are not of the pattern, wholly.
  public func read(_ bytes: UnsafeRawBufferPointer) -> WrittenTime? {
    var cursor = unsafe TimeCursor(bytes)
    var taken = TakenTime()
    for step in steps {
      switch step {
      case .space:
        guard unsafe cursor.takeSpaces() else {
          return nil
        }
      case .literal(let byte):
        guard unsafe cursor.take(byte) else {
          return nil
        }
      case .code(let code):
        guard unsafe taken.take(code, from: &cursor) else {
          return nil
        }
      }
    }
    return unsafe cursor.isAtEnd ? taken.time : nil
  }
}

/// What was read of a time so far.
private struct TakenTime {
  private var parts = TimeParts()
  private var dayOfYear: Int64?
  private var hour: Int64 = 0
  private var minute: Int64 = 0
  private var second: Int64 = 0
  private var fraction: Int64 = 0
  private var isAfternoon: Bool?

  mutating func take(_ code: UInt8, from cursor: inout TimeCursor) -> Bool {
    switch code {
    case 0x59: return Self.take(&parts.year, unsafe cursor.number(upTo: 4), 1...9999)
    case 0x79: return takeShortYear(unsafe cursor.number(upTo: 2))
    case 0x6D: return Self.take(&parts.month, unsafe cursor.number(upTo: 2), 1...12)
    case 0x64: return Self.take(&parts.day, unsafe cursor.number(upTo: 2), 1...31)
    case 0x65:
      _ = unsafe cursor.takeSpaces()
      return Self.take(&parts.day, unsafe cursor.number(upTo: 2), 1...31)
    case 0x6A: return Self.take(&dayOfYear, unsafe cursor.number(upTo: 3), 1...366)
    case 0x48: return Self.set(&hour, unsafe cursor.number(upTo: 2), 0...23)
    case 0x49: return Self.set(&hour, unsafe cursor.number(upTo: 2), 1...12)
    case 0x4D: return Self.set(&minute, unsafe cursor.number(upTo: 2), 0...59)
    case 0x53: return Self.set(&second, unsafe cursor.number(upTo: 2), 0...59)
    case 0x66: return Self.set(&fraction, unsafe cursor.fraction(), 0...999_999_999)
    case 0x7A: return unsafe takeOffset(&cursor)
    default: return takeWord(code, unsafe cursor.word())
    }
  }

  private static func take(
    _ part: inout Int64?,
    _ number: Int64?,
    _ range: ClosedRange<Int64>
  ) -> Bool {
    part = number
    return number.map { range.contains($0) } ?? false
  }

  private static func set(
    _ part: inout Int64,
    _ number: Int64?,
    _ range: ClosedRange<Int64>
  ) -> Bool {
    part = number ?? 0
    return number.map { range.contains($0) } ?? false
  }

  private mutating func takeShortYear(_ number: Int64?) -> Bool {
    parts.year = number.map { $0 < 69 ? 2000 + $0 : 1900 + $0 }
    return number != nil
  }

  private mutating func takeOffset(_ cursor: inout TimeCursor) -> Bool {
    if let offset = unsafe cursor.offset() {
      parts.offset = offset
      return true
    }
    return takeWord(0x5A, unsafe cursor.word())
  }

  private mutating func takeWord(_ code: UInt8, _ word: [UInt8]?) -> Bool {
    guard let word else {
      return false
    }
    switch code {
    case 0x62, 0x42:
      parts.month = englishMonth(word)
      return parts.month != nil
    case 0x70:
      isAfternoon = word.elementsEqual("pm".utf8)
      return word.elementsEqual("pm".utf8) || word.elementsEqual("am".utf8)
    case 0x5A:
      parts.offset = 0
      return ["utc", "gmt", "z"].contains { word.elementsEqual($0.utf8) }
    default:
      return isEnglishWeekday(word)
    }
  }

  var time: WrittenTime? {
    var parts = parts
    if let dayOfYear, let year = parts.year {
      let day = Timestamp.day(year: year, month: 1, day: 1) + dayOfYear - 1
      let civil = Timestamp.civil(day: day)
      guard civil.year == year else {
        return nil
      }
      parts.month = civil.month
      parts.day = civil.day
    }
    var hour = hour
    if let isAfternoon {
      hour = hour % 12 + (isAfternoon ? 12 : 0)
    }
    parts.clock = ((hour * 60 + minute) * 60 + second) * 1_000_000_000 + fraction
    return parts.time
  }
}
