internal import Statistics

/// What a reference says of the values that it lacks.
extension CategoryReference {
  /// Values of few events, by whose counts a reference that was read twice is known.
  private static let fewEvents: UInt64 = 8
  /// How many values with an even count of few events it takes to know it.
  private static let doubledMinimum = 10

  /// Whether nearly all values of few events came an even number of times, as they do when every
  /// event was counted twice.
  var seemsDoubled: Bool {
    let few = counts.prefix(values.count).filter { $0 > 0 && $0 <= Self.fewEvents }
    let even = few.count { $0.isMultiple(of: 2) }
    return even >= Self.doubledMinimum && (few.count - even) * 10 < even
  }

  /// The values that came once and twice, each of their events counted twice where the reference
  /// seems doubled.
  var newValues: NewValues {
    let times: UInt64 = seemsDoubled ? 2 : 1
    let indices = values.indices
    return NewValues(
      once: indices.filter { counts[$0] == times },
      twice: indices.filter { counts[$0] == 2 * times }
    )
  }

  /// How many of as many events as the reference has are expected to have a value that it lacks: those
  /// whose value came once.
  ///
  /// - Returns: `nil` where it cannot be told, since every event seems to have come twice or the rarest
  ///   values were left out.
  var expectedUnseen: Int? {
    guard !hasOther, !seemsDoubled else { return nil }
    return counts.count { $0 == 1 }
  }
}
