public import Events

/// The signal of lines that could not be used: `refused`, and `refused.REASON` of one reason.
public struct RefusedSignal: Sendable, Equatable {
  /// The reason; `nil` for all.
  public let reason: Refusal?

  /// The signal of a name; `nil` where it is the name of another.
  public init?(_ name: String) {
    if name == refusedName {
      reason = nil
    } else if name.hasPrefix(refusedName + "."),
      let known = Refusal(rawValue: String(name.dropFirst(refusedName.count + 1)))
    {
      reason = known
    } else {
      return nil
    }
  }
}
