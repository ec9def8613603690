public import Records

/// What the engine says when panes close.
public struct EngineOutput: Sendable {
  /// Every number of every part of the traffic, in order of time; empty unless they are wanted.
  public var measured: [MeasuredView] = []
  /// Transitions of alerts, and what becomes of incidents, in the order in which they go out.
  public var notices: [Notice] = []
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

  /// The metric records of everything measured, one a line.
  public var metricRecords: [UInt8] {
    var json = JSONWriter()
    for view in measured { view.write(to: &json) }
    return json.bytes
  }

  /// Whether it holds so much that it is to be handed out before more is judged.
  public var isFull: Bool { measurements >= Self.measurementLimit || notices.count >= 1 << 10 }

  private var measurements: Int { measured.reduce(0) { $0 + $1.measurements.count } }

  /// How many numbers are held before they are handed out: some two megabytes.
  static let measurementLimit = 1 << 14
}
