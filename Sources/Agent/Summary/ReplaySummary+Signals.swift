internal import Monitoring
internal import Records

extension ReplaySummary {
  /// The largest lower bound of each signal in any window.
  static func bounds(_ rows: [Movement]) -> [String: Double] {
    var bounds: [String: Double] = [:]
    for row in rows {
      bounds[row.signal] = max(bounds[row.signal] ?? 0, row.surest?.drift.driftBound ?? 0)
    }
    return bounds
  }

  /// The signals of one kind of window, each in the window in which most of its move is sure.
  static func table(_ rows: [Movement], _ window: String) -> [String] {
    guard rows.contains(where: { $0.judged > 0 }) else { return [] }
    var table = TextTable(
      ["signal", "at least", "PSI", "limit", "in the window to", "drifted", "what moved"],
      alignsRight: [false, true, true, true, false, true, false]
    )
    for row in rows.filter({ $0.judged > 0 }).sorted(by: isSurer) {
      let moved = (row.surest?.moved ?? []).prefix(2).map {
        "\($0.bin) \(percent($0.reference)) → \(percent($0.window))"
      }
      table.append([
        row.signal,
        fixed(row.surest?.drift.driftBound),
        fixed(row.surest?.drift.psi),
        shortNumber(row.tolerance),
        row.surest.map { day($0.end) } ?? "",
        "\(row.drifted)/\(row.judged)",
        moved.joined(separator: ", "),
      ])
    }
    let confidence = percent(rows[0].confidence)
    return [
      "",
      "Signals by how far they surely moved, window \"\(window)\" "
        + "(PSI; \"at least\" with \(confidence) confidence):",
    ] + table.lines
  }

  /// Whether a signal stands before another one: the largest bound first, of equal ones the larger
  /// index.
  private static func isSurer(_ left: Movement, _ right: Movement) -> Bool {
    let (a, b) = (left.surest?.drift, right.surest?.drift)
    let ranks = ((a?.driftBound ?? 0, a?.psi ?? 0), (b?.driftBound ?? 0, b?.psi ?? 0))
    return ranks.0 == ranks.1 ? left.signal < right.signal : ranks.0 > ranks.1
  }

  /// The most signals whose missing and invalid values are listed; the others are counted.
  static let gapLines = 20

  /// The signals that lack notably many values, each in the window that proves most.
  static func gapTable(_ rows: [Movement], _ looks: [String: String] = [:]) -> [String] {
    var worst: [String: (window: String, gap: Movement.Gap)] = [:]
    for row in rows {
      guard let gap = row.gap, gap.least > worst[row.signal]?.gap.least ?? 0 else { continue }
      worst[row.signal] = (row.window, gap)
    }
    guard !worst.isEmpty else { return [] }
    var table = TextTable(
      ["signal", "share", "missing", "invalid", "of", "reference", "window", "to", ""],
      alignsRight: [false, true, true, true, true, true, false, false, false]
    )
    let sorted = worst.sorted { (-$0.value.gap.least, $0.key) < (-$1.value.gap.least, $1.key) }
    for (signal, (window, gap)) in sorted.prefix(gapLines) {
      table.append([
        signal,
        percent(Double(gap.missing + gap.invalid) / Double(max(1, gap.n))),
        grouped(gap.missing),
        grouped(gap.invalid),
        grouped(gap.n),
        percent(gap.usual),
        window,
        day(gap.end),
        gap.invalid > 0 ? looks[signal] ?? "" : "",
      ])
    }
    let more = sorted.count - gapLines
    return [
      "",
      "Missing and invalid values, each signal in its worst window (named where it proves, with "
        + "\(percent(NotableGap.confidence)) confidence, more than \(percent(NotableGap.share)) and "
        + "\(shortNumber(NotableGap.factor)) times the reference's share):",
    ] + table.lines + (more > 0 ? ["  and \(counted(more, "signal")) more"] : [])
  }
}
