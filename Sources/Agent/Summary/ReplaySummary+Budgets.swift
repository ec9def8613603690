internal import Monitoring
internal import Records
internal import Standing

extension ReplaySummary {
  /// How the error budgets stand at the end.
  static func budgetTable(_ standings: [BudgetStanding]) -> [String] {
    guard !standings.isEmpty else { return [] }
    var table = TextTable(
      ["objective", "good", "of", "events", "bad", "unjudged", "period", "budget left", "lasts"],
      alignsRight: [false, true, true, true, true, true, true, true, true]
    )
    for standing in standings {
      let good = standing.events - standing.bad
      table.append([
        standing.slo,
        standing.events > 0
          ? shortNumber(100 * Double(good) / Double(standing.events)) + "%" : "no data",
        standing.objective,
        grouped(standing.events),
        grouped(standing.bad),
        grouped(standing.unjudged),
        standing.period,
        standing.budgetLeft.map { shortNumber(100 * $0) + "%" } ?? "",
        standing.exhaustion ?? "",
      ])
    }
    return ["", "Error budgets at the end:"] + table.lines
  }
}
