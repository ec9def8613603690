public import Records

/// What the engine says when panes close.
public struct EngineOutput: Sendable {
  /// Every number of every part of the traffic, in order of time; empty unless they are wanted.
  public private(set) var measured: [MeasuredPart] = []
  /// Transitions of alerts, and what becomes of incidents, in the order in which they go out.
  public var notices: [Notice] = []
  /// What goes to those who mend the model.
  public var feedback: [FeedbackRecord] = []
  /// Windows judged.
  public var windows = 0

  /// Nothing said.
  public init() {}

  /// The transitions of alerts among the notices.
  public var alerts: [Alert] {
    notices.compactMap { if case .alert(let alert) = $0 { alert } else { nil } }
  }

  /// What became of incidents, among the notices.
  public var incidents: [Incident] {
    notices.compactMap { if case .incident(let incident) = $0 { incident } else { nil } }
  }

  /// Whether it holds so much that it is to be handed out before more is judged.
  public var isFull: Bool {
    measurements >= Self.measurementLimit || notices.count >= Self.noticeLimit
      || feedback.count >= Self.noticeLimit
  }

  /// The numbers of all parts.
  private var measurements = 0

  /// How many numbers are held before they are handed out: some two megabytes.
  static let measurementLimit = 1 << 14
  /// How many notices, and how many records of feedback, are held before they are handed out.
  static let noticeLimit = 1 << 10

  /// Adds numbers of parts of the traffic.
  public mutating func append(_ parts: [MeasuredPart]) {
    measured += parts
    for part in parts { measurements += part.measurements.count }
  }
}
