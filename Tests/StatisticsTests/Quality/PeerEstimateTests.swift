import Testing

@testable import Statistics

/// Quality estimated without outcomes against NannyML's CBPE on two public data sets.
@Suite(.enabled(if: PeerData.folder != nil)) struct PeerEstimateTests {
  private static func number(_ row: [String: String], _ column: String) throws -> Double {
    try #require(row[column].flatMap { Double($0) })
  }

  private static func knots(_ name: String) throws -> IsotonicRegression {
    let rows = try PeerData.table("nannyml_cbpe_isotonic_\(name).csv")
    return try #require(
      IsotonicRegression(
        knotPlaces: rows.map { try number($0, "x") },
        values: rows.map { try number($0, "y") }
      )
    )
  }

  @Test(arguments: PeerData.streams)
  func `our fit of the reference has NannyML's knots`(name: String, size: Int) throws {
    let golden = try Self.knots(name)
    let reference = try PeerData.Predictions(name, "reference")
    let fit = try #require(IsotonicRegression(reference.realised.table))
    #expect(fit.knotPlaces == golden.knotPlaces)
    for (value, expected) in zip(fit.knotValues, golden.knotValues) {
      #expect(abs(value - expected) <= 1e-9)
    }
    let verdict = try #require(IsotonicRegression.crossValidate(reference.realised.table))
    #expect(verdict.helps, "\(verdict)")
  }

  private static let measures: [(String, BinaryMeasure, Double)] = [
    ("accuracy", .accuracy, 1e-9), ("precision", .precision, 1e-9), ("recall", .recall, 1e-9),
    ("specificity", .specificity, 1e-9), ("f1", .f1, 1e-9), ("roc_auc", .rocAUC, 1e-6),
  ]
  private static let values = OutcomeValues(
    truePositive: 10,
    falsePositive: -5,
    falseNegative: -20,
    trueNegative: 0
  )

  private static func check(
    _ estimated: EstimatedOutcomes,
    _ rows: [String: [String: String]],
    at place: String
  ) throws {
    func expect(_ value: Double?, _ column: String, _ tolerance: Double) throws {
      let row = try #require(rows[column], "\(place) \(column)")
      let golden = try number(row, "value")
      if column == "precision" && estimated.truePositives + estimated.falsePositives == 0 {
        #expect(value == nil && golden == 0, "\(place): NannyML has 0 of no positive decisions")
        return
      }
      let value = try #require(value, "\(place) \(column)")
      #expect(abs(value - golden) <= tolerance, "\(place) \(column): \(value), not \(golden)")
    }
    try expect(estimated.truePositives, "true_positive", 1e-9)
    try expect(estimated.falsePositives, "false_positive", 1e-9)
    try expect(estimated.falseNegatives, "false_negative", 1e-9)
    try expect(estimated.trueNegatives, "true_negative", 1e-9)
    for (column, measure, tolerance) in measures {
      try expect(estimated[measure].value, column, tolerance)
    }
    try expect(estimated.total(values).value, "business_value", 1e-6)
  }

  @Test(arguments: PeerData.streams)
  func `estimates are NannyML's, and leave its thresholds in the same chunks`(
    name: String,
    size: Int
  ) throws {
    let golden = try Self.knots(name)
    let reference = try PeerData.Predictions(name, "reference")
    let own = try #require(IsotonicRegression(reference.realised.table))
    let rows = try PeerData.table("nannyml_cbpe.csv").filter { $0["dataset"] == name }
    var alarms: [Int] = []
    var chunks = 0
    for split in ["reference", "analysis"] {
      let all = split == "reference" ? reference : try PeerData.Predictions(name, split)
      for index in 0..<(all.scores.count + size - 1) / size {
        let chunk = all.chunk(index, of: size)
        let columns = Dictionary(
          rows.filter { $0["split"] == split && $0["chunk_index"] == "\(index)" }
            .map { ($0["column"] ?? "", $0) },
          uniquingKeysWith: { first, _ in first }
        )
        for (fit, label) in [(golden, "given knots"), (own, "own knots")] {
          let estimated = EstimatedOutcomes(
            scores: chunk.scores,
            probabilities: chunk.scores.map { fit($0) },
            decisions: chunk.decisions
          )
          let place = "\(name) \(split) \(index), \(label)"
          try Self.check(estimated, columns, at: place)
          let area = try #require(estimated[.rocAUC].value)
          let row = try #require(columns["roc_auc"])
          let lower = try Self.number(row, "lower_threshold")
          let upper = try Self.number(row, "upper_threshold")
          let isOutside = area < lower || area > upper
          #expect(isOutside == (row["alert"] == "True"), "\(place)")
          if isOutside && split == "analysis" && label == "own knots" { alarms.append(index) }
        }
        chunks += 1
      }
    }
    #expect(chunks == (name == "car-loan" ? 20 : 15))
    #expect(alarms == (name == "car-loan" ? [5, 6, 7, 8, 9] : [1, 2]), "\(alarms)")
  }
}
