public import Standing

/// A picture of a snapshot: values in, lines out.
public struct Screen: Sendable {
  /// From top to bottom, as many as the screen has rows; none is wider than the screen.
  public let lines: [Line]

  /// The smallest screen on which the table is shown.
  static let smallest = (columns: 40, rows: 10)

  /// Draws a snapshot.
  ///
  /// - Parameters:
  ///   - snapshot: What is shown; `nil` while there is nothing.
  ///   - state: What the person looks at.
  ///   - feed: Where it comes from.
  ///   - columns: The width of the screen.
  ///   - rows: The height of the screen.
  /// - Complexity: O(signals · log(signals)).
  public init(_ snapshot: Snapshot?, _ state: ScreenState, _ feed: Feed, columns: Int, rows: Int) {
    let canvas = Canvas(state: state, feed: feed, columns: max(0, columns), rows: max(0, rows))
    let isLargeEnough = columns >= Self.smallest.columns && rows >= Self.smallest.rows
    let drawn =
      isLargeEnough ? snapshot.map { canvas.lines(of: $0) } ?? canvas.empty : canvas.tooSmall
    let missing = max(0, rows - drawn.count)
    lines = Array(drawn.prefix(max(0, rows))) + Array(repeating: canvas.line(), count: missing)
  }
}

/// Lays a screen out.
struct Canvas {
  let state: ScreenState
  let feed: Feed
  let columns: Int
  let rows: Int

  func line(_ build: (inout Line) -> Void = { _ in }) -> Line {
    var line = Line(width: columns)
    build(&line)
    return line
  }

  var tooSmall: [Line] {
    [
      line { $0.add("Too small: \(columns) x \(rows).") },
      line {
        $0.add("\(Screen.smallest.columns) x \(Screen.smallest.rows) is the least; q quits.")
      },
    ]
  }

  var empty: [Line] {
    let words = feed.words(isPaused: false)
    let body = state.page == .help ? helpLines : [line { $0.add(words.text, words.tone) }]
    return framed([line { $0.add("leeway top", .strong) }, line()] + body)
  }

  func lines(of snapshot: Snapshot) -> [Line] {
    let header = headerLines(snapshot)
    switch state.page {
    case .help: return framed(header.prefix(1) + [line()] + helpLines)
    case .signal:
      let rows = state.rows(of: snapshot)
      guard let row = rows.first(where: { $0.name == state.selected }) else {
        return framed(header + [line(), line { $0.add("The signal is not in this window.") }])
      }
      return framed(header.prefix(2) + [line()] + detailLines(row, above: 3))
    case .parts: return framed(header.prefix(2) + [line()] + partLines(snapshot, rows: rows - 4))
    case .table:
      let above = header + objectiveLines(snapshot) + kpiLines(snapshot) + qualityLines(snapshot)
      let below = alertLines(snapshot)
      let room = rows - above.count - below.count - 3
      return framed(above + [line()] + tableLines(snapshot, rows: max(1, room)), above: below)
    }
  }

  /// How many lines a list may have that is not the table.
  var share: Int { max(1, (rows - 12) / 5) }

  /// Body, the rest empty, and what the keys do as the last line.
  private func framed(_ body: some Collection<Line>, above below: [Line] = []) -> [Line] {
    let room = max(0, rows - 1 - below.count)
    let gap = max(0, room - body.count)
    return Array(body.prefix(room)) + Array(repeating: line(), count: gap) + below + [footer]
  }

  private var footer: Line {
    let keys =
      switch state.page {
      case .table: "q quit  ↑↓ move  Enter look  s sort  w window  v parts  p pause  ? help"
      case .parts: "q quit  Esc back  ↑↓ scroll  p pause  ? help"
      case .signal: "q quit  Esc back  ↑↓ scroll  w window  p pause  ? help"
      case .help: "q quit  Esc back"
      }
    return line { $0.add(keys, .faint) }
  }

  private var helpLines: [Line] {
    let keys = [
      ("q, Ctrl-C", "quit"), ("↑ ↓, k j", "move; Home and End, g and G: to the ends"),
      ("Enter", "look into the signal: both histograms"), ("Esc", "back to the table"),
      ("s", "sort by drift, by name, by unusable values"), ("w", "the next kind of window"),
      ("v", "versions and segments beside each other"), ("p", "pause, and go on"),
      ("?", "this page"),
    ]
    let words = [
      "", "PSI      population stability index of the window against the reference",
      "bound    what it is at least, with the rule's confidence",
      "limit    what is tolerated; the bound beyond it is drift",
      "bar      the bound; half of it is the limit",
      "unusable share of the events whose value is missing or invalid",
      "?        nothing can be told: too few values can be used",
    ]
    return keys.map { key, text in
      line {
        $0.add(CellText.fitted(key, to: 11), .strong)
        $0.add(text)
      }
    } + words.map { text in line { $0.add(text) } }
  }
}
