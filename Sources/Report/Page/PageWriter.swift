internal import Events
internal import Expressions
public import Monitoring
internal import Records
internal import Specification

extension ReplayReport {
  /// The page: HTML in UTF-8 that needs nothing but itself.
  ///
  /// The same replay gives the same bytes.
  ///
  /// - Parameters:
  ///   - movements: How far each signal moved, at the end.
  ///   - ending: What was read.
  /// - Returns: The bytes of one file.
  public func page(movements: MovementTable, ending: ReplayEnding) -> [UInt8] {
    page(movements.rows, ending)
  }

  func page(_ movements: [Movement], _ ending: ReplayEnding) -> [UInt8] {
    var map = map
    while true {
      var writer = PageWriter(self, movements, ending, map)
      let bytes = Array(writer.page().markup.utf8)
      if bytes.count <= Self.pageBytes || map.columns.count <= Self.fewestColumns { return bytes }
      map.join()
    }
  }

  /// The most bytes of a page: beyond, windows share cells of the drift map.
  static let pageBytes = 1_000_000
  /// The map is not thinned to fewer columns than these.
  static let fewestColumns = 128
}

/// Puts the page together, section by section.
struct PageWriter {
  let report: ReplayReport
  let movements: [Movement]
  let ending: ReplayEnding
  let verdict: Verdict
  /// The drift map, thinned as far as the page's budget asks.
  let map: DriftMap
  let axis: Range<Int64>
  /// The number of each incident of the page, by its name.
  let numbers: [String: Int]
  var data: PageData

  init(
    _ report: ReplayReport,
    _ movements: [Movement],
    _ ending: ReplayEnding,
    _ map: DriftMap
  ) {
    self.report = report
    self.movements = movements.filter { $0.judged > 0 }
    self.ending = ending
    verdict = Verdict(
      movements: movements,
      alerts: report.alerts,
      spent: report.spentBudgets,
      events: ending.events,
      hasRules: report.monitor.hasRules || !report.monitor.slos.isEmpty,
      failsClaim: ending.outcomes?.claim?.isFailing == true,
      unwatched: ending.unwatched,
      looks: ending.looks,
      isAllRead: ending.refusalWords == nil
    )
    self.map = map
    axis = PageWriter.axis(of: report)
    data = PageData(axis: axis)
    numbers = report.alerts.incidentNumbers
  }

  /// From the start of the first column to the end of the last window.
  private static func axis(of report: ReplayReport) -> Range<Int64> {
    let columns = report.series.values.map(\.columns) + [report.map.columns]
    let end = columns.compactMap(\.lastEnds.last).max() ?? 0
    var start = report.map.start ?? 0
    if let slide = report.slide, let first = report.map.columns.firstEnds.first {
      start = max(start, first - slide)
    }
    return min(start, end)..<max(end, start + 1)
  }

  mutating func page() -> HTML {
    let sections =
      verdictSection() + mapSection() + signalsSection() + partsSection() + lanesSection()
      + predictionsSection() + alertsSection() + qualitySection() + refusedSection()
    let style = HTML(verbatim: PackageResources.page_css)
    let script = HTML(verbatim: PackageResources.page_js)
    let policy =
      "default-src 'none'; style-src '\(source(PackageResources.page_css))'; "
      + "script-src '\(source(PackageResources.page_js))'; base-uri 'none'; form-action 'none'"
    let claim = claimWord.map { "claim \($0), " } ?? ""
    let title = "\(report.monitor.model): \(claim)\(verdict.headline.emphasis)"
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta http-equiv="Content-Security-Policy" content="\(policy)">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <meta name="referrer" content="no-referrer">
      <title>\(title) · Leeway</title>
      <style>\(style)</style>
      </head>
      <body>
      <a class="skip" href="#verdict">Skip to the verdict</a>
      \(header(sections))
      <main>
      \(sections)</main>
      <div id="readout" role="region" aria-label="Read-out"><output aria-live="polite">\
      </output></div>
      <footer>\(footer)</footer>
      <script type="application/json" id="data">\(HTML(verbatim: data.bytes))</script>
      <script>\(script)</script>
      </body>
      </html>

      """
  }

  private func source(_ bytes: [UInt8]) -> String { "sha256-\(base64(SHA256.hash(bytes)))" }

  private var referenceWords: HTML {
    let profile = report.profile
    guard !profile.isAbsent else { return "without a reference" }
    return """
      against \(grouped(profile.events)) predictions of the reference \
      (\(timeElement(profile.start)) to \(timeElement(profile.end)))
      """
  }

  private func header(_ sections: HTML) -> HTML {
    let period = map.start.map { "\(day($0)) to \(day(axis.upperBound)), " } ?? ""
    let links: [(String, String)] = [
      ("verdict", "Verdict"), ("map", "Drift map"), ("signals", "Worst signals"),
      ("parts", "Versions and segments"), ("lanes", "On one clock"),
      ("predictions", "Quality of the predictions"), ("alerts", "Alerts and incidents"),
      ("quality", "Data quality"),
      ("refused", "What was refused"),
    ]
    let present = links.filter { sections.markup.contains("<section id=\"\($0.0)\"") }
    return """
      <header>
      <p>Leeway report on <strong>\(report.monitor.model)</strong>: \(period)\
      \(referenceWords). \(report.monitor.reference.sentences.joined(separator: " ")) \
      All times are UTC.</p>
      <nav aria-label="Sections"><ul>\
      \(present.map { "<li><a href=\"#\($0.0)\">\($0.1)</a></li>" })</ul></nav>
      </header>
      """
  }

  private var footer: HTML {
    """
    <p>Every number here is one of the metrics file's (<code>--metrics</code>) or counted from \
    the alerts, the dead letters and the profile. “At least” is the one-sided lower confidence \
    bound of the population stability index (PSI); n is the number of values behind a number. \
    The same streams give the same page.</p>
    <noscript><p>The pictures need JavaScript. All that they say is in the tables, too.</p></noscript>
    """
  }

  /// The mark-up of one track: a slider over its windows.
  func track(_ kind: String, _ label: String, columns: Columns, describedBy: String?) -> HTML {
    let last = max(0, columns.count - 1)
    let text = columns.lastEnds.last.map { "window to \(day($0))" } ?? "no window"
    let description: HTML = describedBy.map { " aria-describedby=\"\($0)\"" } ?? ""
    return """
      <div class="track \(kind)" role="slider" tabindex="0" aria-label="\(label)" \
      aria-valuemin="0" aria-valuemax="\(last)" aria-valuenow="\(last)" \
      aria-valuetext="\(text)"\(description)><canvas aria-hidden="true"></canvas></div>
      """
  }

  /// The time axis above a group of tracks.
  func axisRow(_ left: String, _ right: String) -> HTML {
    """
    <div class="row head" aria-hidden="true"><span>\(left)</span><div class="axis"></div>\
    <span>\(right)</span></div>

    """
  }
}

extension HTML {
  /// What is markup already.
  init(verbatim bytes: [UInt8]) {
    self.init(stringLiteral: String(decoding: bytes, as: UTF8.self))
  }
}

extension ReplayReport {
  /// The objectives whose error budget is spent at the end, by name.
  var spentBudgets: [String] {
    let spent = series.filter { key, series in
      key.statistic == "budget_left" && series.last.value.value <= 0
    }
    return spent.map { String($0.key.signal.dropFirst("slos.".count)) }.sorted()
  }

  /// How often the main window moves on, in nanoseconds; `nil` where windows follow each other.
  var slide: Int64? {
    guard case .sliding(_, let slide) = window?.kind else { return nil }
    return slide.nanoseconds
  }
}
