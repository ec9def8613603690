public import Events
internal import Records

/// Wanted values that JSON does not have, by reason, with an example of each.
public struct UnusableTally: Sendable, Equatable {
  /// How many, by reason.
  public private(set) var counts: [UnusableValues.Reason: Int] = [:]
  /// The first by reason; without an excerpt where the monitor lists fields of people's data.
  public private(set) var examples: [UnusableValues.Reason: LineExample] = [:]

  /// The most bytes of a value that an example shows.
  static let excerptBytesLimit = 40

  /// None.
  public init() {}

  /// Takes in values of one reason.
  ///
  /// - Parameters:
  ///   - count: How many.
  ///   - reason: Why they cannot be used.
  ///   - example: The first of them.
  package mutating func add(_ count: Int, _ reason: UnusableValues.Reason, _ example: LineExample) {
    counts[reason, default: 0] += count
    if let known = examples[reason], !example.precedes(known) { return }
    examples[reason] = example
  }

  /// Adds another tally.
  package mutating func add(_ other: UnusableTally) {
    for (reason, count) in other.counts {
      if let example = other.examples[reason] { add(count, reason, example) }
    }
  }

  /// What cannot be used: a sentence for each reason.
  public var sentences: [String] {
    UnusableValues.Reason.allCases.compactMap { reason in
      guard let count = counts[reason], let example = examples[reason] else { return nil }
      let shown = example.excerpt.map { "\($0) in line" } ?? "in line"
      return "\(reason.words(count)), counted as invalid: the first is \(shown) "
        + "\(grouped(example.line)) of \(example.source)"
    }
  }
}

extension UnusableValues.Reason {
  /// So many values of the reason, in words.
  fileprivate func words(_ count: Int) -> String {
    switch self {
    case .notFinite: "\(counted(count, "number")) not finite"
    case .notText: "\(counted(count, "text")) with bytes or escapes that are no text"
    case .notJSON: "\(counted(count, "value")) that JSON does not have"
    }
  }
}
