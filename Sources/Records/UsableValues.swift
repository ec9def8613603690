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

  /// Whether there were events, and not one value of them could be used.
  package var areNone: Bool { events > 0 && missing + invalid == events }

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

/// A signal of which nothing can be told, or not of all its values, in a stream or in some windows.
public struct UntoldSignal: Sendable, Equatable {
  /// The signal.
  public var signal: String
  /// Why, with the share.
  public var reason: String
  /// Whether enough of the values could be used to judge the others.
  public var isPartly: Bool
  /// Whether it is so over all windows, or in the last one.
  public var isNow: Bool

  /// Makes a signal.
  package init(signal: String, reason: String, isPartly: Bool = false, isNow: Bool) {
    self.signal = signal
    self.reason = reason
    self.isPartly = isPartly
    self.isNow = isNow
  }

  /// What it is, in words: `cannot be told: 100 % of its values are invalid, …`.
  public var words: String { "\(isPartly ? "partly unusable" : "cannot be told"): \(reason)" }

  /// The signals of which nothing can be told, or not of all their values.
  ///
  /// - Parameters:
  ///   - rows: How far signals moved, by window.
  ///   - unwatched: The signals that the monitor lists and the profile has no value of.
  ///   - looks: What values look like that are of another type, in words by signal.
  /// - Returns: One a signal: those of which nothing can be told, in the order of the rows, those that
  ///   nobody watches, and those of which a part can be told.
  public static func all(
    _ rows: [Movement],
    unwatched: [String],
    looks: [String: String] = [:]
  ) -> [UntoldSignal] {
    var signals: [String] = []
    for row in rows where !signals.contains(row.signal) { signals.append(row.signal) }
    let found = signals.compactMap { signal in
      let own = rows.filter { $0.signal == signal }
      return untold(own, looks[signal]) ?? partly(own, looks[signal])
    }
    return found.filter { !$0.isPartly }
      + unwatched.map {
        UntoldSignal(
          signal: $0,
          reason: "the profile has no usable value of it, so nobody watches it",
          isNow: true
        )
      } + found.filter(\.isPartly)
  }

  private static func untold(_ rows: [Movement], _ look: String?) -> UntoldSignal? {
    let own = rows.filter(\.isUntold)
    // Of several kinds of windows the one of which the most is untold.
    guard
      let worst = own.max(by: {
        ($0.untoldShare, $1.window) < ($1.untoldShare, $0.window)
      })
    else { return nil }
    let values = worst.usable.areTooFew ? worst.usable : worst.firstUntold ?? worst.usable
    let windows = "\(grouped(worst.untold)) of \(grouped(worst.seen)) windows \"\(worst.window)\""
    return UntoldSignal(
      signal: worst.signal,
      reason: "\(values.words) (\(windows))" + now(look, values),
      isNow: own.contains { $0.usable.areTooFew || $0.isUntoldNow }
    )
  }

  private static func partly(_ rows: [Movement], _ look: String?) -> UntoldSignal? {
    let own = rows.filter { $0.gap != nil }
    guard
      let worst = own.max(by: { ($0.gap?.least ?? 0, $1.window) < ($1.gap?.least ?? 0, $0.window) }
      ),
      let gap = worst.gap
    else { return nil }
    let values = UsableValues(
      events: gap.n,
      missing: gap.missing,
      invalid: gap.invalid,
      usual: gap.usual
    )
    return UntoldSignal(
      signal: worst.signal,
      reason: "\(values.words) (at worst, window \"\(worst.window)\")" + now(look, values),
      isPartly: true,
      isNow: own.contains(where: \.isGapNow)
    )
  }

  private static func now(_ look: String?, _ values: UsableValues) -> String {
    values.invalid > 0 ? look.map { "; \($0)" } ?? "" : ""
  }
}
