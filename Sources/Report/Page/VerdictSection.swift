internal import Events
internal import Monitoring
internal import Records
internal import Specification

extension PageWriter {
  /// The verdict in words: is the model well, since when, what moved, what to do.
  func verdictSection() -> HTML {
    let (emphasis, rest) = verdict.headline
    let tone = verdict.state == .well || verdict.state == .recovered ? "good" : "bad"
    return """
      <section id="verdict" class="\(tone)" aria-labelledby="verdict-title">
      <h1 id="verdict-title">\(report.monitor.model) is <em>\(emphasis)</em>\(rest).</h1>
      <dl>
      <dt>Why</dt><dd>\(why)</dd>
      <dt>What moved</dt><dd>\(whatMoved)</dd>
      <dt>What to do</dt><dd>\(list(advice.sentences.map { "\($0)" }))</dd>
      </dl>
      <ul class="figures">
      <li><b>\(grouped(ending.events))</b> predictions</li>
      <li><b>\(grouped(report.windows))</b> windows judged</li>
      <li><b>\(verdict.moved.count) of \(verdict.signalCount)</b> signals moved beyond their limit</li>
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
    guard report.monitor.hasRules else { return "\(driftWords) There are no rules." }
    var parts: [HTML] = []
    for alert in verdict.firing.prefix(4) {
      let subject = Episode(alert: alert).subject
      parts.append(
        """
        <span class="state firing">\(alert.name)</span>\(subject.isEmpty ? "" : " on \(subject)") \
        fires since \(timeElement(alert.startsAt)).
        """
      )
    }
    if verdict.firing.count > 4 {
      parts.append("\(verdict.firing.count - 4) more alerts fire: see below.")
    }
    if verdict.firing.isEmpty {
      let fired = report.alerts.fired
      parts.append(
        fired == 0
          ? "No alert fired." : "\(counted(fired, "alert")) fired, and all of them were resolved."
      )
    }
    parts.append("\(driftWords)")
    return list(parts)
  }

  private var driftWords: String {
    let now = verdict.moved.count { row in
      movements.contains { $0.signal == row.signal && $0.isDriftedNow }
    }
    guard let first = verdict.moved.compactMap(\.firstDrift).min() else {
      return "None of \(counted(verdict.signalCount, "signal")) moved beyond its limit."
    }
    return "\(verdict.moved.count) of \(counted(verdict.signalCount, "signal")) moved beyond their "
      + "limit, first in the window from \(day(first)); "
      + (now == 0 ? "none is at the end." : "\(now) \(now == 1 ? "is" : "are") so at the end.")
  }

  private var whatMoved: HTML {
    guard !verdict.moved.isEmpty else {
      return "Nothing beyond its limit."
    }
    var items = verdict.moved.prefix(4).map { row in
      var item: HTML = "<strong>\(row.signal)</strong>"
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
    if verdict.moved.count > 4 {
      items.append("Also \(listed(verdict.moved.dropFirst(4).map(\.signal))).")
    }
    return list(items)
  }

  /// A bin's two shares in words.
  private func words(_ bin: Evidence.BinShares, of signal: String) -> String {
    let unit = signal == "latency" ? " s" : ""
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
      return row.leastWorst > 0.02 && row.leastWorst > 3 * usualShare(key)
    }
    let unseen = quality.filter { key, row in
      key.statistic == "unseen" && row.leastWorst > 0.01
    }
    return Advice(
      verdict: verdict,
      broken: unique(broken.map(\.key.signal)),
      unseen: unseen.map(\.key.signal),
      spent: report.spentBudgets
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
