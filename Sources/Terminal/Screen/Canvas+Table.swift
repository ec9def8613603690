internal import Records
internal import Standing

/// The columns of the table that there is room for.
private struct TableLayout {
  var name: Int
  var showsLimit: Bool
  var showsMissing: Bool
  var bar: Int

  /// The columns that are always there, with the spaces before them: marker, n, PSI, bound, verdict.
  private static let fixedColumns = 2 + 9 + 7 + 7 + 6

  init(columns: Int) {
    showsLimit = columns >= 60
    showsMissing = columns >= 52
    bar = columns >= 72 ? min(24, 8 + (columns - 72) / 8) : 0
    name = columns - Self.fixedColumns
    if showsLimit { name -= 6 }
    if showsMissing { name -= 9 }
    if bar > 0 { name -= bar + 1 }
  }
}

extension Canvas {
  /// The table of signals in so many lines, the heading not counted.
  func tableLines(_ snapshot: Snapshot, rows room: Int) -> [Line] {
    let layout = TableLayout(columns: columns)
    let all = state.rows(of: snapshot)
    let place = state.place(in: all)
    // The selected row is always in sight.
    let first = min(max(0, place - room / 2), max(0, all.count - room))
    let heading = line {
      $0.add(CellText.fitted("  signal" + mark(.name), to: layout.name + 2), .faint)
      $0.addColumn("n", 8, .faint)
      $0.addColumn("PSI", 6, .faint)
      $0.addColumn("bound" + mark(.drift), 6, .faint)
      if layout.showsLimit { $0.addColumn("limit", 5, .faint) }
      $0.addColumn("", 5, .faint)
      if layout.showsMissing { $0.addColumn("unusable" + mark(.missing), 8, .faint) }
      if layout.bar > 0 { $0.addColumn("bound", layout.bar, .faint, isRight: false) }
    }
    let shown = all.enumerated().dropFirst(first).prefix(room)
    return [heading]
      + shown.map { index, row in tableLine(row, layout, isSelected: index == place) }
  }

  private func mark(_ order: SignalOrder) -> String { state.order == order ? "↓" : "" }

  private func tableLine(_ row: SignalRow, _ layout: TableLayout, isSelected: Bool) -> Line {
    let line = line {
      let isUntold = row.comparison.untold != nil
      let tone: Tone = row.hasDrifted || isUntold ? .bad : .plain
      $0.add(isSelected ? "▶ " : "  ", .strong)
      $0.add(CellText.fitted(row.name, to: layout.name), tone)
      $0.addColumn(Figures.count(row.n), 8)
      $0.addColumn(Figures.index(row.drift?.psi), 6)
      $0.addColumn(Figures.index(row.drift?.driftBound), 6, tone)
      if layout.showsLimit { $0.addColumn(Figures.number(row.comparison.tolerance), 5) }
      $0.addColumn(isUntold ? "?" : row.hasDrifted ? "drift" : "", 5, tone)
      if layout.showsMissing {
        let share = row.unusableShare ?? 0
        $0.addColumn(Figures.share(row.unusableShare), 8, share > 0.05 ? .warning : .plain)
      }
      // Half of the bar is the limit.
      if layout.bar > 0, row.drift != nil {
        $0.addColumn(Figures.bar(row.excess / 2, layout.bar), layout.bar, tone, isRight: false)
      }
    }
    return isSelected ? line.filled(.selected) : line
  }

  /// One signal: its numbers, and both histograms side by side.
  func detailLines(_ row: SignalRow, above: Int) -> [Line] {
    var lines = [
      line {
        $0.add(row.name, .strong)
        $0.add("  \(grouped(row.n)) values")
        if row.hasDrifted { $0.add("  drift", .bad) }
        if let reason = row.comparison.untold { $0.add("  cannot be told: \(reason)", .bad) }
      },
      line {
        $0.add(
          "PSI \(Figures.index(row.drift?.psi))  at least \(Figures.index(row.drift?.driftBound))"
        )
        $0.add("  limit \(Figures.number(row.comparison.tolerance))")
        $0.add("  confidence \(Figures.share(row.comparison.confidence))")
      },
      line { $0.add(numbers(of: row)) }, line(),
    ]
    guard !row.comparison.bins.isEmpty else {
      return lines + [line { $0.add("Nothing to compare with, or no values.", .faint) }]
    }
    lines += binLines(row, rows: max(1, rows - above - lines.count - 2))
    return lines
  }

  private func numbers(of row: SignalRow) -> String {
    ["mean", "std", "min", "p50", "p99", "max", "distinct", "missing", "invalid", "unseen"]
      .compactMap { name in
        row.statistics[name].map { "\(name) \(Figures.number($0.value))" }
      }
      .joined(separator: "  ")
  }

  private func binLines(_ row: SignalRow, rows room: Int) -> [Line] {
    let bins = row.comparison.bins
    let bar = max(3, (columns - 14 - 18) / 4)
    let name = max(8, columns - 2 * (bar + 9))
    let most = bins.reduce(0) { max($0, $1.reference, $1.window) }
    let first = min(state.scroll, max(0, bins.count - room))
    let heading = line {
      $0.add(CellText.fitted("bin", to: name), .faint)
      $0.addColumn("reference", bar + 8, .faint, isRight: false)
      $0.addColumn("window", bar + 8, .faint, isRight: false)
    }
    return [heading]
      + bins.dropFirst(first).prefix(room).map { bin in
        line {
          $0.add(CellText.fitted(bin.bin, to: name))
          for (share, tone) in [(bin.reference, Tone.plain), (bin.window, .strong)] {
            $0.addColumn(Figures.bar(most > 0 ? share / most : 0, bar), bar, tone, isRight: false)
            $0.addColumn(Figures.share(share), 7, tone)
          }
        }
      }
  }
}
