public import Events

/// Which fields hold people's data, and the key of the hashes that leave in their place.
public struct PersonalData: Sendable, Equatable {
  /// The listed fields and wildcards.
  public var fields: [FieldPath]
  /// What their values are hashed with.
  public var key: KeyedHash

  /// The variable that holds the key unless the file names another place.
  static let keyVariable = "LEEWAY_PII_KEY"

  /// Listed fields, and the key.
  public init(fields: [FieldPath], key: KeyedHash) {
    self.fields = fields
    self.key = key
  }

  /// Whether a value at a path is, holds or stands in a listed one.
  public func hides(_ path: FieldPath) -> Bool {
    fields.contains { $0 == path || $0.contains(path) || path.contains($0) }
  }
}
