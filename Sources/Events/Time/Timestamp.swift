/// The unit of times that are numbers.
public enum TimeUnit: String, Sendable, Hashable, CaseIterable {
  /// By magnitude: below 1e11 seconds, below 1e14 milliseconds, below 1e17 microseconds, else
  /// nanoseconds; right for every time from 1973 to 5138.
  case automatic
  /// Seconds since 1970.
  case seconds
  /// Milliseconds since 1970.
  case milliseconds
  /// Microseconds since 1970.
  case microseconds
  /// Nanoseconds since 1970.
  case nanoseconds
}

/// Times as nanoseconds since 1970-01-01T00:00:00Z, without leap seconds.
public enum Timestamp {
  /// Stands for a time that is absent or `null`.
  public static let missing = Int64.min
  /// Stands for a time that cannot be read.
  public static let invalid = Int64.min + 1
  /// Reads an RFC 3339 time.
  public static func parse(_ bytes: UnsafeRawBufferPointer) -> Int64? { nil }
  /// Reads an RFC 3339 time.
  public static func parse(_ text: String) -> Int64? { nil }
  /// Reads a decimal number of units since 1970.
  public static func parseEpoch(_ bytes: UnsafeRawBufferPointer, unit: TimeUnit) -> Int64? { nil }
  /// Writes a time as RFC 3339 in UTC.
  public static func format(_ nanoseconds: Int64) -> String { "" }
}

/// Reads a column of times.
public struct TimestampDecoder: Sendable {
  /// The unit of times that are numbers.
  public let unit: TimeUnit
  /// A decoder.
  public init(unit: TimeUnit = .automatic) {
    self.unit = unit
  }
  /// Reads `count` cells of the form ``Schema/Form/token``.
  public mutating func decode(
    _ cells: UnsafePointer<UInt64>,
    count: Int,
    chunk: UnsafeRawBufferPointer,
    into times: UnsafeMutablePointer<Int64>
  ) {}
}
