/// Why bytes cannot be read back; every case carries the byte offset at which reading stopped.
public enum CodingError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The bytes end before the value does.
  case truncated(offset: Int)
  /// A variable-length integer runs past the bits of its type.
  case overlongInteger(offset: Int)
  /// A length or a count is greater than its limit.
  case tooLarge(offset: Int, value: UInt64, limit: UInt64)
  /// A value breaks a rule of its type: an order, a range, a sum.
  case invalid(offset: Int)
  /// The bytes go on after the value.
  case trailingBytes(offset: Int)

  /// The byte at which reading stopped.
  public var offset: Int {
    switch self {
    case .truncated(let offset), .overlongInteger(let offset): offset
    case .tooLarge(let offset, _, _): offset
    case .invalid(let offset), .trailingBytes(let offset): offset
    }
  }

  /// The error in words.
  public var description: String {
    switch self {
    case .truncated(let offset): "byte \(offset): the data ends too early"
    case .overlongInteger(let offset): "byte \(offset): an integer is too long"
    case .tooLarge(let offset, let value, let limit):
      "byte \(offset): a length is too large, got \(value), the limit is \(limit)"
    case .invalid(let offset): "byte \(offset): a value is out of its range"
    case .trailingBytes(let offset): "byte \(offset): unexpected data after the end"
    }
  }
}
