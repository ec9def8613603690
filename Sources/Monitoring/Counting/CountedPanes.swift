/// What one worker counted of some panes.
public struct CountedPanes: Sendable {
  /// The newest panes, as arrays of counts.
  var open: [PaneCounts] = []
  /// Older ones, encoded; a late row may have opened one of them again.
  var sealed: [SealedPane] = []
  /// What is to be joined.
  var joins: [JoinPane] = []
  /// What was refused.
  var refused = RefusedPanes()
  /// Events that are not counted yet, where repeats are dropped.
  var held = HeldEvents()

  /// The events in them.
  public var events: Int {
    open.reduce(0) { $0 + $1.events } + sealed.reduce(0) { $0 + $1.events }
  }
}

extension CountedPanes {
  /// Nothing counted.
  public static var nothing: CountedPanes { CountedPanes() }

  /// Hands over what was counted of the panes up to an index, and forgets it; events that are held
  /// stay.
  ///
  /// - Parameter last: The last pane; `nil` for all.
  /// - Returns: The counts; what is encoded stays so.
  public mutating func take(through last: Int?) -> CountedPanes {
    let isTaken = { (index: Int) in last.map { index <= $0 } ?? true }
    let taken = CountedPanes(
      open: open.filter { isTaken($0.index) },
      sealed: sealed.filter { isTaken($0.index) },
      joins: joins.filter { isTaken($0.index) },
      refused: refused.take(through: last)
    )
    joins.removeAll { isTaken($0.index) }
    open.removeAll { isTaken($0.index) }
    sealed.removeAll { isTaken($0.index) }
    return taken
  }

  /// Adds what was counted elsewhere.
  public mutating func add(_ other: CountedPanes) {
    open += other.open
    sealed += other.sealed
    joins += other.joins
    refused.merge(other.refused)
    other.held.all.forEach { held.append($0) }
  }

  /// Whether nothing was counted.
  public var isEmpty: Bool {
    open.isEmpty && sealed.isEmpty && joins.isEmpty && refused.isEmpty && held.all.isEmpty
  }

  /// The last pane in which a line was refused; `nil` without one.
  public var lastRefusedPane: Int? { refused.lastPane }
}

extension Shard {
  /// Adds what another worker, or one of an earlier process, counted.
  public mutating func add(_ counted: CountedPanes) {
    self.counted.sealed += counted.sealed + counted.open.map { SealedPane($0, plan: plan) }
    self.counted.joins += counted.joins
    self.counted.refused.merge(counted.refused)
    let held = counted.held.all.map { event in
      var event = event
      event.pane = plan.pane(of: event.time) ?? 0
      return event
    }
    // A monitor that drops repeats no longer counts what an earlier one held.
    if plan.dropsRepeats { held.forEach { self.counted.held.append($0) } } else { count(held) }
  }

  /// Hands over what was counted of the panes up to an index, and forgets it.
  ///
  /// - Parameter last: The last pane; `nil` for all.
  /// - Returns: The counts; what is encoded stays so.
  public mutating func take(through last: Int?) -> CountedPanes {
    counted.take(through: last)
  }

  /// The last pane in which a line was refused that was not handed over; `nil` without one.
  public var lastRefusedPane: Int? { counted.refused.lastPane }

  /// Hands over the lines that were refused in the panes up to an index, and forgets them.
  ///
  /// - Parameter last: The last pane.
  /// - Returns: No other counts.
  public mutating func takeRefused(through last: Int) -> CountedPanes {
    CountedPanes(refused: counted.refused.take(through: last))
  }

  /// Hands over what was counted of the panes up to an index, as arrays of counts.
  ///
  /// - Parameter last: The last pane; `nil` for all.
  /// - Returns: One entry a pane, or two where a late row opened an encoded pane again.
  mutating func takePanes(through last: Int?) -> [PaneCounts] {
    let counted = take(through: last)
    return counted.open + counted.sealed.map { $0.opened(plan) }
  }
}
