/// How the times of a field are written.
public struct TimeForm: Sendable, Equatable, Hashable {
  /// The unit of times that are numbers, or texts of numbers.
  public var unit: TimeUnit
  /// How texts are written; RFC 3339 and the common forms without one.
  public var format: TimeFormat?
  /// The zone of times that are written without one; such a time is none where there is no zone.
  public var zone: CivilZone?

  /// The form of a field.
  public init(unit: TimeUnit = .automatic, format: TimeFormat? = nil, zone: CivilZone? = nil) {
    self.unit = unit
    self.format = format
    self.zone = zone
  }

  /// Hashes what tells forms apart by name.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(unit)
    hasher.combine(format?.pattern)
    hasher.combine(zone?.name)
  }
}
