internal import Records
internal import Standing

extension Canvas {
  /// The measures that are shown, of what has them.
  private static let measures = ["accuracy", "macro_f1", "roc_auc", "mae", "rmse"]

  /// A line a measure of the newest quality window: the outcomes, the estimate, how much is known.
  func qualityLines(_ snapshot: Snapshot) -> [Line] {
    guard let window = snapshot.quality, let stage = window.stage else { return [] }
    let rankings = window.measurements.map(\.statistic).filter { $0.hasPrefix("ndcg@") }
    let lines = (Self.measures + rankings).compactMap { measure -> Line? in
      guard let value = window.value("quality", measure) else { return nil }
      return line {
        $0.add("quality \(measure)", .strong)
        $0.add("  \(words(value))")
        if let estimate = window.value("estimate", measure) {
          $0.add("  estimate \(words(estimate))", .faint)
        }
        $0.add("  \(Figures.share(stage.maturity)) known\(stage.isFinal ? ", final" : "")")
        $0.add("  \(Figures.period(window.start, window.end))", .faint)
      }
    }
    return limited(lines, "measure")
  }

  private func words(_ value: StatisticValue) -> String {
    let number = Figures.number(value.value)
    guard let low = value.low, let high = value.high else { return number }
    return "\(number) (\(Figures.number(low)) to \(Figures.number(high)))"
  }
}
