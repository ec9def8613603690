/// Why a line cannot be used.
///
/// The raw value is the short code that dead letters carry.
public enum Refusal: String, Sendable, Hashable, CaseIterable {
  /// The line is not JSON (RFC 8259).
  case syntax
  /// A string is not UTF-8.
  case encoding
  /// The line is longer than ``DecodingLimits/lineBytes``.
  case lineTooLong = "line_too_long"
  /// Objects and arrays nest deeper than ``DecodingLimits/nesting``.
  case nesting
  /// The line is JSON but not an object.
  case notAnObject = "not_an_object"
  /// The container runtime has cut the line, and its end did not come.
  case linePartial = "line_partial"
  /// The event has no time.
  case timeMissing = "time_missing"
  /// The event's time cannot be read.
  case timeInvalid = "time_invalid"
  /// The event's time is written without its zone, and nothing says which it is.
  case timeWithoutZone = "time_without_zone"
  /// The event's time is a small number without a unit: a time before 1990.
  case timeImplausible = "time_implausible"
  /// The event came after its pane was closed.
  case late
  /// The event's time is too far ahead of the others'.
  case farFuture = "far_future"
  /// An outcome names no prediction.
  case outcomeIDMissing = "outcome_id_missing"
  /// An outcome's label is missing, or is none that the monitor knows.
  case labelInvalid = "label_invalid"
  /// An outcome's source is none that the monitor knows.
  case sourceInvalid = "source_invalid"
}

/// A line that cannot be used, why, and where it stands.
public struct RefusedLine: Sendable, Equatable {
  /// Why.
  public var reason: Refusal
  /// The line's number, from 0, counted from the chunk's start.
  public var line: Int
  /// The line's first byte, from the chunk's start.
  public var offset: Int
  /// The line's length in bytes, without its newline (and the carriage return before it).
  public var length: Int
  /// The byte of the line that cannot stand there, from 0, where its syntax is wrong.
  public var fault: Int?

  /// A refused line.
  public init(reason: Refusal, line: Int, offset: Int, length: Int, fault: Int? = nil) {
    self.reason = reason
    self.line = line
    self.offset = offset
    self.length = length
    self.fault = fault
  }
}
