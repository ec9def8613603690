/// What an event tells of, as a code that each row of a batch has.
public enum EventKind: UInt8, Sendable, CaseIterable {
  /// What a model answered.
  case prediction = 1
  /// What turned out.
  case outcome = 2

  /// The code of rows of no kind: the monitor takes none of them.
  public static let noneCode: UInt8 = 0
}
