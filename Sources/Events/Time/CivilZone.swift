/// A time zone: how far its clocks are from UTC, at any time.
///
/// A value made of a file of the tz database; nothing is asked of the system. Beyond the file's last
/// change the rule of its last line holds.
///
/// - **Summer time**: an hour that the clocks skip is read as if they had not been put forward, so
///   that 02:30 is 03:30 in summer time. An hour that they show twice is its first.
/// - **Source**: RFC 8536 (TZif), POSIX.1-2017 §8.3 (TZ).
public struct CivilZone: Sendable, Equatable {
  /// The name, such as `Europe/Berlin`.
  public let name: String
  /// The times at which the offset changes, in seconds since 1970, increasing.
  let changes: [Int64]
  /// The offsets in seconds: the first before all changes, the others from each on.
  let offsets: [Int64]
  /// What holds after the last change.
  let rule: ZoneRule?

  /// UTC, which needs no file.
  public static let utc = CivilZone(name: "UTC", changes: [], offsets: [0], rule: nil)

  /// The offset from UTC in seconds at a time.
  ///
  /// - Parameter second: Seconds since 1970.
  /// - Returns: Seconds, positive in the east.
  /// - Complexity: O(log changes).
  public func offset(at second: Int64) -> Int64 {
    var (low, high) = (0, changes.count)
    while low < high {
      let middle = (low + high) / 2
      if changes[middle] <= second {
        low = middle + 1
      } else {
        high = middle
      }
    }
    if low == changes.count, let rule {
      return rule.offset(at: second)
    }
    return offsets[low]
  }

  /// What the clocks show at a time.
  ///
  /// - Parameter time: Nanoseconds since 1970.
  /// - Returns: Nanoseconds since 1970-01-01T00:00 of the clocks, cut to the range.
  public func local(of time: Int64) -> Int64 {
    shifted(time, by: offset(at: floorDivide(time, 1_000_000_000)))
  }

  /// The time at which the clocks show a time.
  ///
  /// - Parameter local: Nanoseconds since 1970-01-01T00:00 of the clocks.
  /// - Returns: Nanoseconds since 1970, cut to the range.
  public func time(ofLocal local: Int64) -> Int64 {
    let second = floorDivide(local, 1_000_000_000)
    // A day on either side is before and after any change that could matter.
    let before = offset(at: second - 86_400)
    let after = offset(at: second + 86_400)
    let isBefore = before == after || offset(at: second - before) == before
    let isAfter = offset(at: second - after) == after
    return shifted(local, by: -(isBefore || !isAfter ? before : after))
  }

  private func shifted(_ time: Int64, by seconds: Int64) -> Int64 {
    let (sum, isOverflown) = time.addingReportingOverflow(seconds * 1_000_000_000)
    return isOverflown ? (seconds < 0 ? .min : .max) : sum
  }

  /// Whether the clocks' days begin at multiples of a length, from 1990 on.
  ///
  /// - Parameter nanoseconds: The length, above 0.
  /// - Returns: Whether every offset is a multiple of it.
  public func isAligned(to nanoseconds: Int64) -> Bool {
    let recent = zip(changes, offsets.dropFirst()).filter { $0.0 >= 631_152_000 }.map(\.1)
    let held = [offset(at: 631_152_000)] + recent + (rule?.offsets ?? [])
    return held.allSatisfy { $0 * 1_000_000_000 % nanoseconds == 0 }
  }
}

/// Division that rounds towards minus infinity.
@inlinable package func floorDivide(_ dividend: Int64, _ divisor: Int64) -> Int64 {
  let quotient = dividend / divisor
  return dividend % divisor < 0 ? quotient - 1 : quotient
}

/// The remainder of `floorDivide`, in `0..<divisor`.
@inlinable package func floorModulo(_ dividend: Int64, _ divisor: Int64) -> Int64 {
  dividend - floorDivide(dividend, divisor) * divisor
}
