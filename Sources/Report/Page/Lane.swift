internal import Expressions
internal import Monitoring
internal import Records
internal import Specification

/// One small chart: a few numbers over time on one scale.
struct Lane {
  /// What it is about.
  var title: String
  /// What its lines are, in a few words.
  var subtitle: String
  var unit: Unit
  var lines: [(label: String, key: SeriesKey, series: Series)]
  /// Whether its scale begins at zero.
  var hasZero = true
  /// The signals that it shows: of their alerts it is shaded.
  var signals: Set<String>
  /// Levels that it is compared with.
  var levels: [(value: Double, label: String)] = []

  /// From the least to the greatest of what is drawn.
  var range: ClosedRange<Double> {
    var low = lines.map(\.series.lowest.value.value).min() ?? 0
    var high = lines.map(\.series.highest.value.value).max() ?? 1
    for level in levels {
      low = min(low, level.value)
      high = max(high, level.value)
    }
    if hasZero { (low, high) = (min(low, 0), max(high, 0)) }
    return low < high ? low...high : low...(low + max(abs(low), 1))
  }
}

extension SeriesKey {
  /// How long a window of a name such as `1h24m` is, in nanoseconds; 0 where the name is another one.
  var length: Int64 { (try? TimeSpan(parsing: window))?.nanoseconds ?? 0 }
}

extension ReplayReport {
  /// The lanes for which there are numbers, in the order of the page.
  func lanes(_ movements: [Movement]) -> [Lane] {
    var lanes: [Lane] = []
    lanes += [throughput(), score(), decision(movements), latency(), failure()].compactMap { $0 }
    for name in names(prefix: "slos.") { lanes += budget(name) }
    for name in names(prefix: "kpis.") { lanes += kpi(name).map { [$0] } ?? [] }
    return lanes
  }

  private func names(prefix: String) -> [String] {
    Set(series.keys.map(\.signal).filter { $0.hasPrefix(prefix) }).sorted()
  }

  private func line(
    _ label: String,
    _ signal: String,
    _ statistic: String,
    window name: String? = nil,
    member: String = "value"
  ) -> (label: String, key: SeriesKey, series: Series)? {
    let key = SeriesKey(
      window: name ?? window?.name ?? "",
      signal: signal,
      statistic: statistic,
      member: member
    )
    return series[key].map { (label, key, $0) }
  }

  private func throughput() -> Lane? {
    // Less than one event a second says less than how many a window had.
    if let rate = line("rate", "events", "rate"), rate.series.highest.value.value >= 1 {
      return Lane(
        title: "events",
        subtitle: "events a second",
        unit: .rate,
        lines: [rate],
        signals: ["events"]
      )
    }
    guard let signal = countedSignal, let count = line("events", signal, "count") else {
      return nil
    }
    return Lane(
      title: "events",
      subtitle: "in a window",
      unit: .events,
      lines: [count],
      signals: ["events"]
    )
  }

  private func score() -> Lane? {
    let lines = [line("mean", "score", "mean"), line("median", "score", "p50")].compactMap { $0 }
    guard !lines.isEmpty else { return nil }
    var lane = Lane(
      title: "score",
      subtitle: lines.map(\.label).joined(separator: ", "),
      unit: .none,
      lines: lines,
      hasZero: false,
      signals: ["score"]
    )
    if case .number(let number) = profile.signal(named: "score")?.reference {
      let mean = number.summary.mean
      lane.levels = [(mean, "reference mean \(shortNumber(mean))")]
    }
    return lane
  }

  private func decision(_ movements: [Movement]) -> Lane? {
    if let mean = line("mean", "decision", "mean") {
      return Lane(
        title: "decision",
        subtitle: "mean",
        unit: .none,
        lines: [mean],
        hasZero: false,
        signals: ["decision"]
      )
    }
    guard let low = line("at least", "decision", "drift"),
      let index = line("PSI", "decision", "drift", member: "psi")
    else { return nil }
    var lane = Lane(
      title: "decision",
      subtitle: "drift: at least, PSI",
      unit: .index,
      lines: [low, index],
      signals: ["decision"]
    )
    if let row = movements.first(where: { $0.signal == "decision" && $0.window == window?.name }) {
      lane.levels = [(row.tolerance, "limit \(shortNumber(row.tolerance))")]
    }
    return lane
  }

  private func latency() -> Lane? {
    let lines = [line("p99", "latency", "p99"), line("p50", "latency", "p50")].compactMap { $0 }
    guard !lines.isEmpty else { return nil }
    return Lane(
      title: "latency",
      subtitle: "p99, p50",
      unit: .seconds,
      lines: lines,
      signals: ["latency"]
    )
  }

  private func failure() -> Lane? {
    line("failed", "failure", "mean").map {
      Lane(
        title: "failures",
        subtitle: "share of events",
        unit: .share,
        lines: [$0],
        signals: ["failure"]
      )
    }
  }

  /// The budget that is left, and how fast it burns in the shortest and the longest window.
  private func budget(_ name: String) -> [Lane] {
    let title = String(name.dropFirst("slos.".count))
    var lanes: [Lane] = []
    let left = series.filter { $0.key.signal == name && $0.key.statistic == "budget_left" }
    if let (key, series) = left.min(by: { $0.key.window < $1.key.window }) {
      lanes.append(
        Lane(
          title: title,
          subtitle: "error budget left of \(key.window)",
          unit: .share,
          lines: [("left", key, series)],
          signals: [name],
          levels: [(0, "spent")]
        )
      )
    }
    let burns = series.filter { $0.key.signal == name && $0.key.statistic == "burn" }
      .sorted { ($0.key.length, $0.key.window) < ($1.key.length, $1.key.window) }
    let shown = burns.count > 2 ? [burns[burns.count / 2 - 1], burns[burns.count - 1]] : burns
    if !shown.isEmpty {
      lanes.append(
        Lane(
          title: title,
          subtitle: "burn rate over \(shown.map(\.key.window).joined(separator: ", "))",
          unit: .none,
          lines: shown.map { ($0.key.window, $0.key, $0.value) },
          signals: [name],
          levels: [(1, "1: all spent at the period's end")]
        )
      )
    }
    return lanes
  }

  private func kpi(_ name: String) -> Lane? {
    guard let value = line("value", name, "value") else { return nil }
    let title = String(name.dropFirst("kpis.".count))
    let low = value.series.lowest.value.value
    let high = value.series.highest.value.value
    // A scale that begins at zero says how large a change is; for a small one it says nothing.
    let hasZero = low <= 0 || high > 1.5 * low
    return Lane(
      title: title,
      subtitle: hasZero ? "KPI" : "KPI, scale not from 0",
      unit: .none,
      lines: [value],
      hasZero: hasZero,
      signals: [name]
    )
  }
}
