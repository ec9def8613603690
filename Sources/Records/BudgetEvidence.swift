/// The numbers behind an alert about an error budget.
public struct BudgetEvidence: Sendable, Equatable {
  /// One window.
  public struct Window: Sendable, Equatable {
    /// Its length, as `1h`.
    public var window: String
    /// The burn rate; `nil` without events.
    public var burnRate: Double?
    /// The events.
    public var n: Int
    /// The bad ones.
    public var bad: Int
    /// Of the bad ones, those for which `good` was unknown.
    public var unjudged: Int

    /// Makes a window.
    package init(window: String, burnRate: Double?, n: Int, bad: Int, unjudged: Int) {
      self.window = window
      self.burnRate = burnRate
      self.n = n
      self.bad = bad
      self.unjudged = unjudged
    }
  }

  /// The objective's name.
  public var slo: String
  /// The share that must be good.
  public var objective: Double
  /// The window that tells whether it is enough to act.
  public var long: Window
  /// The window that tells whether it goes on.
  public var short: Window
  /// The share of bad events in the long window; `nil` without events.
  public var badShare: Double?
  /// The lower end of Wilson's 95 % interval of it.
  public var badShareLow: Double?
  /// The share of the period's budget that is left; negative beyond it.
  public var budgetLeft: Double?
  /// Seconds until it is spent at the long window's burn rate; `nil` when it is not.
  public var timeToExhaustion: Double?

  /// Makes evidence of a budget.
  package init(
    slo: String,
    objective: Double,
    long: Window,
    short: Window,
    badShare: Double?,
    badShareLow: Double?,
    budgetLeft: Double?,
    timeToExhaustion: Double?
  ) {
    self.slo = slo
    self.objective = objective
    self.long = long
    self.short = short
    self.badShare = badShare
    self.badShareLow = badShareLow
    self.budgetLeft = budgetLeft
    self.timeToExhaustion = timeToExhaustion
  }
}

extension BudgetEvidence {
  func write(to json: inout JSONWriter) {
    json.beginObject()
    json.member("slo", slo)
    json.member("objective", objective)
    for (name, window) in [("long", long), ("short", short)] {
      json.name(name)
      json.beginObject()
      json.member("window", window.window)
      json.member("burn", window.burnRate)
      json.member("n", window.n)
      json.member("bad", window.bad)
      json.member("unjudged", window.unjudged)
      json.endObject()
    }
    json.member("bad_share", badShare)
    json.member("bad_share_low", badShareLow)
    json.member("budget_left", budgetLeft)
    json.member("time_to_exhaustion", timeToExhaustion)
    json.endObject()
  }
}
