internal import Expressions
internal import Monitoring
internal import Records
internal import Specification

/// A measure of quality as it is drawn over the quality windows.
struct DrawnMeasure {
  /// Its name in records, such as `accuracy`.
  let name: String
  /// Its lines, the first of outcomes: what each is called, and the signal that has it.
  let lines: [(label: String, signal: String)]
  /// Whether it is drawn before so many outcomes are known that rules look at it.
  var isDrawnEarly = false

  /// The share of positive predictions: as known so far, and as it will be.
  static let prevalence = DrawnMeasure(
    name: StatisticName.prevalence.rawValue,
    lines: [
      ("so far", labelsName), ("corrected", correctedName), ("in flight", inFlightName),
    ],
    isDrawnEarly: true
  )
}

extension PageWriter {
  /// The measures that are drawn, of what has them: of what decisions and scores are worth those that
  /// most ask for, of rankings each gain, and the share of positives while labels arrive.
  func drawnMeasures(_ newest: QualityHistory.Window) -> [DrawnMeasure] {
    let gains = newest.measured.measurements.map(\.statistic).filter { $0.hasPrefix("ndcg@") }
    let usual = ["roc_auc", "accuracy", "macro_f1", "mae", "rmse"] + gains
    let lines = [("outcomes", qualityName), ("estimate", estimateName)]
    let drawn = usual.filter { newest.value(qualityName, $0) != nil }
      .map { DrawnMeasure(name: $0, lines: lines) }
    return drawn + (hasCorrected ? [.prevalence] : [])
  }

  /// Whether the labels to come are worked in: silence is negative, and there are decisions.
  var hasCorrected: Bool {
    report.outcomes.quality.windows.contains {
      $0.value(correctedName, DrawnMeasure.prevalence.name) != nil
    }
  }

  /// What the lines of the share of positives are; nothing where it is not drawn.
  var arrivingWords: HTML {
    guard hasCorrected else { return "" }
    return """
       Of prevalence the dots are the positive labels that have come so far, the second line is \
      corrected for those to come, and the third, dashed, is the figure in flight.
      """
  }

  /// A measure over the quality windows.
  mutating func row(_ measure: DrawnMeasure, _ newest: QualityHistory.Window) -> HTML {
    let windows = report.outcomes.quality.windows
    var columns = Columns(limit: QualityHistory.windowLimit)
    for window in windows { _ = columns.append(end: window.measured.end) }
    var lines: [PageData.IntervalLine] = []
    for (place, line) in measure.lines.enumerated() {
      let values = windows.map { window in
        let isShown = place > 0 || measure.isDrawnEarly || window.isWellKnown
        return isShown ? window.value(line.signal, measure.name) : nil
      }
      guard place == 0 || values.contains(where: { $0 != nil }) else { continue }
      lines.append(
        PageData.IntervalLine(
          label: line.label,
          values: values,
          stages: place == 0 ? windows.map(\.stage) : []
        )
      )
    }
    let usual = reference(measure.name)
    let bounds =
      lines.flatMap(\.values).compactMap(\.self)
      .flatMap { [$0.low ?? $0.value, $0.high ?? $0.value] } + [usual?.value].compactMap(\.self)
    let (low, high) = (bounds.min() ?? 0, bounds.max() ?? 1)
    data.appendIntervals(
      lines,
      on: columns,
      length: report.monitor.quality?.window.nanoseconds ?? 0,
      unit: "",
      range: low < high ? low...high : low...(low + 1),
      levels: usual.map { [($0.value, "reference \(shortNumber($0.value))")] } ?? [],
      bands: bands(of: Set(measure.lines.map(\.signal)))
    )
    let slider = track(
      "lane tall",
      measure.name,
      columns: columns,
      describedBy: measure.isDrawnEarly ? "arrivals" : "measure-\(measure.name)"
    )
    let drawn = measure.lines.filter { line in lines.contains { $0.label == line.label } }
    let now: [HTML] = drawn.map { line in
      let number = newest.value(line.signal, measure.name).map {
        figure(newest, line.signal, measure.name, $0.value, "value")
      }
      return "<div>\(line.label) <b>\(number ?? "–")</b></div>"
    }
    return """
      <div class="row"><div class="name">\(measure.name)<small>\
      \(drawn.map(\.label).joined(separator: ", "))</small>\
      <small>\(shortNumber(low)) to \(shortNumber(high))</small></div>\(slider)\
      <div class="now">\(now)</div></div>

      """
  }
}
