internal import Statistics

/// The decisions whose outcomes are known, counted.
struct DecidedRows {
  private(set) var counts = ConfusionCounts()
  /// Beside the decisions of each baseline.
  private(set) var baselines: [PairedDecisions]

  init(baselines: Int) { self.baselines = Array(repeating: PairedDecisions(), count: baselines) }

  /// Takes in a row whose outcome is known.
  mutating func insert(_ row: JoinedRow) {
    guard !row.prediction.decision.isNaN else { return }
    let (decision, outcome) = (row.prediction.decision == 1, row.label == 1)
    counts.insert(decision: decision, outcome: outcome)
    for index in baselines.indices {
      guard let other = row.prediction.decision(ofBaseline: index) else { continue }
      baselines[index].insert(decision: decision, other: other, outcome: outcome)
    }
  }
}
