internal import Events
internal import Monitoring
internal import Records
internal import Specification
internal import Standing

extension PageWriter {
  /// The verdict in words: is the model well, since when, what moved, what to do.
  func verdictSection() -> HTML {
    let (emphasis, rest) = verdict.headline
    let tone = verdict.state == .well || verdict.state == .recovered ? "good" : "bad"
    return """
      <section id="verdict" class="\(tone)" aria-labelledby="verdict-title">
      <h1 id="verdict-title">\(claimSentence)\(report.monitor.model)\(verdict.isTold ? " is" : "") <em>\(emphasis)</em>\(rest).</h1>
      \(claimNumbers)<dl>
      <dt>Why</dt><dd>\(why)</dd>
      <dt>Beyond its limit now</dt><dd>\(beyondNow)</dd>
      <dt>What to do now</dt><dd>\(list(advice.sentences.map { "\($0)" }))</dd>
      \(over)\
      </dl>
      <ul class="figures">
      <li><b>\(grouped(ending.events))</b> predictions</li>
      <li><b>\(grouped(report.windows))</b> windows judged</li>
      <li><b>\(verdict.movedNow.count) of \(verdict.signalCount)</b> signals beyond their limit at the \
      end, \(verdict.moved.count) in all</li>
      <li><b>\(grouped(report.alerts.fired))</b> alerts fired, \(verdict.firing.count) firing at the \
      end</li>
      <li><b>\(grouped(refusedLines))</b> of \(grouped(ending.lines)) lines refused</li>
      </ul>
      </section>

      """
  }

  var refusedLines: Int { ending.refused.values.reduce(0, +) }

  private func list(_ items: [HTML]) -> HTML {
    "<ul>\(items.map { "<li>\($0)</li>" })</ul>"
  }

  private var why: HTML {
    if verdict.state == .nothing { return "No line of the stream could be used." }
    guard report.monitor.hasRules else {
      return verdict.untold.isEmpty && ending.refusalWords == nil
        ? "\(driftWords) There are no rules." : list(untold + ["\(driftWords) There are no rules."])
    }
    var parts = untold
    for alert in verdict.firing.prefix(4) {
      let subject = alert.subject
      parts.append(
        """
        <span class="state firing">\(alert.alert)</span>\(subject.isEmpty ? "" : " on \(subject)") \
        fires since \(timeElement(alert.since)).
        """
      )
    }
    if verdict.firing.count > 4 {
      parts.append("\(verdict.firing.count - 4) more alerts fire: see below.")
    }
    if verdict.firing.isEmpty {
      parts.append(report.alerts.fired == 0 ? "No alert fired." : "No alert fires now.")
    }
    parts += openIncidents
    parts.append("\(driftWords)")
    return list(parts)
  }

  /// What cannot be told, in a line each.
  private var untold: [HTML] {
    (ending.refusalWords.map { ["\($0)"] } ?? [])
      + verdict.untold.prefix(8).map { signal in
        "<strong>\(signal.signal)</strong> \(signal.words)."
      }
      + (verdict.untold.count > 8
        ? ["\(counted(verdict.untold.count - 8, "signal")) more cannot be told."] : [])
  }

  /// The incidents that are not closed, in a line each.
  private var openIncidents: [HTML] {
    let open = report.alerts.incidents.filter { $0.state != .closed }
    var lines: [HTML] = open.prefix(4).map { incident in
      let number = numbers[incident.id] ?? 0
      return """
        <a href="#incident-\(number)">Incident \(number)</a> is open since \
        \(timeElement(incident.since)): \(incident.title).
        """
    }
    if open.count > 4 { lines.append("\(open.count - 4) more incidents are open: see below.") }
    return lines
  }

  private var driftWords: String {
    let (all, now) = (verdict.moved.count, verdict.movedNow.count)
    guard verdict.signalCount > 0 else { return "No signal was compared with a reference." }
    let signals = counted(verdict.signalCount, "signal")
    guard all > 0 else {
      return verdict.untold.isEmpty && ending.refusalWords == nil
        ? "None of \(signals) moved beyond its limit."
        : "Of what could be used, \(signals) moved no further than tolerated."
    }
    guard now > 0 else { return "None of \(signals) is beyond its limit now." }
    return "\(now) of \(signals) \(now == 1 ? "is" : "are") beyond the limit in the last window."
  }

  private var beyondNow: HTML {
    guard !verdict.movedNow.isEmpty else { return "Nothing." }
    var items = verdict.movedNow.prefix(4).map { row in
      var item: HTML = "<strong>\(row.signal)</strong>"
      if let since = row.driftingSince { item += " since \(timeElement(since))" }
      guard let surest = row.surest else { return item }
      if let bin = surest.moved.first { item += ": \(words(bin, of: row.signal))" }
      let address = address(row)
      item +=
        """
        . <span class="quiet">PSI at least \(address.low(surest.drift)), limit \
        \(shortNumber(row.tolerance)); n \(address.count(surest.drift)), window \(row.window) to \
        \(timeElement(surest.end))</span>
        """
      return item
    }
    if verdict.movedNow.count > 4 {
      items.append("Also \(listed(verdict.movedNow.dropFirst(4).map(\.signal))).")
    }
    return list(items)
  }

  /// What was and is no more, said as over; nothing where nothing is.
  private var over: HTML {
    var items = verdict.movedBack.prefix(4).map { row in
      var item: HTML = "<strong>\(row.signal)</strong> was beyond its limit in"
      item += " \(row.drifted) of \(row.judged) windows \(row.window)"
      if let first = row.firstDrift { item += ", first in the one from \(timeElement(first))" }
      return item + ", and is not now."
    }
    if verdict.movedBack.count > 4 {
      items.append("Also \(listed(verdict.movedBack.dropFirst(4).map(\.signal))).")
    }
    let ended = report.alerts.ended
    if ended > 0 {
      let closed = report.alerts.incidents.count { $0.state == .closed }
      items.append(
        """
        \(counted(ended, "alert")) fired and \(ended == 1 ? "was" : "were") resolved\(closed > 0
          ? "; \(counted(closed, "incident")) \(closed == 1 ? "is" : "are") closed" : "").
        """
      )
    }
    return items.isEmpty ? "" : "<dt>Over</dt><dd>\(list(items))</dd>\n"
  }

  /// A bin's two shares in words.
  private func words(_ bin: Evidence.BinShares, of signal: String) -> String {
    let unit = durationNames.contains(signal) ? " s" : ""
    return "\(percent(bin.window)) of its values are \(bin.bin)\(unit), "
      + "\(percent(bin.reference)) in the reference"
  }

  /// Where a signal's worst verdict stands in the metrics file.
  func address(_ row: Movement) -> MetricAddress {
    MetricAddress(
      window: row.window,
      signal: row.signal,
      statistic: "drift",
      end: row.surest?.end ?? row.worstEnd
    )
  }

  private var advice: Advice {
    let quality = report.quality.sorted {
      ($0.key.signal, $0.key.statistic) < ($1.key.signal, $1.key.statistic)
    }
    let broken = quality.filter { key, row in
      guard key.statistic != "unseen" else { return false }
      return NotableGap.isNotable(row.leastNow, usual: usualShare(key))
    }
    let unseen = quality.filter { key, row in
      key.statistic == "unseen" && row.leastNow > 0.01
    }
    return Advice(
      verdict: verdict,
      broken: unique(broken.map(\.key.signal)),
      unseen: unseen.map(\.key.signal),
      spent: report.spentBudgets,
      isSilent: verdict.firing.contains { alert in
        report.monitor.silenceRules.contains { $0.alert == alert.alert }
      },
      failsClaim: ending.outcomes?.claim?.isFailing == true
    )
  }

  /// The share of the reference's events in which a signal is missing or invalid.
  private func usualShare(_ key: SeriesKey) -> Double {
    guard let signal = report.profile.signal(named: key.signal), report.profile.events > 0 else {
      return 0
    }
    let count = key.statistic == "missing" ? signal.missing : signal.invalid
    return Double(count) / Double(report.profile.events)
  }

  private func unique(_ names: [String]) -> [String] {
    var seen: Set<String> = []
    return names.filter { seen.insert($0).inserted }
  }
}
