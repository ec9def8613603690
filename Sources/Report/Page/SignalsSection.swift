internal import Records

extension PageWriter {
  /// The most signals that are shown with their distributions.
  static let shownSignals = 8

  /// The worst signals: reference and window side by side.
  func signalsSection() -> HTML {
    let beyond = verdict.moved.prefix(Self.shownSignals)
    let shown = beyond.isEmpty ? Verdict.worst(movements).prefix(3) : beyond
    guard !shown.isEmpty || !verdict.untold.isEmpty else { return "" }
    let words: HTML =
      beyond.isEmpty
      ? "No signal moved beyond its limit. These moved most."
      : """
      Each in the window in which most is sure, beside its reference: the share of values in each \
      bin.\(verdict.moved.count > beyond.count
        ? " \(verdict.moved.count - beyond.count) more are in the map's numbers." : "")
      """
    return """
      <section id="signals" aria-labelledby="signals-title">
      <h2 id="signals-title">Worst signals</h2>
      \(untoldSignals)<p>\(words)</p>
      <div class="worst">
      \(shown.map(signal))</div>
      </section>

      """
  }

  /// Signals without values that can be used are worse than any that moved.
  private var untoldSignals: HTML {
    let items: [HTML] = verdict.untold.prefix(Self.shownSignals).map { signal in
      "<li><strong>\(signal.signal)</strong> \(signal.words)</li>"
    }
    return items.isEmpty ? "" : "<ul>\(items)</ul>\n"
  }

  private func signal(_ row: Movement) -> HTML {
    guard let surest = row.surest else { return "" }
    let address = address(row)
    let bins = shown(surest)
    let largest = bins.map { max($0.reference, $0.window) }.max() ?? 1
    let fewer: HTML =
      bins.count < surest.histogram.count ? "<p>The \(bins.count) bins that differ most.</p>" : ""
    let unseen: HTML =
      surest.unseen.isEmpty
      ? ""
      : """
      <p>Values that the reference does not know: \
      \(surest.unseen.map { "\($0.value) (\(grouped($0.count)))" }.joined(separator: ", ")).</p>
      """
    return """
      <article>
      <h3>\(row.signal)\(durationNames.contains(row.signal) ? ", in seconds" : "")</h3>
      <p>PSI \(address.index(surest.drift)), at least \(address.low(surest.drift)), limit \
      \(shortNumber(row.tolerance)). Window “\(row.window)” \(timeElement(surest.start)) to \
      \(timeElement(surest.end)).</p>
      <table class="bins"><caption class="spoken">Distribution of \(row.signal): share of values by \
      bin, window and reference</caption>
      <thead><tr><th scope="col">Bin</th><th scope="col"><span class="spoken">Bars</span></th>\
      <th scope="col" class="r sw">Window<br>n \(address.count(surest.drift))</th>\
      <th scope="col" class="r sr">Reference<br>n \(address.referenceCount(surest.drift))</th></tr>\
      </thead>
      <tbody>
      \(bins.map { bin($0, of: max(largest, 1e-9), surest.moved.contains($0)) })</tbody>
      </table>
      \(fewer)\(unseen)</article>

      """
  }

  /// The most bins of a distribution.
  static let shownBins = 12

  /// The bins in their order; of many those that differ most.
  private func shown(_ window: Movement.Comparison) -> [Evidence.BinShares] {
    let bins = window.histogram.enumerated()
    let kept = bins.sorted { a, b in
      let (x, y) = (
        abs(a.element.window - a.element.reference), abs(b.element.window - b.element.reference)
      )
      return x == y ? a.offset < b.offset : x > y
    }
    return kept.prefix(Self.shownBins).sorted { $0.offset < $1.offset }.map(\.element)
  }

  /// One bin: two bars on the histogram's scale, and their numbers.
  private func bin(_ bin: Evidence.BinShares, of largest: Double, _ moved: Bool) -> HTML {
    let (window, reference) = (width(bin.window / largest), width(bin.reference / largest))
    let share: HTML = moved ? "<b>\(percent(bin.window))</b>" : "\(percent(bin.window))"
    return """
      <tr><th scope="row">\(bin.bin)</th><td class="bar"><svg viewBox="0 0 100 15" \
      preserveAspectRatio="none" aria-hidden="true"><rect class="bw" y="1" width="\(window)" \
      height="7"/><rect class="br" y="9" width="\(reference)" height="4"/></svg></td>\
      <td class="r">\(share)</td>\
      <td class="r sr">\(percent(bin.reference))</td></tr>

      """
  }

  /// A width in hundredths of the room, with one decimal.
  private func width(_ share: Double) -> String {
    "\((min(max(share, 0), 1) * 1000).rounded() / 10)"
  }
}
