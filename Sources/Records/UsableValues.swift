/// How many of a signal's values could be used: neither missing nor invalid.
///
/// Of too few of them nothing can be told: a value that is not there has not drifted, and is not well
/// either.
public struct UsableValues: Sendable, Equatable {
  /// Events.
  public var events: Int
  /// Events without a value.
  public var missing: Int
  /// Events with a value of the wrong type.
  public var invalid: Int
  /// The share of the reference's events without a usable value, in [0, 1].
  public var usual: Double

  /// Counts of some events.
  package init(events: Int = 0, missing: Int = 0, invalid: Int = 0, usual: Double = 0) {
    self.events = events
    self.missing = missing
    self.invalid = invalid
    self.usual = usual
  }

  /// The share of the events without a usable value, in [0, 1].
  public var unusable: Double {
    events > 0 ? Double(missing + invalid) / Double(events) : 0
  }

  /// The share beyond which less than half of the values is usable that the reference lets expect.
  package var greatestTold: Double { 1 - (1 - usual) / 2 }

  /// Whether too few values are usable to tell anything of the signal.
  public var areTooFew: Bool { unusable > greatestTold }

  /// What of the values cannot be used, in words: `100 % of its values are invalid, 0 % in the
  /// reference`.
  public var words: String {
    let (gone, wrong) = (share(missing), share(invalid))
    let what =
      missing == 0
      ? "\(percent(wrong)) of its values are invalid"
      : invalid == 0
        ? "\(percent(gone)) of its values are missing"
        : "\(percent(unusable)) of its values cannot be used (\(percent(gone)) missing, "
          + "\(percent(wrong)) invalid)"
    return "\(what), \(percent(usual)) in the reference"
  }

  private func share(_ count: Int) -> Double { Double(count) / Double(max(events, 1)) }

  package mutating func add(events: Int, missing: Int, invalid: Int) {
    self.events += events
    self.missing += missing
    self.invalid += invalid
  }
}

/// A signal of which nothing can be told, in all of a stream or in some of its windows.
public struct UntoldSignal: Sendable, Equatable {
  /// The signal.
  public var signal: String
  /// Why, with the share.
  public var reason: String
  /// Whether it is so over all windows, or in the last one.
  public var isNow: Bool

  /// Makes a signal.
  package init(signal: String, reason: String, isNow: Bool) {
    self.signal = signal
    self.reason = reason
    self.isNow = isNow
  }

  /// The signals of which nothing can be told.
  ///
  /// - Parameters:
  ///   - rows: How far signals moved, by window.
  ///   - unwatched: The signals that the monitor lists and the profile has no value of.
  ///   - looks: What values look like that are of another type, in words by signal.
  /// - Returns: One a signal, in the order of the rows, those that nobody watches behind them.
  public static func all(
    _ rows: [Movement],
    unwatched: [String],
    looks: [String: String] = [:]
  ) -> [UntoldSignal] {
    var found: [UntoldSignal] = []
    for row in rows where !found.contains(where: { $0.signal == row.signal }) {
      let own = rows.filter { $0.signal == row.signal && $0.isUntold }
      // Of several kinds of windows the one of which the most is untold.
      let worst = own.max { ($0.untoldShare, $1.window) < ($1.untoldShare, $0.window) }
      guard let worst else { continue }
      let windows = "\(grouped(worst.untold)) of \(grouped(worst.seen)) windows"
      let values = worst.usable.areTooFew ? worst.usable : worst.firstUntold ?? worst.usable
      found.append(
        UntoldSignal(
          signal: row.signal,
          reason: "\(values.words) (\(windows) \"\(worst.window)\")"
            + (values.invalid > 0 ? looks[row.signal].map { "; \($0)" } ?? "" : ""),
          isNow: own.contains { $0.usable.areTooFew || $0.isUntoldNow }
        )
      )
    }
    return found
      + unwatched.map {
        UntoldSignal(
          signal: $0,
          reason: "the profile has no usable value of it, so nobody watches it",
          isNow: true
        )
      }
  }
}
