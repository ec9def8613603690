/// A length of time in whole nanoseconds, written as `200ms`, `5m`, `1h30m` or `7d`.
///
/// - **Range**: 0 to about 292 years; arithmetic beyond it traps.
/// - **Units**: `w` (7 d), `d` (24 h), `h`, `m`, `s`, `ms`, `us` or `µs`, `ns`; each at most once,
///   larger before smaller.
public struct TimeSpan: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The length in nanoseconds.
  public var nanoseconds: Int64

  /// Makes a length of `nanoseconds`.
  public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

  /// A length of whole seconds.
  public static func seconds(_ count: Int64) -> TimeSpan {
    TimeSpan(nanoseconds: count * 1_000_000_000)
  }

  /// A length of whole minutes.
  public static func minutes(_ count: Int64) -> TimeSpan { seconds(60 * count) }

  /// A length of whole hours.
  public static func hours(_ count: Int64) -> TimeSpan { seconds(3_600 * count) }

  /// A length of whole days of 24 hours.
  public static func days(_ count: Int64) -> TimeSpan { seconds(86_400 * count) }

  /// The length in seconds: the double next to it for lengths of up to 104 days.
  public var inSeconds: Double { Double(nanoseconds) / 1e9 }

  /// No time at all.
  public static let zero = TimeSpan(nanoseconds: 0)

  /// The units from large to small, with their lengths in nanoseconds.
  static let units: [(name: String, nanoseconds: Int64)] = [
    ("w", 604_800_000_000_000), ("d", 86_400_000_000_000), ("h", 3_600_000_000_000),
    ("m", 60_000_000_000), ("s", 1_000_000_000), ("ms", 1_000_000), ("us", 1_000), ("ns", 1),
  ]

  /// Reads `text`, such as `1h30m`; a bare `0` is no time.
  ///
  /// - Throws: The problem, whose place the caller knows.
  public init(parsing text: String) throws(TimeSpanError) {
    let bytes = Array(text.utf8)
    guard !bytes.isEmpty else { throw .empty }
    if bytes == [UInt8(ascii: "0")] {
      self = .zero
      return
    }
    var position = 0
    var total: Int64 = 0
    var previousUnit = -1
    while position < bytes.count {
      let start = position
      var count: Int64 = 0
      while position < bytes.count, (0x30...0x39).contains(bytes[position]) {
        let (product, overflow) = count.multipliedReportingOverflow(by: 10)
        let (sum, carry) = product.addingReportingOverflow(Int64(bytes[position] - 0x30))
        guard !overflow, !carry else { throw .tooLong }
        count = sum
        position += 1
      }
      guard position > start else { throw .expectedNumber }
      let unitStart = position
      while position < bytes.count, !(0x30...0x39).contains(bytes[position]) { position += 1 }
      let name = String(decoding: bytes[unitStart..<position], as: UTF8.self)
      guard !name.isEmpty else { throw .missingUnit }
      let known = name == "µs" || name == "μs" ? "us" : name
      guard let unit = Self.units.firstIndex(where: { $0.name == known }) else {
        throw .unknownUnit(name)
      }
      guard unit > previousUnit else { throw .unitOrder(name) }
      previousUnit = unit
      let (length, overflow) = count.multipliedReportingOverflow(by: Self.units[unit].nanoseconds)
      let (sum, carry) = total.addingReportingOverflow(length)
      guard !overflow, !carry else { throw .tooLong }
      total = sum
    }
    nanoseconds = total
  }

  /// The length in its largest units, such as `1h30m`; `0s` for none.
  ///
  /// Weeks are written as days. Reading the text gives the same length.
  public var description: String {
    guard nanoseconds != 0 else { return "0s" }
    var rest = nanoseconds.magnitude
    var text = nanoseconds < 0 ? "-" : ""
    for (name, length) in Self.units where name != "w" {
      let (count, remainder) = rest.quotientAndRemainder(dividingBy: UInt64(length))
      if count > 0 { text += "\(count)\(name)" }
      rest = remainder
    }
    return text
  }

  /// Orders by length.
  public static func < (left: TimeSpan, right: TimeSpan) -> Bool {
    left.nanoseconds < right.nanoseconds
  }
}

/// Why a text is not a length of time.
public enum TimeSpanError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The text is empty.
  case empty
  /// A unit, or nothing, stands where a whole number should.
  case expectedNumber
  /// A number without a unit.
  case missingUnit
  /// A unit that is none.
  case unknownUnit(String)
  /// A unit that is repeated, or that follows a smaller one.
  case unitOrder(String)
  /// More nanoseconds than 63 bits hold.
  case tooLong

  /// What is wrong, and what to write.
  public var description: String {
    switch self {
    case .empty: "no duration: write a whole number with a unit, such as 5m"
    case .expectedNumber: "a duration is a whole number with a unit: write it like 200ms or 1h30m"
    case .missingUnit: "a duration needs a unit: add one of w d h m s ms us ns"
    case .unknownUnit(let name): "unknown unit \"\(name)\": use one of w d h m s ms us ns"
    case .unitOrder(let name):
      "the unit \"\(name)\" is repeated or follows a smaller one: write it like 1h30m"
    case .tooLong: "the duration is beyond 292 years: write a shorter one"
    }
  }
}
