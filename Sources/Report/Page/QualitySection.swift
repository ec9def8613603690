internal import Events
internal import Monitoring
internal import Records
internal import Specification

extension PageWriter {
  /// The most rows of data quality.
  static let qualityRows = 40

  /// What was missing, invalid or unseen.
  mutating func qualitySection() -> HTML {
    let sorted = report.quality.sorted { a, b in
      let (x, y) = (worstShare(a.value), worstShare(b.value))
      return x == y
        ? (a.key.signal, a.key.statistic) < (b.key.signal, b.key.statistic) : x > y
    }
    guard !sorted.isEmpty else {
      return """
        <section id="quality" aria-labelledby="quality-title">
        <h2 id="quality-title">Data quality</h2>
        <p>Nothing was missing, invalid or unseen in any window “\(report.window?.name ?? "")”.</p>
        </section>

        """
    }
    var rows: HTML = ""
    for (index, entry) in sorted.prefix(Self.qualityRows).enumerated() {
      rows += row(entry.key, entry.value, index)
    }
    let more = sorted.count - Self.qualityRows
    let clean = Set(map.signals).subtracting(sorted.map(\.key.signal)).count
    return """
      <section id="quality" aria-labelledby="quality-title">
      <h2 id="quality-title">Data quality</h2>
      <p>Events without a value (missing), with a value of the wrong type (invalid), or with one \
      that the reference lacks (unseen), the worst first. \(counted(clean, "signal")) had nothing \
      of the kind.\(more > 0 ? " \(more) rows more are in the metrics file." : "")</p>
      <div class="tracks">
      \(axisRow("", "worst window"))\(rows)</div>
      <details><summary>Data quality in numbers</summary>
      <div class="scroll" tabindex="0" role="region" aria-label="Data quality in numbers"><table>
      <caption>Events of the worst and of the last window that are missing, invalid or unseen; of \
      how many.</caption>
      <thead><tr><th scope="col">Signal</th><th scope="col">What</th>\
      <th scope="col" class="r">Worst</th><th scope="col" class="r">of n</th>\
      <th scope="col" class="r">Share</th><th scope="col">Window to</th>\
      <th scope="col" class="r">Last</th><th scope="col" class="r">of n</th></tr></thead>
      <tbody>
      \(sorted.prefix(Self.qualityRows).enumerated().map { tableRow($1.key, $1.value, $0) })</tbody>
      </table></div></details>
      </section>

      """
  }

  private func worstShare(_ row: QualityRow) -> Double {
    QualityRow.share(row.worst).value.value
  }

  private mutating func row(_ key: SeriesKey, _ row: QualityRow, _ index: Int) -> HTML {
    let highest = row.shares.highest.value.value
    data.appendLane(
      [PageData.Line(label: key.statistic, series: row.shares, slide: report.slide ?? 0)],
      unit: Unit.share.rawValue,
      range: 0...(highest > 0 ? highest : 1),
      levels: [],
      bands: bands(of: [key.signal])
    )
    let name = "\(key.signal), \(key.statistic)"
    return """
      <div class="row"><div class="name">\(key.signal)<small>\(key.statistic)</small></div>\
      \(track("small", name, columns: row.shares.columns, describedBy: "quality-\(index)"))\
      <div class="now"><b>\(Unit.share.text(worstShare(row)))</b> \
      (\(count(key, row.worst)) of \(grouped(row.worst.value.n)))</div></div>

      """
  }

  private func count(_ key: SeriesKey, _ sample: Series.Sample) -> HTML {
    figure(key, sample)
  }

  private func tableRow(_ key: SeriesKey, _ row: QualityRow, _ index: Int) -> HTML {
    """
    <tr id="quality-\(index)"><th scope="row">\(key.signal)</th><td>\(key.statistic)</td>\
    <td class="r">\(count(key, row.worst))</td><td class="r">\(grouped(row.worst.value.n))</td>\
    <td class="r">\(Unit.share.text(worstShare(row)))</td><td>\(timeElement(row.worst.end))</td>\
    <td class="r">\(count(key, row.last))</td><td class="r">\(grouped(row.last.value.n))</td></tr>

    """
  }
}
