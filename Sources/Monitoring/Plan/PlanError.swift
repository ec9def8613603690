/// Why a monitor and a profile do not go together: every reason at once.
public struct PlanError: Error, Equatable, CustomStringConvertible {
  /// One mismatch.
  public enum Problem: Equatable, Sendable {
    /// The profile is of another model.
    case otherModel(monitor: String, profile: String)
    /// The profile holds values of people's data that are no keyed hashes.
    case notHidden(String)
    /// The profile's hashes were made with another key.
    case otherKey
    /// There is no profile, and something of the monitor asks for one.
    case noReference([String])
    /// Nothing is left to count.
    case noSignals
    /// The reference needs counts by segment values, which the profile does not have.
    case noTable
    /// The reference needs counts by hour of the week, which the profile does not have.
    case noHours
    /// The profile's hours of the week are of another zone.
    case otherZone(monitor: String, profile: String)
  }

  /// The mismatches, in order of discovery.
  public var problems: [Problem]

  /// One line a mismatch: what is wrong and what to do.
  public var description: String {
    problems.map(\.description).joined(separator: "\n")
  }
}

extension PlanError.Problem: CustomStringConvertible {
  /// What is wrong and what to do.
  public var description: String {
    switch self {
    case .otherModel(let monitor, let profile):
      "the profile is of model \"\(profile)\", the monitor of \"\(monitor)\": "
        + "give the profile that was made with this monitor"
    case .noReference(let needs):
      "no profile, which " + needs.prefix(2).joined(separator: " and ")
        + (needs.count > 2 ? " and \(needs.count - 2) more" : "")
        + (needs.count > 1 ? " need" : " needs")
        + ": give --profile, or `reference: {profile: FILE}` in the monitor"
    case .notHidden(let path):
      "\(path) is listed under pii, and the profile has its values: "
        + "run `leeway profile` again with this monitor"
    case .otherKey:
      "pii.key: the profile was made with another key, so that no value of people's data is one that it "
        + "knows: give the key of then, or run `leeway profile` again"
    case .noTable:
      "reference.strata: the profile has no counts by combination of segment values: "
        + "run `leeway profile` again with this monitor"
    case .noHours:
      "reference.same_hour: the profile has no hours of the week: "
        + "run `leeway profile` again with this monitor"
    case .otherZone(let monitor, let profile):
      "reference.same_hour: the profile's hours of the week are of \(profile), the monitor's of "
        + "\(monitor): profile again, with this monitor"
    case .noSignals:
      "no signal of the monitor is in the profile: check `features`, `score` and `decision`"
    }
  }
}
