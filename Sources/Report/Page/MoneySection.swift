internal import Expressions
internal import Monitoring
internal import Records
internal import Specification

extension PageWriter {
  /// What decisions were worth and how often they were right: the model's beside those of baselines
  /// and of always the same decision.
  ///
  /// - Parameter newest: The newest window that rules look at.
  /// - Returns: A part of the section on quality; nothing where nobody asks.
  mutating func worthPart(_ newest: QualityHistory.Window) -> HTML {
    let monitor = report.monitor
    let deciders = Decider.all(of: monitor).filter { newest.value($0.signal, "accuracy") != nil }
    guard monitor.framing.cost != nil || !monitor.baselines.isEmpty, deciders.count > 1 else {
      return ""
    }
    return """
      <h3>Beside simpler decisions</h3>
      <p>On the same predictions\(monitor.framing.decision.map { " (\($0))" } ?? ""): what the model \
      decided, what \(monitor.baselines.isEmpty ? "" : "the baselines decide, and what ")always the \
      same decision would be.</p>
      \(moneyTrack(deciders))\(worthTable(deciders, newest))
      """
  }

  // MARK: Over time

  /// How each line after the first is drawn, as the script does it, in words.
  private static let strokes = ["thin", "long dashes", "dots", "dashes and dots", "short dashes"]

  /// The model, the baselines, and the better of the constant decisions.
  private func drawn(_ deciders: [Decider]) -> [Decider] {
    let quality = report.outcomes.quality
    let constants = deciders.filter { $0.name != nil && !$0.isRule }
    let best = constants.max {
      (quality.total($0.signal, "money")?.value ?? -.infinity)
        < (quality.total($1.signal, "money")?.value ?? -.infinity)
    }
    return deciders.filter { $0.name == nil || $0.isRule || $0 == best }
  }

  /// The money of each window on the page's time axis; nothing without costs.
  private mutating func moneyTrack(_ deciders: [Decider]) -> HTML {
    guard let unit = report.monitor.framing.cost?.unit else { return "" }
    let windows = report.outcomes.quality.windows
    let drawn = drawn(deciders)
    let lines = drawn.map { decider in
      PageData.IntervalLine(
        label: decider.label,
        values: windows.map { window in
          guard window.isWellKnown, var value = window.value(decider.signal, "money") else {
            return nil
          }
          // One interval is readable; those of the differences are in the table.
          if decider.name != nil { (value.low, value.high) = (nil, nil) }
          return value
        },
        stages: decider.name == nil ? windows.map(\.stage) : []
      )
    }
    let ends = lines.flatMap(\.values).compactMap { $0 }.flatMap {
      [$0.low ?? $0.value, $0.high ?? $0.value]
    }
    guard let low = ends.min(), let high = ends.max() else { return "" }
    var columns = Columns(limit: QualityHistory.windowLimit)
    for window in windows { _ = columns.append(end: window.measured.end) }
    data.appendIntervals(
      lines,
      on: columns,
      length: report.monitor.quality?.window.nanoseconds ?? 0,
      unit: unit,
      range: low < high ? low...high : low...(low + 1),
      levels: low < 0 && high > 0 ? [(0, "0")] : [],
      bands: bands(of: Set(drawn.flatMap { [$0.signal, $0.lift ?? $0.signal] }))
    )
    let others = zip(drawn.dropFirst(), Self.strokes).map { "\($0.label): \($1)" }
    let slider = track("lane tall", "Money of a window", columns: columns, describedBy: "worth")
    let now: [HTML] = drawn.map { decider in
      let value = report.outcomes.quality.newest?.value(decider.signal, "money")
      return "<div>\(decider.label) <b>\(value.map { amount($0.value, nil) } ?? "–")</b></div>"
    }
    return """
      <div class="tracks">
      \(axisRow("", "newest window"))<div class="row"><div class="name">money, \(unit)\
      <small>the model: thick; \(others.joined(separator: "; "))</small>\
      <small>\(amount(low, nil)) to \(amount(high, nil))</small></div>\(slider)\
      <div class="now">\(now)</div></div></div>

      """
  }

  // MARK: In numbers

  private func worthTable(_ deciders: [Decider], _ newest: QualityHistory.Window) -> HTML {
    let unit = report.monitor.framing.cost?.unit
    let windows = report.outcomes.quality.wellKnown
    let open = windows.count { !$0.stage.isFinal }
    let sums: HTML =
      unit.map { unit in
        """
         In all: sums over the \(counted(windows.count, "window")) of which \
        \(percent(report.outcomes.quality.maturity)) of the outcomes are known, in \(unit), of \
        predictions with a known outcome\(open > 0 ? "; \(grouped(open)) not final" : "").
        """
      } ?? ""
    let money: HTML =
      unit == nil
      ? ""
      : """
      <th scope="col" class="r">Worth in all</th><th scope="col" class="r">The model: better by</th>\
      <th scope="col" class="r">Worth, newest</th><th scope="col" class="r">The model: better by</th>
      """
    return """
      <div class="scroll" tabindex="0" role="region" aria-label="Beside simpler decisions">\
      <table id="worth"><caption>Newest: the predictions from \
      \(timeElement(newest.measured.start)) to \(timeElement(newest.measured.end))\
      \(newest.stage.isFinal ? "" : ", not final"). By how much the model is better has the 95 % \
      interval of the pairs.\(sums)</caption>
      <thead><tr><th scope="col">Decided by</th>\(money)\
      <th scope="col" class="r">Accuracy, newest</th>\
      <th scope="col" class="r">The model: better by</th></tr></thead>
      <tbody>
      \(deciders.map { worthRow($0, newest, hasMoney: unit != nil) })</tbody></table></div>

      """
  }

  private func worthRow(
    _ decider: Decider,
    _ newest: QualityHistory.Window,
    hasMoney: Bool
  ) -> HTML {
    let quality = report.outcomes.quality
    var cells: HTML = ""
    if hasMoney {
      cells += cell(quality.total(decider.signal, "money").map { "\(amount($0.value, nil))" })
      cells += cell(decider.lift.flatMap { quality.total($0, "money") }.map(withInterval))
    }
    for measure in hasMoney ? ["money", "accuracy"] : ["accuracy"] {
      cells += cell(printed(newest, decider.signal, measure))
      cells += cell(
        decider.lift.flatMap { lift in
          printed(newest, lift, measure).map { value in
            newest.value(lift, measure).map { value + ends(newest, lift, measure, $0) } ?? value
          }
        }
      )
    }
    return "<tr><th scope=\"row\">\(decider.label)</th>\(cells)</tr>\n"
  }

  private func cell(_ text: HTML?) -> HTML { "<td class=\"r\">\(text ?? "–")</td>" }

  private func withInterval(_ value: StatisticValue) -> HTML {
    guard let low = value.low, let high = value.high else { return "\(amount(value.value, nil))" }
    return """
      \(amount(value.value, nil)) <span class="quiet">\(amount(low, nil)) to \
      \(amount(high, nil))</span>
      """
  }

  /// A window's number that says which record has it.
  private func printed(
    _ window: QualityHistory.Window,
    _ signal: String,
    _ measure: String
  ) -> HTML? {
    window.value(signal, measure).map { figure(window, signal, measure, $0.value, "value") }
  }

  private func ends(
    _ window: QualityHistory.Window,
    _ signal: String,
    _ measure: String,
    _ value: StatisticValue
  ) -> HTML {
    guard value.low != nil, value.high != nil else { return "" }
    return " <span class=\"quiet\">\(interval(window, signal, measure, value))</span>"
  }
}
