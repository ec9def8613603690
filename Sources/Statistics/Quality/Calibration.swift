/// Whether an isotonic calibration makes scores better probabilities, judged by cross-validation.
public struct CalibrationVerdict: Sendable, Equatable {
  /// The expected calibration error of the scores as they are; nil with a score outside [0, 1].
  public let scoreError: Double?
  /// That of the calibrated scores, each calibrated by a fit that did not see it.
  public let calibratedError: Double
  /// Whether the calibration is to be used: its error is smaller, or scores are no probabilities.
  public var helps: Bool { scoreError.map { calibratedError < $0 } ?? true }
}

extension IsotonicRegression {
  /// The folds of the cross-validation.
  public static let folds = 5

  /// Cross-validates the calibration.
  ///
  /// Each prediction falls into one of five folds by a fixed hash of its rank (by score, then
  /// outcome), so the folds are as good as random, and the same for any order. Each fold is
  /// calibrated by a fit of the others; the errors are those of all predictions together.
  ///
  /// - Parameter table: The outcomes by score, in whole counts.
  /// - Returns: nil without a prediction outside each fold, or with an infinite score.
  /// - Complexity: O(n log n).
  public static func crossValidate(_ table: ScoreTable) -> CalibrationVerdict? {
    let empty = [Double](repeating: 0, count: table.scores.count)
    var positives = [[Double]](repeating: empty, count: folds)
    var negatives = positives
    var rank: UInt64 = 0
    for index in table.scores.indices {
      for _ in 0..<Int(table.positives[index]) {
        positives[fold(ofRank: rank)][index] += 1
        rank += 1
      }
      for _ in 0..<Int(table.negatives[index]) {
        negatives[fold(ofRank: rank)][index] += 1
        rank += 1
      }
    }
    var rows: [(score: Double, positives: Double, weight: Double)] = []
    for fold in 0..<folds {
      let rest = ScoreTable(
        scores: table.scores,
        positives: zip(table.positives, positives[fold]).map { $0 - $1 },
        negatives: zip(table.negatives, negatives[fold]).map { $0 - $1 }
      )
      guard let fit = IsotonicRegression(rest) else { return nil }
      for index in table.scores.indices {
        let (positive, negative) = (positives[fold][index], negatives[fold][index])
        rows.append((fit(table.scores[index]), positive, positive + negative))
      }
    }
    rows.sort { $0.score < $1.score }
    let calibrated = ScoreTable(
      increasing: rows.map(\.score),
      positives: { rows[$0].positives },
      weights: { rows[$0].weight }
    )
    guard let error = calibrated.expectedCalibrationError else { return nil }
    return CalibrationVerdict(
      scoreError: table.expectedCalibrationError,
      calibratedError: error
    )
  }

  /// SplitMix64's finaliser.
  private static func fold(ofRank rank: UInt64) -> Int {
    var mixed = (rank &+ 1) &* 0x9E37_79B9_7F4A_7C15
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return Int((mixed ^ (mixed >> 31)) % UInt64(folds))
  }
}
