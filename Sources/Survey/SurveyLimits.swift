/// How much of a log is looked at; what a limit leaves out is said in the monitor's comments.
public struct SurveyLimits: Sendable, Equatable {
  /// The lines that are looked at.
  public var lines: Int
  /// The bytes that are looked at, in all lines together: 64 MiB, which bounds the memory.
  public var bytes: Int
  /// The deepest place of a field, the event's own members being 1.
  public var depth: Int
  /// The elements of an array, or parts of a string, that may be fields of their own; a longer
  /// array is left out as a whole: it is an embedding or an image, whose places mean nothing alone.
  public var elements: Int
  /// The most fields; later ones are left out.
  public var fields: Int
  /// The most features that are listed.
  public var features: Int
  /// The most times of features.
  public var knownTimes: Int
  /// The most different values of a field that are told apart.
  public var distinct: Int

  /// The lines that are looked at unless the caller says otherwise.
  public static let defaultLines = 1_000

  /// The given limits.
  public init(
    lines: Int = SurveyLimits.defaultLines,
    bytes: Int = 64 << 20,
    depth: Int = 8,
    elements: Int = 64,
    fields: Int = 2_000,
    features: Int = 200,
    knownTimes: Int = 8,
    distinct: Int = 100_000
  ) {
    precondition(lines > 0 && bytes > 0 && depth > 0, "a survey looks at something")
    self.lines = lines
    self.bytes = bytes
    self.depth = depth
    self.elements = elements
    self.fields = fields
    self.features = features
    self.knownTimes = knownTimes
    self.distinct = distinct
  }
}
