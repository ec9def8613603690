internal import Records
internal import Standing

extension Canvas {
  /// Versions side by side, then the values of each segment: events, share, surest drift, alerts.
  func partLines(_ snapshot: Snapshot, rows room: Int) -> [Line] {
    guard let first = snapshot.parts.first else {
      return [line { $0.add("No versions and no segments, or no window is complete yet.", .faint) }]
    }
    let name = max(12, columns - 48)
    let more = snapshot.partCount - snapshot.parts.count
    let heading = line {
      $0.add(CellText.fitted("part, window \(first.window)", to: name), .faint)
      $0.addColumn("events", 8, .faint)
      $0.addColumn("share", 7, .faint)
      $0.addColumn("bound", 6, .faint)
      $0.addColumn("alerts", 6, .faint)
      $0.addColumn("surest drift", 16, .faint, isRight: false)
    }
    let lines = snapshot.parts.map { part in
      line {
        let tone: Tone = part.hasDrifted ? .bad : .plain
        let label = part.segment ?? part.version.map { "version \($0)" } ?? ""
        $0.add(CellText.fitted(label, to: name), .strong)
        $0.addColumn(Figures.count(part.events), 8)
        $0.addColumn(Figures.share(part.share), 7)
        $0.addColumn(Figures.index(part.low), 6, tone)
        $0.addColumn(Figures.count(part.alerts), 6, part.alerts > 0 ? .bad : .plain)
        $0.addColumn(part.signal ?? "nothing sure", 16, tone, isRight: false)
      }
    }
    let rest = more > 0 ? [line { $0.add("and \(counted(more, "part")) more", .faint) }] : []
    let visible = max(1, room - 1 - rest.count)
    let start = min(state.scroll, max(0, lines.count - visible))
    return [heading] + lines.dropFirst(start).prefix(visible) + rest
  }
}
