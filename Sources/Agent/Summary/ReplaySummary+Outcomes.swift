internal import Events
internal import Monitoring
internal import Records

extension ReplaySummary {
  /// What came of outcomes, and how good the predictions were as far as is known.
  static func outcomeLines(_ standing: OutcomeStanding?) -> [String] {
    guard let standing else { return [] }
    let tally = standing.tally
    guard let last = standing.lastOutcome else {
      return ["", "Outcomes: none came, so nothing is known of the predictions' quality."]
    }
    let silent = tally.silent > 0 ? ", and \(grouped(tally.silent)) are negative by silence" : ""
    var lines = [
      "",
      "Outcomes: \(grouped(tally.labelled)) of \(counted(tally.predictions, "prediction")) have one"
        + "\(silent); the last is of \(Timestamp.format(last)).",
    ]
    lines += exceptions(tally)
    guard let newest = standing.newest, let stage = newest.stage else {
      let share = percentText(standing.maturity)
      return lines + [
        "No quality window is over with \(share) of its outcomes known: rules on quality wait."
      ]
    }
    lines.append(
      "Quality of the predictions from \(Timestamp.format(newest.start)) to "
        + "\(Timestamp.format(newest.end)), \(percentText(stage.maturity)) of the outcomes known"
        + "\(stage.isFinal ? ", final" : ""):"
    )
    var table = TextTable(
      ["measure", "value", "95 % from", "to", "n"],
      alignsRight: [false, true, true, true, true]
    )
    for measurement in newest.measurements where measurement.statistic != "maturity" {
      let value = measurement.value
      table.append([
        measurement.statistic,
        shortNumber(value.value),
        value.low.map(shortNumber) ?? "",
        value.high.map(shortNumber) ?? "",
        grouped(value.n),
      ])
    }
    return lines + table.lines
  }

  /// What did not join, a line each.
  private static func exceptions(_ tally: OutcomeTally) -> [String] {
    let counts: [(Int, String)] = [
      (tally.unnamed, "predictions without an id: no outcome can meet them"),
      (tally.duplicates, "predictions whose id and version came before: the earliest counts"),
      (tally.corrected, "outcomes that corrected an earlier one"),
      (tally.repeated, "outcomes that said what was known, or knew less"),
      (tally.early, "outcomes of a time before their prediction's"),
      (tally.tooLate, "outcomes after the horizon: their predictions no longer waited"),
      (tally.unmatched, "outcomes without a prediction within the horizon"),
      (tally.forgotten, "outcomes forgotten, because more than limits.pending waited"),
      (tally.crowdedOut, "quality windows closed early, because more than limits.pending waited"),
    ]
    return counts.filter { $0.0 > 0 }.map { "  \(grouped($0.0)) \($0.1)" }
  }
}
