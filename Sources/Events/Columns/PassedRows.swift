/// Rows of batches that nobody looks at: of an array of arrays or objects the first one alone is
/// read.
public struct PassedRows: Sendable, Equatable {
  /// The rows that were passed over.
  public internal(set) var passed = 0
  /// All rows of those batches.
  public internal(set) var all = 0

  /// None.
  public init() {}

  /// Adds others.
  public mutating func add(_ other: PassedRows) {
    passed += other.passed
    all += other.all
  }
}
