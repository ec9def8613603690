internal import Records
internal import Sketches

/// Values of a reference that lie so far from all others that they stand for something else.
extension Profile {
  /// What to say of them: one sentence for each such value of each signal, in the profile's order.
  public var sentinelNotes: [String] {
    signals.flatMap { signal -> [String] in
      guard case .number(let number) = signal.reference, number.summary.count > 0 else { return [] }
      return number.sentinels.map { value, count in
        let name = NumericReference.names[value].map { " (\($0))" } ?? ""
        return
          "\(signal.name): \(grouped(count)) of its \(counted(number.summary.count, "value")) "
          + "\(count == 1 ? "is" : "are") far from all others, \(shortNumber(value))\(name): a "
          + "sentinel for a missing value? Mean, deviation and extremes of the reference hold it; "
          + "write null, and profile again"
      }
    }
  }
}

extension NumericReference {
  /// Numbers that programs write for a value that they lack, and what they are.
  fileprivate static let names: [Double: String] = [
    -0x1p63: "the least 64-bit integer, as NaT and NULL are written",
    0x1p63: "the greatest 64-bit integer",
    -0x1p31: "the least 32-bit integer",
    0x1p31 - 1: "the greatest 32-bit integer",
    -Double.greatestFiniteMagnitude: "the least double",
    Double.greatestFiniteMagnitude: "the greatest double",
    -Double(Float.greatestFiniteMagnitude): "the least 32-bit float",
    Double(Float.greatestFiniteMagnitude): "the greatest 32-bit float",
  ]

  /// More cells with values than so many beyond the usual ones are a tail.
  private static let sentinelCells = 2

  /// The least and the greatest value with how often they come, where they lie beyond all usual values
  /// and hardly any other does.
  fileprivate var sentinels: [(value: Double, count: Int)] {
    let usual = usual
    var found: [(value: Double, count: Int)] = []
    let below = counts.indices.filter {
      counts[$0] > 0 && $0 < edges.count && edges[$0] < usual.lowerBound
    }
    if let first = below.first, below.count <= Self.sentinelCells {
      found.append((summary.minimum, Int(counts[first])))
    }
    let above = counts.indices.filter {
      counts[$0] > 0 && ($0 == edges.count || edges[$0] > usual.upperBound)
    }
    if let last = above.last, above.count <= Self.sentinelCells {
      found.append((summary.maximum, Int(counts[last])))
    }
    return found.filter { isSentinel($0.value) }
  }

  /// How many widths of the usual range a value lies beyond it that no long tail reaches.
  private static let sentinelDistance = 1_000.0

  /// Whether a value is one that programs or people write for a value that they lack, or lies further
  /// off than a long tail does.
  private func isSentinel(_ value: Double) -> Bool {
    if Self.names[value] != nil { return true }
    let digits = shortNumber(abs(value)).filter { $0 != "," }
    if digits.utf8.count > 1, digits.allSatisfy({ $0 == "9" }) { return true }
    let width = usual.upperBound - usual.lowerBound
    let distance = max(usual.lowerBound - value, value - usual.upperBound)
    return distance / Self.sentinelDistance
      > max(width, abs(usual.lowerBound), abs(usual.upperBound))
  }
}
