internal import Sketches
internal import Specification

/// The closed panes, as far as anybody still needs them.
struct PaneStore: Sendable {
  /// What windows add and subtract.
  private(set) var history = PaneHistory()
  /// Which panes were watched.
  private(set) var coverage = Coverage()
  /// What references of the past are made of.
  private(set) var hours = PastHours()
  /// The last pane that was closed.
  private(set) var lastPane: Int?
  /// Panes in which a dimension's limit put values into `__other__`, by dimension.
  private(set) var overflowed: [String: Int] = [:]
  private var admission: Admission

  init(_ plan: Plan) {
    admission = Admission(plan)
  }

  /// Closes a pane; panes come in increasing order.
  ///
  /// - Parameters:
  ///   - pane: What all workers counted.
  ///   - oldestPane: The first pane that windows still need.
  ///   - plan: What is computed.
  /// - Returns: The counts as windows see them, and the times of its events.
  mutating func close(
    _ pane: PaneCounts,
    oldestPane: Int,
    _ plan: Plan
  ) -> (counts: PaneCounts, times: EventTimes) {
    let admitted = admission.admit(pane, oldestPane: oldestPane, plan: plan)
    for (dimension, isOverflowed) in zip(plan.dimensions, admitted.overflowed) where isOverflowed {
      overflowed[dimension.name, default: 0] += 1
    }
    let closed = history.close(admitted, plan: plan)
    if plan.monitor.reference.period != nil, let width = plan.paneWidth {
      hours.add(closed, width: width, plan)
    }
    lastPane = pane.index
    coverage.close(pane.index)
    return (admitted, closed.times)
  }

  /// Notes that events may have come of which nothing is known.
  ///
  /// - Parameter open: The last pane with events that is not closed yet.
  mutating func interrupt(after open: Int?) { coverage.interrupt(after: open) }

  /// Forgets what no window needs any longer.
  mutating func forget(before oldestPane: Int, _ plan: Plan) {
    history.drop(before: oldestPane)
    coverage.forget(before: oldestPane)
    guard let width = plan.paneWidth, let lastPane else { return }
    hours.drop(before: plan.oldestHour(after: lastPane, width: width))
  }
}

extension PaneStore: Restorable {
  func encode(into writer: inout ByteWriter, _ plan: Plan) {
    history.encode(into: &writer, plan)
    hours.encode(into: &writer, plan)
    writer.write(lastPane)
    writer.write(coverage)
    admission.encode(into: &writer, plan)
  }

  mutating func restore(
    from reader: inout ByteReader,
    _ restoration: inout Restoration
  ) throws(CodingError) {
    try history.restore(from: &reader, &restoration)
    try hours.restore(from: &reader, &restoration)
    lastPane = try reader.read()
    coverage = try reader.read()
    try admission.restore(from: &reader, &restoration)
    let mapping = restoration.mapping
    if !mapping.keepsWidth { lastPane = nil }
    if !mapping.keepsPanes { coverage = Coverage() }
    for signal in mapping.new.signals where !mapping.keeps(signal.name) {
      coverage.begin(signal.name)
    }
  }
}
