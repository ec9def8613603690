internal import Records
internal import Standing

extension Canvas {
  /// Model, window, clock, counts, incident, and what all events say.
  func headerLines(_ snapshot: Snapshot) -> [Line] {
    let windows = snapshot.windows
    let place = state.shownWindow(of: windows.count)
    let window = windows.indices.contains(place) ? windows[place] : nil
    let top = line {
      $0.add(snapshot.model, .strong)
      if let window {
        $0.add("  window ")
        $0.add(window.window, .strong)
        if windows.count > 1 { $0.add(" (\(place + 1) of \(windows.count))") }
        $0.add("  " + Figures.period(window.start, window.end))
      } else {
        $0.add("  no window is complete yet")
      }
      let feedWords = feed.words(isPaused: state.isPaused)
      $0.addAtEnd(feedWords.text, feedWords.tone)
    }
    let words = feed.words(isPaused: state.isPaused)
    // What is wrong goes before which window it is.
    let first =
      top.text.hasSuffix(words.text)
      ? top
      : line {
        $0.add(snapshot.model + "  ", .strong)
        $0.add(words.text, words.tone)
      }
    return [first, countsLine(snapshot)] + untoldLines(snapshot, window)
      + incidentLines(snapshot)
      + (window.map { [trafficLine($0)] } ?? [])
  }

  private func countsLine(_ snapshot: Snapshot) -> Line {
    line {
      $0.add("clock \(snapshot.clock.map { Figures.time($0) } ?? "–")")
      $0.add("  \(grouped(snapshot.events)) events")
      if snapshot.ignored > 0 { $0.add("  \(grouped(snapshot.ignored)) other") }
      $0.add("  \(grouped(snapshot.refused)) refused", snapshot.refused > 0 ? .warning : .plain)
      $0.add("  \(counted(snapshot.windowsJudged, "window")) judged")
    }
  }

  /// What cannot be told of the streams, and of which signals of a window nothing can.
  private func untoldLines(_ snapshot: Snapshot, _ window: MeasuredPart?) -> [Line] {
    let own = snapshot.comparisons.filter { $0.window == window?.window && $0.untold != nil }
    let names = own.prefix(3).map(\.signal).joined(separator: ", ")
    let more = own.count > 3 ? " and \(own.count - 3) more" : ""
    let signals = own.isEmpty ? nil : "Cannot be told: \(names)\(more)"
    return [snapshot.untold, signals].compactMap(\.self).map { words in
      line { $0.add(words, .bad) }
    }
  }

  /// A line an open incident, the newest first.
  private func incidentLines(_ snapshot: Snapshot) -> [Line] {
    guard snapshot.incidentCount > 0 else { return [line { $0.add("No open incident.", .good) }] }
    let lines = snapshot.incidents.reversed().map { incident in
      line {
        $0.add("Incident (\(incident.severity), since \(Figures.time(incident.since))): ", .bad)
        $0.add(incident.title, .strong)
      }
    }
    return limited(lines, "open incident")
  }

  /// Latency, failures and rate of a window.
  private func trafficLine(_ window: MeasuredPart) -> Line {
    line {
      var parts: [String] = []
      if let median = window.value("latency", "p50"), let tail = window.value("latency", "p99") {
        parts.append(
          "latency p50 \(Figures.seconds(median.value))  p99 \(Figures.seconds(tail.value))"
        )
      }
      if let failures = window.value("failure", "mean") {
        parts.append("failures \(Figures.share(failures.value))")
      }
      if let rate = window.value("events", "rate") {
        parts.append("\(Figures.number(rate.value)) events/s")
      }
      if let count = window.value("events", "count") {
        parts.append("\(grouped(count.n)) in the window")
      }
      $0.add(parts.joined(separator: "   "))
    }
  }

  /// A line an objective: burn rates, what is left of the budget, how long it lasts.
  func objectiveLines(_ snapshot: Snapshot) -> [Line] {
    let views = snapshot.budgetViews
    var names: [String] = []
    for measurement in views.flatMap(\.measurements) where !names.contains(measurement.signal) {
      names.append(measurement.signal)
    }
    let lines = names.map { name in
      line {
        $0.add("slo \(name.dropFirst(Snapshot.budgetPrefix.count))", .strong)
        let left = views.compactMap { $0.value(name, "budget_left")?.value }.first
        $0.add("  budget left \(Figures.share(left))", tone(ofBudget: left))
        if let seconds = views.compactMap({ $0.value(name, "time_to_exhaustion")?.value }).first {
          $0.add("  lasts \(Figures.seconds(seconds))")
        }
        for view in views {
          guard let burn = view.value(name, "burn")?.value else { continue }
          $0.add("  burn \(view.window) ")
          $0.add(Figures.number(burn), burn > 1 ? .warning : .plain)
        }
      }
    }
    return limited(lines, "objective")
  }

  private func tone(ofBudget left: Double?) -> Tone {
    guard let left else { return .faint }
    return left <= 0 ? .bad : left < 0.25 ? .warning : .good
  }

  /// A line a KPI: its value and how it changed.
  func kpiLines(_ snapshot: Snapshot) -> [Line] {
    let windows = snapshot.windows
    guard !windows.isEmpty else { return [] }
    let window = windows[state.shownWindow(of: windows.count)]
    let lines = window.measurements.compactMap { measurement -> Line? in
      guard measurement.statistic == "value", measurement.signal.hasPrefix(Snapshot.kpiPrefix)
      else { return nil }
      return line {
        $0.add("kpi \(measurement.signal.dropFirst(Snapshot.kpiPrefix.count))", .strong)
        $0.add("  \(Figures.number(measurement.value.value))")
        for (statistic, words) in [("change_1d", "a day"), ("change_1w", "a week")] {
          guard let change = window.value(measurement.signal, statistic) else { continue }
          $0.add("  \(Figures.change(change.value)) against \(words) ago")
        }
      }
    }
    return limited(lines, "KPI")
  }

  /// The alerts that stand, the newest first.
  func alertLines(_ snapshot: Snapshot) -> [Line] {
    guard snapshot.alertCount > 0 else { return [line { $0.add("No alert stands.", .good) }] }
    let lines = snapshot.alerts.reversed().prefix(share).map { alert in
      line {
        let isCritical = ["critical", "page"].contains(alert.severity)
        $0.add("\(alert.severity) ", isCritical ? .bad : .warning)
        $0.add(alert.alert, .strong)
        let about = [alert.signal, alert.version.map { "version \($0)" }, alert.segment]
        for part in about.compactMap({ $0 }) { $0.add("  \(part)") }
        $0.add("  since \(Figures.time(alert.since))", .faint)
        if let summary = alert.summary { $0.add("  \(summary)") }
      }
    }
    let more = snapshot.alertCount - lines.count
    let title = line {
      $0.add(
        "\(counted(snapshot.alertCount, "alert")) \(snapshot.alertCount == 1 ? "stands" : "stand")",
        .bad
      )
      if more > 0 { $0.add(", the newest \(lines.count) are shown") }
    }
    return [title] + lines
  }

  /// The first lines, and how many there are besides.
  func limited(_ lines: [Line], _ noun: String) -> [Line] {
    guard lines.count > share else { return lines }
    if share == 1 {
      return lines.prefix(1).map { first in
        var line = first
        line.addAtEnd("+ \(lines.count - 1)", .faint)
        return line
      }
    }
    let shown = share - 1
    return lines.prefix(shown) + [
      line { $0.add("and \(counted(lines.count - shown, noun)) more", .faint) }
    ]
  }
}
