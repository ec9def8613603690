internal import Monitoring
internal import Records
internal import Specification
internal import Statistics

extension PageWriter {
  /// Whether scores are probabilities, what other thresholds would have given, and which one costs
  /// least; nothing before a window is well enough known, and of predictions of numbers.
  func scoresPart() -> HTML {
    guard let scores = ending.outcomes?.scores else { return "" }
    return """
      <h3>Scores, decisions and the threshold</h3>
      <p>The predictions from \(timeElement(scores.start)) to \(timeElement(scores.end)), \
      \(percent(scores.stage.maturity)) of whose outcomes are known\
      \(scores.stage.isFinal ? "" : "; they are not final"). \(optimumWords(scores))</p>
      <div class="worst">
      \(confusion(scores.confusion))\(reliability(scores))\(thresholds(scores))</div>
      \(binTable(scores.bins))\(cutTable(scores.cuts))
      """
  }

  private var unit: String? { report.monitor.framing.cost?.unit }

  // MARK: The threshold

  private func optimumWords(_ scores: ScoreStanding) -> HTML {
    switch scores.optimum {
    case .withoutCosts: return "Without costs no threshold is the best one."
    case .sameForAll: return "By the costs one decision is better whatever the outcome."
    case .withoutPredictions: return "No prediction has a score, a decision and an outcome."
    case .withoutCalibration:
      return """
        Which threshold costs least is not known: the reference’s outcomes do not tell which \
        probability a score stands for.
        """
    case .threshold(let score, let probability, let worth, let gain):
      let rule =
        score.isFinite
        ? "deciding positively from a score of \(shortNumber(score)) on"
        : "deciding nothing positively"
      return """
        By the costs a positive decision pays from a probability of \(percent(probability)) on, which \
        calibrated scores reach here by \(rule). That would have been worth \
        <b>\(amount(worth.value, unit))</b>, \(gainWords(gain)). The calibration is the reference’s: it \
        has not seen these outcomes. All of it takes for granted that outcomes do not depend on \
        decisions.\(hindsight(scores))
        """
    }
  }

  /// How much more than the model's decisions it would have earned, or that this is not sure.
  private func gainWords(_ gain: StatisticValue) -> HTML {
    let words: HTML = """
      \(amount(gain.value.magnitude, nil)) \(gain.value < 0 ? "less" : "more") than the model’s \
      decisions
      """
    guard let low = gain.low, let high = gain.high else {
      return words + " (too few differ for an interval: no claim)"
    }
    let isSure = low > 0 || high < 0
    return words + """
       (95 % interval \(amount(low, nil)) to \(amount(high, nil))\(isSure
        ? "" : ": it may be chance"))
      """
  }

  /// The best of the thresholds that are drawn, which is in-sample.
  private func hindsight(_ scores: ScoreStanding) -> HTML {
    let best = scores.cuts.max { one, other in
      (one.worth ?? -.infinity, other.score) < (other.worth ?? -.infinity, one.score)
    }
    guard let best, let worth = best.worth else { return "" }
    return """
       In hindsight the best of the thresholds below is \(shortNumber(best.score)), worth \
      \(amount(worth, unit)): that is in-sample, and too good to be expected again.
      """
  }

  // MARK: Pictures

  private func confusion(_ counts: ConfusionCounts) -> HTML {
    func row(_ name: String, _ positive: Int, _ negative: Int) -> HTML {
      """
      <tr><th scope="row">\(name)</th><td class="r">\(grouped(positive))</td>\
      <td class="r">\(grouped(negative))</td></tr>

      """
    }
    return """
      <article><h4>Confusion</h4>
      <table><caption>The model’s decisions by their outcomes.</caption>
      <thead><tr><th scope="col">Decision</th><th scope="col" class="r">Positive outcome</th>\
      <th scope="col" class="r">Negative outcome</th></tr></thead>
      <tbody>
      \(row("positive", counts.truePositives, counts.falsePositives))\
      \(row("negative", counts.falseNegatives, counts.trueNegatives))</tbody></table></article>

      """
  }

  private func reliability(_ scores: ScoreStanding) -> HTML {
    guard let last = scores.bins.last else {
      return """
        <article><h4>Reliability</h4><p>Scores are no probabilities, or do not differ.</p></article>

        """
    }
    let most = scores.bins.reduce(last.meanScore) { max($0, $1.high) }
    var chart = Chart(x: 0...most, y: 0...most)
    chart.line([(0, 0), (most, most)], "c3")
    for bin in scores.bins {
      chart.dot(x: bin.meanScore, y: bin.share, from: bin.low, to: bin.high)
    }
    return """
      <article><h4>Reliability</h4>
      <p>Each dot is about a tenth of the predictions: on the dashed line as many outcomes are positive \
      as the scores say.</p>
      \(chart.svg(across: "mean score", upward: "share of positive outcomes, 95 %"))</article>

      """
  }

  private func thresholds(_ scores: ScoreStanding) -> HTML {
    guard let first = scores.cuts.first, let last = scores.cuts.last else { return "" }
    var charts: HTML = ""
    let worths = scores.cuts.compactMap { cut in cut.worth.map { (x: cut.score, y: $0) } }
    if let unit, let low = worths.map(\.y).min(), let high = worths.map(\.y).max() {
      var chart = Chart(x: first.score...last.score, y: low...high)
      chart.line(worths, "c1")
      if case .threshold(let score, _, _, _) = scores.optimum, score.isFinite {
        chart.mark(x: score)
      }
      charts += """
        <article><h4>Worth by threshold</h4>
        <p>What deciding positively from a score on would have been worth; dashed: what calibrated \
        scores ask for.</p>
        \(chart.svg(across: "threshold", upward: unit))</article>

        """
    }
    var chart = Chart(x: first.score...last.score, y: 0...1)
    func curve(_ measure: (ConfusionCounts) -> QualityEstimate) -> [(x: Double, y: Double)] {
      scores.cuts.compactMap { cut in measure(cut.counts).value.map { (cut.score, $0) } }
    }
    chart.line(curve { $0.recall() }, "c1")
    chart.line(curve { $0.precision() }, "c2")
    return charts + """
      <article><h4>Precision and recall by threshold</h4>
      <p>Recall is the thick line, precision the thin one.</p>
      \(chart.svg(across: "threshold", upward: "share"))</article>

      """
  }

  // MARK: In numbers

  private func binTable(_ bins: [ScoreStanding.Bin]) -> HTML {
    guard !bins.isEmpty else { return "" }
    let rows: [HTML] = bins.map { bin in
      """
      <tr><th scope="row">\(shortNumber(bin.meanScore))</th><td class="r">\(grouped(bin.count))</td>\
      <td class="r">\(grouped(bin.positives))</td><td class="r">\(shortNumber(bin.share))</td>\
      <td class="r">\(shortNumber(bin.low)) to \(shortNumber(bin.high))</td></tr>

      """
    }
    return """
      <details><summary>Reliability in numbers</summary>
      <div class="scroll" tabindex="0" role="region" aria-label="Reliability in numbers"><table>
      <caption>Predictions by score, about a tenth of them a row.</caption>
      <thead><tr><th scope="col">Mean score</th><th scope="col" class="r">Predictions</th>\
      <th scope="col" class="r">Positive</th><th scope="col" class="r">Share</th>\
      <th scope="col" class="r">95 % interval</th></tr></thead>
      <tbody>
      \(rows)</tbody></table></div></details>

      """
  }

  /// Of how many thresholds that are drawn one is in the table.
  private static let cutsOfRow = 5

  private func cutTable(_ cuts: [ScoreStanding.Cut]) -> HTML {
    guard !cuts.isEmpty else { return "" }
    let rows: [HTML] = stride(from: 0, to: cuts.count, by: Self.cutsOfRow).map { index in
      let (score, counts) = (cuts[index].score, cuts[index].counts)
      func share(_ value: Double?) -> String { value.map { shortNumber($0) } ?? "–" }
      let worth: HTML = cuts[index].worth.map { "<td class=\"r\">\(amount($0, nil))</td>" } ?? ""
      return """
        <tr><th scope="row">\(shortNumber(score))</th>\
        <td class="r">\(grouped(counts.positiveDecisions))</td>\
        <td class="r">\(grouped(counts.truePositives))</td>\
        <td class="r">\(share(counts.precision().value))</td>\
        <td class="r">\(share(counts.recall().value))</td>\(worth)</tr>

        """
    }
    let worth: HTML = unit.map { "<th scope=\"col\" class=\"r\">Worth, \($0)</th>" } ?? ""
    return """
      <details><summary>Thresholds in numbers</summary>
      <div class="scroll" tabindex="0" role="region" aria-label="Thresholds in numbers"><table>
      <caption>What deciding positively from a score on would have given: one threshold of \
      \(Self.cutsOfRow) that are drawn.</caption>
      <thead><tr><th scope="col">Threshold</th><th scope="col" class="r">Decided positively</th>\
      <th scope="col" class="r">of them right</th><th scope="col" class="r">Precision</th>\
      <th scope="col" class="r">Recall</th>\(worth)</tr></thead>
      <tbody>
      \(rows)</tbody></table></div></details>

      """
  }
}
