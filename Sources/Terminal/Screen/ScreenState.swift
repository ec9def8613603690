public import Standing

/// What a person looks at: changed by keys alone.
public struct ScreenState: Sendable, Equatable {
  /// What fills the screen.
  public enum Page: Sendable, Equatable {
    /// All signals.
    case table
    /// Versions and segments.
    case parts
    /// One signal.
    case signal
    /// What the keys do.
    case help
  }

  /// What fills the screen.
  public private(set) var page = Page.table
  /// How signals are sorted.
  public private(set) var order = SignalOrder.drift
  /// Which kind of window is shown, by its place.
  public private(set) var window = 0
  /// The signal that the keys act on; `nil`: the first one.
  public private(set) var selected: String?
  /// How far a signal's bins are scrolled.
  public private(set) var scroll = 0
  /// Whether the picture stands still.
  public private(set) var isPaused = false
  /// Whether `q` was pressed.
  public private(set) var isDone = false

  /// The table of signals, sorted by drift.
  public init() {}

  /// Does what a key asks for.
  ///
  /// - Parameters:
  ///   - key: The key.
  ///   - snapshot: What is shown; `nil` while there is nothing.
  public mutating func press(_ key: Key, _ snapshot: Snapshot?) {
    switch key {
    case .quit: isDone = true
    case .sort: order = order.next
    case .window:
      let count = snapshot?.windows.count ?? 0
      window = count > 0 ? (shownWindow(of: count) + 1) % count : 0
    case .pause: isPaused.toggle()
    case .help: page = page == .help ? .table : .help
    case .parts:
      page = page == .parts ? .table : .parts
      scroll = 0
    case .back: page = .table
    case .enter:
      guard page == .table, let row = row(of: snapshot) else { return }
      selected = row.name
      scroll = 0
      page = .signal
    case .up: move(by: -1, snapshot)
    case .down: move(by: 1, snapshot)
    case .first: move(by: -1_000_000, snapshot)
    case .last: move(by: 1_000_000, snapshot)
    }
  }

  private mutating func move(by step: Int, _ snapshot: Snapshot?) {
    switch page {
    case .help: return
    case .parts:
      scroll = min(max(0, scroll + step), max(0, (snapshot?.parts.count ?? 0) - 1))
    case .signal:
      let bins = row(of: snapshot)?.comparison.bins.count ?? 0
      scroll = min(max(0, scroll + step), max(0, bins - 1))
    case .table:
      let rows = rows(of: snapshot)
      guard !rows.isEmpty else { return }
      selected = rows[min(max(0, place(in: rows) + step), rows.count - 1)].name
    }
  }

  /// The window that is shown of so many.
  func shownWindow(of count: Int) -> Int { min(window, max(0, count - 1)) }

  func rows(of snapshot: Snapshot?) -> [SignalRow] {
    guard let snapshot, !snapshot.windows.isEmpty else { return [] }
    let windows = snapshot.windows
    return snapshot.rows(of: windows[shownWindow(of: windows.count)], by: order)
  }

  /// Where the selected signal stands.
  func place(in rows: [SignalRow]) -> Int { rows.firstIndex { $0.name == selected } ?? 0 }

  private func row(of snapshot: Snapshot?) -> SignalRow? {
    let rows = rows(of: snapshot)
    return rows.isEmpty ? nil : rows[place(in: rows)]
  }
}
