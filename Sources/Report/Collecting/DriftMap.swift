internal import Records

/// The verdicts of all signals in all windows of one kind, the worst of each stretch kept.
struct DriftMap: Sendable {
  /// The signals, in the order in which they came.
  private(set) var signals: [String] = []
  /// When the columns' windows ended.
  private(set) var columns = Columns(limit: columnLimit)
  /// The fewest events of a window of each column.
  private(set) var events: [Int] = []
  /// The cells by signal.
  private(set) var cells: [[DriftCell]] = []
  /// The start of the first window, in nanoseconds since 1970.
  private(set) var start: Int64?
  private var rows: [String: Int] = [:]

  /// The most columns, whatever the number of signals.
  static let columnLimit = 16_384
  /// The most cells that are held: 4 bytes each.
  static let cellLimit = 600_000

  /// Takes in a window.
  mutating func append(_ view: MeasuredPart) {
    var verdicts: [(row: Int, cell: DriftCell)] = []
    var count: Int?
    for measurement in view.measurements {
      switch measurement.statistic {
      case "drift":
        let cell = DriftCell(measurement.value)
        verdicts.append((row(of: measurement.signal), cell))
      case "count":
        count = count ?? measurement.value.n
      default: break
      }
    }
    columns.limit = min(Self.columnLimit, max(64, Self.cellLimit / max(1, signals.count)))
    start = start ?? view.start
    let step = columns.append(end: view.end)
    for _ in 0..<step.joins { joinCells() }
    if step.begins {
      events.append(count ?? 0)
      for row in cells.indices { cells[row].append(.none) }
    } else {
      events[events.count - 1] = min(events[events.count - 1], count ?? 0)
    }
    let last = columns.count - 1
    for (row, cell) in verdicts { cells[row][last] = DriftCell.worst(cells[row][last], cell) }
  }

  /// Joins neighbouring columns: the worse cell of both stays.
  mutating func join() {
    columns.join()
    joinCells()
  }

  private mutating func joinCells() {
    events = joinPairs(events, min)
    cells = cells.map { joinPairs($0, DriftCell.worst) }
  }

  private mutating func row(of signal: String) -> Int {
    if let row = rows[signal] { return row }
    rows[signal] = signals.count
    signals.append(signal)
    cells.append([DriftCell](repeating: .none, count: columns.count))
    return signals.count - 1
  }
}
