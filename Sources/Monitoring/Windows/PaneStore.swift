internal import Expressions
internal import Sketches
internal import Specification

/// The closed panes, as far as anybody still needs them.
struct PaneStore: Sendable {
  /// What windows add and subtract.
  private(set) var history = PaneHistory()
  /// Which panes were watched.
  private(set) var coverage = Coverage()
  /// What references of the past are made of.
  private(set) var hours = CountedHours()
  /// The last pane that was closed.
  private(set) var lastPane: Int?
  /// The latest event time, in nanoseconds since 1970.
  private var lastTime = Int64.min
  /// Panes in which a dimension's limit put values into `__other__`, by dimension.
  private(set) var overflowed: [String: Int] = [:]
  private var admission: Admission
  /// The lines that were refused.
  private(set) var refused = RefusedPanes()

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
      hours.add(closed, outer: { admitted[$0]?.sums.outer ?? [] }, width: width, plan)
    }
    lastPane = pane.index
    lastTime = max(lastTime, closed.times.last)
    coverage.close(pane.index, beginsLate: plan.begins(closed.times.first, after: pane.index))
    return (admitted, closed.times)
  }

  /// Whether a window lacks a part of its time.
  ///
  /// - Parameters:
  ///   - panes: The window's.
  ///   - end: The last pane of a stream that has ended; `nil` while it goes on.
  ///   - plan: What is computed.
  /// - Returns: Whether events of its time may be missing.
  func cuts(_ panes: Range<Int>, endedAfter end: Int?, _ plan: Plan) -> Bool {
    let unfilled = end.map { plan.fills(lastTime, pane: $0) ? $0 + 1 : $0 }
    return coverage.cuts(panes, endedIn: unfilled)
  }

  /// Takes in the lines that were refused in panes that are closed.
  mutating func insert(_ refused: RefusedPanes) { self.refused.merge(refused) }

  /// Notes that events may have come of which nothing is known.
  ///
  /// - Parameter open: The last pane with events that is not closed yet.
  mutating func interrupt(after open: Int?) { coverage.interrupt(after: open) }

  /// Forgets what no window needs any longer.
  mutating func forget(before oldestPane: Int, _ plan: Plan) {
    history.drop(before: oldestPane)
    coverage.forget(before: oldestPane)
    refused.drop(before: oldestPane)
    guard let width = plan.paneWidth, let lastPane else { return }
    hours.drop(before: plan.oldestHour(after: lastPane, width: width))
  }
}

extension PaneStore: Restorable {
  func encode(into writer: inout ByteWriter, _ plan: Plan) {
    history.encode(into: &writer, plan)
    hours.encode(into: &writer, plan)
    writer.write(lastPane)
    writer.write(lastTime)
    writer.write(coverage)
    admission.encode(into: &writer, plan)
    writer.write(refused)
  }

  mutating func restore(
    from reader: inout ByteReader,
    _ restoration: inout Restoration
  ) throws(CodingError) {
    try history.restore(from: &reader, &restoration)
    try hours.restore(from: &reader, &restoration)
    lastPane = try reader.read()
    lastTime = try reader.read()
    coverage = try reader.read()
    try admission.restore(from: &reader, &restoration)
    refused = try reader.read()
    let mapping = restoration.mapping
    if !mapping.keepsWidth { (lastPane, refused) = (nil, RefusedPanes()) }
    if !mapping.keepsPanes { coverage = Coverage() }
    for signal in mapping.new.signals where !mapping.keeps(signal.name) {
      coverage.begin(signal.name)
    }
  }
}

extension Plan {
  /// Whether a stream's first event comes longer after its pane's beginning than events may be late:
  /// others may have come before it.
  fileprivate func begins(_ time: Int64, after pane: Int) -> Bool {
    guard let paneWidth else { return false }
    return time - Int64(pane) * paneWidth > monitor.lateness.nanoseconds
  }

  /// Whether a stream's last event comes no longer before its pane's end than events may be late.
  fileprivate func fills(_ time: Int64, pane: Int) -> Bool {
    guard let paneWidth else { return true }
    return Int64(pane + 1) * paneWidth - time <= monitor.lateness.nanoseconds
  }
}
