internal import Events

/// A value of a dimension: a segment's or a version's.
enum DimensionValue: Hashable, Sendable {
  /// A value of its own, as canonical UTF-8.
  case value([UInt8])
  /// No value: missing, null, or no scalar.
  case absent
  /// Any value that a limit leaves out.
  case other

  /// The value's name in records.
  var name: String {
    switch self {
    case .value(let bytes): String(decoding: bytes, as: UTF8.self)
    case .absent: missingName
    case .other: otherName
    }
  }
}

extension DimensionValue: Comparable {
  /// Values by their bytes, then absent, then other.
  static func < (left: DimensionValue, right: DimensionValue) -> Bool {
    switch (left, right) {
    case (.value(let a), .value(let b)): a.lexicographicallyPrecedes(b)
    case (.value, _): right == .absent || right == .other
    case (.absent, .other): true
    default: false
    }
  }
}

/// What an event is counted under: one value a dimension.
///
/// Each event is counted once, under one key. The whole, a segment and a version are sums of keys.
struct GroupKey: Hashable, Sendable, Comparable {
  var values: [DimensionValue]

  static func < (left: GroupKey, right: GroupKey) -> Bool {
    left.values.lexicographicallyPrecedes(right.values)
  }
}
