internal import Events
internal import Expressions
internal import Sketches
internal import Specification

/// One window as it moves over the panes.
///
/// Its sums are always those of the panes `[low, high)`: a pane is added when the window's end
/// passes it and subtracted when its start does, so that a step costs the same however long the
/// window is.
struct WindowState: Sendable {
  let specification: WindowSpecification
  private let geometry: WindowGeometry
  /// The sums by key.
  private(set) var groups: [GroupKey: SummaryColumns] = [:]
  // Before every pane: the first step forward starts afresh.
  private var low = Int.min / 2
  private var high = Int.min / 2
  /// The pane boundary at which the window is judged next; `nil` before the first event.
  private(set) var nextBoundary: Int?
  /// The latest event time of all panes that were taken in, where panes are counted in events.
  private var latest = Int64.min

  init(_ specification: WindowSpecification, panes: PaneScheme, zone: CivilZone? = nil) {
    self.specification = specification
    geometry = WindowGeometry(specification, panes: panes, zone: zone)
  }

  /// The panes that are summed.
  var panes: Range<Int> { low..<high }

  /// Whether no event is in the window.
  var isEmpty: Bool { groups.isEmpty }

  /// The first pane that the window will still need when it is judged next.
  var oldestPane: Int {
    guard let nextBoundary else { return Int.max }
    return min(low, geometry.start(of: nextBoundary))
  }

  /// Wakes a sleeping window: it is judged at the first boundary after a pane.
  mutating func begin(at pane: Int) {
    if nextBoundary == nil { nextBoundary = geometry.boundary(after: pane) }
  }

  /// Stops judging until the next event: nothing is in the window.
  mutating func sleep() {
    nextBoundary = nil
  }

  /// Moves to the next boundary: takes in the panes before it, gives up those before its start.
  mutating func advance(_ history: PaneHistory, plan: Plan) {
    guard let boundary = nextBoundary else { return }
    let start = geometry.start(of: boundary)
    if start >= high {
      groups = [:]
      low = start
      high = start
    }
    for pane in history.panes(in: low..<start) { subtract(pane) }
    low = start
    for pane in history.panes(in: high..<boundary) {
      add(pane, plan)
      latest = max(latest, pane.times.last)
    }
    high = boundary
  }

  /// Whether a calendar's period goes on after the last pane of the stream.
  ///
  /// - Parameter lastPane: The last pane of a stream that has ended; `nil` while it goes on.
  /// - Returns: Whether the window holds only the start of its period.
  func isOpen(after lastPane: Int?) -> Bool {
    guard case .calendar = specification.kind, let lastPane else { return false }
    return high > lastPane + 1
  }

  /// Whether the window holds the last pane of the stream already: it has nothing more to say.
  func isBeyond(_ lastPane: Int) -> Bool { high > lastPane }

  /// Goes on to the following boundary.
  mutating func step() {
    guard let boundary = nextBoundary else { return }
    nextBoundary = geometry.boundary(after: boundary)
  }

  /// The window's start and end in nanoseconds since 1970, as of its last boundary.
  ///
  /// A window of events begins with its first event and ends with the latest that any has had so
  /// far: events come in no order, and alerts and earlier values are of times that only rise.
  func bounds(_ history: PaneHistory) -> (start: Int64, end: Int64) {
    if let width = geometry.paneWidth { return (Int64(low) * width, Int64(high) * width) }
    let times = history.times(panes: panes)
    return (times.first, latest)
  }

  private mutating func add(_ pane: ClosedPane, _ plan: Plan) {
    for (key, bytes) in zip(pane.keys, pane.sums) {
      groups[key, default: SummaryColumns(plan)].add(bytes)
    }
  }

  private mutating func subtract(_ pane: ClosedPane) {
    for (key, bytes) in zip(pane.keys, pane.sums) {
      guard let place = groups.index(forKey: key) else {
        preconditionFailure("pane \(pane.index) of \(key) was never added")
      }
      groups.values[place].subtract(bytes)
      if groups.values[place].events == 0 { groups.remove(at: place) }
    }
  }
}

/// Where a window begins and ends, in pane indices.
struct WindowGeometry: Sendable {
  /// The width of a pane in nanoseconds; `nil` when panes are counted in events.
  let paneWidth: Int64?
  private let kind: Kind

  private enum Kind: Sendable {
    /// Lengths in panes.
    case sliding(size: Int, slide: Int)
    case calendar(CalendarUnit, paneWidth: Int64, CivilCalendar)
  }

  init(_ window: WindowSpecification, panes: PaneScheme, zone: CivilZone? = nil) {
    switch (window.kind, panes) {
    case (.sliding(let size, let slide), .time(let width)):
      paneWidth = width
      kind = .sliding(
        size: Int(size.nanoseconds / width),
        slide: Int(slide.nanoseconds / width)
      )
    case (.calendar(let unit), .time(let width)):
      paneWidth = width
      kind = .calendar(unit, paneWidth: width, CivilCalendar(zone: zone))
    case (.events(let count), .events(let size)):
      paneWidth = nil
      kind = .sliding(size: count / size, slide: count / size)
    case (_, .time(let width)):
      preconditionFailure("a window of events on panes of \(width) ns")
    case (_, .events(let size)):
      preconditionFailure("a window of time on panes of \(size) events")
    }
  }

  /// The first boundary that is greater than a pane index: windows end there, exclusively.
  func boundary(after pane: Int) -> Int {
    switch kind {
    case .sliding(_, let slide):
      Int(floorDivide(Int64(pane), Int64(slide)) + 1) * slide
    case .calendar(let unit, let width, let calendar):
      paneIndex(calendar.boundary(after: lastInstant(of: pane, width), unit: unit), width)
    }
  }

  /// The first pane of the window that ends at a boundary.
  func start(of boundary: Int) -> Int {
    switch kind {
    case .sliding(let size, _):
      boundary - size
    case .calendar(let unit, let width, let calendar):
      paneIndex(
        calendar.boundary(atOrBefore: lastInstant(of: boundary - 1, width), unit: unit),
        width
      )
    }
  }

  /// The pane that a midnight begins; one within a pane, as before 1990 some are, counts as its
  /// start.
  private func paneIndex(_ midnight: Int64, _ width: Int64) -> Int {
    Int(floorDivide(midnight, width))
  }

  /// The last nanosecond of a pane.
  private func lastInstant(of pane: Int, _ width: Int64) -> Int64 { (Int64(pane) + 1) * width - 1 }
}

extension WindowState {
  /// Writes where the window stands; its sums are those of its panes.
  func encode(into writer: inout ByteWriter) {
    writer.write(low)
    writer.write(high)
    writer.write(nextBoundary)
    writer.write(latest)
  }

  /// Takes over where a window of the same kind stood.
  mutating func restore(
    from reader: inout ByteReader,
    _ history: PaneHistory,
    _ plan: Plan
  ) throws(CodingError) {
    let start = reader.offset
    low = try reader.read()
    high = try reader.read()
    guard low <= high else { throw .invalid(offset: start) }
    nextBoundary = try reader.read()
    latest = try reader.read()
    for pane in history.panes(in: low..<high) { add(pane, plan) }
  }
}
